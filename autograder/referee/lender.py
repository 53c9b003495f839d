"""Lends right functions: a separate process answers calls whose arguments student code chooses.

`Lender` starts the process and talks to it over a socket. The process has the reference of one lab and a
limit on memory; `Lender` enforces a time limit for each call.

A grading process forks it beforehand, while it has read no submission; elsewhere, and after a call that took
too long, it is a fresh interpreter. Either has the grader's rights and runs no code of students: what a fork
finds in memory, such as the seed of a run, an interpreter of its own could read too.
"""

import ctypes
import gc
import inspect
import os
import random
import resource
import select
import signal
import socket
import subprocess
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NoReturn, Protocol

import numpy as np

from autograder.errors import GraderError
from autograder.lab.course import LabFolder
from autograder.lab.variants import variant
from autograder.referee.call import copied
from autograder.referee.cases import DrawnCase
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
PR_SET_PDEATHSIG = 1
LENDER_SOCKET = 3
"""The file descriptor of a forked lender's socket."""
NONE: Mapping[str, str] = MappingProxyType({})


class Refused(Exception):
    """A call that is refused; the message goes to the student's code."""


class _Process(Protocol):
    """What `Lender` needs of its process, whichever way it was started."""

    def kill(self) -> None: ...

    def wait(self) -> object: ...


class _Forked:
    """A forked process that nothing else waits for, so that its id is not reused before `wait`."""

    def __init__(self, pid: int) -> None:
        self._pid = pid

    def kill(self) -> None:
        os.kill(self._pid, signal.SIGKILL)

    def wait(self) -> None:
        os.waitpid(self._pid, 0)


class Lender:
    """Answers calls of one lab's functions; the first call starts its process, unless `fork` has."""

    def __init__(self, lab: LabFolder) -> None:
        self.lab = lab
        self._process: _Process | None = None
        self._up = False
        self._given: DrawnCase | None = None
        """The case whose inputs the process has."""

    @property
    def running(self) -> bool:
        """Whether it has a process."""
        return self._process is not None

    def call(
        self,
        header: dict[str, Any],
        arrays: list[bytes],
        forms: Mapping[str, str] = NONE,
        given: DrawnCase | None = None,
    ) -> tuple[dict[str, Any], list[bytes]]:
        """Return the packed result of a call: ``value``, and its effects if the exercise has any.

        ``header`` has the ``function``, its ``args`` and, if the exercise seeds, the ``state`` of NumPy's
        global generator. ``forms`` names the alternatives that take the place of references, by exercise: it
        comes from the verdicts, never from the frame. ``given`` is the case whose inputs take the places that
        the header's ``given`` tells, by argument; the process is sent them once. Raises Refused when the
        arguments do not fit or the call takes too long.
        """
        self.start()
        deadline = time.monotonic() + SECONDS
        try:
            self._socket.settimeout(SECONDS)
            if given is not None and given is not self._given:
                node, inputs = given.packed
                self._socket.sendall(frame({"inputs": node}, inputs))
                self._given = given
            words = ("function", "args", "state", *(("given",) if given is not None else ()))
            sent = {key: header.get(key) for key in words} | {"forms": dict(forms)}
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

    def fork(self) -> None:
        """Fork the process from this one, where that is safe and a function of the lab may be lent at all.

        The fork has what this process has: call it before a submission is read. It takes 19 ms of CPU time in
        place of the 0.7 s of a fresh interpreter (`python -m benchmarks.switches`);
        ``SEQLAB_FRESH_LENDER=1`` switches it off.
        """
        lends = any(exercise.calls for exercise in self.lab.exercises.values())
        if self._process is not None or not lends or os.environ.get("SEQLAB_FRESH_LENDER") == "1":
            return
        _functions(self.lab, {})
        if len(os.listdir("/proc/self/task")) > 1:  # what other threads hold stays locked in a fork
            return
        own_end, lender_end = socket.socketpair()
        parent = os.getpid()
        # A handler of this process must not run in the other one.
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        try:
            if (pid := os.fork()) == 0:
                _lend(self.lab, lender_end, parent)
            self._process, self._socket, self._reader = _Forked(pid), own_end, Reader()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
            lender_end.close()

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
            self._process, self._up, self._given = None, False, None


def main() -> None:
    """Be the process that lends: answer calls until the other end is closed."""
    _serve(LabFolder(Path(sys.argv[2])), socket.socket(fileno=int(sys.argv[1])))


def _lend(lab: LabFolder, sock: socket.socket, parent: int) -> NoReturn:  # pragma: no cover - it is killed
    """Become the process that lends, in a fork of a grading process, with all signals blocked."""
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
            if callable(signal.getsignal(number)):
                signal.signal(number, signal.SIG_DFL)
        signal.set_wakeup_fd(-1)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        # Nothing of the grading process may stay open here, or be cleaned up from here.
        gc.freeze()
        os.dup2(sock.detach(), LENDER_SOCKET, inheritable=False)
        os.closerange(LENDER_SOCKET + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
        null = os.open(os.devnull, os.O_RDWR)
        for standard in (0, 1):
            os.dup2(null, standard)
        os.close(null)
        if os.getppid() != parent:  # it ended before prctl took effect
            os._exit(1)
        warnings.simplefilter("ignore")
        random.seed()
        np.random.seed()
        _serve(lab, socket.socket(fileno=LENDER_SOCKET))
    except ConnectionError:
        pass
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _serve(lab: LabFolder, sock: socket.socket) -> None:
    _functions(lab, {})
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    reader, inputs = Reader(), unpack([])
    given: dict[str, Any] = {}
    sock.sendall(b"+")
    while data := sock.recv(1 << 18):
        reader.feed(data)
        while (found := reader.next()) is not None:
            header, arrays = found
            if "inputs" in header:  # of our own referee
                inputs = unpack(arrays)
                given = inputs(header["inputs"])
                continue
            try:
                answer = _answer(lab, header, arrays, given, inputs.received)
            except Refused as reason:
                answer = frame({"refused": str(reason)})
            except Exception as error:
                answer = frame({"refused": f"{type(error).__name__}: {error}"[:300]})
            sock.sendall(answer)


def _functions(lab: LabFolder, forms: Mapping[str, str]) -> Mapping[str, Callable[..., Any]]:
    """Return the functions that are lent to a submission: right ones, in the forms that it has."""
    return variant(lab, forms).reference


def _answer(
    lab: LabFolder,
    header: dict[str, Any],
    arrays: list[bytes],
    inputs: Mapping[str, Any],
    theirs: list[np.ndarray],
) -> bytes:
    """Answer a call. ``inputs`` are those that it may name, ``theirs`` the arrays that they hold."""
    values = unpack(arrays)
    args, kwargs = values(header["args"])
    made: dict[int, Any] = {}
    kwargs |= {name: copied(inputs[given], made) for name, given in header.get("given", {}).items()}
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
    sent = values.received
    before = [array.tobytes() for array in sent] if exercise.writes else []
    value = function(*args, **kwargs)
    packed = pack(known=[*sent, *(made.get(id(array), array) for array in theirs)] if made else sent)
    answer: dict[str, Any] = {"value": packed(value)}
    if exercise.writes:
        changed = [(n, a) for n, (a, old) in enumerate(zip(sent, before, strict=True)) if a.tobytes() != old]
        answer["written"] = [[n, packed(array.copy())] for n, array in changed]
        answer["args"] = packed([args, kwargs])
    if exercise.seeds:
        answer["state"] = packed(random_state())
    return frame(answer, packed.arrays)
