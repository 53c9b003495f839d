# Shows a display many times and updates it once: what is written is a thousand times what was sent.
# scores: 4 6 10
# shows: ... cut after
# %% first
from IPython.display import HTML, display, update_display

for number in range(6):
    for _ in range(1_000):
        display(HTML("x"), display_id=f"display {number}")
    update_display(HTML("x" * 230_000), display_id=f"display {number}")
