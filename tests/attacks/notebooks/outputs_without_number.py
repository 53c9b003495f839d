# Puts out tens of thousands of tiny outputs, in each cell.
# scores: 4 6 10
# shows: ... cut after 16 kB
# %% first
from IPython.display import HTML, display

for _ in range(20_000):
    display(HTML("x"))
