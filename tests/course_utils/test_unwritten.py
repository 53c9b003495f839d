"""Cells that use an exercise which is not written yet, in an IPython shell."""

import json
import os
import subprocess
import sys

STUB = """def {0}(x):
    ### START CODE HERE ### (≈ 1 line)
    {1}
    ### END CODE HERE ###
    return y
"""
ONE = STUB.format("one", "y = None")
TWO = STUB.format("two", 'raise NotImplementedError("two: replace this line")')
LINE_1, LINE_2 = "`one` is not written yet: exercise 1", "`two` is not written yet: exercise 2"
CELLS = [
    (ONE + TWO + "def later(x):\n    return one(x) + 1", ""),
    ("result = one(2) + 1", LINE_1),
    ("print(result)", LINE_1),  # the failed cell would have defined it
    ("kept = []\nfor k in range(3): kept.append(one(k) + 1)", LINE_1),
    ("kept[0]", LINE_1),  # that cell would have filled it
    ("kept = []", ""),
    ("kept[0]", "IndexError"),
    ("value = two(2)", LINE_2),
    ("value = later(1)", LINE_1),
    ("import abc\nlater(1, 2, 3)", LINE_1),
    ("from course_utils.checks import check_shape\ncheck_shape('y', one(2), (1,))", LINE_1),
    ("from course_utils.cllm_utils import smooth\nsmooth(one(2), 1.0)", LINE_1),
    ("given = 2\nmade = two(given)", LINE_2),
    ("one(given)[0]", LINE_1),
    ("given / 0", "ZeroDivisionError"),  # that cell had made it before it failed
    ("print(made + one(1))", LINE_1),  # both are missing: the first comes first
    ("two(one(1))", LINE_1),
    ("for made in (1, 2): made / 0", "ZeroDivisionError"),  # a value of its own
    ("1 / 0", "ZeroDivisionError"),
    ("print(never)", "NameError"),
    ("from nowhere import one", "ModuleNotFoundError"),
    ("def (", "SyntaxError"),
    (ONE.replace("None", "x"), ""),
    ("print(result)", "NameError"),  # it is written now: another run defines the name
    ("one(2) / 0", "ZeroDivisionError"),
    ("value = later(1)", ""),
]
SESSION = """
import json, sys
from IPython.terminal.interactiveshell import TerminalInteractiveShell
shell = TerminalInteractiveShell.instance(history_load_length=0, colors="NoColor")
shown = []
shell._showtraceback = lambda kind, error, lines: shown.append((kind.__name__, "\\n".join(lines)))
import course_utils.checks
for source in json.load(sys.stdin):
    shown.append(None)
    shell.run_cell(source, store_history=True)
print("\\n" + json.dumps(shown))
"""


def test_a_cell_ends_in_one_line_that_names_the_exercise(tmp_path):
    (tmp_path / "open_cases.json").write_text(json.dumps({"one": {}, "two": {}}))
    done = subprocess.run(
        [sys.executable, "-c", SESSION],
        input=json.dumps([source for source, _ in CELLS]),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        cwd=tmp_path,
        env={**os.environ, "IPYTHONDIR": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    found = []
    for one in json.loads(done.stdout.splitlines()[-1]):
        if one is None:
            found.append("")
        else:
            found[-1] = one[1] if one[0] == "NotWritten" else one[0]
    assert found == [line for _, line in CELLS]
