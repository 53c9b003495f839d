"""Cells that run too long, ask for too much, or end their process."""

import shutil
import time

import pytest

from autograder.errors import SandboxError
from autograder.sandbox import Ended, ForkServer, Isolation, Limits, executor, why_not

pytestmark = pytest.mark.slow

# ---------------------------------------------------------------- time


@pytest.mark.parametrize(
    "code",
    [
        "while True:\n    pass",
        "import time\ntime.sleep(60)",
        "import asyncio\nawait asyncio.sleep(60)",
        "import subprocess\nsubprocess.run(['sleep', '60'])",
        "import time\ntry:\n    time.sleep(60)\nexcept BaseException:\n    time.sleep(60)",
    ],
)
def test_a_cell_that_takes_too_long_is_interrupted_and_the_notebook_goes_on(box, code):
    ours = box(Isolation.LIMITS, cell_seconds=0.5)
    run = ours.run(f"{code}\nprint('too late')")
    assert run.timed_out
    assert run.seconds == 0.5
    assert "too late" not in ours.text
    assert ours.says("print('next')") == "next"


def test_an_interrupted_await_does_not_go_on_in_a_later_cell(box):
    ours = box(Isolation.LIMITS, cell_seconds=1)
    assert ours.run("import asyncio\nawait asyncio.sleep(1.3)\nprint('from before')").timed_out
    assert ours.says("await asyncio.sleep(0.6)\nprint('now')") == "now"


def test_each_cell_that_runs_out_of_time_halves_the_time_of_the_next(box):
    ours = box(Isolation.LIMITS, cell_seconds=2)
    assert ours.run("while True: pass").seconds == 2
    assert ours.run("while True: pass").seconds == 1
    assert ours.run("1").seconds == 1  # no less than a second


def test_a_swallowed_interrupt_ends_the_notebook(box, isolation, monkeypatch):
    monkeypatch.setattr(executor, "GRACE", 0.7)
    ours = box(isolation, cell_seconds=0.3)
    code = (
        "import time\nwhile True:\n    try:\n        time.sleep(9)\n    except BaseException:\n        pass"
    )
    with pytest.raises(Ended, match=r"a cell ran past its limit of 0\.3 s and could not be stopped"):
        ours.run(code)


def test_the_time_of_the_whole_notebook(box, monkeypatch):
    monkeypatch.setattr(executor, "GRACE", 0.1)
    ours = box(Isolation.LIMITS, cell_seconds=5, notebook_seconds=0.5)
    code = "import signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\nwhile True: pass"
    with pytest.raises(Ended, match=r"the notebook's time limit of 0\.5 s was reached"):
        ours.run(code)


def test_processor_time(box, isolation):
    ours = box(isolation, cpu_seconds=2, cell_seconds=20)
    with pytest.raises(Ended, match="more than 2 s of CPU time"):
        ours.run("while True: pass")


# ---------------------------------------------------------------- ends

ENDS = [
    ("import os\nos._exit(3)", "ended by itself (exit code 3)"),
    ("exit()", "ended by itself (exit code 0)"),
    ("import ctypes\nctypes.string_at(0)", "ended by SIGSEGV"),
    ("import os\nos.abort()", "ended by SIG"),
]


@pytest.mark.parametrize(("code", "reason"), ENDS)
def test_a_process_that_ends_says_how(box, isolation, code, reason):
    ours = box(isolation)
    start = time.monotonic()
    with pytest.raises(Ended) as caught:
        ours.run(f"print('before')\n{code}")
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)
    assert time.monotonic() - start < 10
    with pytest.raises(Ended):
        ours.run("1")


KILL = "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"


def test_a_process_that_is_killed_says_so(box):
    with pytest.raises(Ended, match="ended by SIGKILL"):
        box(Isolation.LIMITS).run(KILL)


def test_with_walls_of_its_own_a_process_cannot_be_killed_from_within(box):
    ours = box(Isolation.BUBBLEWRAP)
    assert ours.run(KILL).error is None
    assert ours.run("assert os.getpid() == 1").error is None


def test_an_end_is_seen_though_a_child_holds_the_socket(box, isolation):
    ours = box(isolation)
    start = time.monotonic()
    with pytest.raises(Ended, match="exit code 5"):
        ours.run("import os, time\nif os.fork() == 0:\n    time.sleep(60)\nos._exit(5)")
    assert time.monotonic() - start < 10


# ---------------------------------------------------------------- memory, files, output


def test_too_much_memory_is_an_error_of_the_cell(box, isolation):
    ours = box(isolation, memory=1 << 30)
    assert ours.run("big = bytearray(2 << 30)").error == "MemoryError"
    assert ours.run("many = []\nwhile True:\n    many.append(bytearray(10 << 20))").error == "MemoryError"
    assert ours.says("many = None\nprint('next')") == "next"


def test_a_file_that_is_too_large_is_an_error_of_the_cell(box, isolation):
    ours = box(isolation, file_size=1 << 20)
    assert ours.run("with open('f', 'wb') as file:\n    file.write(bytes(2 << 20))").error == "OSError"
    assert ours.says("import os\nprint(os.path.getsize('f'))") == str(1 << 20)


def test_what_descriptors_write_is_bounded_like_a_file(box, isolation):
    ours = box(isolation, file_size=1 << 20)
    run = ours.run("import os\nwhile True:\n    os.write(1, b'x' * 100_000)")
    assert run.error == "OSError"
    assert len(ours.text) <= 1 << 20
    assert ours.says("print('next')") == "next"


def test_too_much_output_ends_the_notebook(box, isolation):
    ours = box(isolation, notebook_output=1 << 20)
    with pytest.raises(Ended, match="wrote more than 1 MB of output"):
        ours.run("while True:\n    print('x' * 1000)")


def test_a_flood_of_small_outputs_meets_the_time_limit(box, monkeypatch):
    monkeypatch.setattr(executor, "GRACE", 0.2)
    ours = box(Isolation.LIMITS, cell_seconds=0.3)
    slow = []
    code = "import signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\nwhile True:\n    display(1)"
    with pytest.raises(Ended, match="ran past its limit"):
        ours.sandbox.run(code, lambda *message: (slow.append(message), time.sleep(0.01)))
    assert 0 < len(slow) < 100


# ---------------------------------------------------------------- the grader's own faults


def test_a_sandbox_that_cannot_start_is_the_graders_fault():
    with ForkServer((), Limits(), Isolation.LIMITS) as server:
        shutil.rmtree(server.mounted)
        with pytest.raises(SandboxError, match=r"does not start: .*seqlab_inside.*doctor"):
            server.fork()


def test_a_sandbox_that_starts_too_slowly_is_the_graders_fault(box):
    with pytest.raises(SandboxError, match="does not start"):
        box(Isolation.LIMITS, start_seconds=0.001)


def test_a_missing_bubblewrap_is_the_graders_fault(tmp_path, monkeypatch, request):
    request.addfinalizer(why_not.cache_clear)  # it is there for the next test
    monkeypatch.setenv("PATH", str(tmp_path))
    with ForkServer((), Limits(), Isolation.BUBBLEWRAP) as server, pytest.raises(SandboxError, match="bwrap"):
        server.fork()
