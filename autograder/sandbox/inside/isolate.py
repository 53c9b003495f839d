"""Walls a child off from the zone that it comes from, before any student code runs.

`fork_apart` makes a child with user, process, mount, IPC, host-name and network spaces of its own;
`isolate`, called by the child, gives it private temporary folders and no /proc, limits, no capabilities,
and a system-call filter. Both use the C library through ctypes only.
"""

import contextlib
import ctypes
import errno
import os
import platform
import resource
import signal
import socket
import struct
import sys

__all__ = ["filter_calls", "fork_apart", "isolate", "limit"]

libc = ctypes.CDLL(None, use_errno=True)
holding = ctypes.PyDLL(None, use_errno=True)  # its calls keep the interpreter lock

CLONE = {
    "NEWNS": 0x20000,
    "NEWUTS": 0x4000000,
    "NEWIPC": 0x8000000,
    "NEWUSER": 0x10000000,
    "NEWPID": 0x20000000,
}
CLONE |= {"NEWNET": 0x40000000, "NEWCGROUP": 0x2000000, "NEWTIME": 0x80}
SPACES = sum(CLONE[name] for name in ("NEWNS", "NEWUTS", "NEWIPC", "NEWUSER", "NEWPID", "NEWNET"))
SET_TID, CLEAR_TID = 0x1000000, 0x200000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 1, 2, 4, 32, 0x1000, 0x4000, 0x40000
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 4, 22, 24, 38
PR_GET_TID_ADDRESS = 40

# Calls that a student's code has no use for and that reach deep into the kernel: (x86_64, aarch64).
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
    # Memory that would outlive its process, beyond every limit.
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    # A submission stays on the processors that it was given.
    "sched_setaffinity": (203, 122),
    # Locks and watches on files that all sandboxes share, and what tells whether such a file is in memory.
    "flock": (73, 32),
    "inotify_add_watch": (254, 27),
    "fanotify_init": (300, 262),
    "mincore": (27, 232),
    "cachestat": (451, 451),
    "fadvise64": (221, 223),
    "preadv2": (327, 286),
    # One number for the whole machine.
    "io_setup": (206, 0),
}
LOCKS = (5, 6, 7, 36, 37, 38, 1024, 1026)
"""Commands of fcntl that lock, lease or watch a file."""
MACHINES = {"x86_64": (0xC000003E, 0, 56, 435, 41, 72), "aarch64": (0xC00000B7, 1, 220, 435, 198, 25)}
"""Audit architecture, column of REFUSED, and the numbers of clone, clone3, socket and fcntl."""

LOAD, JUMP_EQUAL, JUMP_SET, RETURN = 0x20, 0x15, 0x45, 0x06
ALLOW, KILL = 0x7FFF0000, 0x80000000


def fork_apart() -> int:
    """Fork a child into spaces of its own, in which it is the first process; returns as os.fork does.

    One fork instead of the three that unsharing takes (its caller stays in the old process space): each
    copies the page tables of a large process. As the first process of its space the child takes with it
    whatever it started. Raises OSError where the kernel refuses.
    """
    if platform.machine() not in MACHINES:
        raise OSError(errno.ENOSYS, f"clone: unknown on {platform.machine()}")
    uid, gid = os.getuid(), os.getgid()  # afterwards the child is nobody
    _, column, clone, *_ = MACHINES[platform.machine()]
    # The C library keeps its thread's number: the kernel is told where, as in os.fork.
    place = ctypes.c_void_p()
    known = libc.prctl(PR_GET_TID_ADDRESS, ctypes.byref(place), 0, 0, 0) == 0 and place.value
    flags = ctypes.c_ulong(SPACES | signal.SIGCHLD | (SET_TID | CLEAR_TID if known else 0))
    last = (place, None) if column == 0 else (None, place)  # of the machines each has its own order
    python = ctypes.pythonapi
    python.PyOS_BeforeFork()
    pid = int(holding.syscall(clone, flags, None, None, *last))
    number = ctypes.get_errno()
    if pid == 0:
        python.PyOS_AfterFork_Child()
        _keep_ids(uid, gid)
        return 0
    python.PyOS_AfterFork_Parent()
    if pid < 0:
        raise OSError(number, f"clone: {os.strerror(number)}")
    return pid


def _keep_ids(uid: int, gid: int) -> None:
    """Give the process, new in its user space, the numbers it had; it ends where that is refused."""
    libc.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)  # or its own maps would be closed to it
    try:
        for name, text in (
            ("setgroups", "deny"),
            ("uid_map", f"{uid} {uid} 1"),
            ("gid_map", f"{gid} {gid} 1"),
        ):
            with open(f"/proc/self/{name}", "w") as file:
                file.write(text)
    except OSError:
        os._exit(1)  # the caller's code belongs to another process


