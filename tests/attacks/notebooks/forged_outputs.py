# Output messages of every kind with contents of every kind: the notebook stays one that can be read.
# scores: 4 6 10
# with: pipe
# %% first
import itertools

junk = [None, 5, True, [], {}, "x", "\ud800", [[]], {"a": [1]}, float("nan"), -(2**70)]
kinds = ("stream", "display_data", "execute_result", "error", "clear_output", "update_display_data")


def flood():
    for kind in (*kinds, "comm_open", "status", 5, None, ["stream"]):
        for one, two in itertools.product(junk, junk):
            content = dict.fromkeys(("name", "data", "execution_count", "ename", "traceback", "wait"), one)
            content |= dict.fromkeys(("text", "metadata", "evalue"), two)
            content["transient"] = {"display_id": two}
            send({"type": "output", "msg_type": kind, "content": content})
        for content in junk:
            send({"type": "output", "msg_type": kind, "content": content})
    deep = "x"
    for _ in range(180):
        deep = [deep]
    send({"type": "output", "msg_type": "stream", "content": deep})
    for key, value in itertools.product(
        ("text/plain", "image/png", "text/html", "", "x" * 1000, "application/json"), (*junk, deep)
    ):
        content = {
            "data": {key: value},
            "metadata": {},
            "execution_count": 3,
            "transient": {"display_id": "shared"},
        }
        for kind in ("display_data", "execute_result", "update_display_data"):
            send({"type": "output", "msg_type": kind, "content": content})


display(1, display_id="shared")
flood()
# %% before walk
flood()
