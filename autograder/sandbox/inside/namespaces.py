"""Namespaces, private folders and limits of a submission's process, set up before any student code runs.

`fork_in_namespaces` forks a child with user, PID, mount, IPC, UTS and network namespaces of its own.
`isolate`, called by the child, gives it private temporary folders and terminals, no /proc, resource limits,
no capabilities, and the system-call filter of `.seccomp`. Both use the C library through ctypes only.
"""

import contextlib
import ctypes
import errno
import os
import platform
import resource
import signal
import struct
import sys

from .calls import LOOKED_AT
from .libc import (
    MACHINE,
    PR_CAPBSET_DROP,
    PR_GET_TID_ADDRESS,
    PR_SET_DUMPABLE,
    check,
    libc,
)
from .seccomp import NAMESPACE_FLAGS, filter_calls

__all__ = ["fork_in_namespaces", "isolate", "limit", "release_reserve"]

_with_gil = ctypes.PyDLL(None, use_errno=True)
"""The C library again: its calls keep the interpreter lock, as a fork must."""

NAMESPACES = sum(
    NAMESPACE_FLAGS[name] for name in ("NEWNS", "NEWUTS", "NEWIPC", "NEWUSER", "NEWPID", "NEWNET")
)
SET_TID, CLEAR_TID = 0x1000000, 0x200000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT = 1, 2, 4, 8, 32
MS_BIND, MS_REC, MS_PRIVATE = 0x1000, 0x4000, 0x40000
TERMINALS = b"newinstance,ptmxmode=0666,mode=620,max=8"
"""The options of a submission's own file system of pseudo-terminals."""


def fork_in_namespaces() -> int:
    """Fork a child into namespaces of its own, as their PID 1; returns as `os.fork` does.

    One clone in place of unshare and two forks: each fork copies the page tables of a large process. As PID 1
    the child takes with it whatever it started. Raises OSError where the kernel refuses.
    """
    if MACHINE is None:
        raise OSError(errno.ENOSYS, f"clone: unknown on {platform.machine()}")
    uid, gid = os.getuid(), os.getgid()  # in the new user namespace the child has no ids yet
    # The C library caches its thread's id and needs the kernel to update it, as in os.fork.
    tid_address = ctypes.c_void_p()
    known = libc.prctl(PR_GET_TID_ADDRESS, ctypes.byref(tid_address), 0, 0, 0) == 0 and tid_address.value
    flags = ctypes.c_ulong(NAMESPACES | signal.SIGCHLD | (SET_TID | CLEAR_TID if known else 0))
    last = (tid_address, None) if MACHINE.column == 0 else (None, tid_address)  # the order differs by machine
    python = ctypes.pythonapi
    python.PyOS_BeforeFork()
    pid = int(_with_gil.syscall(LOOKED_AT["clone"][MACHINE.column], flags, None, None, *last))
    number = ctypes.get_errno()
    if pid == 0:
        python.PyOS_AfterFork_Child()
        _map_ids(uid, gid)
        return 0
    python.PyOS_AfterFork_Parent()
    if pid < 0:
        raise OSError(number, f"clone: {os.strerror(number)}")
    return pid


def _map_ids(uid: int, gid: int) -> None:
    """Map the process's ids in its new user namespace to the same numbers; it ends where that is refused."""
    libc.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)  # or it could not write its own maps
    try:
        for name, text in (
            ("setgroups", "deny"),
            ("uid_map", f"{uid} {uid} 1"),
            ("gid_map", f"{gid} {gid} 1"),
        ):
            with open(f"/proc/self/{name}", "w") as file:
                file.write(text)
    except OSError:
        os._exit(1)  # an exception would run the parent's code in the child


def isolate(limits: dict[str, int], folders: tuple[str, ...]) -> None:
    """Isolate the calling process, a child of `fork_in_namespaces`.

    Each of ``folders`` becomes an empty private one; one that holds the interpreter itself becomes
    read-only instead. Raises OSError where the kernel refuses.
    """
    uid, gid = os.getuid(), os.getgid()
    check(libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None), "mount /")
    options = f"size={limits['disk']},nr_inodes={limits['files']},mode=700,uid={uid},gid={gid}".encode()
    needed = (sys.prefix, sys.base_prefix, os.path.realpath(sys.executable))
    for folder in folders:
        place, flags = folder.encode(), MS_NOSUID | MS_NODEV
        if any(path.startswith(f"{folder}/") for path in needed):
            check(libc.mount(None, place, None, flags | MS_REMOUNT | MS_BIND | MS_RDONLY, None), folder)
        else:
            check(libc.mount(b"tmpfs", place, b"tmpfs", flags, options), folder)
    # The server's /proc would show the server and siblings; a new one is refused in a nested namespace.
    check(libc.mount(b"tmpfs", b"/proc", b"tmpfs", 0xF, b"size=4k,nr_inodes=8,mode=555"), "mount /proc")
    # The machine has one number of terminals for all; `!command` takes one.
    check(libc.mount(b"devpts", b"/dev/pts", b"devpts", MS_NOSUID | MS_NOEXEC, TERMINALS), "mount /dev/pts")
    limit(limits)
    _drop_capabilities()
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    filter_calls()


MEMORY_RESERVE = 32 << 20
"""Bytes for the process itself, once a cell has used up its memory; see `release_reserve`."""


def release_reserve() -> None:
    """Let this process have its reserve of memory, so that it can go on with the next cell."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


def limit(limits: dict[str, int]) -> None:
    """Set the resource limits of this process; see `autograder.sandbox.Limits`.

    The system counts all processes and threads of a user: those that this process sees running
    already are added.
    """
    limits = {**limits, "processes": limits["processes"] + _threads_of_user()}
    for name, key in (("CPU", "cpu"), ("AS", "memory"), ("FSIZE", "file"), ("NPROC", "processes")):
        # SIGXCPU comes first and can be told apart, SIGKILL follows a second later.
        value, more = limits[key], {"CPU": 1, "AS": MEMORY_RESERVE}.get(name, 0)
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, value + more))
    for name in ("MEMLOCK", "MSGQUEUE"):
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (0, 0))
    # Of 0 bytes a core would still go into a pipe, where the machine pipes cores to a program; see core(5).
    resource.setrlimit(resource.RLIMIT_CORE, (1, 1))
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))


def _threads_of_user() -> int:
    count = 0
    for folder in filter(str.isdecimal, os.listdir("/proc")):
        with contextlib.suppress(OSError):  # it may have ended
            if os.stat(f"/proc/{folder}").st_uid == os.getuid():
                count += len(os.listdir(f"/proc/{folder}/task"))
    return count


def _drop_capabilities() -> None:
    for capability in range(64):
        if libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) < 0:
            break
    header = struct.pack("=Ii", 0x20080522, 0)  # version 3, this process
    check(libc.capset(header, bytes(24)), "capset")
