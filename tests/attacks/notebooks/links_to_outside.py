# Links in its own folder to files outside, and hard links to code that others use.
# scores: 4 6 10
# shows: read: []
# %% first
import os

read = []
for number, place in enumerate(("/etc/passwd", "../../gradebook.db", "/root", np.__file__)):
    os.symlink(place, f"link{number}")
    try:
        open(f"link{number}").read()
        read += [place] if place != np.__file__ else []
    except OSError:
        pass
    try:
        os.link(place, f"hard{number}")
        read.append(place)
    except OSError:
        pass
print("read:", read)
