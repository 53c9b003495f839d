# Zeros of the right shape, and the inputs handed back.
# scores: 0 0 0
# %% mix
def mix(x, w):
    return x, x.sum(axis=0)


# %% walk
def walk(x, w, steps):
    return np.zeros((*x.shape, steps))


# %% slope
def slope(x):
    return np.ones_like(x)
