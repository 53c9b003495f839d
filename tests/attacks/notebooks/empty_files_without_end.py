# Fills the kernel's memory with files that have names but no content, in each of its folders.
# scores: 4 6 10
# shows: made: [False, False, False]
# %% first
import os


def fill(folder):
    for number in range(12_000):
        try:
            os.close(os.open(f"{folder}/{number}", os.O_CREAT))
        except OSError:
            return False
    return True


print("made:", [fill(folder) for folder in ("/sandbox", "/tmp", "/dev/shm")])
