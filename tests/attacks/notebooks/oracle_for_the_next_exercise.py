# A lent function, kept for later: asked again in other test cells and in cells of one's own.
# scores: 0 6 0
# with: pipe
# shows: kept: RuntimeError
# %% first
kept = []


# %% mix
def mix(x, w):
    return x, x


own = mix


# %% walk
def walk(x, w, steps):
    if mix is not own:  # it is the notebook's own in the first series
        kept.append(mix)
    path = np.zeros((*x.shape, steps))
    for t in range(steps):
        x, _ = mix(x, w)
        path[..., t] = x
    return path


# %% slope
def slope(x):
    return kept[-1](np.eye(2), np.eye(2))[0]


# %% last
try:
    kept[-1](np.eye(2), np.eye(2))
except RuntimeError as error:
    print("kept:", type(error).__name__)
