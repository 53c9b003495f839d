import builtins
import json
import re
import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from course_utils.checks import CheckFailed, check_shape, visible_check
from course_utils.judging.form import Form, SolvedCase
from course_utils.judging.open_cases import OpenCases, text_of
from course_utils.judging.outputs import as_outputs
from course_utils.judging.published import published_rows

NAMES = ["rnn_cell_forward", "rnn_forward", "lstm_cell_forward", "lstm_forward"]
RETURN = "return a_next, yt_pred, cache"
NO_RECIPE = (
    "the recipe of rnn_cell_forward in published.json does not run: copy the file again from the released lab"
)
A_NEXT = "a_next = np.tanh(np.dot(Waa, a_prev) + np.dot(Wax, xt) + ba)"


def failure(function) -> str:
    with pytest.raises(CheckFailed) as caught:
        visible_check(function)
    message = str(caught.value)
    assert "\n" not in message
    assert " ".join(caught.value._render_traceback_()) == f"CheckFailed: {message}"
    return message.removesuffix(".")


def open_cases_of(lab, function, inputs, **form) -> None:
    """Write published.json and open_cases.json for one function, with one open case that it is right in."""
    form = Form(function.__name__, **form)
    outputs = as_outputs(function(*inputs.values()), inputs, form)
    case = SolvedCase("an ordinary case", "core", inputs, outputs)
    (lab / "open_cases.json").write_text(text_of({form.name: OpenCases(form, (), (case,))}))


@pytest.mark.parametrize("name", NAMES)
def test_the_solution_passes(student, name, capsys):
    visible_check(student(name))
    first, *rows = capsys.readouterr().out.splitlines()
    assert first == f"{name}: visible checks passed. The hidden tests use other inputs."
    published = json.loads(Path("published.json").read_text())[name]["values"]
    assert all(row.endswith("  ok") for row in rows[1 : len(published) + 1])
    assert rows[len(published) + 1 :] == ["  ✓ passed  open cases: 4 of 4; properties: 3 of 3"]


