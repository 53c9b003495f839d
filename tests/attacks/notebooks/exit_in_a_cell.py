# exit() and sys.exit() in cells, before anything is judged.
# scores: 0 0 0
# says: ended by itself
# %% first
import sys

sys.exit(3)
# %% before mix
exit()
