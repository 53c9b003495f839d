"""Results as a class would bring them, made up: no grading happens here."""

from autograder.results import CaseResult, Finding, Result, Verdict

EXERCISES = ("rnn_cell_forward", "rnn_forward", "lstm_cell_forward", "lstm_forward")
CASES = (
    "ordinary sizes",
    "a batch of one example (m = 1)",
    "a single time step (T_x = 1)",
    "inputs unchanged",
)
NASTY = "<script>alert('x')</script> \"q\" & [bold]=1+1[/bold] \u202egnp.exe \x1b[31m\x00\ud800 محمد"
BLANK = "the function raises NotImplementedError: fill in between START and END CODE HERE"


def verdict(name="rnn_cell_forward", points=25.0, **others):
    """An exercise of 25 points; with less than that its cases failed."""
    status, reason = ("passed", "") if points >= 25 else ("failed", "a_next: wrong values, error about 1e-1")
    cases = [CaseResult(case, status, reason) for case in CASES]
    return Verdict(name, points, 25.0, **{"cases": cases, **others})


def graded(student, exercises, **others):
    total = sum(exercise.points for exercise in exercises)
    values = {"points": total, "max_points": 25.0 * len(exercises), "seconds": 1.25, **others}
    return Result(
        f"submitted/{student}/cells/cells.ipynb", student, "cells", "graded", exercises=exercises, **values
    )


def perfect(student="ada"):
    return graded(student, [verdict(name) for name in EXERCISES])


def blank(student="bob"):
    not_run = [CaseResult(case, "not run", "the first case raised") for case in CASES[1:]]
    cases = [CaseResult(CASES[0], "failed", BLANK), *not_run]
    return graded(student, [verdict(name, 0.0, cases=cases, message=BLANK) for name in EXERCISES])


def wrong_cell(student="cyd"):
    message = "`a_next` looks as if the bias `ba` was left out."
    wrong = verdict("rnn_cell_forward", 0.0, message=message, mistake="no_bias")
    note = "graded with a correct rnn_cell_forward"
    carried = verdict("rnn_forward", carried_forward=True, note=note)
    return graded(student, [wrong, carried, *(verdict(name) for name in EXERCISES[2:])])


def partial(student="dee"):
    cases = [*verdict().cases[:3], CaseResult(CASES[3], "failed", "x was changed in place")]
    message = "`x` must not be written to."
    others = {"mistake": "writes_x", "findings": [Finding(message, [CASES[3]])]}
    part = verdict("lstm_forward", 12.5, cases=cases, message=message, **others)
    return graded(
        student, [*(verdict(name) for name in EXERCISES[:3]), part], repairs=["a test cell was put back"]
    )


def bad(student="eve", reason="cells.ipynb is not JSON: hand in the notebook file itself"):
    return Result(f"submitted/{student}/cells/cells.ipynb", student, "cells", "bad submission", reason)


def grader_error(student="fay"):
    path = f"submitted/{student}/cells/cells.ipynb"
    return Result(
        path, student, "cells", "grader error", "the sandbox closed its pipe; grade again", seconds=2.0
    )


def nasty():
    """Every text a submission can reach, hostile."""
    cases = [CaseResult(NASTY, "failed", NASTY)]
    verdicts = [verdict("rnn_cell_forward", 0.0, cases=cases, message=NASTY, mistake=NASTY, note=NASTY)]
    result = graded(NASTY, verdicts, reason=NASTY, repairs=[NASTY])
    result.path = NASTY
    return result


def everyone():
    return [perfect(), blank(), wrong_cell(), partial(), bad(), grader_error(), nasty()]
