# A frame that ends in its middle, after which nothing comes.
# scores: 4 0 0
# with: pipe
# says: the notebook's process
# %% before walk
import signal

signal.signal(signal.SIGALRM, signal.SIG_IGN)
pipe.sendall(struct.pack("!II", 10, 60 << 20) + b"{}")
pipe.shutdown(socket.SHUT_WR)
