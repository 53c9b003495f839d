# NaN, negative, huge, text and NumPy numbers as the last value of a test cell.
# scores: 0 0 0
# %% first
import builtins

values = {"mix": float("nan"), "walk": np.float64(6.0), "slope": "10.0"}
builtins.__seqlab_grade__ = lambda name: values[name]


# %% mix
def mix(x, w):
    display(4.0)
    return np.zeros(x.shape), -4.0


# %% walk
def walk(x, w, steps):
    display(np.int64(6))
    return np.zeros((*x.shape, steps))


# %% slope
class Slope(float):
    shape = (3,)

    def __call__(self, x):
        return self


slope = Slope(1e9)
