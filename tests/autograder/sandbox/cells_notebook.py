"""Short notebooks of the lab ``cells`` as they reach the sandbox: set-up, functions, test cells."""

import atexit
import functools

from nbformat.v4 import new_code_cell, new_notebook

from autograder.grading.notebook import grade_notebook
from autograder.lab.text import solution_cells
from autograder.sandbox import ForkServer, Isolation, Limits
from autograder.settings import Settings

NAMES = ("rnn_cell_forward", "rnn_forward", "lstm_cell_forward", "lstm_forward")
FAST = Settings(Isolation.LIMITS, Limits(cell_seconds=5), figures=False)
SOCKET = """
import json, os, socket, stat, struct
def find_socket():
    for descriptor in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                if os.fstat(descriptor).st_ino not in loop_sockets:
                    found = socket.socket(fileno=os.dup(descriptor))
                    found.getpeername()
                    return found
        except OSError:
            pass
import asyncio
loop = asyncio.get_event_loop()
loop_sockets = {os.fstat(s.fileno()).st_ino for s in (loop._ssock, loop._csock)}
pipe = find_socket()
def send(header, *arrays):
    head = json.dumps({**header, "arrays": [len(a) for a in arrays]}).encode()
    pipe.sendall(struct.pack("!II", len(head), sum(map(len, arrays))) + head + b"".join(arrays))
def take(count):
    data = b""
    while len(data) < count:
        data += pipe.recv(count - len(data))
    return data
def receive():
    head, body = struct.unpack("!II", take(8))
    header = json.loads(take(head))
    rest = take(body)
    return header
"""
"""What a student's code may do to speak for the probe."""


def notebook(lab, functions, *, first="", before=None, tests=None):
    """A notebook with the given functions, by name; the others are missing.

    ``first`` is a cell of the student's before all others, ``before`` cells of theirs before a test
    cell, ``tests`` other sources for test cells.
    """
    metadata = solution_cells(lab.text)
    grades = {name: grade_id for grade_id, name in lab.tests.items()}
    cells = [new_code_cell("import numpy as np\nfrom course_utils.rnn_utils import sigmoid, softmax")]
    if first:
        cells.append(new_code_cell(first))
    for name in NAMES:
        if name in functions:
            cells.append(new_code_cell(functions[name], metadata=metadata[name].metadata))
        if before and name in before:
            cells.append(new_code_cell(before[name]))
        source = (tests or {}).get(name, f'__seqlab_grade__("{name}")')
        nbgrader = {
            "grade": True,
            "grade_id": grades[name],
            "points": lab.points[name],
            "locked": True,
            "solution": False,
            "schema_version": 3,
            "task": False,
        }
        cells.append(new_code_cell(source, metadata={"nbgrader": nbgrader}))
    return new_notebook(cells=cells)


def points(graded):
    """The points of each exercise as the referee says them; the notebook must say the same."""
    for verdict, written in zip(graded.verdicts, outputs_of_tests(graded.notebook), strict=True):
        assert [output.output_type for output in written] == ["display_data", "execute_result"]
        assert written[1].data["text/plain"] == repr(float(verdict.points))
    return {verdict.name: verdict.points for verdict in graded.verdicts}


def outputs_of_tests(graded_notebook):
    """The outputs of the test cells, in order."""
    return [cell.outputs for cell in graded_notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]


def grade(book, referee, settings=FAST):
    """Grade a notebook without files."""
    return grade_notebook(book, {}, referee, fork_server(referee.lab.lab.modules, settings), settings)


@functools.cache
def fork_server(modules, settings):
    """One server for all tests with the same settings; it ends with the process."""
    drawn = {"figures": settings.figures, "expected": settings.demonstrations}
    made = ForkServer(modules, settings.limits, settings.isolation, **drawn)
    atexit.register(made.close)
    return made
