"""Provides an IPython shell that publishes outputs as a kernel does, but without ZMQ."""

import builtins
import contextlib
import getpass
import io
import os
import sys
from collections.abc import Callable
from typing import Any

from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.error import StdinNotImplementedError
from jupyter_client.session import Session
from traitlets.config import Config

__all__ = ["Shell", "connect", "make_shell"]

Publish = Callable[[str, dict[str, Any]], None]
PIECE = 1 << 16
"""Largest number of characters of a stream that are published together."""


class _Pipe(Session):
    """The part of jupyter_client's Session that the shell's hooks use."""

    publish: Publish | None = None

    def msg(self, msg_type: str, content: Any = None, *_: Any, **__: Any) -> dict[str, Any]:
        return {"msg_type": msg_type, "content": content}

    def send(self, stream: Any, msg_or_type: Any, content: Any = None, *_: Any, **__: Any) -> None:
        if isinstance(msg_or_type, dict):
            msg_or_type, content = msg_or_type["msg_type"], msg_or_type["content"]
        if self.publish is not None:
            self.publish(msg_or_type, content)


class Shell(ZMQInteractiveShell):
    """The kernel's shell without a kernel: no GUI event loops, no history thread, no stdin."""

    pipe: _Pipe

    def enable_gui(self, gui: Any = None) -> None:
        """Do nothing: there is no event loop to join."""

    def ask_exit(self) -> None:
        """End the process, as `exit` ends a kernel."""
        os._exit(0)


class Stream(io.TextIOBase):
    """sys.stdout or sys.stderr: text is collected and published when flushed."""

    encoding = "utf-8"
    errors = "backslashreplace"

    def __init__(self, name: str, descriptor: int, publish: Publish) -> None:
        self.name, self._descriptor, self._publish = name, descriptor, publish
        self._parts: list[str] = []
        self._size = 0

    def writable(self) -> bool:
        """Return True: text can be written."""
        return True

    def isatty(self) -> bool:
        """Return False: this is not a terminal."""
        return False

    def fileno(self) -> int:
        """Return the descriptor that C code and subprocesses write to."""
        return self._descriptor

    def write(self, text: str) -> int:
        """Collect text, and publish it once there is enough."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._parts.append(text)
        self._size += len(text)
        if self._size > PIECE:
            self.flush()
        return len(text)

    def flush(self) -> None:
        """Publish the text collected since the last flush."""
        if self._parts:
            text, self._parts, self._size = "".join(self._parts), [], 0
            for start in range(0, len(text), PIECE):
                self._publish("stream", {"name": self.name, "text": text[start : start + PIECE]})


def make_shell() -> Shell:
    """Make the only shell of this process; `connect` it before cells run."""
    config = Config()
    config.HistoryManager.enabled = False
    config.HistoryManager.hist_file = ":memory:"
    if os.environ.get("SEQLAB_FIGURES") == "off":
        config.InlineBackend.figure_formats = set()
    shell = Shell.instance(config=config, kernel=None)
    # IPython's own tracebacks, with colours and context, are slow: Python's save 180 ms of 230 for the blank
    # notebook of `cells` (`python -m benchmarks.switches`).
    shell.InteractiveTB.set_mode(os.environ.get("SEQLAB_TRACEBACKS", "Plain"))
    shell.pipe = _Pipe()
    hooks: tuple[Any, Any] = (shell.displayhook, shell.display_pub)
    for hook in hooks:
        hook.session, hook.pub_socket, hook.topic = shell.pipe, None, b""
    return shell


def connect(shell: Shell, publish: Publish) -> Callable[[], None]:
    """Send the shell's outputs, and everything written to descriptors 1 and 2, to ``publish``.

    Returns a function that flushes everything. Text on the descriptors is also published before each
    message, because nbgrader stops at the first of stderr and result.
    """
    captured = {"stdout": os.memfd_create("stdout"), "stderr": os.memfd_create("stderr")}
    os.dup2(captured["stdout"], 1)
    os.dup2(captured["stderr"], 2)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115 - lives as long as the process
    sys.stdout, sys.stderr = Stream("stdout", 1, publish), Stream("stderr", 2, publish)

    def descriptors() -> None:
        for name, descriptor in captured.items():
            size = os.lseek(descriptor, 0, os.SEEK_CUR)
            if size:
                text = os.pread(descriptor, min(size, 1 << 20), 0).decode("utf-8", "replace")
                os.ftruncate(descriptor, 0)
                os.lseek(descriptor, 0, os.SEEK_SET)
                publish("stream", {"name": name, "text": text})

    def ordered(msg_type: str, content: dict[str, Any]) -> None:
        descriptors()
        publish(msg_type, content)

    def flush() -> None:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):  # student code may have replaced it
                stream.flush()
        descriptors()

    shell.pipe.publish = ordered

    def no_input(*_: Any, **__: Any) -> str:
        raise StdinNotImplementedError("input() was called, but nobody is there to answer while grading")

    builtins.input = no_input
    getpass.getpass = no_input
    return flush
