"""Runs a submission's cells in a sandbox, from outside: trusts nothing that comes back."""

import contextlib
import io
import os
import select
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

from ..errors import SandboxError
from .inside.wire import Reader, WireError, frame
from .isolation import Isolation, command, why_not
from .limits import Limits

__all__ = ["CellRun", "Ended", "Listener", "Sandbox"]

GRACE = 3.0
"""Seconds that a cell may take, after its time, to stop by itself."""
SENDING = 10.0
"""Seconds that the process may take to read what it is sent."""
ENDING = 2.0
"""Seconds that the process may take to end after it has closed its connection."""

LEAST_PATIENCE = 0.1
"""Each cell that runs out of time halves the time of those after it, down to this share of the limit
(and no less than a second): an endless loop in a function is met again in every cell that calls it."""


class Ended(Exception):
    """The sandbox is over: what is left of the notebook does not run. The message is for students."""


class Listener(Protocol):
    """Who answers the probe while a test cell runs: the referee's side of the pipe."""

    def answer(self, header: dict[str, Any], arrays: list[bytes]) -> list[tuple[dict[str, Any], list[bytes]]]:
        """Return the frames that answer one frame of the probe."""
        ...


@dataclass(frozen=True)
class CellRun:
    """How one cell ended: ``error`` is the name of the exception, if any."""

    count: int
    error: str | None = None
    timed_out: bool = False
    seconds: float = 0.0
    """The time limit that the cell had."""


class Sandbox:
    """One sandbox for one submission; a context manager.

    Parameters
    ----------
    stage
        The folder that `make_stage` filled; its ``files`` are copied into the working folder.
    limits, isolation
        What the submission may use, and what stands between it and the machine.

    Raises SandboxError on entering when the sandbox cannot be started: the grader's fault.
    """

    def __init__(self, stage: Path, limits: Limits, isolation: Isolation) -> None:
        self.stage, self.limits, self.isolation = stage, limits, isolation

    def __enter__(self) -> "Sandbox":
        self._launch()
        try:
            self._end = time.monotonic() + self.limits.start_seconds
            files = self.stage / "files" if self.isolation is Isolation.LIMITS else Path("/seqlab/files")
            self._send({"type": "start", "files": str(files), "limits": self.limits.for_worker()})
            header, _ = self._receive(self._end)
            if header.get("type") != "ready":
                raise Ended("an unexpected first message")
        except (Ended, TimeoutError) as error:
            self._kill()
            assert self._process.stderr is not None
            said = self._process.stderr.read().decode("utf-8", "replace").strip() or str(error)
            self.close()
            reason = (said.splitlines() or ["it takes too long"])[-1][:300]
            raise SandboxError(
                f"the sandbox does not start: {reason}; `seqlab doctor` looks further"
            ) from None
        except BaseException:
            self.close()
            raise
        self._end = time.monotonic() + self.limits.notebook_seconds
        self._patience = self.limits.cell_seconds
        return self

    def _launch(self) -> None:
        """Start the process with its end of the socket."""
        self._socket, theirs = socket.socketpair()
        self._home = tempfile.TemporaryDirectory(prefix="seqlab-", ignore_cleanup_errors=True)
        home = Path(self._home.name)
        line, environment = command(self.isolation, self.stage, home, theirs.fileno(), self.limits.disk)
        try:
            self._process = subprocess.Popen(
                line,
                env=environment,
                cwd=home,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as error:
            self._socket.close()
            self._home.cleanup()
            raise SandboxError(f"the sandbox does not start: {error}; {why_not(self.isolation)}") from None
        finally:
            theirs.close()
        self._ended = io.FileIO(os.pidfd_open(self._process.pid))  # readable when the process has ended
        self._reader = Reader()
        self._output = 0

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
        """Run one cell. Raises Ended when the notebook cannot go on; the sandbox is then gone."""
        seconds = min(self._patience, max(0.1, self._end - time.monotonic()))
        try:
            self._send({"type": "cell", "code": code, "seconds": seconds})
            run = self._until_done(time.monotonic() + seconds + GRACE, on_output, listener)
        except TimeoutError:
            self._kill()
            if time.monotonic() >= self._end:
                message = f"the notebook's time limit of {self.limits.notebook_seconds:g} s was reached"
            else:
                message = f"a cell ran past its limit of {seconds:g} s and could not be stopped"
            raise Ended(message) from None
        except Ended:
            self._kill()
            raise
        if run.timed_out:
            self._patience = max(1.0, LEAST_PATIENCE * self.limits.cell_seconds, self._patience / 2)
        return replace(run, seconds=seconds)

    def close(self) -> None:
        """End the sandbox and all that runs in it."""
        self._kill()
        self._socket.close()
        self._ended.close()
        if self._process.stderr:
            self._process.stderr.close()
        self._home.cleanup()

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
                return CellRun(
                    count if type(count) is int and 0 <= count < 10**6 else 0,
                    str(error)[:80] if header.get("status") != "ok" else None,
                    header.get("timeout") is True,
                )
            elif listener is not None:
                for answer in listener.answer(header, arrays):
                    self._send(*answer)
            else:
                self._send({"type": "closed"})

    def _send(self, header: dict[str, Any], arrays: list[bytes] | tuple[bytes, ...] = ()) -> None:
        self._socket.settimeout(SENDING)
        try:
            self._socket.sendall(frame(header, arrays))
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
            watched: list[Any] = [self._socket, self._ended]
            ready = select.select(watched, [], [], left)[0]
            if not ready:
                raise TimeoutError
            if self._socket not in ready:  # it ended, but something that it started holds the socket
                raise Ended(self._how_it_ended())
            try:
                data = self._socket.recv(1 << 18)
            except OSError:
                data = b""
            if not data:
                raise Ended(self._how_it_ended())
            self._output += len(data)
            if self._output > self.limits.notebook_output:
                raise Ended(f"the notebook put out more than {self.limits.notebook_output >> 20} MB")
            self._reader.feed(data)

    def _how_it_ended(self) -> str:
        if not select.select([self._ended], [], [], ENDING)[0]:
            return "the notebook's process closed its connection"
        self._kill()
        code = self._process.returncode
        # bubblewrap passes a signal on as 128 + its number.
        number = -code if code < 0 else code - 128
        if number == signal.SIGXCPU:
            return f"the notebook used more than {self.limits.cpu_seconds} s of processor time"
        if number == signal.SIGXFSZ:
            return f"the notebook wrote a file larger than {self.limits.file_size >> 20} MB"
        if number in (signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS):
            name = signal.Signals(number).name
            return f"the notebook's process was ended by {name} (out of memory, or a crash)"
        return f"the notebook's process ended by itself (exit code {code})"

    def _kill(self) -> None:
        # The whole group, even where its first process has ended: what it started may go on. Until it
        # is waited for, its number belongs to nobody else.
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


def _content(header: dict[str, Any]) -> dict[str, Any]:
    content = header.get("content")
    return content if isinstance(content, dict) else {}
