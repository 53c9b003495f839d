# Writes to standard output and standard error behind Python's back.
# scores: 4 6 10
# shows: ... cut after 16 kB
# %% first
import os

for _ in range(100):
    try:
        os.write(1, b"x" * 100_000)
        os.write(2, b"x" * 100_000)
    except OSError:
        break
