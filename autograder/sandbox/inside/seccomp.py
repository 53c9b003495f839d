"""Installs the system-call filter of a child: classic BPF, through the C library."""

import ctypes
import errno
import socket
import struct

from .libc import MACHINE, PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, X86_64, Machine, check, libc

__all__ = ["NAMESPACE_FLAGS", "filter_calls"]

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
"""The flags of clone that create namespaces."""

# Calls that student code does not need and that expose much of the kernel: (x86_64, aarch64).
REFUSED = {
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsmount": (432, 432),
    "mount_setattr": (442, 442),
    "statmount": (457, 457),
    "listmount": (458, 458),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "open_by_handle_at": (304, 265),
    "pidfd_getfd": (438, 438),
    "syslog": (103, 116),
    "quotactl": (179, 60),
    "acct": (163, 89),
    "swapon": (167, 224),
    "reboot": (169, 142),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "kexec_load": (246, 104),
    "personality": (135, 92),
    "kcmp": (312, 272),
    # System V IPC: memory that outlives its process and escapes the limits.
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    # A submission stays on the processors that it was given.
    "sched_setaffinity": (203, 122),
    # Covert channels: locks and watches on files that sandboxes share, and calls that show the page cache.
    "flock": (73, 32),
    "inotify_add_watch": (254, 27),
    "fanotify_init": (300, 262),
    "mincore": (27, 232),
    "cachestat": (451, 451),
    "fadvise64": (221, 223),
    "preadv2": (327, 286),
    # Its limit is one for the whole machine.
    "io_setup": (206, 0),
}
LOCKS = (5, 6, 7, 36, 37, 38, 1024, 1026)
"""Commands of fcntl that lock, lease or watch a file."""

LOAD, JUMP_EQUAL, JUMP_SET, RETURN = 0x20, 0x15, 0x45, 0x06
ALLOW, KILL = 0x7FFF0000, 0x80000000


def filter_calls() -> None:
    """Refuse the system calls in REFUSED from now on; an unknown architecture has no filter."""
    check(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
    if MACHINE is None:
        return
    program = _program(MACHINE)
    buffer = ctypes.create_string_buffer(program, len(program))
    code = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(buffer))
    check(libc.prctl(PR_SET_SECCOMP, 2, code, 0, 0), "seccomp")


def _program(machine: Machine) -> bytes:
    """Return the filter as classic BPF over (call number, architecture, arguments)."""

    def op(code: int, value: int, true: int = 0, false: int = 0) -> bytes:
        return struct.pack("=HBBI", code, true, false, value)

    def refuse(number: int) -> bytes:
        return op(RETURN, 0x00050000 | number)

    new_namespaces = sum(NAMESPACE_FLAGS.values()) & ~NAMESPACE_FLAGS["NEWTIME"]
    parts = [op(LOAD, 4), op(JUMP_EQUAL, machine.audit, 1), op(RETURN, KILL), op(LOAD, 0)]
    if machine is X86_64:
        parts += [op(JUMP_SET, 0x40000000, 0, 1), refuse(errno.ENOSYS)]  # the x32 interface
    for numbers in REFUSED.values():
        parts += [op(JUMP_EQUAL, numbers[machine.column], 0, 1), refuse(errno.EPERM)]
    parts += [op(JUMP_EQUAL, machine.fcntl, 0, 3 + len(LOCKS)), op(LOAD, 24)]
    parts += [op(JUMP_EQUAL, command, len(LOCKS) - n) for n, command in enumerate(LOCKS)]
    parts += [op(RETURN, ALLOW), refuse(errno.EPERM)]
    # A filter cannot read clone3's flags, which are in memory: libraries fall back to clone.
    parts += [op(JUMP_EQUAL, machine.clone3, 0, 1), refuse(errno.ENOSYS)]
    parts += [op(JUMP_EQUAL, machine.clone, 0, 4), op(LOAD, 16), op(JUMP_SET, new_namespaces, 0, 1)]
    parts += [refuse(errno.EPERM), op(RETURN, ALLOW)]
    # Local sockets only: student code has no use for the kernel's many other socket families.
    parts += [op(JUMP_EQUAL, machine.socket, 0, 3), op(LOAD, 16), op(JUMP_EQUAL, socket.AF_UNIX, 1)]
    return b"".join([*parts, refuse(errno.EPERM), op(RETURN, ALLOW)])
