# Calls that no notebook needs: flushing the machine's disks, counted watches, pipes' pages, terminals.
# scores: 4 6 10
# shows: not refused: []
# %% first
import ctypes
import errno
import fcntl
import os

libc = ctypes.CDLL(None, use_errno=True)
x86 = os.uname().machine == "x86_64"
shared = os.open("/usr/bin/env", os.O_RDONLY)
calls = {  # number on x86_64, number on aarch64, arguments
    "sync": (162, 81),
    "syncfs": (306, 267, shared),
    "inotify_init1": (294, 26, 0),
    "mq_open": (240, 180, b"queue", 0o100, 0o600, None),
    "splice": (275, 76, -1, None, -1, None, 1, 0),
    "vmsplice": (278, 75, -1, None, 0, 0),
    "seccomp": (317, 277, 2, 0, 0),
    "modify_ldt": (154, 1000, 0, 0, 0),
    "migrate_pages": (256, 238, 0, 0, 0, 0),
    "memfd_secret": (447, 447, 0),
    "landlock": (444, 444, 0, 0, 1),
    "mseal": (462, 462, 0, 0, 0),
    "prctl, one memory for equal pages": (157, 167, 67, 1, 0, 0, 0),
    "madvise, one memory for equal pages": (28, 233, 0, 0, 12),
    "of a far number": (9_999, 9_999),
    "x32": (0x40000000 + 39, 9_999),
    "socket, all bits of its family": (41, 198, (7 << 32) + 2, 1, 0),
}
allowed = []
for name, (first, second, *args) in calls.items():
    ctypes.set_errno(0)
    words = [a if a is None or isinstance(a, bytes) else ctypes.c_long(a) for a in args]
    result = libc.syscall(ctypes.c_long(first if x86 else second), *words)
    if result >= 0 or ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS):
        allowed.append(name)
terminal, _ = os.openpty()
for name, command in {"TIOCSTI": 0x5412, "TIOCSETD": 0x5423}.items():
    try:
        fcntl.ioctl(terminal, command, b"\0" * 8)
        allowed.append(name)
    except OSError as error:
        if error.errno != errno.ENOTTY:
            allowed.append(name)
print("not refused:", allowed)
