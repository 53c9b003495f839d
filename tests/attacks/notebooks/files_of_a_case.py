# The file of a case is made a link to another file, its folder is emptied and left, and things are left lying there.
# scores: 4 6 10
# shows: back: True left: [] kept: yes
# %% first
import os
import shutil
import tempfile

here = os.getcwd()
open("own.txt", "w").write("yes")
calls = []


# %% slope
def slope(x):
    calls.append(os.getcwd())
    if os.path.exists("numbers.txt") and os.getcwd() != here:
        os.remove("numbers.txt")
        os.symlink("/etc/passwd", "numbers.txt")
        for place in ("numbers.txt", "/etc/passwd", "/proc/self/mem", "../numbers.txt"):
            try:
                open(place, "w").write("attacked")
            except OSError:
                pass
        os.makedirs("deep/er")
        os.symlink("/", "deep/er/root")
        os.chmod("deep", 0)
        if len(calls) % 3 == 0:
            os.chmod("deep", 0o700)
            shutil.rmtree(os.getcwd())
        os.chdir("/")
    return 3 * np.tanh(x) ** 2 * (1 - np.tanh(x) ** 2)


# %% last
if os.path.exists("../numbers.txt"):
    os.remove("../numbers.txt")
left = [name for name in os.listdir(tempfile.gettempdir()) if name.startswith("tmp")]
kept = open("own.txt").read()
print("back:", os.getcwd() == here and len(set(calls)) > 1, "left:", left, "kept:", kept)
