# An endless loop that swallows every exception, KeyboardInterrupt too.
# scores: 4 0 0
# says: could not be stopped
# %% walk
def walk(x, w, steps):
    import time

    while True:
        try:
            time.sleep(9)
        except BaseException:
            pass
