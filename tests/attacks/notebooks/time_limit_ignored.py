# The signal of the time limit is ignored, and the timer is taken away.
# scores: 4 0 0
# says: could not be stopped
# %% before walk
import signal

signal.signal(signal.SIGALRM, signal.SIG_IGN)
signal.setitimer(signal.ITIMER_REAL, 0)


# %% walk
def walk(x, w, steps):
    while True:
        pass
