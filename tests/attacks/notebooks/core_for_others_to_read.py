# Makes its memory readable, and crashes so that the machine's program for cores is run with all of it.
# scores: 4 6 10
# shows: readable: False
# shows: cores: (1, 1) (1, 1)
# shows: of a started program: (1, 1)
# %% first
import ctypes
import resource
import subprocess
import sys

libc = ctypes.CDLL(None, use_errno=True)
print("readable:", libc.prctl(4, 1, 0, 0, 0) == 0 or libc.prctl(3, 0, 0, 0, 0) == 1)
# A limit of 1 byte stops a piped core; 0 does not.
kept = resource.getrlimit(resource.RLIMIT_CORE)
for change in (resource.setrlimit, lambda *limit: resource.prlimit(0, *limit)):
    try:
        change(resource.RLIMIT_CORE, (0, 0))
    except (OSError, ValueError):
        pass
print("cores:", kept, resource.getrlimit(resource.RLIMIT_CORE))
code = """
import resource
try:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 1))
except (OSError, ValueError):
    pass
print("of a started program:", resource.getrlimit(resource.RLIMIT_CORE))
"""
print(subprocess.run([sys.executable, "-ISc", code], capture_output=True, text=True).stdout)
