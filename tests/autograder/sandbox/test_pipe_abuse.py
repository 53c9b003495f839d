"""A student's code that holds the socket itself: the executor loses patience, never its footing."""

import time

import pytest
from cells_notebook import SOCKET

from autograder.sandbox import Ended, Isolation, executor

pytestmark = pytest.mark.slow

DEAF = "import signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\n"
"""Makes the worker ignore the time limit, so that only the executor's own is left."""


class Listener:
    """Answers every frame with as many bytes as it is told to."""

    def __init__(self, size=0):
        self.size, self.frames = size, 0

    def answer(self, header, arrays):
        self.frames += 1
        return [({"type": "closed"}, [bytes(self.size)])]


@pytest.fixture
def ours(box, monkeypatch):
    monkeypatch.setattr(executor, "GRACE", 0.3)
    monkeypatch.setattr(executor, "SENDING", 0.5)
    monkeypatch.setattr(executor, "ENDING", 0.3)
    box = box(Isolation.LIMITS, cell_seconds=0.5, notebook_output=8 << 20)
    box.run(SOCKET + DEAF)
    return box


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("pipe.sendall(struct.pack('!II', 10, 60 << 20))\nwhile True: pipe.sendall(bytes(1 << 16))", "8 MB"),
        ("while True: send({'type': 'answer', 'case': 0}, bytes(1 << 20))", "8 MB"),
        (
            "pipe.shutdown(socket.SHUT_RDWR)\nwhile True: pass",
            "closed its connection",
        ),
        ("send({'type': 'begin'})\npipe.shutdown(socket.SHUT_RD)\nwhile True: pass", "ran past|closed its"),
    ],
)
def test_abuse_of_the_socket_ends_the_notebook(ours, code, reason):
    start = time.monotonic()
    with pytest.raises(Ended, match=reason):
        ours.run(code, Listener())
    assert time.monotonic() - start < 6


def test_a_process_that_stops_reading(ours):
    listener = Listener(size=4 << 20)
    with pytest.raises(Ended, match="stopped reading"):
        ours.run("send({'type': 'begin'})\nwhile True: pass", listener)
    assert listener.frames == 1


def test_frames_without_a_listener_are_closed(ours):
    assert ours.says("send({'type': 'begin', 'exercise': 'x'})\nprint(receive()['type'])") == "closed"


def test_a_cell_that_is_too_large_to_send(ours):
    with pytest.raises(Ended, match="a cell is too large to run"):
        ours.run("#" * (9 << 20))


def test_a_full_standard_error_blocks_nothing(box, isolation):
    ours = box(isolation, cell_seconds=5)
    code = "import os\nfor _ in range(20):\n    _ = os.write(2, b'x' * 100_000)\nprint('done')"
    assert ours.run(code).error is None
    assert "done" in ours.text
