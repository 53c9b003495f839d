"""The system-call filter of a submission's process: classic BPF, set through the C library.

What is not in `.calls` fails with EPERM, or as unknown to the kernel (ENOSYS) where libraries try newer
calls first. Nothing is killed: a program that tries may go on. The calls of other machines that the
processor understands (32-bit, x32) fail likewise.
"""

import ctypes
import errno
import socket
import struct
from collections.abc import Iterable

from .calls import ALLOWED, LOOKED_AT, NEWER
from .libc import MACHINE, PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, Machine, check, libc

__all__ = ["NAMESPACE_FLAGS", "filter_calls", "program"]

NAMESPACE_FLAGS = {
    "NEWNS": 0x20000,
    "NEWUTS": 0x4000000,
    "NEWIPC": 0x8000000,
    "NEWUSER": 0x10000000,
    "NEWPID": 0x20000000,
    "NEWNET": 0x40000000,
    "NEWCGROUP": 0x2000000,
    "NEWTIME": 0x80,
}
"""The flags of clone that make namespaces."""

FCNTL = (0, 1, 2, 3, 4, 1030, 1032, 1033, 1034)
"""Duplicates, flags, sizes of pipes and seals; neither locks, leases nor watches."""
IOCTL = (
    0x5401, 0x5402, 0x5403, 0x5404, 0x802C542A, 0x402C542B, 0x402C542C, 0x402C542D,  # a terminal's settings
    0x5409, 0x540A, 0x540B, 0x540E, 0x540F, 0x5410, 0x5411, 0x5413, 0x5414, 0x5422, 0x5425, 0x5429,
    0x80045430, 0x40045431, 0x5441,  # a pseudo-terminal's number, lock and other end
    0x541B, 0x5421, 0x5450, 0x5451,  # bytes to read, waiting or not, closing on exec
)  # fmt: skip
"""What terminals, pipes and sockets are asked; neither TIOCSTI nor what belongs to file systems."""
PRCTL = (1, 2, 3, 15, 16, 21, 23, 38, 39, 40, 41, 42, 51, 56, 64, 0x53564D41)
"""Names, signals at a parent's end, no new privileges, questions; not that others may read the memory."""
MADV_MERGEABLE = 12
RLIMIT_CORE = 4

LOAD, AND, RETURN = 0x20, 0x54, 0x06
JUMP_EQUAL, JUMP_ABOVE, JUMP_FROM = 0x15, 0x25, 0x35
ALLOW, REFUSE = 0x7FFF0000, 0x00050000

Steps = list[bytes]


def filter_calls() -> None:
    """Allow only the system calls of `.calls` from now on; an unknown machine goes without a filter."""
    check(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
    if PROGRAM:
        buffer = ctypes.create_string_buffer(PROGRAM, len(PROGRAM))
        code = struct.pack("HxxxxxxP", len(PROGRAM) // 8, ctypes.addressof(buffer))
        check(libc.prctl(PR_SET_SECCOMP, 2, code, 0, 0), "seccomp")


def _step(code: int, value: int, true: int = 0, false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, true, false, value)


def _refuse(number: int = errno.EPERM) -> bytes:
    return _step(RETURN, REFUSE | number)


def _argument(number: int) -> bytes:
    """Load the lower half of an argument: all that the kernel looks at in those that are asked for here."""
    return _step(LOAD, 16 + 8 * number)


def _among(argument: int, values: Iterable[int], otherwise: int = errno.EPERM) -> Steps:
    """Allow when an argument is one of some values."""
    values = tuple(values)
    tests = [_step(JUMP_EQUAL, value, len(values) - n) for n, value in enumerate(values)]
    return [_argument(argument), *tests, _refuse(otherwise), _step(RETURN, ALLOW)]


def _unless(argument: int, value: int) -> Steps:
    """Refuse when an argument is a value."""
    return [_argument(argument), _step(JUMP_EQUAL, value, 0, 1), _refuse(), _step(RETURN, ALLOW)]


_no_namespaces = [
    _argument(0),
    _step(AND, sum(NAMESPACE_FLAGS.values()) & ~NAMESPACE_FLAGS["NEWTIME"]),
    _step(JUMP_EQUAL, 0, 1),
    _refuse(),
    _step(RETURN, ALLOW),
]
# A limit on core files of 1 byte is what keeps a piped core from being made: it can be read, not set.
_limits = [
    _argument(1), _step(JUMP_EQUAL, RLIMIT_CORE, 1), _step(RETURN, ALLOW),
    _argument(2), _step(JUMP_EQUAL, 0, 0, 2),
    _step(LOAD, 16 + 8 * 2 + 4), _step(JUMP_EQUAL, 0, 1),
    _refuse(), _step(RETURN, ALLOW),
]  # fmt: skip
RULES: dict[str, Steps] = {
    "clone": _no_namespaces,
    # It keeps its flags in memory, which a filter cannot read: libraries fall back to clone.
    "clone3": [_refuse(errno.ENOSYS)],
    "fcntl": _among(1, FCNTL),
    "ioctl": _among(1, IOCTL, errno.ENOTTY),
    "madvise": _unless(2, MADV_MERGEABLE),
    "prctl": _among(0, PRCTL),
    "prlimit64": _limits,
    "setrlimit": _unless(0, RLIMIT_CORE),
    # Student code has no use for the kernel's many other families.
    "socket": _among(0, [socket.AF_UNIX]),
    "socketpair": _among(0, [socket.AF_UNIX]),
}


def _ranges(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Return the ranges, ends included, that sorted numbers form."""
    found: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if found and number == found[-1][1] + 1:
            found[-1] = found[-1][0], number
        else:
            found.append((number, number))
    return found


def program(machine: Machine) -> bytes:
    """Return the filter as classic BPF over (call number, architecture, arguments)."""
    parts = [_step(LOAD, 4), _step(JUMP_EQUAL, machine.audit, 1), _refuse(), _step(LOAD, 0)]
    allowed = [numbers[machine.column] for numbers in ALLOWED.values()]
    for first, last in _ranges(number for number in allowed if number is not None):
        parts += [_step(JUMP_FROM, first, 0, 2), _step(JUMP_ABOVE, last, 1), _step(RETURN, ALLOW)]
    for name, rule in RULES.items():
        number = LOOKED_AT[name][machine.column]
        assert number is not None
        parts += [_step(JUMP_EQUAL, number, 0, len(rule)), *rule]
    # The x32 interface has numbers beyond all others.
    parts += [_step(JUMP_FROM, NEWER, 0, 1), _refuse(errno.ENOSYS), _refuse()]
    return b"".join(parts)


PROGRAM = b"" if MACHINE is None else program(MACHINE)
