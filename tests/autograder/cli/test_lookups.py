"""A class of which some share a mistake without a name, and two a notebook: what the commands say of it."""

import ast
import json
import sys

import pytest

from autograder.cli import commands as cli
from autograder.cli.demo import hand_in
from autograder.results import SCHEMA
from tests.autograder.referee.referee_play import edited

pytestmark = [pytest.mark.slow, pytest.mark.sandbox]

OWN = {
    "scale": """def scale(x, w):
    y = np.zeros_like(x)
    for place in np.ndindex(x.shape):
        y[place] = x[place] * w
    return y, np.sum(y)
""",
    "repeat": """def repeat(x, w, n):
    powers = w ** np.arange(1, n + 1)
    column = np.expand_dims(x, -1)
    return np.multiply(column, powers)
""",
}
RENAMED = {
    "scale": """def scale(values, w):
    # all mine
    scaled = np.zeros_like( values )
    for position in np.ndindex(values.shape): scaled[position] = values[position] * w
    return scaled, np.sum(scaled)
""",
    "repeat": OWN["repeat"].replace("powers", "factors").replace("column", "c"),
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory, copy_small, scaling, call):
    """The course with its class, graded and with feedback."""
    course = copy_small(tmp_path_factory.mktemp("lookups") / "course")
    third = {"scale": edited(scaling["scale"], ("x * w", "x * w / 3"))}
    words = edited(scaling["scale"], ("x * w", "(w / 3) * x  # <script>"), ("np.sum(y)", "y.sum()"))
    named = edited(scaling["scale"], ("x * w", "x + w"))
    class_ = {"ann": third, "bob": third, "cyd": {"scale": words}, "dee": {"scale": named}}
    class_ |= {"eve": OWN, "fay": RENAMED, "gil": {}, "hal": {}}
    for student, functions in class_.items():
        hand_in(course, "scaling", student, {**scaling, **functions})
    line = ["seqlab", "autograde", "scaling", "--jobs", "1", "--isolation", "bubblewrap"]
    run = call(course, *line)
    assert run.returncode == 0, run.stderr
    run = call(course, "nbgrader", "generate_feedback", "scaling")
    assert run.returncode == 0, run.stderr
    return course


@pytest.fixture
def seqlab(graded, monkeypatch, capsys):
    """A function that runs a command in the course: exit code, standard output and error."""

    def run(*line):
        monkeypatch.chdir(graded.root)
        monkeypatch.setattr(sys, "argv", ["seqlab", *map(str, line)])
        capsys.readouterr()
        try:
            cli.main()
            code = 0
        except SystemExit as end:
            code = end.code or 0
        return code, *capsys.readouterr()

    return run


def test_the_groups_are_listed(seqlab):
    code, text, error = seqlab("mistakes", "scaling")
    assert (code, error) == (0, "")
    assert text.splitlines() == [
        "1. scale: 3 students give the same wrong `y` (and `total`) (12 points lost): ann, bob, cyd",
        "scale: 4 wrong, 1 of them known mistakes, 3 in groups",
    ]


def test_a_group_becomes_an_entry_of_mistakes(seqlab):
    code, text, error = seqlab("mistakes", "scaling", "--group", 1)
    assert (code, error) == (0, "")
    assert "#   -    y = x * w\n#   +    y = x * w / 3\n" in text
    assert len(ast.parse(text).body) == 1


def test_an_entry_that_is_not_completed_is_refused(seqlab, graded):
    _, text, _ = seqlab("mistakes", "scaling", "--group", 1)
    path = graded.root / "assignments/scaling/mistakes.py"
    before = path.read_text("utf-8")
    try:
        path.write_text(before.replace('    "scale": [\n', f'    "scale": [\n{text}', 1), "utf-8")
        code, _, error = seqlab("audit", "scaling")
    finally:
        path.write_text(before, "utf-8")
    assert code == 2
    assert "the edit 'TODO: text of the solution' of mistake 'TODO-name' occurs 0 times in scale" in error


def test_like_submissions_are_listed(seqlab):
    code, text, error = seqlab("alike", "scaling")
    assert (code, error) == (0, "")
    first, *found = text.splitlines()
    assert "no claim" in first
    assert found == ["eve, fay: scale, repeat (7 lines of their own)"]


def test_a_file_that_is_gone_is_named(seqlab, graded):
    path = graded.root / "submitted/ann/scaling/scaling.ipynb"
    content = path.read_bytes()
    path.unlink()
    try:
        code, text, error = seqlab("alike", "scaling")
        assert (code, error) == (0, f"left out, since it cannot be read: {path}\n")
        assert "eve, fay" in text
        code, _, error = seqlab("mistakes", "scaling", "--group", 1)
        assert code == 2
        assert error == f"seqlab: {path}: the answer to scale cannot be read there any more\n"
    finally:
        path.write_bytes(content)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (["mistakes", "scaling", "--group", 2], "there is no group 2: `seqlab mistakes scaling` lists 1"),
        (["mistakes", "unrelated"], "unrelated has not been graded yet"),
        (["alike", "unrelated"], "or give the results of `seqlab check --json` with --json FILE"),
        (["mistakes", "poetry"], "there is no lab 'poetry'"),
        (["alike", "scaling", "--json", "nbgrader_config.py"], "holds no results"),
    ],
)
def test_bad_usage_is_one_line(seqlab, line, words):
    code, _, error = seqlab(*line)
    assert code == 2
    assert error.startswith("seqlab: ")
    assert error.count("\n") == 1
    assert words in error


def test_the_results_of_a_check_do_as_well(seqlab, graded, tmp_path):
    _, mistakes, _ = seqlab("mistakes", "scaling")
    records = [
        json.loads(path.read_text("utf-8")) for path in (graded.state("scaling") / "results").iterdir()
    ]
    found = {"schema": SCHEMA, "seed": None, "submissions": [record["result"] for record in records]}
    path = tmp_path / "results.json"
    path.write_text(json.dumps(found), "utf-8")
    assert seqlab("mistakes", "scaling", "--json", path) == (0, mistakes, "")
    assert "fay" in seqlab("alike", "scaling", "--json", path)[1]
    assert seqlab("alike", "unrelated", "--json", path)[0] == 2


def test_only_the_instructor_s_page_shows_it(seqlab, graded, tmp_path):
    assert seqlab("report", "scaling", "--html", tmp_path)[0] == 0
    page = (tmp_path / "index.html").read_text("utf-8")
    assert "3 students give the same wrong" in page
    assert "y = x * w / 3" in page
    digests = [
        text
        for path in (graded.state("scaling") / "results").iterdir()
        for verdict in json.loads(path.read_text("utf-8"))["result"]["exercises"]
        for texts in verdict["digests"].values()
        for text in texts
    ]
    numbers = {number for text in digests for number in text.split()}
    assert len(numbers) > 3
    shown = [page]
    for folder in ("feedback", "autograded"):
        files = [path for path in (graded.root / folder).rglob("*") if path.is_file()]
        assert files
        shown += [path.read_text("utf-8", "replace") for path in files]
    for text in shown:
        assert not [number for number in numbers if number in text]
    assert not [text for text in shown[1:] if "students give" in text or "digest" in text]
