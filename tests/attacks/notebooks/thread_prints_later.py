# A thread that goes on printing and displaying after its cell has ended.
# scores: 4 6 10
# %% first
import threading, time


def chatter():
    for number in range(200):
        print(number * 1.0)
        time.sleep(0.005)


threading.Thread(target=chatter, daemon=True).start()
