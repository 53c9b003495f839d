# Takes memory without end, and goes on when it gets no more.
# scores: 4 0 10
# says: MemoryError
# %% walk
def walk(x, w, steps):
    taken = []
    while True:
        taken.append(bytearray(64 << 20))
