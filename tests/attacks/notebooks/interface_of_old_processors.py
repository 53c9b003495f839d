# Makes system calls by the interface of 32-bit programs, whose numbers mean other calls.
# scores: 4 6 10
# shows: refused: True
# shows: and goes on
# %% first
import ctypes
import mmap
import os
import signal

refused = True
if os.uname().machine == "x86_64":
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    # push rbx; mov eax, 20 (getpid); int 0x80; pop rbx; ret
    page.write(b"\x53\xb8\x14\x00\x00\x00\xcd\x80\x5b\xc3")
    call = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
    child = os.fork()
    if child == 0:
        os._exit(call() == -1)  # EPERM
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    refused = code in (1, -signal.SIGSEGV)  # a kernel without that interface ends the process
print("refused:", refused)
print("and goes on")
