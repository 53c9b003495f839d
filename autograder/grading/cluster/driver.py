"""Grades a class on a Dask cluster: sends the bundle and the parcels, and collects outcomes."""

import contextlib
import json
import logging
import pickle
import queue
import secrets
import time
from collections import deque
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any

import nbformat
from distributed import Client, KilledWorker

from autograder.errors import GraderError, UsageError
from autograder.grading.cluster.bundle import bundle_of, parcel_of
from autograder.grading.cluster.worker import GradingPlugin, grade_parcel
from autograder.grading.grader import Outcome, Task, left_out, ungraded
from autograder.grading.timing import Stages
from autograder.results import Result
from autograder.run import Run
from autograder.versions import versions

__all__ = ["grade_on_cluster"]

CONNECT_SECONDS = 15.0
INSTALL = "a worker cannot load SeqLab: install the same version of `seqlab[dask]` on all machines"
WAIT_SECONDS = 60.0
"""How long a cluster may be without workers; then the run ends."""
INTERVAL = 2.0
"""Seconds between two looks at the cluster while no answer comes."""
AHEAD = 2
"""Submissions sent for each thread of the cluster: the next one is there when one is done."""


def grade_on_cluster(run: Run, tasks: Sequence[Task], seconds: float) -> Generator[Outcome, None, None]:
    """Grade all tasks on the cluster of ``run.scheduler``; yield each outcome when it is ready, in any order.

    A submission may take ``seconds`` in a worker. If a worker dies, Dask gives its submissions to another
    one; a submission that kills several is a grader error. A worker with other versions is refused.
    Raises UsageError if there is no scheduler or no worker that can be used, and GraderError if they go.
    """
    bundle = bundle_of(run)
    client = _connected(run.scheduler)
    with contextlib.closing(client):
        key = f"seqlab-{bundle.key[:16]}-{secrets.token_hex(8)}"  # two runs may be under way at once
        cluster = _Cluster(client, run, key)
        cluster.wait_for_workers()
        try:
            client.register_plugin(GradingPlugin(key, versions(), pickle.dumps(bundle), seconds))
        except OSError as error:
            raise GraderError(f"the cluster at {run.scheduler} does not answer: {error}") from None
        except Exception as error:
            raise UsageError(f"{INSTALL} ({type(error).__name__}: {error})") from None
        try:
            yield from cluster.outcomes(tasks)
        finally:
            with contextlib.suppress(Exception):  # the scheduler may be gone, and with it the plugin
                client.cancel(list(cluster.sent))
                client.unregister_worker_plugin(key)


def _connected(address: str) -> Any:
    """Return a client of Dask, which has no types; what goes wrong is told as our exceptions, not logged."""
    for name in logging.root.manager.loggerDict:
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL)
    connect: Any = Client
    try:
        return connect(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise UsageError(f"no Dask scheduler answers at {address}: {reason}") from None


class _Cluster:
    """The cluster during one run; ``sent`` has the futures whose answers have not come yet.

    With each stand its task and the files that were left out.
    """

    def __init__(self, client: Any, run: Run, key: str) -> None:
        self.sent: dict[Any, tuple[Task, list[str]]] = {}
        self._client, self._run, self._key = client, run, key
        self._refused: dict[str, str] = {}
        """Address of a worker -> why it cannot grade."""
        self._done: queue.Queue[Any] = queue.Queue()

    def threads(self) -> dict[str, int]:
        """Return the number of threads of each worker that was not refused."""
        try:
            known = self._client.nthreads()
        except Exception as error:
            raise GraderError(f"{self._lost()} ({type(error).__name__})") from None
        return {worker: threads for worker, threads in known.items() if worker not in self._refused}

    def wait_for_workers(self) -> None:
        """Wait until there is a worker that can be used."""
        end = time.monotonic() + WAIT_SECONDS
        while not self.threads():
            if self._refused:
                worker, reason = next(iter(self._refused.items()))
                raise UsageError(f"no worker can grade: {worker}: {reason}")
            if time.monotonic() > end:
                raise GraderError(
                    f"no worker at {self._run.scheduler} for {WAIT_SECONDS:.0f} s: what is graded is kept, "
                    "and the same command goes on"
                )
            time.sleep(0.2)

    def outcomes(self, tasks: Sequence[Task]) -> Generator[Outcome, None, None]:
        """Send tasks as the cluster has room for them, and yield their outcomes."""
        waiting = deque(tasks)
        while waiting or self.sent:
            room = AHEAD * sum(self.threads().values()) if waiting else 0
            while waiting and len(self.sent) < max(room, 1):
                task = waiting.popleft()
                try:
                    self._send(task)
                except OSError as error:
                    yield ungraded(task, "grader error", f"its files cannot be read: {error}", self._run)
            if not self.sent:
                continue
            try:
                future = self._done.get(timeout=INTERVAL)
            except queue.Empty:
                self.wait_for_workers()
                continue
            task, left = self.sent.pop(future)
            outcome = self._outcome(task, future)
            if outcome is None:
                waiting.appendleft(task)
                self.wait_for_workers()
            else:
                if left and outcome.result.status == "graded":
                    outcome.result.repairs.append(left_out(left))
                yield outcome

    def _send(self, task: Task) -> None:
        # Workers that come later may take it too: they answer if they are to be refused.
        where = {"workers": list(self.threads()), "allow_other_workers": True} if self._refused else {}
        parcel = parcel_of(task)
        future = self._client.submit(grade_parcel, self._key, pickle.dumps(parcel), pure=False, **where)
        self.sent[future] = task, parcel.left
        future.add_done_callback(self._done.put)

    def _outcome(self, task: Task, future: Any) -> Outcome | None:
        """Return the outcome in an answer, None if another worker has to be asked."""
        if future.cancelled():
            raise GraderError(self._lost())
        try:
            answer = future.result()
        except KilledWorker as error:
            reason = f"its worker ended unexpectedly, {error.allowed_failures + 1} times"
            return ungraded(task, "grader error", reason, self._run)
        except Exception as error:
            reason = f"the worker failed: {type(error).__name__}: {error}"
            return ungraded(task, "grader error", reason, self._run)
        if "refused" in answer:
            self._refused[answer["worker"]] = answer["refused"]
            return None
        if "died" in answer:
            reason = f"its grading process ended unexpectedly (exit code {answer['died']}; out of memory?)"
            return ungraded(task, "grader error", reason, self._run)
        return _unpacked(answer, task)

    def _lost(self) -> str:
        at = self._run.scheduler
        return f"the scheduler at {at} is gone: what is graded is kept, and the same command goes on"


def _unpacked(answer: dict[str, Any], task: Task) -> Outcome:
    result = Result.from_json(json.loads(answer["result"]))
    folder = task.path if task.path.is_dir() and not task.path.is_symlink() else task.path.parent
    result.path = str(folder / Path(answer["below"]))
    notebook = answer["notebook"] and nbformat.from_dict(json.loads(answer["notebook"]))
    return Outcome(result, notebook, Stages(answer["stages"]))
