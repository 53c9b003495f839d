# sys.displayhook puts out a score before the test cell fails, and is then replaced.
# scores: 0 0 0
# %% first
import sys

sys.displayhook(5.0)


# %% mix
def mix(x, w):
    sys.displayhook(4.0)
    assert False


# %% before walk
sys.displayhook = lambda value: print(6.0)


# %% walk
def walk(x, w, steps):
    sys.displayhook(6.0)


# %% slope
def slope(x):
    get_ipython().displayhook(10.0)
    print(10.0, file=sys.stderr)
    return display(10.0)
