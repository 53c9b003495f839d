"""A visible check judges what the hidden tests judge: open cases, properties, and what a function raises."""

import builtins
import os
import sys
from pathlib import Path

import numpy as np
import pytest

from course_utils import checks
from course_utils.checks import CheckFailed, visible_check
from course_utils.judging.attempt import try_cases
from course_utils.judging.examination import examine
from course_utils.judging.form import Form, SolvedCase
from course_utils.judging.open_cases import OpenCases, read

RETURN = "return a_next, yt_pred, cache"
A_NEXT = "a_next = np.tanh(np.dot(Waa, a_prev) + np.dot(Wax, xt) + ba)"
FORWARD = "a_next, yt_pred, cache = rnn_cell_forward("
LEFT = "def rnn_cell_forward(xt, a_prev, parameters):\n    ### START CODE HERE ### (≈ 2 lines)\n"


def failure(function) -> str:
    with pytest.raises(CheckFailed) as caught:
        visible_check(function)
    return str(caught.value)


# ---------------------------------------------------------------- what passes, and what does not


@pytest.mark.parametrize(
    "edit",
    [
        (RETURN, "return [a_next, yt_pred, cache]"),
        (RETURN, "return a_next.view(np.matrix), yt_pred.view(np.matrix), cache"),
        (RETURN, "return np.asfortranarray(a_next), yt_pred, cache"),
    ],
    ids=["a list", "matrices", "another order in memory"],
)
def test_what_the_hidden_tests_take_passes(student, edit):
    visible_check(student("rnn_cell_forward", edit))


