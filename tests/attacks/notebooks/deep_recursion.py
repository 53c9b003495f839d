# Recursion without end, with the limit taken away.
# scores: 4 0 10
# says: mix
# %% walk
def walk(x, w, steps):
    import sys

    sys.setrecursionlimit(1 << 30)

    class Deep:
        def __getattr__(self, name):
            return getattr(self, name + "x")

    def deeper(value):
        return repr([value]) + str(sorted([value], key=deeper))

    import functools

    nested = None
    for _ in range(10_000_000):
        nested = (nested,)
    return repr(nested)
