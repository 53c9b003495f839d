# Fills memory that belongs to no process: in files without a name, and in System V segments.
# scores: 4 6 10
# shows: segments: 0
# %% first
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
segments = sum(libc.shmget(0, 1 << 20, 0o1600) >= 0 for _ in range(8))
print("segments:", segments)