WRONG = {
    "caches never appended": ("rnn_forward", "caches.append(cache)", "pass", "`caches[0]` has 0 elements"),
    "written to an input": (
        "lstm_cell_forward",
        "c_next = ft * c_prev + it * cct",
        "c_next = ft * c_prev + it * cct; c_prev *= ft",
        "Your function writes into `c_prev`: work on a new array",
    ),
    "a list of lists": (
        "rnn_cell_forward",
        RETURN,
        "return a_next.tolist(), yt_pred, cache",
        "`a_next` should be a NumPy array, yours is a list of 5",
    ),
    "right for ten examples": (
        "rnn_cell_forward",
        RETURN,
        "return a_next if len(xt[0]) == 10 else a_next + 1, yt_pred, cache",
        "`a_next` has the right shape, but its values are off by more than 5% of their size",
    ),
    "wrong in the last digits": (
        "rnn_cell_forward",
        RETURN,
        "return a_next * (1 + 2e-9), yt_pred, cache",
        "`a_next` has the right shape, but its values are off by hardly more than rounding",
    ),
    "other numbers each time": (
        "rnn_cell_forward",
        RETURN,
        "return a_next + 1e-3 * np.random.rand(), yt_pred, cache",
        "`a_next[4]` differs in 10 of 10 numbers",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_loses_points_fails(student, case):
    name, old, new, said = WRONG[case]
    function = student(name, (old, new))
    assert said in failure(function)


def test_a_function_that_keeps_something_is_called_again(student):
    count = "rnn_cell_forward.calls = getattr(rnn_cell_forward, 'calls', 0) + 1; "
    visible_check(student("rnn_cell_forward", (A_NEXT, count + A_NEXT)))
    late = f"{count}{A_NEXT} + (rnn_cell_forward.calls > 5)"
    assert failure(student("rnn_cell_forward", (A_NEXT, late))) == (
        "`rnn_cell_forward` gives other outputs when it is called again with the same "
        "inputs: does it keep something from the call before, or draw random numbers?"
    )


def test_the_lines_of_a_failed_check(student, capsys):
    transposed = "return a_next if len(xt) == 3 else a_next.T, yt_pred, cache"
    assert failure(student("rnn_cell_forward", (RETURN, transposed))) == (
        "rnn_cell_forward: `a_next` has shape (7, 6); it should be (6, 7): it is transposed. "
        "This is so in the open case “n_x, n_a, n_y and m all different” and 1 other."
    )
    heading, *rows = capsys.readouterr().out.splitlines()
    assert heading == "rnn_cell_forward: the published values are right, but not all else is."
    assert rows[-2:] == [
        "  ✗ failed  open case “n_x, n_a, n_y and m all different” and 1 other: `a_next` has shape (7, 6); "
        "it should be (6, 7): it is transposed",
        "  ✓ passed  open cases: 2 of 4; properties: 3 of 3",
    ]


def test_few_of_many_different_faults_are_listed():
    """Each of five open cases fails in another way; the published example and a sixth case are right."""
    returns = {1: "x[:1, None] + 1", 2: "x + 1.001", 3: "x * np.nan", 4: "None", 5: "{}", 6: "x + 1"}

    def plus_one(x):
        return eval(returns[len(x)], {"np": np, "x": x})

    form = Form("plus_one", outputs={"out": 1.0})
    inputs = [np.arange(1.0, 1 + size) for size in returns]
    cases = tuple(SolvedCase(f"size {len(x)}", "core", {"x": x}, (x + 1,)) for x in inputs)
    entry = {
        "inputs": ["x = np.arange(6.0)", "out = plus_one(x)"],
        "outputs": ["out"],
        "values": [{"expression": "out[0]", "value": 1.0}],
    }
    table = examine(plus_one, "plus_one", entry, {"plus_one": OpenCases(form, (), cases)}).table()
    assert [line.split(":")[0] for line in repr(table).splitlines()[3:]] == [
        "  ✗ failed  open case “size 1”",
        "  ✗ failed  open case “size 2”",
        "  ✗ failed  open case “size 3”",
        "  ✗ failed  2 more open cases",
        "  ✓ passed  open cases",
    ]


def test_an_exception_in_an_open_case_is_said_before_wrong_numbers(student):
    new = "a_next[5]\n    return a_next + 1, yt_pred, cache".replace(
        "a_next[5]", "xt[2], len(xt) > 3 and xt[9]"
    )
    assert failure(student("rnn_cell_forward", (RETURN, new))).startswith(
        "`rnn_cell_forward` raised IndexError: index 9 is out of bounds for axis 0 with size 4 (line "
    )


def test_a_pattern_of_some_cases_is_not_said_of_all(student):
    zero = "return a_next if len(xt[0]) > 1 else 0 * a_next, yt_pred, cache"
    said = failure(student("rnn_cell_forward", (RETURN, zero)))
    assert "in the open cases" not in said
    assert said.count("it is zero everywhere") == 1


def test_zeros_and_copies_are_called_so(student):
    function = student("rnn_cell_forward", (RETURN, "return np.zeros_like(a_next), yt_pred, cache"))
    assert failure(function).startswith(
        "rnn_cell_forward: `a_next` is not right in the open cases: it is zero everywhere. `a_next[4]` "
    )
    function = student("rnn_cell_forward", (RETURN, "return a_prev + 0, yt_pred, cache"))
    assert "`a_next` is not right in the open cases: it is a copy of `a_prev`. " in failure(function)


def test_what_is_wrong_with_several_outputs_for_one_reason_is_said_once():
    def halve(gradients):
        return {name: value / 2 for name, value in gradients.items()}

    form = Form("halve", {"dW": 1, "db": 1, "dx": 1}, returns=dict)
    inputs = {"gradients": {name: np.arange(1.0, k + 3) for k, name in enumerate(form.weights)}}
    case = SolvedCase("a case", "core", inputs, tuple(halve(**inputs).values()))
    tried = try_cases(lambda gradients: dict(gradients), form, [case])
    said = [text for text, _ in tried.findings() if "right shape" in text]
    assert said == [
        "`dW` has the right shape, but its values are off by more than 5% of their size: it is a copy of "
        '`gradients["dW"]`; likewise `db`, `dx`.'
    ]


# ---------------------------------------------------------------- earlier functions


def test_an_earlier_function_that_is_wrong_is_mended_first(student, cells):
    wrong = cells["rnn_cell_forward"].replace("+ ba)", ")")
    assert failure(student("rnn_forward", rnn_cell_forward=wrong)) == (
        "First mend `rnn_cell_forward`: `rnn_forward` calls it. `a_next` has the right shape, but its values "
        "are off by more than 5% of their size; the same holds for `yt_pred`, `cache`."
    )


def test_an_earlier_function_that_is_not_called_is_not_blamed(student, cells):
    wrong = cells["rnn_cell_forward"].replace("+ ba)", ")")
    inline = "    def cell(xt, a_prev, parameters):\n        return 1 / 0\n    for t in"
    function = student("rnn_forward", ("    for t in", inline), rnn_cell_forward=wrong)
    assert "First mend" in failure(function)
    called = cells["rnn_forward"].replace("rnn_cell_forward(", "cell(").replace("    for t in", inline)
    message = failure(student("rnn_forward", rnn_cell_forward=wrong, rnn_forward=called))
    assert message == "`rnn_forward` raised ZeroDivisionError: division by zero (line 27 of `cell`)"


def test_a_helper_in_between_does_not_hide_the_earlier_function(student, cells):
    wrong = (
        cells["rnn_cell_forward"].replace("+ ba)", ")")
        + "\ndef step(*args): return rnn_cell_forward(*args)\n"
    )
    through = cells["rnn_forward"].replace("rnn_cell_forward(", "step(")
    assert failure(student("rnn_forward", rnn_cell_forward=wrong, rnn_forward=through)).startswith(
        "First mend `rnn_cell_forward`: "
    )


# ---------------------------------------------------------------- functions that raise


@pytest.mark.skipif(sys.gettrace() is not None, reason="coverage measures by the same tracer")
def test_a_debugger_is_told_and_breakpoint_is_ignored(student):
    visible_check(student("rnn_cell_forward", (A_NEXT, f"breakpoint(); {A_NEXT}")))
    before = sys.gettrace()
    message = failure(student("rnn_cell_forward", (A_NEXT, f"import pdb; pdb.set_trace(); {A_NEXT}")))
    assert (
        message
        == "`rnn_cell_forward` starts a debugger (line 23), and nobody is there to answer: remove that"
    )
    assert sys.gettrace() is before


def test_input_comes_back_after_the_check(student):
    before = builtins.input
    visible_check(student("rnn_cell_forward"))
    failure(student("rnn_cell_forward", (A_NEXT, f"input(); {A_NEXT}")))
    assert builtins.input is before


def notebook(tmp_path, source, name="rnn_cell_forward"):
    """Return a function whose source can be read, as that of a cell."""
    path = tmp_path / "cell.py"
    path.write_text(source, "utf-8")
    names = {"np": np}
    exec(compile(source, str(path), "exec"), names)
    return names[name]


def test_a_raise_below_right_code_is_to_be_removed(lab, tmp_path):
    right = '    a = 1\n    raise NotImplementedError("rnn_cell_forward: replace this line")\n'
    end = "    ### END CODE HERE ###\n    return a\n"
    assert failure(notebook(tmp_path, f"{LEFT}{right}{end}")) == (
        "`rnn_cell_forward` raises NotImplementedError (line 4: raise NotImplementedError("
        '"rnn_cell_forward: replace this line")): remove that line where your code is complete'
    )


@pytest.mark.parametrize(
    "body",
    [
        "    # a comment\n    raise NotImplementedError('x')\n",
        "    n_x, m = None\n",
        "    n_x, m = None  # sizes\n\n",
    ],
)
def test_a_stub_is_a_stub(lab, tmp_path, body):
    end = "    ### END CODE HERE ###\n    return 1\n"
    said = "`rnn_cell_forward` is still a stub: fill in between START and END CODE HERE"
    assert failure(notebook(tmp_path, f"{LEFT}{body}{end}")) == said


def test_a_missing_import_is_named(student):
    function = student("rnn_cell_forward")
    for name in ("np", "softmax"):
        kept = function.__globals__.pop(name)
        line = {"np": "import numpy as np", "softmax": "from course_utils.activations import softmax"}[name]
        assert failure(function) == (
            f"`rnn_cell_forward` needs `{name}`, which is not defined: run the cell with `{line}`"
        )
        function.__globals__[name] = kept
    typo = failure(student("rnn_cell_forward", (A_NEXT, A_NEXT.replace("xt", "x"))))
    assert typo == "`rnn_cell_forward` raised NameError: name 'x' is not defined (line 23)"


# ---------------------------------------------------------------- surroundings


def test_output_is_shown_of_the_published_example_alone(student, capsys):
    visible_check(student("rnn_cell_forward", (A_NEXT, f"print('called'); {A_NEXT}")))
    assert capsys.readouterr().out.count("called") == 1


def test_a_function_under_another_name_is_found_by_the_notebooks(student):
    function = student("rnn_cell_forward")
    function.__name__ = "cell"
    names = {"rnn_cell_forward": function, "visible_check": visible_check}
    exec("visible_check(rnn_cell_forward)", names)


def test_after_the_hidden_tests_nothing_is_done(student, monkeypatch):
    class Graded:
        graded = {"rnn_cell_forward"}

    monkeypatch.setattr(builtins, "__seqlab_grade__", Graded())
    monkeypatch.setattr(checks, "examine", None)
    visible_check(student("rnn_cell_forward", (A_NEXT, "raise ValueError")))
    assert not Graded.graded
    with pytest.raises(TypeError):  # only once
        visible_check(student("rnn_cell_forward"))


def test_a_working_folder_that_was_changed_is_told(student, lab, monkeypatch):
    (lab / "data").mkdir()
    function = student("rnn_cell_forward")
    os.chdir(lab / "data")
    assert failure(function) == (
        f"the working folder is now {lab / 'data'}; published.json lies in {lab} (the notebook's folder): "
        f'was os.chdir called? os.chdir(r"{lab}") goes back'
    )
    elsewhere = lab.parent / f"{lab.name} elsewhere"
    elsewhere.mkdir()
    os.chdir(elsewhere)
    assert failure(function).startswith("published.json is not in the notebook's folder")
    monkeypatch.setattr(checks, "_STARTED", lab)
    assert failure(function).startswith(
        f"the working folder is now {elsewhere}; published.json lies in {lab} "
    )


FORM = Form("f", {"y": 1})


def tried(function, form=FORM, **case):
    """Return whether a function passes a case whose right output is 6.0."""
    inputs = {"x": np.arange(4.0)}
    return try_cases(function, form, [SolvedCase("a case", "core", inputs, (6.0,), **case)])


def test_files_of_a_case_lie_in_the_working_folder_with_the_others(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "names.txt").write_text("the student's own")
    (tmp_path / "data").mkdir()
    (tmp_path / "data/more.txt").write_text("5")

    def f(x):
        total = float(Path("names.txt").read_text("utf-8")) + float(Path("data/more.txt").read_text())
        Path("names.txt").write_text("spoilt")
        return total

    def fails(x):
        raise ValueError

    assert tried(f, files={"names.txt": "1"}).passed
    assert not tried(fails, files={"names.txt": "1"}).passed
    assert Path.cwd() == tmp_path
    assert (tmp_path / "names.txt").read_text() == "the student's own"


def test_the_random_state_is_set_judged_and_restored():
    form = Form("f", {"y": 1}, seeds=True)
    np.random.seed(5)
    right = np.random.random(1)
    random = np.random.random(4)
    np.random.seed(9)
    before = np.random.get_state()[1].copy()

    def case(function):
        solved = SolvedCase("a case", "core", {"x": 1}, (right,), seed=5, random=random)
        return try_cases(function, form, [solved])

    assert case(lambda x: np.random.random(1)).passed
    again = case(lambda x: (np.random.random(1), np.random.random())[0])
    assert list(again.broken) == ["the random state is left as it should be"]
    assert np.array_equal(np.random.get_state()[1], before)


def test_inputs_are_copied_and_what_is_shared_is_seen():
    def keeps(x):
        x += 1
        return x

    form, inputs = Form("f", {"y": 1}), {"x": np.arange(3.0)}
    case = SolvedCase("a case", "core", inputs, (np.arange(1.0, 4.0),))
    found = try_cases(keeps, form, [case])
    assert list(found.broken.values()) == ["your function writes into `x`: work on a new array"]
    assert np.array_equal(inputs["x"], np.arange(3.0))
    view = try_cases(lambda x: x[::1], form, [SolvedCase("a case", "core", inputs, (np.arange(3.0),))])
    assert list(view.broken.values()) == ["`y` shares memory with `x`: make a new array"]


@pytest.mark.parametrize("error", [SystemExit, RecursionError, MemoryError, StopIteration])
def test_whatever_is_raised_is_a_fault(error):
    def f(x):
        raise error

    (one,) = tried(f).attempts
    assert one.call is None
    assert error.__name__ in one.faults["y"].message


def test_an_interrupt_of_the_students_goes_through():
    def f(x):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tried(f)


def test_every_exercise_has_all_groups_of_cases(lab):
    for name, opened in read(lab).items():
        assert {case.group for case in opened.cases} == {"core", "edges"}, name
