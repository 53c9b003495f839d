"""Lends right functions: a separate process answers calls whose arguments student code chooses.

`Lender` starts the process and talks to it over a socket. The process has the reference of one lab and a
limit on memory; `Lender` enforces a time limit for each call.
"""

import inspect
import resource
import select
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from autograder.errors import GraderError
from autograder.lab.course import LabFolder
from autograder.lab.variants import variant
from autograder.sandbox.inside.wire import (
    Reader,
    WireError,
    frame,
    pack,
    random_state,
    set_random_state,
    unpack,
)

__all__ = ["Lender", "Refused"]

MEMORY = 2 << 30
"""Address space of the lending process in bytes."""
SECONDS = 5.0
"""Time limit of one call."""
START_SECONDS = 60.0
NONE: Mapping[str, str] = MappingProxyType({})


class Refused(Exception):
    """A call that is refused; the message goes to the student's code."""


class Lender:
    """Answers calls of one lab's functions; the first call starts its process."""

    def __init__(self, lab: LabFolder) -> None:
        self.lab = lab
        self._process: subprocess.Popen[bytes] | None = None
        self._up = False

    def call(
        self, header: dict[str, Any], arrays: list[bytes], forms: Mapping[str, str] = NONE
    ) -> tuple[dict[str, Any], list[bytes]]:
        """Return the packed result of a call: ``value``, and its effects if the exercise has any.

        ``header`` has the ``function``, its ``args`` and, if the exercise seeds, the ``state`` of NumPy's
        global generator. ``forms`` names the alternatives that take the place of references, by exercise: it
        comes from the verdicts, never from the frame. Raises Refused when the arguments do not fit or the
        call takes too long.
        """
        self.start()
        deadline = time.monotonic() + SECONDS
        try:
            self._socket.settimeout(SECONDS)
            sent = {key: header.get(key) for key in ("function", "args", "state")} | {"forms": dict(forms)}
            self._socket.sendall(frame(sent, arrays))
            while (found := self._reader.next()) is None:
                left = deadline - time.monotonic()
                if left <= 0 or not select.select([self._socket], [], [], left)[0]:
                    raise TimeoutError
                data = self._socket.recv(1 << 18)
                if not data:
                    raise ConnectionError
                self._reader.feed(data)
        except (OSError, WireError):
            self.close()
            raise Refused("the call was too large or took too long") from None
        if "refused" in found[0]:
            raise Refused(str(found[0]["refused"]))
        answer, result = found
        return {key: value for key, value in answer.items() if key != "arrays"}, result

    def begin(self) -> None:
        """Start the process, unless it is running, without waiting until it is ready."""
        if self._process is not None:
            return
        own_end, lender_end = socket.socketpair()
        # -P: the current folder may hold a submission, with files named like modules.
        code = (
            "from autograder.imports import leave_out_unused\nleave_out_unused()\n"
            "from autograder.referee.lender import main\nmain()"
        )
        python = [sys.executable, "-P", "-W", "ignore", "-c", code]
        line = [*python, str(lender_end.fileno()), str(self.lab.folder)]
        null = subprocess.DEVNULL  # what a lent function prints must not reach the grader's output
        self._process = subprocess.Popen(line, pass_fds=[lender_end.fileno()], stdin=null, stdout=null)
        lender_end.close()
        self._socket, self._reader = own_end, Reader()

    def start(self) -> None:
        """Start the process and wait until it is ready; raises GraderError if it does not start."""
        self.begin()
        if self._up:
            return
        self._socket.settimeout(START_SECONDS)
        try:
            self._up = self._socket.recv(1) == b"+"
        except OSError:
            self._up = False
        if not self._up:
            self.close()
            raise GraderError(f"{self.lab.name}: the process that lends its functions does not start")

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()  # before its connection is closed, or it would report an error
            self._process.wait()
            self._socket.close()
            self._process, self._up = None, False


def main() -> None:
    """Answer calls until the other end is closed."""
    sock = socket.socket(fileno=int(sys.argv[1]))
    lab = LabFolder(Path(sys.argv[2]))
    _functions(lab, {})
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    reader = Reader()
    sock.sendall(b"+")
    while data := sock.recv(1 << 18):
        reader.feed(data)
        while (found := reader.next()) is not None:
            header, arrays = found
            try:
                answer = _answer(lab, header, arrays)
            except Refused as reason:
                answer = frame({"refused": str(reason)})
            except Exception as error:
                answer = frame({"refused": f"{type(error).__name__}: {error}"[:300]})
            sock.sendall(answer)


def _functions(lab: LabFolder, forms: Mapping[str, str]) -> Mapping[str, Callable[..., Any]]:
    """Return the functions that are lent to a submission: right ones, in the forms that it has."""
    return variant(lab, forms).reference


def _answer(lab: LabFolder, header: dict[str, Any], arrays: list[bytes]) -> bytes:
    values = unpack(arrays)
    args, kwargs = values(header["args"])
    exercise = lab.exercises[header["function"]]
    function = _functions(lab, header["forms"])[exercise.name]
    try:
        bound = inspect.signature(function).bind(*args, **kwargs)
        if exercise.check_call is not None:
            exercise.check_call(*bound.args, **bound.kwargs)
    except (ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        raise Refused(f"the arguments do not fit {exercise.name}: {error}"[:300]) from None
    if exercise.seeds:
        set_random_state(values(header["state"]))
    given = values.received
    before = [array.tobytes() for array in given] if exercise.writes else []
    value = function(*args, **kwargs)
    packed = pack(known=given)
    answer: dict[str, Any] = {"value": packed(value)}
    if exercise.writes:
        changed = [(n, a) for n, (a, old) in enumerate(zip(given, before, strict=True)) if a.tobytes() != old]
        answer["written"] = [[n, packed(array.copy())] for n, array in changed]
        answer["args"] = packed([args, kwargs])
    if exercise.seeds:
        answer["state"] = packed(random_state())
    return frame(answer, packed.arrays)
