# Answers of absurd size: a gigabyte, and arrays that are broadcast or strided from one number.
# scores: 0 0 0
# says: cannot be read (arrays of more than 64 MB)
# %% mix
def mix(x, w):
    return np.zeros(50 << 20), 1.0


# %% walk
def walk(x, w, steps):
    return np.broadcast_to(np.float64(1.0), (1 << 20, 1 << 20))


# %% slope
def slope(x):
    return np.lib.stride_tricks.as_strided(x, (1 << 30, 1 << 10), (0, 0))
