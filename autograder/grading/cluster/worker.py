"""What runs in a worker of a Dask cluster: it hands parcels to hosts, one for each of its threads at work."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any

from distributed import Worker, WorkerPlugin, get_worker

from autograder.scratch import remove_left  # a worker loads no more: it must not be busy when it is asked

__all__ = ["GradingPlugin", "grade_parcel"]

TRIES = 2
"""How often a submission is tried in a worker, when its host dies."""
START_SECONDS = 120.0
IDLE_SECONDS = 900.0
"""After so long without work, as when the driver was killed, hosts end; new work starts new ones."""


class GradingPlugin(WorkerPlugin):
    """Keeps the bundle of one run in a worker, and the hosts that grade with it, until it is unregistered.

    ``versions`` is what a worker must have, ``bundle`` a pickled `Bundle`, which is read only where versions
    are equal, and ``seconds`` how long one submission may take.
    """

    def __init__(self, key: str, versions: dict[str, str], bundle: bytes, seconds: float) -> None:
        self.name = key
        self._versions, self._bundle, self._seconds = versions, bundle, seconds

    def setup(self, worker: Worker) -> None:
        """Get ready in a worker; called by Dask."""
        self._address = worker.address
        self._idle: list[_Host] = []
        self._busy: list[_Host] = []
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._refused = ""
        """Why nothing can be graded here."""

    def teardown(self, worker: Worker) -> None:
        """End the hosts, and with them what they grade; called by Dask."""
        with self._lock:
            self._refused = "its run has ended"
            for host in self._busy:
                host.kill()
        self._rest()

    def answer(self, parcel: bytes) -> dict[str, Any]:
        """Grade a pickled parcel; see `autograder.grading.cluster.host.Answer`."""
        code = 0
        for _ in range(TRIES):
            host = self._take()
            if self._refused or host is None:
                return {"refused": self._refused or "its grading processes end while they start"}
            answer = host.ask(parcel, self._seconds)
            if answer is not None:
                self._give_back(host)
                return answer
            code = self._drop(host)
        return {"died": code}

    def _take(self) -> "_Host | None":
        """Return a host that is ready; None if there can be none, or none starts."""
        for _ in range(TRIES):
            with self._lock:
                if self._timer:
                    self._timer.cancel()
                if self._refused:
                    return None
                host = self._idle.pop() if self._idle else None
                ready = host is not None
                host = host or _Host(self._address)
                self._busy.append(host)
            if ready:
                return host
            answer = host.ask(self._versions, START_SECONDS)
            if answer == {}:
                answer = host.ask(self._bundle, START_SECONDS)
            if answer == {}:
                return host
            self._drop(host)
            if answer:
                self._refused = self._refused or str(answer["refused"])
        return None

    def _give_back(self, host: "_Host") -> None:
        with self._lock:
            if not self._refused:
                self._busy.remove(host)
                self._idle.append(host)
                self._timer = threading.Timer(IDLE_SECONDS, self._rest)
                self._timer.daemon = True
                self._timer.start()
                return
        self._drop(host)

    def _drop(self, host: "_Host") -> int:
        """End a busy host; return its exit code."""
        with self._lock:
            self._busy.remove(host)
        return host.end()

    def _rest(self) -> None:
        """End the hosts that have nothing to do."""
        with self._lock:
            hosts, self._idle = self._idle, []
            if self._timer:
                self._timer.cancel()
        for host in hosts:
            host.end()


class _Host:
    """The handle on one host. It is no fork: a worker has threads, and may not start daemons."""

    def __init__(self, worker: str) -> None:
        self._connection, other = Pipe()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "autograder.grading.cluster.host", str(other.fileno()), worker],
            pass_fds=[other.fileno()],
            stdin=subprocess.DEVNULL,
            env={**os.environ, "PYTHONSAFEPATH": "1"},
            start_new_session=True,
        )
        other.close()

    def ask(self, message: Any, seconds: float) -> dict[str, Any] | None:
        """Return the answer to a message, or None if the host has died; it is killed if it takes too long."""
        connection: Connection = self._connection
        limit = threading.Timer(seconds, self.kill)
        limit.daemon = True
        limit.start()
        try:
            if isinstance(message, bytes):
                connection.send_bytes(message)
            else:
                connection.send(message)
            answer: dict[str, Any] = connection.recv()
        except (EOFError, OSError):
            return None
        finally:
            limit.cancel()
        return answer

    def kill(self) -> None:
        """End the process at once, while another thread may wait for its answer."""
        self._process.kill()

    def end(self) -> int:
        """End the process; return its exit code. What it left behind, if it was killed, is removed."""
        self._connection.close()
        try:
            code = self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        if code < 0:
            remove_left()
        return code


def grade_parcel(key: str, parcel: bytes) -> dict[str, Any]:
    """Grade a parcel with the bundle of a key in this worker; called by Dask. The address is added."""
    worker = get_worker()
    plugin: Any = worker.plugins.get(key)
    answered: Callable[[bytes], dict[str, Any]] | None = getattr(plugin, "answer", None)
    answer = answered(parcel) if answered else {"refused": "it has not been sent the lab"}
    return {**answer, "worker": worker.address}
