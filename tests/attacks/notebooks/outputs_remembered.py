# Random numbers, remembered for the inputs that they were made from: given again they are the same, and still wrong.
# scores: 0 0 0
# %% first
memory = {}


def remembered(shape, *inputs):
    key = tuple(value.tobytes() for value in inputs)
    return memory.setdefault(key, np.random.standard_normal(shape))


# %% mix
def mix(x, w):
    return np.tanh(remembered(x.shape, x, w)), remembered(x.shape[1:], x)


# %% walk
def walk(x, w, steps):
    return remembered((*x.shape, steps), x, w)


# %% slope
def slope(x):
    return remembered(x.shape, x)