WRONG = {
    "None": (
        [(A_NEXT, "a_next = None"), ("np.dot(Wya, a_next) + by", "by")],
        "`a_next` is still None: fill in between START and END CODE HERE",
    ),
    "one None of several": (
        [(RETURN, "return a_next, None, cache")],
        "`yt_pred` is still None: fill in between START and END CODE HERE",
    ),
    "NotImplementedError": (
        [(A_NEXT, "raise NotImplementedError('stub')")],
        "`rnn_cell_forward` is still a stub: fill in between START and END CODE HERE",
    ),
    "too few values": (
        [(RETURN, "return a_next, yt_pred")],
        "`rnn_cell_forward` returns 2 values; it should return 3: a_next, yt_pred, cache",
    ),
    "one array": (
        [(RETURN, "return a_next")],
        "`rnn_cell_forward` returns one value; it should return 3: a_next, yt_pred, cache",
    ),
    "nothing": (
        [(RETURN, "pass")],
        "`rnn_cell_forward` returns None; it should return 3: a_next, yt_pred, cache",
    ),
    "a list": (
        [(RETURN, "return a_next.tolist(), yt_pred, cache")],
        "rnn_cell_forward: `a_next` should be a NumPy array, yours is a list of 5",
    ),
    "a string": (
        [(RETURN, "return 'done', yt_pred, cache")],
        "rnn_cell_forward: `a_next` should be a NumPy array, yours is 'done'",
    ),
    "a dictionary": (
        [(RETURN, "return {}, yt_pred, cache")],
        "rnn_cell_forward: `a_next` should be a NumPy array, yours is a dict of 0",
    ),
    "complex": (
        [(RETURN, "return a_next + 0j, yt_pred, cache")],
        "rnn_cell_forward: `a_next` should hold real numbers, yours holds complex128",
    ),
    "objects": (
        [(RETURN, "return a_next.astype(object), yt_pred, cache")],
        "rnn_cell_forward: `a_next` should be a NumPy array, yours is a value of type array of object",
    ),
    "transposed": (
        [(RETURN, "return a_next.T, yt_pred, cache")],
        "rnn_cell_forward: `a_next` has shape (10, 5), expected (5, 10)",
    ),
    "too small": (
        [(RETURN, "return a_next[:2], yt_pred, cache")],
        "rnn_cell_forward: `a_next` has shape (2, 10), expected (5, 10)",
    ),
    "a number": (
        [(RETURN, "return a_next, 0.5, cache")],
        "rnn_cell_forward: `yt_pred` should be a NumPy array, yours is 0.50000000",
    ),
    "NaN in a row": (
        [(RETURN, "a_next[4:, 2:4] = np.nan; " + RETURN)],
        "rnn_cell_forward: `a_next` holds 2 NaN or infinite numbers, the first in `a_next[4][2]`",
    ),
    "infinity elsewhere": (
        [(RETURN, "a_next[0, 3:4] = np.inf; " + RETURN)],
        "rnn_cell_forward: `a_next` holds 1 NaN or infinite numbers, the first in `a_next[0][3]`",
    ),
    "one wrong number": (
        [(RETURN, "a_next[4:, 7:8] -= 0.25; " + RETURN)],
        "rnn_cell_forward: `a_next[4]` differs in 1 of 10 numbers; "
        "largest error 0.25 in `a_next[4][7]`: expected 0.99815551, yours 0.74815551",
    ),
    "an exception": (
        [("np.dot(Wax, xt)", "np.dot(xt, Wax)")],
        "`rnn_cell_forward` raised ValueError: shapes (3,10) and (5,3) not aligned: 10 (dim 1) != 5 (dim 0) "
        "(line 23)",
    ),
    "an exception of many lines": (
        [(A_NEXT, "raise KeyError('a\\nb')")],
        "`rnn_cell_forward` raised KeyError: 'a\\nb' (line 23)",
    ),
    "an exception without text": (
        [(A_NEXT, "assert False")],
        "`rnn_cell_forward` raised AssertionError (line 23)",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_answer_says_what_is_wrong(student, case):
    edits, message = WRONG[case]
    assert failure(student("rnn_cell_forward", *edits)) == message


def test_type_comes_before_shape_and_values(student):
    function = student("rnn_cell_forward", (RETURN, "return a_next.T, yt_pred.tolist(), cache"))
    assert failure(function) == "rnn_cell_forward: `yt_pred` should be a NumPy array, yours is a list of 2"


def test_shape_comes_before_finiteness_and_values(student):
    function = student("rnn_cell_forward", (RETURN, "return a_next * np.nan, yt_pred.T, cache"))
    assert "`yt_pred` has shape (10, 2), expected (2, 10)" in failure(function)


def test_finiteness_comes_before_values(student):
    function = student("rnn_cell_forward", (RETURN, "return a_next + 1, yt_pred * np.nan, cache"))
    assert "`yt_pred` holds 20 NaN" in failure(function)


@pytest.mark.parametrize("size", [0.5, 2.0])
def test_values_are_compared_at_the_printed_digits(student, size):
    function = student("rnn_cell_forward", (RETURN, f"a_next[4, 0] += {size} * 1.0e-8; " + RETURN))
    entry = json.loads(Path("published.json").read_text())["rnn_cell_forward"]
    form = Form("rnn_cell_forward", {"a_next": 1, "yt_pred": 1, "cache": 1})
    problems = [row.problem for row in published_rows(function, form, entry) if row.problem]
    if size < 1:
        assert not problems
    else:
        assert "largest error 1.6e-08 in `a_next[4][0]`" in problems[0]


def test_the_table_of_a_failure_marks_the_rows(student, capsys):
    failure(student("rnn_cell_forward", ("+ ba)", ")")))
    first, _, *rows = capsys.readouterr().out.splitlines()
    assert first == "rnn_cell_forward: 2 of 4 published values are not right."
    assert [row.split("  ")[-1].strip() for row in rows[:4]] == ["differs", "ok", "differs", "ok"]
    assert [row.partition(":")[0] for row in rows[4:]] == [
        "  ✗ failed  all 4 open cases",
        "  ✓ passed  properties",
    ]


def test_a_list_of_the_right_values_is_accepted_for_the_tuple(student):
    visible_check(student("rnn_cell_forward", (RETURN, "return [a_next, yt_pred, cache]")))


def test_a_wrong_cache_length_and_type(student):
    cut = (
        "cache = (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)\n",
        "cache = (a_next, c_next)\n",
    )
    assert "`len(cache)`" not in failure(student("lstm_cell_forward", cut))
    assert "`cache` has length 2, expected 10" in failure(student("lstm_cell_forward", cut))
    text = ("return a_next, c_next, yt_pred, cache", "return a_next, c_next, yt_pred, 7")
    assert "`cache` should be a list or a tuple, yours is 7" in failure(student("lstm_cell_forward", text))


def test_caches_that_lack_x(student):
    message = failure(student("rnn_forward", ("caches = (caches, x)", "pass")))
    assert message == "rnn_forward: `caches[1][1][3]` has shape (10,), expected (4,)"


def test_an_output_whose_methods_raise(student):
    evil = (
        "class Evil:\n"
        "        __name__ = 'x'\n"
        "        def __getattr__(self, name): raise RuntimeError(name)\n"
        "        def __getitem__(self, key): raise RuntimeError('no')\n"
        "        def __eq__(self, other): return True\n"
        "        def __repr__(self): raise RuntimeError('no')\n"
        "    return Evil(), Evil(), Evil()"
    )
    assert failure(student("rnn_cell_forward", (RETURN, evil))).startswith(
        "rnn_cell_forward: `a_next` should be"
    )


def test_an_exception_that_cannot_be_printed(student):
    evil = "class E(Exception):\n        def __str__(self): raise RuntimeError\n    raise E"
    assert re.fullmatch(
        r"`rnn_cell_forward` raised E \(line \d+\)", failure(student("rnn_cell_forward", (A_NEXT, evil)))
    )


def test_a_stub_called_from_a_later_exercise_is_named(student):
    stub = "def rnn_cell_forward(xt, a_prev, parameters):\n    raise NotImplementedError"
    message = failure(student("rnn_forward", rnn_cell_forward=stub))
    assert message == (
        "First mend `rnn_cell_forward`: `rnn_forward` calls it. "
        "`rnn_cell_forward` is still a stub: fill in between START and END CODE HERE"
    )


def test_input_that_nobody_can_answer_is_no_stub(student):
    message = failure(student("rnn_cell_forward", (A_NEXT, "input('?'); " + A_NEXT)))
    assert message == (
        "`rnn_cell_forward` asks for input (line 23), and nobody is there to answer: remove that"
    )


def test_callables_without_a_name_or_code(lab):
    message = "published.json has no complete entry for partial: is the function's name unchanged?"
    assert failure(partial(print)) == message
    assert "no complete entry for NoneType" in failure(None)


def test_the_random_state_is_restored(student):
    np.random.seed(5)
    expected = np.random.rand(4)
    np.random.seed(5)
    visible_check(student("rnn_cell_forward"))
    failure(student("rnn_cell_forward", (A_NEXT, "np.random.rand(); raise ValueError")))
    np.testing.assert_array_equal(np.random.rand(4), expected)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "published.json is not in the notebook's folder: copy it there from the released lab"),
        ("{", "published.json in the notebook's folder cannot be read: copy it again from the released lab"),
        ("[]", "published.json in the notebook's folder cannot be read: copy it again from the released lab"),
        (
            "{}",
            "published.json has no complete entry for rnn_cell_forward: is the function's name unchanged?",
        ),
        (
            '{"rnn_cell_forward": {"inputs": ["x = ("], "outputs": ["a"], "values": []}}',
            NO_RECIPE,
        ),
        (
            '{"rnn_cell_forward": {"inputs": [], "outputs": ["a"], "values": []}}',
            NO_RECIPE,
        ),
    ],
)
def test_a_missing_or_broken_file_is_reported_with_the_remedy(student, lab, text, message):
    function = student("rnn_cell_forward")
    (lab / "published.json").unlink()
    if text is not None:
        (lab / "published.json").write_text(text)
    assert failure(function) == message


