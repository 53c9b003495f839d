# Prints without end.
# scores: 4 0 0
# says: wrote more than 4 MB of output
# %% walk
def walk(x, w, steps):
    while True:
        print("x" * 1000)
