# Functions that are right the first time and then do something else.
# scores: 0 0 0
# %% first
from collections import Counter

calls = Counter()


def first_time(name):
    calls[name] += 1
    return calls[name] == 1


# %% mix
def mix(x, w):
    y = np.tanh(w @ x) if first_time("mix") else np.zeros_like(x)
    return y, y.sum(axis=0)


# %% walk
def walk(x, w, steps):
    return np.stack([x] * steps, axis=-1) if first_time("walk") else None


# %% slope
def slope(x):
    return 3 * np.tanh(x) ** 2 * (1 - np.tanh(x) ** 2) if first_time("slope") else x
