# Bytes that are no frames.
# scores: 4 0 0
# with: pipe
# says: something unreadable
# %% before walk
pipe.sendall(b"\xff" * 100)
