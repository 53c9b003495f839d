# Asks without end and never reads what comes back.
# scores: 4 0 0
# with: pipe
# says: the notebook
# %% before walk
import signal

signal.signal(signal.SIGALRM, signal.SIG_IGN)
tiny = struct.pack("!II", 14, 0) + b'{"arrays": []}'
while True:
    pipe.sendall(tiny * 1000)