def isolate(limits: dict[str, int], folders: tuple[str, ...]) -> None:
    """Wall off the calling process, a child of `fork_apart`.

    It gets an empty one of each of ``folders``; one that the interpreter itself lies in becomes
    read-only instead. Raises OSError where the kernel refuses.
    """
    uid, gid = os.getuid(), os.getgid()
    _check(libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None), "mount /")
    options = f"size={limits['disk']},mode=700,uid={uid},gid={gid}".encode()
    needed = (sys.prefix, sys.base_prefix, os.path.realpath(sys.executable))
    for folder in folders:
        place, flags = folder.encode(), MS_NOSUID | MS_NODEV
        if any(path.startswith(f"{folder}/") for path in needed):
            _check(libc.mount(None, place, None, flags | MS_REMOUNT | MS_BIND | MS_RDONLY, None), folder)
        else:
            _check(libc.mount(b"tmpfs", place, b"tmpfs", flags, options), folder)
    # The zone's /proc would show the server and siblings; a new one is refused in a nested space.
    _check(libc.mount(b"tmpfs", b"/proc", b"tmpfs", 0xF, b"size=4k,mode=555"), "mount /proc")
    limit(limits)
    _drop_capabilities()
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    filter_calls()


def limit(limits: dict[str, int]) -> None:
    """Set the resource limits of this process; see `autograder.sandbox.Limits`.

    The system counts all processes and threads of a user: those that this process sees running
    already are added.
    """
    limits = {**limits, "processes": limits["processes"] + _threads_of_user()}
    for name, key in (("CPU", "cpu"), ("AS", "memory"), ("FSIZE", "file"), ("NPROC", "processes")):
        # SIGXCPU comes first and can be told apart, SIGKILL follows a second later.
        value = limits[key]
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, value + (name == "CPU")))
    for name in ("CORE", "MEMLOCK", "MSGQUEUE"):
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))


def _threads_of_user() -> int:
    count = 0
    for folder in filter(str.isdecimal, os.listdir("/proc")):
        with contextlib.suppress(OSError):  # it may have ended
            if os.stat(f"/proc/{folder}").st_uid == os.getuid():
                count += len(os.listdir(f"/proc/{folder}/task"))
    return count


def _check(result: int, what: str) -> None:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def _drop_capabilities() -> None:
    for capability in range(64):
        if libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) < 0:
            break
    header = struct.pack("=Ii", 0x20080522, 0)  # version 3, this process
    _check(libc.capset(header, bytes(24)), "capset")


def filter_calls() -> None:
    """Refuse the system calls of REFUSED from now on; a machine whose numbers are unknown goes without."""
    _check(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
    machine = MACHINES.get(platform.machine())
    if machine is None:
        return
    program = _program(*machine)
    buffer = ctypes.create_string_buffer(program, len(program))
    code = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(buffer))
    _check(libc.prctl(PR_SET_SECCOMP, 2, code, 0, 0), "seccomp")


def _program(
    architecture: int, column: int, clone: int, clone3: int, socket_call: int, fcntl_call: int
) -> bytes:
    """Return the filter as classic BPF over (call number, architecture, arguments)."""

    def step(code: int, value: int, true: int = 0, false: int = 0) -> bytes:
        return struct.pack("=HBBI", code, true, false, value)

    def refuse(number: int) -> bytes:
        return step(RETURN, 0x00050000 | number)

    new_spaces = sum(CLONE.values()) & ~CLONE["NEWTIME"]
    parts = [step(LOAD, 4), step(JUMP_EQUAL, architecture, 1), step(RETURN, KILL), step(LOAD, 0)]
    if architecture == MACHINES["x86_64"][0]:
        parts += [step(JUMP_SET, 0x40000000, 0, 1), refuse(errno.ENOSYS)]  # the x32 interface
    for numbers in REFUSED.values():
        parts += [step(JUMP_EQUAL, numbers[column], 0, 1), refuse(errno.EPERM)]
    parts += [step(JUMP_EQUAL, fcntl_call, 0, 3 + len(LOCKS)), step(LOAD, 24)]
    parts += [step(JUMP_EQUAL, command, len(LOCKS) - n) for n, command in enumerate(LOCKS)]
    parts += [step(RETURN, ALLOW), refuse(errno.EPERM)]
    # clone3 keeps its flags in memory, out of a filter's sight: libraries fall back to clone.
    parts += [step(JUMP_EQUAL, clone3, 0, 1), refuse(errno.ENOSYS)]
    parts += [step(JUMP_EQUAL, clone, 0, 4), step(LOAD, 16), step(JUMP_SET, new_spaces, 0, 1)]
    parts += [refuse(errno.EPERM), step(RETURN, ALLOW)]
    # Sockets are local ones: of the kernel's many other families a student's code has no use.
    parts += [step(JUMP_EQUAL, socket_call, 0, 3), step(LOAD, 16), step(JUMP_EQUAL, socket.AF_UNIX, 1)]
    return b"".join([*parts, refuse(errno.EPERM), step(RETURN, ALLOW)])
