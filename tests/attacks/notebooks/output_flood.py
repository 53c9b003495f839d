# Prints without end.
# scores: 4 0 0
# says: put out more than 4 MB
# %% walk
def walk(x, w, steps):
    while True:
        print("x" * 1000)