def test_a_function_with_one_output(lab):
    entry = {"inputs": ["z = np.ones((2, 3))", "total = add_up(z)"], "outputs": ["total"]}
    values = [{"expression": "total", "value": 6.0}, {"expression": "total + np.argmax([1, 2])", "value": 7}]
    (lab / "published.json").write_text(json.dumps({"add_up": {**entry, "values": values}}))

    def add_up(z):
        return z.sum()

    open_cases_of(lab, add_up, {"z": np.arange(3.0)}, outputs={"total": 1})
    visible_check(add_up)


def test_an_entry_of_a_dictionary_that_is_none_is_named(lab):
    entry = {"inputs": ["gradients = double(np.ones(2))"], "outputs": ["gradients"]}
    values = [{"expression": 'gradients["dx"][1]', "value": 2.0}]
    (lab / "published.json").write_text(json.dumps({"double": {**entry, "values": values}}))

    def double(z):
        return {"dx": None}

    open_cases_of(lab, double, {"z": np.ones(2)}, outputs={"dx": 1}, returns=dict)
    assert failure(double) == '`gradients["dx"]` is still None: fill in between START and END CODE HERE'


def test_check_shape():
    assert check_shape("a", np.zeros((2, 3)), (2, 3)) is None
    for value, message in [
        (None, "`a` is still None: fill in between START and END CODE HERE"),
        ([[1]], "`a` should be a NumPy array, yours is a list of 1"),
        (np.zeros((3, 2)), "`a` has shape (3, 2), expected (2, 3)"),
        (np.array(["x"]), "`a` should hold real numbers, yours holds str32"),
    ]:
        with pytest.raises(CheckFailed, match=f"^{re.escape(message)}$"):
            check_shape("a", value, (2, 3))


