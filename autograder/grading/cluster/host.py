"""The process that grades for a worker: ``python -m autograder.grading.cluster.host DESCRIPTOR WORKER``.

It reads messages of the worker that started it from a connection: the versions that it must have, a pickled
bundle, then pickled parcels. It ends when the connection does, and so, after the submission at hand, when its
worker is killed. Killed itself it leaves a folder, which its worker removes.
"""

import contextlib
import json
import pickle
import signal
import sys
import tempfile
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from autograder.errors import SeqLabError
from autograder.grading.cluster.bundle import Bundle, Parcel
from autograder.grading.grader import Grader, Outcome, Task, ungraded
from autograder.grading.processes import BoundGrader, clear_up
from autograder.imports import leave_out_unused
from autograder.scratch import Scratch
from autograder.settings import require_isolation
from autograder.versions import differences

__all__ = ["main"]

Answer = dict[str, Any]
"""``refused``: why nothing can be graded here; or ``result``, ``notebook``, ``stages`` and ``below``.

The first two are JSON. ``below`` is the path of what was graded, relative to the submission's folder.
"""


def main() -> None:
    """Answer the parcels of one worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C on a worker's terminal ends the worker
    leave_out_unused()
    clear_up()
    connection = Connection(int(sys.argv[1]))
    try:
        if different := differences(connection.recv()):
            connection.send({"refused": different})
            return
        connection.send({})
        bundle: Bundle = pickle.loads(connection.recv_bytes())
        with contextlib.ExitStack() as ending:
            folder = Path(ending.enter_context(Scratch())).resolve()
            try:
                run = bundle.unpack(folder / "course")
                require_isolation(run.settings)
                grader = ending.enter_context(BoundGrader(run))
            except SeqLabError as error:
                connection.send({"refused": str(error)})
                return
            connection.send({})
            while True:
                connection.send(_answer(grader, pickle.loads(connection.recv_bytes()), folder))
    except (EOFError, ConnectionError):
        pass


def _answer(grader: Grader, parcel: Parcel, scratch: Path) -> Answer:
    with tempfile.TemporaryDirectory(dir=scratch, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        try:
            outcome = grader(parcel.unpack(folder))
        except OSError as error:
            task = Task(parcel.student, folder / parcel.folder)
            reason = f"its files cannot be written on the worker: {error.strerror}"
            outcome = ungraded(task, "grader error", reason, grader.run)
        return _packed(outcome, folder, folder / parcel.folder)


def _packed(outcome: Outcome, scratch: Path, folder: Path) -> Answer:
    path = Path(outcome.result.path)
    result = json.dumps(outcome.result.to_json())
    return {
        "result": result.replace(f"{scratch}/", ""),  # nobody's path where the driver is
        "notebook": None if outcome.notebook is None else json.dumps(outcome.notebook),
        "stages": dict(outcome.stages),
        "below": str(path.relative_to(folder)) if path.is_relative_to(folder) else ".",
    }


if __name__ == "__main__":
    main()
