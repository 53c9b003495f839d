# Ends of cells that have not ended, so that the next one begins too early.
# scores: 4 0 0
# with: pipe
# %% before walk
for frame in ({"status": "ok", "count": -5}, {"status": 5, "error": [[]], "count": "x", "timeout": 1}, {}):
    send({"type": "done", **frame})
