# The right formula in float32, which is right to seven digits.
# scores: 4 6 0
# says: float32
# %% slope
def slope(x):
    x = x.astype(np.float32)
    return 3 * np.tanh(x) ** 2 * (1 - np.tanh(x) ** 2)
