# Fills every folder that it may write to.
# scores: 4 6 10
# shows: all refused
# shows: at most 13 MB
# %% first
import os

written, refused = 0, 0
folders = ("/sandbox", "/tmp", "/dev/shm")
for folder in folders:
    try:
        for number in range(1000):
            with open(f"{folder}/{number}", "wb", buffering=0) as file:
                written += file.write(bytes(1 << 20))
    except OSError:
        refused += 1
print("all refused" if refused == len(folders) else refused)
print(f"at most 13 MB" if written <= 13 << 20 else written)
