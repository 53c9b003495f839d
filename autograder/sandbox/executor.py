"""Runs a submission's cells in a sandbox, and trusts nothing that comes back."""

import select
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, Protocol

from autograder.errors import SandboxError
from autograder.sandbox.fork_server import ForkServer
from autograder.sandbox.inside.wire import Reader, WireError, frame
from autograder.sandbox.limits import Limits

__all__ = ["CellRun", "Ended", "Listener", "Sandbox"]

GRACE = 3.0
"""Seconds that a cell may take to stop once its time is over; then the sandbox is ended."""
SENDING = 10.0
"""Seconds that the child may take to read what it is sent."""
ENDING = 2.0
"""Seconds that the child may take to end after it has closed its connection."""

LEAST_PATIENCE = 0.1
"""Each cell that times out halves the time limit of later cells, down to this share of the limit (and
no less than a second): every cell that calls a function with an endless loop times out."""


class Ended(Exception):
    """The sandbox has ended: the rest of the notebook does not run. The message is for students."""


class Listener(Protocol):
    """Answers the probe while a test cell runs: the referee's end of the connection."""

    def answer(self, header: dict[str, Any], arrays: list[bytes]) -> list[tuple[dict[str, Any], list[bytes]]]:
        """Return the frames that answer one frame of the probe."""
        ...


@dataclass(frozen=True)
class CellRun:
    """How one cell ended: ``count`` is its execution count, ``error`` the name of its exception, if any.

    ``message`` is the exception's text, and ``line`` the cell's line that led to it, with its number.
    """

    count: int
    error: str | None = None
    message: str = ""
    line: str = ""
    timed_out: bool = False
    seconds: float = 0.0
    """The time limit of the cell."""


class Sandbox:
    """One sandbox for one submission; a context manager.

    Parameters
    ----------
    server
        The server that forks the submission's child.
    limits
        What the submission may use.
    files
        The contents of the files in its working folder, by relative path.

    Entering it raises SandboxError, a fault of the grader, when the sandbox cannot be started.
    """

    def __init__(self, server: ForkServer, limits: Limits, files: Mapping[str, bytes] | None = None) -> None:
        self.server, self.limits, self.files = server, limits, files or {}

    def __enter__(self) -> "Sandbox":
        self._child = self.server.fork()
        self._child.socket.settimeout(SENDING)
        self._reader, self._output = Reader(), 0
        self._end = time.monotonic() + self.limits.start_seconds
        known = [name for name, content in self.files.items() if self.server.files.get(name) == content]
        sent = {name: content for name, content in self.files.items() if name not in known}
        start = {"type": "start", "mounted": known, "files": list(sent), "limits": self.limits.for_worker()}
        try:
            self._send({**start, "isolated_by": self._child.isolated_by}, list(sent.values()))
            header, _ = self._receive(self._end)
            if header.get("type") != "ready":
                raise Ended("an unexpected first message")
        except (Ended, TimeoutError) as error:
            reason = self.server.said() or str(error) or "it takes too long"
            self.close()
            raise SandboxError(f"the sandbox does not start: {reason}; run `seqlab doctor`") from None
        except BaseException:
            self.close()
            raise
        self._end = time.monotonic() + self.limits.notebook_seconds
        self._patience = self.limits.cell_seconds
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def run(
        self,
        code: str,
        on_output: Callable[[str, dict[str, Any]], None],
        listener: Listener | None = None,
    ) -> CellRun:
        """Run one cell. Raises Ended when the notebook cannot go on; the sandbox is then closed."""
        seconds = min(self._patience, self._end - time.monotonic())
        try:
            if seconds <= 0:
                raise TimeoutError
            self._send({"type": "cell", "code": code, "seconds": seconds})
            run = self._until_done(time.monotonic() + seconds + GRACE, on_output, listener)
        except TimeoutError:
            self.close()
            if time.monotonic() >= self._end:
                message = f"the notebook's time limit of {self.limits.notebook_seconds:g} s was reached"
            else:
                message = f"a cell ran past its limit of {seconds:g} s and could not be stopped"
            raise Ended(message) from None
        except Ended:
            self.close()
            raise
        if run.timed_out:
            self._patience = max(1.0, LEAST_PATIENCE * self.limits.cell_seconds, self._patience / 2)
        return replace(run, seconds=seconds)

    def close(self) -> None:
        """End the sandbox and all processes in it."""
        self._child.close()

    def _until_done(
        self,
        deadline: float,
        on_output: Callable[[str, dict[str, Any]], None],
        listener: Listener | None,
    ) -> CellRun:
        while True:
            header, arrays = self._receive(deadline)
            kind = header.get("type")
            if kind == "output":
                on_output(str(header.get("msg_type")), _content(header))
            elif kind == "done":
                count, error = header.get("count"), header.get("error")
                line, source = header.get("line"), str(header.get("source", ""))[:300]
                return CellRun(
                    count if type(count) is int and 0 <= count < 10**6 else 0,
                    str(error)[:80] if header.get("status") != "ok" else None,
                    str(header.get("message", ""))[:300],
                    f"line {line}: {source}" if type(line) is int and 0 < line < 10**6 and source else "",
                    header.get("timeout") is True,
                )
            elif listener is not None:
                for answer in listener.answer(header, arrays):
                    self._send(*answer)
            else:
                self._send({"type": "closed"})

    def _send(self, header: dict[str, Any], arrays: list[bytes] | tuple[bytes, ...] = ()) -> None:
        try:
            self._child.socket.sendall(frame(header, arrays))
        except WireError as error:
            raise Ended(f"a cell is too large to run ({error})") from None
        except TimeoutError:
            raise Ended("the notebook's process stopped reading") from None
        except OSError:
            raise Ended(self._how_it_ended()) from None

    def _receive(self, deadline: float) -> tuple[dict[str, Any], list[bytes]]:
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            try:
                found = self._reader.next()
            except WireError as error:
                raise Ended(f"the notebook's process sent something unreadable: {error}") from None
            if found is not None:
                return found
            line = self._child.socket
            ready = select.select([line, self._child.watch()], [], [], left)[0]
            if not ready:
                raise TimeoutError
            if line not in ready:  # a child has ended; a process that it started may hold the socket
                if self._child.exit_code(0) is None:
                    continue
                raise Ended(self._how_it_ended())
            try:
                data = self._child.socket.recv(1 << 18)
            except OSError:
                data = b""
            if not data:
                raise Ended(self._how_it_ended())
            self._output += len(data)
            if self._output > self.limits.notebook_output:
                raise Ended(f"the notebook wrote more than {self.limits.notebook_output >> 20} MB of output")
            self._reader.feed(data)

    def _how_it_ended(self) -> str:
        code = self._child.exit_code(ENDING)
        if code is None:
            return "the notebook's process closed its connection"
        number = -code
        if number == signal.SIGXCPU:
            return f"the notebook used more than {self.limits.cpu_seconds} s of CPU time"
        if number == signal.SIGXFSZ:
            return f"the notebook wrote a file larger than {self.limits.file_size >> 20} MB"
        if number in (signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS):
            name = signal.Signals(number).name
            return f"the notebook's process was ended by {name} (out of memory, or a crash)"
        return f"the notebook's process ended by itself (exit code {code})"


def _content(header: dict[str, Any]) -> dict[str, Any]:
    content = header.get("content")
    return content if isinstance(content, dict) else {}
