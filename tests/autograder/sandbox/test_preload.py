"""What a lab has the fork server load before it forks."""

import pytest

from autograder.errors import SandboxError
from autograder.sandbox import ForkServer, Limits

pytestmark = pytest.mark.slow

THREADS = "import threading, time\nthreading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"


def test_what_starts_a_thread_is_refused(isolation):
    with ForkServer((), Limits(), isolation, preload=("threads",), figures=False) as server:
        (server.mounted / "threads.py").write_text(THREADS)
        with pytest.raises(SandboxError, match="runs 2 threads, and forks would hang"):
            server.fork()


def test_what_is_missing_is_named(isolation):
    missing = pytest.raises(SandboxError, match=r"does not start: .*no_such_package")
    with ForkServer((), Limits(), isolation, preload=("no_such_package",)) as server, missing:
        server.fork()
