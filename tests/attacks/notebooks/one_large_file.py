# Writes one file that is larger than a file may be.
# scores: 4 6 10
# shows: File too large
# %% first
with open("large", "wb") as file:
    for _ in range(100):
        file.write(bytes(1 << 20))
