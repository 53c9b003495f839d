# A segmentation fault by way of ctypes.
# scores: 4 0 0
# says: ended by SIGSEGV
# %% walk
def walk(x, w, steps):
    import ctypes

    ctypes.string_at(0)
