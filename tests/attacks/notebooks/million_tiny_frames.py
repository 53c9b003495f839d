# A million tiny frames, each of which asks for an answer.
# scores: 4 0 0
# with: pipe
# %% before walk
import signal

signal.signal(signal.SIGALRM, signal.SIG_IGN)
tiny = struct.pack("!II", 14, 0) + b'{"arrays": []}'
import threading

threading.Thread(target=lambda: [pipe.recv(1 << 16) for _ in range(10**6)], daemon=True).start()
while True:
    pipe.sendall(tiny * 1000)
