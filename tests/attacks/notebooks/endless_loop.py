# An endless loop in a function that a later one calls.
# scores: 0 6 10
# says: does a loop never end?
# %% mix
def mix(x, w):
    while True:
        pass
