"""Runs commands in forks of one warm process, and kills each at the write that the caller names.

Started as ``python -m tests.autograder.kills.victim``. It reads requests from standard input, one JSON object
a line, and answers each with one. The code that is killed knows nothing of it: Python reports writes to its
audit hooks, and SQLAlchemy its statements to listeners.
"""

import contextlib
import functools
import importlib
import json
import os
import pickle
import signal
import sys
import warnings
from collections import Counter
from pathlib import Path

import nbgrader.api
import psutil
import sqlalchemy
from nbgrader.apps import NbGraderApp

from autograder.cli import app, commands
from autograder.gradebook import again, autograde
from autograder.grading.grader import Grader
from autograder.sandbox import ForkServer, Sandbox
from tests.autograder.kills.class_factory import fork_servers
from tests.autograder.kills.postgresql import cut_connections

CHANGES = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.truncate"}
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
STATEMENTS = ("INSERT", "UPDATE", "DELETE", "CREATE", "ALTER")


STEPS = {"grade": (Grader, "__call__"), "fork": (ForkServer, "fork"), "run": (Sandbox, "run")}


class Writes:
    """Counts the writes of this process, and kills it before one of them, or once it has opened the file."""

    def __init__(self, roots, at=None, opened=False, cut=""):
        self.roots, self.at, self.opened, self.cut = tuple(roots), at, opened, cut
        self.found, self._pid = [], os.getpid()
        sys.addaudithook(self._audited)
        sqlalchemy.event.listen(sqlalchemy.Engine, "before_cursor_execute", self._executed)
        sqlalchemy.event.listen(sqlalchemy.Engine, "commit", self._committed)
        self._changed = False

    def _point(self, name, path=None):
        if os.getpid() != self._pid:  # of a process that this one started
            return
        self.found.append(name)
        if len(self.found) - 1 == self.at:
            self.at = None  # what follows is no point
            if self.cut:
                cut_connections(self.cut)
                return
            if self.opened and path:
                os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644))
            os.kill(self._pid, signal.SIGKILL)

    def _executed(self, connection, _cursor, statement, *_):
        words = statement.split()[:3]
        self._changed |= words[0] in STATEMENTS
        if words[0] == "CREATE" and connection.dialect.name == "sqlite":  # which commits it at once
            self._point(" ".join(words))

    def _committed(self, _connection):
        if self._changed:
            self._point("commit")
        self._changed = False

    def _audited(self, event, arguments):
        if event == "open":
            path, mode, flags = arguments
            if isinstance(path, (str, bytes)) and flags & WRITES and self._is_ours(path):
                emptied = (isinstance(mode, str) and "w" in mode) or flags & os.O_TRUNC
                self._point(f"open {self._short(path)}", path if emptied else None)
        elif event in CHANGES:
            within = arguments[-1] if isinstance(arguments[-1], int) else -1
            changes = os.path.lexists(arguments[0]) != (event == "os.mkdir")
            if within >= 0 or (changes and self._is_ours(arguments[0])):
                self._point(f"{event} {self._short(arguments[0])}")

    def _is_ours(self, path):
        return os.path.abspath(os.fsdecode(path)).startswith(self.roots) and "gradebook.db" not in str(path)

    @staticmethod
    def _short(path):
        return "/".join(Path(os.fsdecode(path)).parts[-2:])


def replay(path):
    """Take the outcomes of grading from a file, or note them there: that is no write of the run's parent."""
    real = autograde.grade_all

    def noted(run, tasks, *begun):
        if not path.exists():
            path.write_bytes(pickle.dumps({o.result.student: o for o in real(run, tasks, *begun)}))
        outcomes = pickle.loads(path.read_bytes())
        yield from (outcomes[task.student] for task in tasks)

    autograde.grade_all = again.grade_all = noted
    autograde.begin = lambda *_: None  # no graders are started in vain


def sabotage(plan, folder):
    """Kill a process once for each student of a plan: student -> (moment, "grader" or "server").

    A moment is a call of `STEPS` and how many were made before for this student, as "run 2"; with "after" in
    front, the moment at which that call has returned.
    """
    current, counts = [], Counter()

    def reached(moment):
        if current and plan.get(current[0], [None])[0] == moment:
            with contextlib.suppress(FileExistsError):
                (folder / f"killed {current[0]}").touch(exist_ok=False)
                kill(plan[current[0]][1])

    def watched(name, call):
        def step(self, *arguments):
            if name == "grade":
                counts.clear()
                current[:] = [arguments[0].student]
            number = counts[name]
            counts[name] += 1
            reached(f"{name} {number}")
            answer = call(self, *arguments)
            reached(f"after {name} {number}")
            return answer

        return step

    for name, (owner, method) in STEPS.items() if plan else ():
        setattr(owner, method, watched(name, getattr(owner, method)))


def kill(what):
    """Kill this process, or the fork server that it started."""
    if what == "grader":
        os.kill(os.getpid(), signal.SIGKILL)
    for server in fork_servers(os.getpid()):
        with contextlib.suppress(psutil.NoSuchProcess):
            server.kill()
            server.wait(10)


def run(request):
    """Run one command in this process, a fork; never return."""
    os.chdir(request["folder"])
    os.environ.update(request["environment"])
    output = os.open(request["output"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for descriptor in (1, 2):
        os.dup2(output, descriptor)
    app.err.file = sys.stderr
    if request["outcomes"]:
        replay(Path(request["outcomes"]))
    sabotage(request.get("plan", {}), Path(request["output"]).parent)
    writes = Writes(request["roots"], request.get("at"), request.get("opened", False), request.get("cut"))
    code = 0
    try:
        sys.argv = request["line"]
        if sys.argv[0] == "seqlab":
            commands.main()
        else:
            NbGraderApp.launch_instance(sys.argv[1:])
    except SystemExit as error:
        code = error.code or 0
    Path(request["points"]).write_text(json.dumps({"writes": writes.found, "modules": list(sys.modules)}))
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else 1)


def main():
    warnings.filterwarnings("ignore")
    nbgrader.api.get_alembic_version = functools.cache(nbgrader.api.get_alembic_version)
    nbgrader.api.get_alembic_version()
    print("ready", flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        pid = os.fork()
        if pid == 0:
            try:
                run(request)
            finally:
                os._exit(70)
        found = {"code": os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), "writes": [], "modules": []}
        if Path(request["points"]).exists():
            found |= json.loads(Path(request["points"]).read_text())
        for name in found.pop("modules"):  # the next fork has them already
            if name not in sys.modules and not name.startswith("_seqlab"):
                with contextlib.suppress(Exception):
                    importlib.import_module(name)
        print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
