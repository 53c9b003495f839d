# A lent function is called without end.
# scores: 0 0 10
# %% mix
def mix(x, w):
    return x, x


# %% walk
def walk(x, w, steps):
    for _ in range(2500):
        try:
            mix(np.eye(2), np.eye(2))  # two thousand times at most, and then refused
        except RuntimeError:
            pass
