"""Gives access to the C library through ctypes, with the kernel's constants that the sandbox needs."""

import ctypes
import os
import platform
from typing import NamedTuple

__all__ = [
    "MACHINE",
    "PR_CAPBSET_DROP",
    "PR_GET_TID_ADDRESS",
    "PR_SET_DUMPABLE",
    "PR_SET_NO_NEW_PRIVS",
    "PR_SET_PDEATHSIG",
    "PR_SET_SECCOMP",
    "X86_64",
    "Machine",
    "check",
    "libc",
]

libc = ctypes.CDLL(None, use_errno=True)

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 4, 22, 24, 38
PR_GET_TID_ADDRESS = 40


class Machine(NamedTuple):
    """An architecture: its AUDIT_ARCH, its column in tables of system calls, and the calls used here."""

    audit: int
    column: int
    clone: int
    clone3: int
    socket: int
    fcntl: int


X86_64 = Machine(0xC000003E, 0, 56, 435, 41, 72)
MACHINE = {"x86_64": X86_64, "aarch64": Machine(0xC00000B7, 1, 220, 435, 198, 25)}.get(platform.machine())
"""This machine's architecture; None where its system calls are not known here."""


def check(result: int, what: str) -> None:
    """Raise OSError, naming the call, when a function of the C library returned a negative result."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
