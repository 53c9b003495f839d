# Puts out displays without end, each of them as small as can be.
# scores: 4 6 10
# with: pipe
# shows: ... cut after 16 kB
# %% first
for _ in range(20_000):
    send({"type": "output", "msg_type": "display_data", "content": {"data": {}, "metadata": {}}})
