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
        self._idle: list[_Host] = []
        self._busy: list[_Host] = []
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._refused = ""

    def teardown(self, worker: Worker) -> None:
        """End the hosts, and with them what they grade; called by Dask."""
        with self._lock:
            self._refused = "its run has ended"
            for host in self._busy:
                host.stop()
        self._rest()

    def _rest(self) -> None:
        """End the hosts that have nothing to do."""
        with self._lock:
            hosts, self._idle = self._idle, []
            if self._timer:
                self._timer.cancel()
        for host in hosts:
            host.end()

    def answer(self, parcel: bytes) -> dict[str, Any]:
        """Grade a pickled parcel; see `autograder.grading.cluster.host.Answer`."""
        code = 0
        for _ in range(TRIES):
            host = self._take()
            if isinstance(host, str):
                return {"refused": host}
            answer = host.ask(parcel, self._seconds)
            self._give_back(host, alive=answer is not None)
            if answer is not None:
                return answer
            code = host.end()
        return {"died": code}

    def _take(self) -> "_Host | str":
        """Return a host that has nothing to do, a new one if there is none, or why there can be none."""
        with self._lock:
            if self._timer:
                self._timer.cancel()
            if self._refused:
                return self._refused
            host = self._idle.pop() if self._idle else None
            found = host or _Host()
            self._busy.append(found)
        if host:
            return host
        started = found.ask(self._versions, START_SECONDS)
        if started == {}:
            started = found.ask(self._bundle, START_SECONDS)
        if started == {}:
            return found
        self._give_back(found, alive=False)
        code = found.end()
        ended = f"its grading process ended while it started (exit code {code})"
        self._refused = self._refused or (started["refused"] if started else ended)
        return self._refused

    def _give_back(self, host: "_Host", *, alive: bool) -> None:
        with self._lock:
            self._busy.remove(host)
            if not alive:
                return
            self._idle.append(host)
            if self._timer:
                self._timer.cancel()
            self._timer = threading.Timer(IDLE_SECONDS, self._rest)
            self._timer.daemon = True
            self._timer.start()


class _Host:
    """The handle on one host. It is no fork: a worker has threads, and may not start daemons."""

    def __init__(self) -> None:
        self._connection, other = Pipe()
        environment = {**os.environ, "PYTHONSAFEPATH": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "autograder.grading.cluster.host", str(other.fileno())],
            pass_fds=[other.fileno()],
            stdin=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        )
        other.close()

    def ask(self, message: Any, seconds: float) -> dict[str, Any] | None:
        """Return the answer to a message, or None if the host has died or takes too long."""
        connection: Connection = self._connection
        try:
            connection.send_bytes(message) if isinstance(message, bytes) else connection.send(message)
            if not connection.poll(seconds):
                self._process.kill()
                return None
            answer: dict[str, Any] = connection.recv()
        except (EOFError, OSError):
            return None
        return answer

    def stop(self) -> None:
        """End the process while another thread waits for its answer."""
        self._process.terminate()

    def end(self) -> int:
        """End the process; return its exit code."""
        self._connection.close()
        try:
            return self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()


def grade_parcel(key: str, parcel: bytes) -> dict[str, Any]:
    """Grade a parcel with the bundle of a key in this worker; called by Dask. The address is added."""
    worker = get_worker()
    plugin: Any = worker.plugins.get(key)
    answered: Callable[[bytes], dict[str, Any]] | None = getattr(plugin, "answer", None)
    answer = answered(parcel) if answered else {"refused": "it has not been sent the lab"}
    return {**answer, "worker": worker.address}
