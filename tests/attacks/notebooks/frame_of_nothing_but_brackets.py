# A frame whose header is nested without end.
# scores: 4 0 0
# with: pipe
# says: something unreadable
# %% before walk
pipe.sendall(struct.pack("!II", 400_014, 0) + b'{"arrays": ' + b"[" * 400_002 + b"}")
