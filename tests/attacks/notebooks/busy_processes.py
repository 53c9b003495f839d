# Many busy processes beside the notebook, which are to slow down the neighbour until its time is over.
# scores: 4 6 10
# %% first
import os

for _ in range(18):
    if os.fork() == 0:
        while True:
            pass
