# Arguments of a lent function that make it fail or warn inside: infinite, complex, empty, of other types.
# scores: 0 6 10
# %% mix
def mix(x, w):
    return x, x


# %% walk
def walk(x, w, steps):
    for kind in (complex, bool, np.int8, np.float16, np.longdouble):
        for fill in (0, 1):
            try:
                mix(np.full((2, 2), fill, kind), np.full((2, 2), fill, kind))
            except RuntimeError:
                pass
    mix(np.full((2, 2), np.inf), np.full((2, 2), np.nan))
    try:
        mix(np.zeros((0, 0)), np.zeros((0, 0)))
    except RuntimeError:
        pass
    path = np.zeros((*x.shape, steps))
    for t in range(steps):
        x, _ = mix(x, w)
        path[..., t] = x
    return path
