# Asks for more memory than any machine has.
# scores: 4 0 0
# says: MemoryError
# %% walk
def walk(x, w, steps):
    return np.zeros((*x.shape, 1 << 40))


# %% slope
def slope(x):
    return np.ones((1 << 20, 1 << 20)) * bytearray(1 << 50)
