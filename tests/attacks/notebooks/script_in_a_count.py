# Script as the number of a cell, which ends with its message: pages show such a number as it is.
# scores: 4 6 10
# with: pipe
# says: ended by itself
# %% first
print("attacked")
# %% last
import os

count = "<script>window.attacked = 1</script>"
content = {"execution_count": count, "data": {"text/plain": "1"}, "metadata": {}}
send({"type": "output", "msg_type": "execute_result", "content": content})
os._exit(0)
