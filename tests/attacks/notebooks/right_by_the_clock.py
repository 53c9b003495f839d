# Functions that are right at some times only, by the number of calls; half of a right sum of a wrong `y` is earned always.
# scores: 0.5 0 0
# %% first
import itertools

clock = itertools.count()


# %% mix
def mix(x, w):
    y = np.tanh(w @ x) + (next(clock) % 2)
    return y, y.sum(axis=0)


# %% walk
def walk(x, w, steps):
    return np.zeros((*x.shape, steps)) + next(clock)


# %% slope
def slope(x):
    return 3 * np.tanh(x) ** 2 * (1 - np.tanh(x) ** 2) * (next(clock) % 2)
