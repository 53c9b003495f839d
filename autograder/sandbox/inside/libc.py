"""The C library through ctypes, and the numbers of the kernel's interface that the sandbox needs."""

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
    "Machine",
    "check",
    "libc",
]

libc = ctypes.CDLL(None, use_errno=True)

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 4, 22, 24, 38
PR_GET_TID_ADDRESS = 40


class Machine(NamedTuple):
    """A processor architecture: its audit number, and its column in the tables of calls."""

    audit: int
    column: int


MACHINE = {"x86_64": Machine(0xC000003E, 0), "aarch64": Machine(0xC00000B7, 1)}.get(platform.machine())
"""This machine; None where its system calls are not known here."""


def check(result: int, what: str) -> None:
    """Raise OSError, naming the call, when a function of the C library has failed."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
