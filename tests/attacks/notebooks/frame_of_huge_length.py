# A frame that says it is four gigabytes long.
# scores: 4 0 0
# with: pipe
# says: something unreadable
# %% before walk
pipe.sendall(struct.pack("!II", 2**32 - 1, 5))
