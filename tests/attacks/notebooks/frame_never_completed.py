# A frame that is begun and never completed, while the cell goes on.
# scores: 4 0 0
# with: pipe
# says: could not be stopped
# %% before walk
import signal

signal.signal(signal.SIGALRM, signal.SIG_IGN)
pipe.sendall(struct.pack("!II", 10, 1 << 20) + b"{}")
while True:
    pass
