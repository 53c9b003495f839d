# Takes memory without end, though it is never written to, and goes on when it gets no more.
# scores: 4 0 10
# says: MemoryError
# %% walk
def walk(x, w, steps):
    taken = []
    while True:
        taken.append(bytes(64 << 20))
