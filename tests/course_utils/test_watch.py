import builtins
import io
import subprocess
import sys

import pytest

from course_utils import watch


@pytest.fixture
def clock(monkeypatch):
    """A clock that the test advances."""
    now = [0.0]
    monkeypatch.setattr(watch.time, "monotonic", lambda: now[0])
    return now


class Terminal(io.StringIO):
    def isatty(self):
        return True


def counted(count, clock, seconds):
    for number in watch.progress(count):
        clock[0] += seconds
        yield number


def test_progress_counts_like_range_and_shows_nothing_if_fast(clock, monkeypatch):
    monkeypatch.setattr(sys, "stderr", screen := Terminal())
    assert list(counted(50, clock, 0.01)) == list(range(50))
    assert list(watch.progress(0)) == []
    assert screen.getvalue() == ""


def test_a_slow_loop_has_a_plain_text_bar(clock, monkeypatch):
    monkeypatch.setattr(sys, "stderr", screen := Terminal())
    assert list(counted(8, clock, 0.4)) == list(range(8))
    bars = screen.getvalue().split("\r")[1:]
    assert bars[0] == f"[{'#' * 15}{'.' * 25}] 3 of 8, about 2 s left\x1b[K"
    assert bars[-1] == f"[{'#' * 40}] 8 of 8\x1b[K\n"
    assert len(bars) < 8


def test_minutes_left_are_said_as_minutes(clock, monkeypatch):
    monkeypatch.setattr(sys, "stderr", screen := Terminal())
    list(counted(4, clock, 60))
    assert "] 1 of 4, about 3 min left" in screen.getvalue()


def test_there_is_no_bar_in_a_file_or_during_grading(clock, monkeypatch):
    monkeypatch.setattr(sys, "stderr", file := io.StringIO())
    list(counted(8, clock, 0.4))
    monkeypatch.setattr(builtins, "__seqlab_grade__", print)
    monkeypatch.setattr(sys, "stderr", screen := Terminal())
    list(counted(8, clock, 0.4))
    assert file.getvalue() == screen.getvalue() == ""


def test_demos_are_short_during_grading(monkeypatch):
    assert watch.demo_iterations(20_000) == watch.demo_iterations(20_000, quick=5) == 20_000
    monkeypatch.setattr(builtins, "__seqlab_grade__", print)
    assert watch.demo_iterations(20_000) == watch.QUICK < 200
    assert watch.demo_iterations(3) == 3
    assert watch.demo_iterations(20_000, quick=5) == 5
    assert watch.demo_iterations(3, quick=5) == 3


def test_records_are_closed_after_an_error_too():
    with pytest.raises(RuntimeError), watch.watching() as history:
        raise RuntimeError
    watch.keep_loss(1.0, 1.0)
    assert history == watch.History()
    assert not watch.keep_name("a")


def test_two_records_can_be_open_at_once():
    with watch.watching() as outer, watch.watching() as inner:
        watch.keep_loss(1.0, 2.0)
        assert watch.keep_name("a\n")
    assert outer == inner == watch.History([1.0], [2.0], {0: ["a"]})


SESSION = """
import warnings
warnings.simplefilter("error")
from IPython.terminal.interactiveshell import TerminalInteractiveShell
from IPython.utils.capture import capture_output
TerminalInteractiveShell.instance(history_load_length=0)
from course_utils import watch
now = iter(range(100))
watch.time.monotonic = lambda: next(now)
with capture_output() as seen:
    for number in watch.progress(4):
        pass
print([output.data["text/plain"].split("] ")[-1] for output in seen.outputs], repr(seen.stdout + seen.stderr))
"""


def test_in_a_notebook_the_bar_is_one_output_that_goes_away(tmp_path, monkeypatch):
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    line = [sys.executable, "-c", SESSION]
    done = subprocess.run(line, capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.splitlines() == ["['2 of 4, about 3 s left', '3 of 4, about 2 s left', ''] ''"], (
        done.stdout
    )
