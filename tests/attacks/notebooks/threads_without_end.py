# More threads than may be started.
# scores: 4 6 10
# shows: can't start new thread
# %% first
import threading
import time

for _ in range(1000):
    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
