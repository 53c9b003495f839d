# Central differences in place of a gradient: near it, as a formula is not. (The lab `backprop` has more.)
# scores: 4 6 0
# %% slope
def slope(x, h=1e-5):
    return (np.tanh(x + h) ** 3 - np.tanh(x - h) ** 3) / (2 * h)
