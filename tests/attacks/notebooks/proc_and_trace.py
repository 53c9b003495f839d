# Reads /proc, and traces, reads, writes and kills at every process id.
# scores: 4 6 10
# shows: proc: []
# shows: reached: []
# %% first
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
print("proc:", os.listdir("/proc"))
reached = []


class Vector(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


buffer = ctypes.create_string_buffer(8)
local, remote = Vector(ctypes.addressof(buffer), 8), Vector(id(buffer), 8)
for pid in range(1, 300):
    if libc.ptrace(16, pid, 0, 0) == 0:
        reached.append(("trace", pid))
    for call in (libc.process_vm_readv, libc.process_vm_writev):
        if call(pid, ctypes.byref(local), 1, ctypes.byref(remote), 1, 0) > 0:
            reached.append(("memory", pid))
    for name in ("mem", "environ", "maps", "fd/2"):
        if os.path.exists(f"/proc/{pid}/{name}"):
            reached.append((name, pid))
    if pid != os.getpid():
        try:
            os.kill(pid, 9)
            reached += (
                [("kill", pid)] if pid != 1 else []
            )  # the first of its own space, which cannot be killed
        except OSError:
            pass
print("reached:", reached)
