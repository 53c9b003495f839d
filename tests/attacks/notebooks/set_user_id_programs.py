# Programs of the machine that run as root: su, mount, newuidmap and the like.
# scores: 4 6 10
# shows: root: []
# %% first
import glob
import os
import subprocess

root = []
for path in sorted({path for top in ("/usr/bin", "/usr/sbin", "/usr/lib") for path in glob.glob(f"{top}/*")}):
    if os.path.isfile(path) and os.stat(path).st_mode & 0o6000 and os.access(path, os.X_OK):
        try:
            subprocess.run([path, "--version"], capture_output=True, stdin=subprocess.DEVNULL, timeout=0.2)
        except (OSError, subprocess.TimeoutExpired):
            pass
for number in (0, 1000, 65534):
    try:
        os.setuid(number)
        root.append(number)
    except OSError:
        pass
print("root:", root)
