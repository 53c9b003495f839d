"""Lends right functions: a process of its own answers calls whose arguments a student's code chose.

`Lender` starts it and talks to it over a socket. It has the reference of one lab, a limit on memory,
and a time limit for each call that the caller keeps.
"""

import resource
import select
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from ..course import LabFolder
from ..errors import GraderError
from ..sandbox.inside.wire import Reader, WireError, frame, pack, unpack

__all__ = ["Lender", "Refused"]

MEMORY = 2 << 30
"""Address space of the lending process in bytes."""
SECONDS = 5.0
"""Time of one call."""
START_SECONDS = 60.0


class Refused(Exception):
    """A call that is not answered; the message goes to the student's code."""


class Lender:
    """Answers calls of one lab's functions, once it is started."""

    def __init__(self, lab: LabFolder) -> None:
        self._lab = lab
        self._process: subprocess.Popen[bytes] | None = None

    def call(
        self, function: str, args: dict[str, Any], arrays: list[bytes]
    ) -> tuple[dict[str, Any], list[bytes]]:
        """Return the packed result of a call; raises Refused when it does not fit or takes too long."""
        self.start()
        deadline = time.monotonic() + SECONDS
        try:
            self._socket.settimeout(SECONDS)
            self._socket.sendall(frame({"function": function, "args": args}, arrays))
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
        header, result = found
        if "refused" in header:
            raise Refused(str(header["refused"]))
        return header["value"], result

    def start(self) -> None:
        """Start the process unless it runs; raises GraderError when it cannot be started."""
        if self._process is not None:
            return
        ours, theirs = socket.socketpair()
        # -P: the current folder may hold a submission with files named like modules.
        python = [sys.executable, "-P", "-W", "ignore", "-c"]
        line = [*python, f"from {__name__} import main; main()", str(theirs.fileno()), str(self._lab.folder)]
        self._process = subprocess.Popen(line, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
        theirs.close()
        self._socket, self._reader = ours, Reader()
        ours.settimeout(START_SECONDS)
        try:
            started = ours.recv(1) == b"+"
        except OSError:
            started = False
        if not started:
            self.close()
            raise GraderError(f"{self._lab.name}: the process that lends its functions does not start")

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._socket.close()
            self._process.kill()
            self._process.wait()
            self._process = None


def main() -> None:
    """Answer calls until the other side has gone."""
    sock = socket.socket(fileno=int(sys.argv[1]))
    lab = LabFolder(Path(sys.argv[2]))
    functions = {name: lab.reference[name] for name in lab.exercises}
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    reader = Reader()
    sock.sendall(b"+")
    while data := sock.recv(1 << 18):
        reader.feed(data)
        while (found := reader.next()) is not None:
            header, arrays = found
            try:
                answer = _answer(lab, functions, header, arrays)
            except Refused as reason:
                answer = frame({"refused": str(reason)})
            except Exception as error:
                answer = frame({"refused": f"{type(error).__name__}: {error}"[:300]})
            sock.sendall(answer)


def _answer(lab: LabFolder, functions: dict[str, Any], header: dict[str, Any], arrays: list[bytes]) -> bytes:
    values = unpack(arrays)
    args, kwargs = values(header["args"])
    name = header["function"]
    check = lab.exercises[name].check_call
    if check is not None:
        try:
            check(*args, **kwargs)
        except (ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
            raise Refused(f"the arguments do not fit {name}: {error}"[:300]) from None
    packed = pack(known=values.received)
    return frame({"value": packed(functions[name](*args, **kwargs))}, packed.arrays)
