# A wrong function is judged, made right, and judged again by a second call of the probe in the test cell.
# scores: 0 6 10
# %% first
import builtins

real = __seqlab_grade__


def right(x, w):
    y = np.tanh(w @ x)
    return y, y.sum(axis=0)


def twice(name):
    global mix
    real(name)
    if name == "mix":
        mix = right
    real(name)


builtins.__seqlab_grade__ = twice


# %% mix
def mix(x, w):
    return x, x
