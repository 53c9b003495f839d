# SIGSTOP to itself: a stopped process could neither answer nor be interrupted, but the first of its space goes on.
# scores: 4 0 10
# says: None
# %% walk
def walk(x, w, steps):
    import os
    import signal

    os.kill(os.getpid(), signal.SIGSTOP)
