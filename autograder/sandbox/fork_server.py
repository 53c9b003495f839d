"""Controls the fork server, an isolated, warm process that forks one child for each submission.

Submissions share a server only where each child gets namespaces of its own. Where the kernel does not allow
that, and under ``--isolation limits``, a server serves one submission and is replaced.
"""

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from autograder.errors import SandboxError
from autograder.sandbox.bubblewrap import LOOK, Isolation, command, server, why_not
from autograder.sandbox.cgroups import ControlGroup
from autograder.sandbox.file_system import what_is_seen
from autograder.sandbox.limits import Limits
from autograder.sandbox.mounted_files import NONE, copy_mounted_files
from autograder.scratch import Scratch

__all__ = ["Child", "ForkServer"]

PASSED_ON = ("SEQLAB_TRACEBACKS", "SEQLAB_WARM_UP", "KERAS_BACKEND")
"""Variables of the grader's environment that are passed on: for optimisations, and the backend of Keras."""

ENDING = 5.0
"""Seconds that a killed child may take to end; then the whole server is ended."""


class ForkServer:
    """Forks a child for each submission; the server starts at the first fork. A context manager.

    Parameters
    ----------
    modules
        The modules of ``course_utils`` that the notebooks may import.
    limits, isolation
        The limits of the server and its submissions; how the server is isolated.
    files
        The lab's own files by relative path: mounted, so that a child copies those that its submission has.
        That saves sending 3.7 MB to each of `emojify` (`python -m benchmarks.only_graded emojify`).
    preload
        Packages that the server imports in advance.
    figures
        Whether figures are drawn; otherwise their descriptions are printed.
    expected
        Whether most submissions draw some: then Matplotlib is loaded in advance. Where they do not, leaving
        it out halves the CPU time of the server's start, and saves a tenth of each child's
        (`python -m benchmarks.only_graded`).
    course
        The folder of the course. `fork` refuses to start a submission that could see any of it.
    """

    def __init__(
        self,
        modules: Iterable[str],
        limits: Limits,
        isolation: Isolation,
        *,
        files: Mapping[str, bytes] = NONE,
        preload: Iterable[str] = (),
        figures: bool = True,
        expected: bool = True,
        course: Path | None = None,
    ) -> None:
        modules = tuple(modules)
        self._course, self._seen, self._looked = course, "", False
        self.limits, self.isolation, self.files = limits, isolation, files
        warm = [*(f"course_utils.{name}" for name in modules), *preload]
        self._environment = {
            **{name: os.environ[name] for name in PASSED_ON if name in os.environ},
            "SEQLAB_PRELOAD": " ".join(warm),
            "SEQLAB_FIGURES": ("on" if expected else "seldom") if figures else "off",
        }
        self._folder = Scratch()
        self.mounted, self._home = Path(self._folder.name, "mounted"), Path(self._folder.name, "home")
        copy_mounted_files(self.mounted, modules, files)
        self._process: subprocess.Popen[bytes] | None = None
        self._group: ControlGroup | None = None
        self._number = 0
        self._used = self.shared = False
        self.lost = False
        """Whether the server has ended while it ran the last child, which could not reach it."""

    def __enter__(self) -> "ForkServer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def fork(self) -> "Child":
        """Fork a child for one submission.

        Raises SandboxError when the server cannot be started, or student code could see the course.
        """
        if self._process is not None and ((self._used and not self.shared) or self._has_ended()):
            self.stop()
        self.start()
        if not self._used:
            self._wait_until_up()
        self._used, self.lost = True, False
        self._number += 1
        own_end, child_end = socket.socketpair()
        try:
            request = json.dumps({"new": self._number, "namespaces": self.shared}).encode()
            socket.send_fds(self._control, [request], [child_end.fileno()])
        except OSError as error:
            own_end.close()
            self.lost = self.shared
            self.stop()
            raise SandboxError(f"the sandbox ended unexpectedly: {error}; grade again") from None
        finally:
            child_end.close()
        return Child(self, self._number, own_end)

    def stop(self) -> None:
        """End the server and all its processes; the next fork starts another."""
        if self._process is None:
            return
        # The whole process group, even if its leader has ended: until it is waited for, its id is not
        # reused.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None
        if self._group is not None:
            self._group.remove()
        self._control.close()
        self._errors.close()

    def close(self) -> None:
        """End the server for good, and remove its folders."""
        self.stop()
        self._folder.cleanup()

    def said(self) -> str:
        """Return the last line that the server wrote to stderr."""
        self._errors.seek(0)
        lines = self._errors.read(1 << 16).decode("utf-8", "replace").strip().splitlines()
        return lines[-1][:300] if lines else ""

    def ended(self, number: int, seconds: float) -> int | None:
        """Wait up to ``seconds`` for a child to end; return its exit code, or None if it is still running.

        A child killed after it has used up its CPU time counts as ended by SIGXCPU, whatever the signal.
        """
        deadline = time.monotonic() + seconds
        while True:
            left = max(0.0, deadline - time.monotonic())
            if not select.select([self._control], [], [], left)[0]:
                return None
            message = self._message()
            if message is None:  # the server itself has ended
                self.lost = self.shared
                return -signal.SIGKILL
            if message.get("ended") == number:
                spent = message["code"] < 0 and message["cpu"] >= self.limits.cpu_seconds
                return -signal.SIGXCPU if spent else int(message["code"])

    def kill(self, number: int) -> None:
        """Kill a child and all it started; if that fails or the server is not shared, end the server."""
        if self._process is None:
            return
        with contextlib.suppress(OSError):
            self._control.send(json.dumps({"kill": number}).encode())
        if self.ended(number, ENDING) is None or not self.shared:
            self.stop()

    def start(self) -> None:
        """Start the server, unless it runs, without waiting for it."""
        if self._process is not None:
            return
        self._used = False
        self._control, server_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the server
        self._home.mkdir(exist_ok=True)
        try:
            line, environment = self._command(server(server_end.fileno()))
            self._process = subprocess.Popen(
                line,
                env=environment,
                cwd=self._home,
                pass_fds=[server_end.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                start_new_session=True,
            )
        except (OSError, SandboxError) as error:
            self._control.close()
            self._errors.close()
            if isinstance(error, SandboxError):
                raise
            raise SandboxError(f"the sandbox does not start: {error}; {why_not(self.isolation)}") from None
        finally:
            server_end.close()

    def _command(self, run: list[str]) -> tuple[list[str], dict[str, str]]:
        return command(
            self.isolation, run, self.mounted, self._home, self.limits.disk, self._environment, self._course
        )

    def _refuse_what_is_seen(self) -> None:
        """Look from inside, once, in a process of its own: the server is told nothing of the course."""
        if self._course is None or self.isolation is Isolation.LIMITS:
            return
        if not self._looked:
            line, environment = self._command(LOOK)
            self._seen = what_is_seen(line, environment, self._course, self.limits.start_seconds)
            self._looked = True
        if self._seen:
            self.stop()
            raise SandboxError(self._seen)

    def _has_ended(self) -> bool:
        """Whether the server has closed its end; a fork of the process that started it may ask too."""
        closed = select.poll()
        closed.register(self._control, select.POLLRDHUP)  # unread messages may come before the end
        return bool(closed.poll(0))

    def _wait_until_up(self) -> None:
        self._refuse_what_is_seen()
        ready = select.select([self._control], [], [], self.limits.start_seconds)[0]
        message = self._message() if ready else None
        if message is None or "up" not in message:
            reason = self.said() or "it takes too long"
            self.stop()
            raise SandboxError(f"the sandbox does not start: {reason}; run `seqlab doctor`")
        if message["up"] > 1:  # a fork has one thread: what the others hold stays locked for ever
            self.stop()
            raise SandboxError(
                f"the sandbox does not start: what it has loaded runs {message['up']} threads, and forks "
                "would hang; load it without threads in a module that the lab preloads"
            )
        self.shared = self.isolation is Isolation.BUBBLEWRAP and bool(message["nested"])
        assert self._process is not None
        self._group = ControlGroup(self.limits)  # memory that the server has taken so far is not counted
        self._group.add_tree(self._process.pid)

    def _message(self) -> dict[str, Any] | None:
        try:
            data = self._control.recv(4096)
        except OSError:
            data = b""
        return json.loads(data) if data else None

    @property
    def control(self) -> socket.socket:
        """The socket on which the server reports that a child has ended."""
        return self._control


class Child:
    """A submission's process, as the grader sees it: its socket, and how it ended."""

    def __init__(self, server: ForkServer, number: int, line: socket.socket) -> None:
        self.server, self.number, self.socket = server, number, line
        self._code: int | None = None

    @property
    def isolated_by(self) -> str:
        """What isolates the child: ``namespaces`` of its own, a ``server`` of its own, or ``nothing``."""
        if self.server.shared:
            return "namespaces"
        return "server" if self.server.isolation is Isolation.BUBBLEWRAP else "nothing"

    def watch(self) -> socket.socket:
        """Return the socket that becomes readable when the process ends."""
        return self.server.control

    def exit_code(self, seconds: float) -> int | None:
        """Wait up to ``seconds`` for the process to end; return its exit code, or None if it is running."""
        if self._code is None:
            self._code = self.server.ended(self.number, seconds)
        return self._code

    def close(self) -> None:
        """End the process and all it started."""
        self.socket.close()
        if self._code is None:
            self.server.kill(self.number)
            self._code = -signal.SIGKILL
        elif not self.server.shared:
            self.server.stop()
