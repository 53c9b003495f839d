# Standard output is replaced by an object that fails, and the display machinery by one that lies.
# scores: 0 0 0
# %% before mix
import sys


class Broken:
    def __getattr__(self, name):
        raise SystemExit


kept = sys.stdout
sys.stdout = sys.stderr = Broken()


# %% mix
def mix(x, w):
    return x, x


# %% before walk
sys.stdout = sys.stderr = kept