def test_without_a_grader_the_reserved_name_says_later(capsys):
    builtins.__seqlab_grade__("rnn_cell_forward")
    assert capsys.readouterr().out == "rnn_cell_forward: graded later\n"


SESSION = """
import sys
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance(colors="nocolor", history_load_length=0)
shell.history_manager.enabled = False
for cell in sys.argv[1:]:
    result = shell.run_cell(cell)
    print("ERROR", type(result.error_in_exec).__name__)
"""


def test_a_failure_is_the_message_alone_in_ipython(lab, cells, monkeypatch):
    monkeypatch.setenv("IPYTHONDIR", str(lab / "ipython"))
    broken = (
        cells["rnn_cell_forward"]
        .replace("np.dot(Wax, xt)", "np.dot(Wax, None)")
        .replace("a_next = np", "b = None; a_next = np")
    )
    sources = [cells["setup"], broken, "visible_check(rnn_cell_forward)", "check_shape('a', None, (1,))"]
    command = [sys.executable, "-c", SESSION, *sources]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    lines = [line for line in done.stdout.splitlines() if line.strip()]
    assert lines[:2] == ["ERROR NoneType"] * 2
    end = lines.index("ERROR CheckFailed")
    assert re.fullmatch(
        r"CheckFailed: `rnn_cell_forward` raised TypeError: .* "
        r"\(line 23: b = None; a_next = np\.tanh\(.*\)\); `b` is None there",
        " ".join(lines[2:end]),
    )
    assert lines[end:] == [
        "ERROR CheckFailed",
        "CheckFailed: `a` is still None: fill in between START and END CODE HERE",
        "ERROR CheckFailed",
    ]


def test_in_ipython_the_table_is_displayed_as_html_and_text(lab, cells, monkeypatch):
    monkeypatch.setenv("IPYTHONDIR", str(lab / "ipython"))
    look = (
        "from IPython.utils.capture import capture_output\n"
        "with capture_output() as seen:\n"
        "    visible_check(rnn_cell_forward)\n"
        "print(*[sorted(output.data) for output in seen.outputs], repr(seen.stdout))"
    )
    command = [sys.executable, "-c", SESSION, cells["setup"], cells["rnn_cell_forward"], look]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    assert "['text/html', 'text/plain'] ''" in done.stdout


def test_in_ipython_the_diagnosis_stands_above_the_table(lab, cells, monkeypatch):
    monkeypatch.setenv("IPYTHONDIR", str(lab / "ipython"))
    wrong = cells["rnn_cell_forward"].replace("+ ba)", ")")
    sources = [cells["setup"], wrong, "visible_check(rnn_cell_forward)", "print('the next cell')"]
    command = [sys.executable, "-c", SESSION, *sources]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    marks = ["CheckFailed: rnn_cell_forward: ", "published values are not right", "the next cell"]
    assert [done.stdout.count(mark) for mark in marks] == [1, 1, 1]
    assert sorted(marks, key=done.stdout.index) == marks


def test_a_single_number_that_differs(student):
    message = failure(
        student("lstm_forward", ("    return a, y, c, caches", "    return a, y, c + 0.5, caches"))
    )
    assert message == "lstm_forward: `c[1][2][1]` is -0.35554492, expected -0.85554492: an error of 0.5"


def test_cells_that_cannot_be_read(student):
    message = failure(student("rnn_forward", ("caches = (caches, x)", "caches = (x,)")))
    assert message == "rnn_forward: `caches[1][1][3]` cannot be read (IndexError): `caches` is a tuple of 1"
