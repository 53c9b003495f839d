# NaN, NumPy scalars and text in place of arrays, as partial credit would be written.
# scores: 0 0 0
# %% mix
def mix(x, w):
    return np.float64(np.nan), np.float64(4.0)


# %% walk
def walk(x, w, steps):
    return "6.0"


# %% slope
def slope(x):
    return 10.0
