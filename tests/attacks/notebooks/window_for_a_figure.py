# A figure in a window: there is no screen, so that it fails in its own cell alone.
# scores: 4 6 10
# shows: before
# %% first
import matplotlib

print("before")
matplotlib.use("TkAgg")
import matplotlib.pyplot as plt

plt.plot([1, 2])
plt.show()
