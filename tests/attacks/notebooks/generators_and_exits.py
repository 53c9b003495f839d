# Functions that yield, exit, interrupt and cancel in place of returning.
# scores: 0 0 0
# %% mix
def mix(x, w):
    raise SystemExit(4.0)


# %% walk
def walk(x, w, steps):
    yield np.zeros((*x.shape, steps))


# %% slope
def slope(x):
    import asyncio

    raise asyncio.CancelledError(10.0)
