# Displays in a test cell are updated from later cells, into scores.
# scores: 0 6 10
# %% mix
def mix(x, w):
    for number in range(8):
        display(number, display_id=f"d{number}")


# %% before walk
for number in range(8):
    for shown in (4.0, 20.0):
        display(shown, display_id=f"d{number}", update=True)
