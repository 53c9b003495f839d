# Calls that make new walls or break old ones: unshare, mount, setns, keys, bpf, io_uring, and the old interface.
# scores: 4 6 10
# shows: allowed: []
# %% first
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
x86 = os.uname().machine == "x86_64"
calls = {
    "unshare": (272 if x86 else 97, 0x10000000),
    "mount": (165 if x86 else 40, b"none", b"/sandbox", b"tmpfs", 0, None),
    "umount": (166 if x86 else 39, b"/proc", 2),
    "setns": (308 if x86 else 268, 0, 0),
    "chroot": (161 if x86 else 51, b"/sandbox"),
    "clone": (56 if x86 else 220, 0x10000000 | 17, 0, 0, 0, 0),
    "clone3": (435, 0, 0),
    "keyctl": (250 if x86 else 219, 0, -4, 1),
    "bpf": (321 if x86 else 280, 0, 0, 0),
    "io_uring": (425, 8, 0),
    "perf": (298 if x86 else 241, 0, 0, -1, -1, 0),
    "userfaultfd": (323 if x86 else 282, 1),
    "personality": (135 if x86 else 92, 0x0040000),
    "shmget": (29 if x86 else 194, 0, 4096, 0o1600),
    "msgget": (68 if x86 else 186, 0, 0o1600),
    "semget": (64 if x86 else 190, 0, 1, 0o1600),
    "sched_setaffinity": (203 if x86 else 122, 0, 8, ctypes.byref(ctypes.c_ulong(-1 & 0xFF))),
}
print("allowed:", [name for name, (number, *args) in calls.items() if libc.syscall(number, *args) >= 0])
