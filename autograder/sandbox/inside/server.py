"""Runs the fork server inside the sandbox: it forks one isolated child for each submission.

Started as ``python -m seqlab_inside.server DESCRIPTOR`` (see sandbox/bubblewrap.py). It has imported all
that a notebook needs and has run a few warm-up cells, so that a child has nothing left to load. It stays
single-threaded, knows no lab, and holds nothing secret.
"""

import json
import os
import random
import resource
import select
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from typing import Any

import numpy

from .libc import PR_SET_DUMPABLE, PR_SET_PDEATHSIG, libc
from .namespaces import fork_in_namespaces, isolate, limit
from .seccomp import filter_calls
from .worker import Channel, Worker, copy_files, preload, write_files

__all__ = ["main"]

FOLDERS = ("/sandbox", "/tmp", "/dev/shm")
"""The folders that are empty and private in each child."""
CHILD_SOCKET = 3
"""The file descriptor of a child's socket."""
PLOTS = (
    "%matplotlib inline\nimport matplotlib.pyplot as plt",
    "plt.plot([1, 2], label='x'); plt.legend(); plt.show()\nplt.close('all')",
)
"""Warm-up cells that load Matplotlib, a third of the process; left out where no figures are expected."""
WARM_UP = (
    "def f(x):\n    return 1 / x\nf(0)",
    "x y",
    "import numpy as np\nnp.ones((2, 2)) @ np.ones(3)",
    "await __import__('asyncio').sleep(0)",
    "print(1)\n1 + 1",
)
"""Warm-up cells, such as any notebook might hold, that fill the caches of tracebacks and magics.

With PLOTS, they save a third of the time of the solved notebook of `cells`; without figures, a third of the
blank one's (`python -m benchmarks.switches [--no-figures]`). `SEQLAB_WARM_UP=off` in the grader's environment
switches them off."""


def warm(shell: Any) -> None:
    """Run the warm-up cells, then reset the shell."""
    if os.environ.get("SEQLAB_WARM_UP") == "off":
        return
    expected = os.environ.get("SEQLAB_FIGURES") == "on"
    for code in (*PLOTS, *WARM_UP) if expected else WARM_UP:
        shell.run_cell(code, store_history=False)
    shell.reset(new_session=False)
    shell.execution_count = 1


class Server:
    """Takes requests on the control socket, and reports children that have ended."""

    def __init__(self, control: socket.socket) -> None:
        self.control = control
        self.children: dict[int, int] = {}
        self.wake, waker = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(waker)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)  # nobody may read this process's memory
        self.shell = preload()
        warm(self.shell)

    def serve(self) -> None:
        """Fork children until the other end is closed."""
        threads = len(os.listdir("/proc/self/task"))
        self.control.send(json.dumps({"up": threads, "nested": nesting_works()}).encode())
        while True:
            watched: list[Any] = [self.control, self.wake]
            ready, _, _ = select.select(watched, [], [])
            if self.wake in ready:
                os.read(self.wake, 4096)
                self._reap()
            if self.control in ready:
                data, descriptors, _, _ = socket.recv_fds(self.control, 4096, 1)
                if not data:
                    return
                request = json.loads(data)
                if "kill" in request:
                    self._kill(request["kill"])
                else:
                    fork = fork_in_namespaces if request["namespaces"] else os.fork
                    self._fork(fork, request["new"], socket.socket(fileno=descriptors[0]))

    def _fork(self, fork: Callable[[], int], number: int, line: socket.socket) -> None:
        pid = fork()
        if pid == 0:
            try:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                child(self.shell, line)
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(70)
        self.children[pid] = number
        line.close()

    def _reap(self) -> None:
        while self.children:
            pid, status, used = os.wait4(-1, os.WNOHANG)
            if pid == 0:
                return
            number, cpu = self.children.pop(pid, None), used.ru_utime + used.ru_stime
            code = os.waitstatus_to_exitcode(status)
            self.control.send(json.dumps({"ended": number, "code": code, "cpu": cpu}).encode())

    def _kill(self, number: int) -> None:
        for pid, owner in self.children.items():
            if owner == number:
                os.kill(pid, signal.SIGKILL)


def child(shell: Any, line: socket.socket) -> None:
    """Become one submission's process: read the start frame, isolate, run its cells."""
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)  # end with the server
    os.setsid()
    keep_only(line.fileno())
    channel = Channel(socket.socket(fileno=CHILD_SOCKET))
    header, files = channel.receive()
    if header["isolated_by"] == "namespaces":
        isolate(header["limits"], FOLDERS)
        os.chdir(os.environ["HOME"])
    else:
        limit(header["limits"])
        if header["isolated_by"] == "server":
            filter_calls()
    copy_files(header["mounted"])
    write_files(header["files"], files)
    os.environ["NBGRADER_EXECUTION"] = "autograde"
    random.seed()
    numpy.random.seed()
    Worker(shell, channel).serve()


def keep_only(descriptor: int) -> None:
    """Close all descriptors except the standard ones and this one, which becomes CHILD_SOCKET."""
    if descriptor != CHILD_SOCKET:
        os.dup2(descriptor, CHILD_SOCKET, inheritable=False)
    os.closerange(CHILD_SOCKET + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def nesting_works() -> bool:
    """Return whether this server's children can get namespaces of their own, by trying."""
    try:
        pid = fork_in_namespaces()
    except OSError:
        return False
    if pid == 0:
        try:
            small = {
                "disk": 1 << 20,
                "cpu": 5,
                "memory": 4 << 30,
                "file": 1 << 20,
                "processes": 9,
                "files": 99,
            }
            isolate(small, FOLDERS)
            os._exit(0)
        except BaseException:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def main() -> None:
    """Serve on the control socket whose descriptor is the first argument."""
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)  # end with the grader
    descriptor = int(sys.argv[1])
    os.set_inheritable(descriptor, False)
    Server(socket.socket(fileno=descriptor)).serve()
    os._exit(0)


if __name__ == "__main__":
    main()
