# Cell after cell takes as long as it may: the whole notebook has a limit too.
# scores: 4 0 0
# says: the notebook's
# %% before walk
import signal, time

signal.signal(signal.SIGALRM, signal.SIG_IGN)
# %% before walk
time.sleep(3.9)
# %% before walk
time.sleep(3.9)
# %% before walk
time.sleep(3.9)
# %% before walk
time.sleep(3.9)
# %% before walk
time.sleep(6.5)
