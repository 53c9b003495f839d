# A lent function is called with sizes that would keep the referee busy, or fill its memory.
# scores: 0 0 10
# shows: refused: 5 of 5
# %% first
refused = []


# %% mix
def mix(x, w):
    return x, x


# %% walk
def walk(x, w, steps):
    tries = [
        (np.zeros((51, 51)), np.zeros((51, 51))),
        (np.zeros((1, 1 << 16)), np.zeros((1 << 16, 1))),
        ([[0.0]] * 1000, {"w": 1}),
        (np.zeros((2, 2)), np.zeros((2, 2)), np.zeros(2)),
        (np.array(5.0), "w"),
    ]
    for arguments in tries[len(refused) :]:
        try:
            mix(*arguments)
        except RuntimeError:
            refused.append(True)


# %% last
print("refused:", len(refused), "of 5")
