# Takes all pseudo-terminals of the machine: each `!command` of a neighbour needs one.
# scores: 4 6 10
# shows: terminals: 8
# shows: afterwards: free
# %% first
import os
import resource

resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))
taken = []
try:
    while len(taken) < 200:
        taken.append(os.open("/dev/ptmx", os.O_RDWR | os.O_NOCTTY))
except OSError:
    pass
print("terminals:", len(taken))
for descriptor in taken:
    os.close(descriptor)
# %% last
get_ipython().system("echo afterwards: free")
