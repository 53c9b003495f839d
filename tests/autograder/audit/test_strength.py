"""The figures of how well wrong answers are told what is wrong."""

import sys

import pytest

from autograder.audit.locating import aims, located, raises, targets
from autograder.audit.mutants import Mutant, mutants
from autograder.audit.strength import strength_of
from autograder.audit.strength_table import fallen, to_markdown
from autograder.cli import commands as cli
from autograder.referee import Referee
from tests.autograder.audit.average_lab import EXERCISES, lab_in, marks, telling
from tests.autograder.referee.referee_play import write_lab

pytestmark = pytest.mark.slow

WEAK = EXERCISES.replace("1.0 + rng.random()", "1.0")
SURVIVOR = ["scaled = k * total", "scaled = total"]


def only(lab):
    (strength,) = strength_of(lab, jobs=1)
    return strength


def test_wrong_answers_of_a_good_lab_are_caught_and_counted(tmp_path):
    found = only(lab_in(tmp_path, wrong={"mean": {"odd": (("k * total", "k * total + 1"),)}}))
    assert (found.cases, found.mistakes, found.equivalent) == (1, 3, 0)
    assert found.killed == found.mutants > 15
    assert 0 < found.named < found.wrong <= found.mutants + 1
    assert found.losing > found.mutants
    assert not [remark for remark in found.remarks if "not caught" in remark]


def test_what_is_not_caught_is_shown(tmp_path):
    found = only(lab_in(tmp_path, exercises=WEAK))
    assert found.killed < found.mutants
    assert "average, mean: is not caught:\n- scaled = k * total\n+ scaled = total" in found.remarks


ALL_SAID = (("k * total", "k * total + x[0]"),)
RAISES = (("k * total", "k * total + x[:, 0]"),)
CONDITION = (("return scaled", "return scaled if k > 1.5 else scaled + 1"),)


def test_what_is_said_of_a_change_that_sets_a_variable_is_counted(tmp_path):
    found = only(telling(lab_in(tmp_path, wrong={"mean": {"odd": ALL_SAID, "other": CONDITION}})))
    assert 10 < found.rightly == found.said <= found.placeable
    assert found.placeable < found.losing  # no variable is set by a return


@pytest.mark.parametrize(("edits", "counts"), [(ALL_SAID, 1), (RAISES, 0), (CONDITION, 0)])
def test_only_what_sets_a_variable_and_does_not_raise_can_be_located(tmp_path, edits, counts):
    without, with_it = tmp_path / "without", tmp_path / "with"
    for folder in (without, with_it):
        folder.mkdir()
    before = only(telling(lab_in(without)))
    after = only(telling(lab_in(with_it, wrong={"mean": {"odd": edits}})))
    assert after.losing == before.losing + 1
    assert after.placeable == before.placeable + counts
    assert after.rightly == before.rightly + counts


def test_marked_mutants_do_not_count(tmp_path):
    weak, marked = tmp_path / "weak", tmp_path / "marked"
    for folder in (weak, marked):
        folder.mkdir()
    one = only(lab_in(weak, exercises=WEAK))
    other = only(lab_in(marked, exercises=WEAK, marked=marks(SURVIVOR)))
    assert (one.mutants, one.killed) == (other.mutants, other.killed)
    assert other.equivalent == 1


def test_a_share_that_falls_is_told(tmp_path):
    found = [only(lab_in(tmp_path))]
    page = to_markdown(found, "2026-01-01")
    assert not fallen(page, found)
    found[0].killed -= 1
    (line,) = fallen(page, found)
    assert line.startswith("average, mean: caught has fallen from ")
    found[0].exercise = "median"
    assert fallen(page, found) == ["average, median: no figures are kept; write them with --renew"]


def test_the_command_writes_the_page_and_fails_where_a_share_falls(tmp_path, monkeypatch, capsys):
    lab = lab_in(tmp_path)
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["seqlab", "strength", "--page", "strength.md", *arguments])
        with pytest.raises(SystemExit) as end:
            cli.main()
        said = capsys.readouterr()
        return end.value.code, said.out, said.err

    assert run()[0] == 2
    assert run("--renew", "average")[0] == 2
    assert run("--renew")[0] == 0
    assert "| average | `mean` |" in (tmp_path / "strength.md").read_text()
    assert run()[0] == 0
    (lab.folder / "mistakes.py").write_text("mistakes = {}")
    code, out, err = run("--remarks")
    assert (code, "named has fallen from" in err) == (1, True)
    assert "| average | `mean` |" in out


# ---------------------------------------------------------------- slips that need values

SLIPPING = {
    "step": """
        def step(x, a, b):
            n, m = x.shape
            z = a + 30 * x
            total = np.zeros((n, m))
            kept = []
            for t in range(n):
                total[t] = np.tanh(z[t])
                kept.append(t)
            small = b * 2
            return total, np.log(z ** 2), small
    """
}
SLIPPING_CASE = """
    step = Exercise("step", outputs={"total": 1, "logs": 1, "small": 1})

    @step.case
    def plain(rng):
        "plain"
        return {"x": np.ones((2, 3)), "a": np.ones((2, 3)), "b": np.ones(2) / 4}

    lab = Lab(exercises=(step,), modules=())
"""


@pytest.fixture(scope="module")
def slipping(tmp_path_factory):
    lab = write_lab(tmp_path_factory.mktemp("labs") / "slipping", SLIPPING, SLIPPING_CASE)
    return {(mutant.before, mutant.after) for mutant in mutants(Referee(lab, 1), "step")}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("z = a + 30 * x", "z = np.clip(a + 30 * x, -5, 5)"),
        ("z = a + 30 * x", "z = (a + 30 * x).astype(np.float32)"),
        ("z = a + 30 * x", "if True:\na += 30 * x\nz = a"),
        ("total = np.zeros((n, m))", "total = globals().setdefault('kept_from_before', np.zeros((n, m)))"),
        ("total = np.zeros((n, m))", "total = np.zeros((2, m))"),
        ("kept = []", "kept = globals().setdefault('kept_from_before', [])"),
        ("for t in range(n):", "for t in range(2):"),
        (
            "total[t] = np.tanh(z[t])",
            "total[t] = (np.exp(z[t]) - np.exp(-z[t])) / (np.exp(z[t]) + np.exp(-z[t]))",
        ),
        ("return (total, np.log(z ** 2), small)", "return (total, np.log(z ** 2 + 1e-08), small)"),
    ],
)
def test_slips_of_numerics_state_and_sizes_are_made(slipping, before, after):
    assert (before, after) in slipping


@pytest.mark.parametrize("after", ["small = np.clip(b * 2, -5, 5)", "kept.append(1)"])
def test_slips_that_change_nothing_are_not_made(slipping, after):
    assert after not in {after for _, after in slipping}


# ---------------------------------------------------------------- what a change sets

WRITING = {
    "fill": """
        def fill(x):
            total = np.zeros(3)
            made = x + 1
            np.copyto(total,
                      2 * made)
            scaled = total / 3
            return scaled
    """
}
WRITING_CASE = """
    fill = Exercise("fill", outputs={"scaled": 1})

    @fill.case
    def plain(rng):
        "plain"
        return {"x": rng.standard_normal(3)}

    lab = Lab(exercises=(fill,), modules=())
"""
FILL = ("np.copyto(total, 2 * made)", "np.copyto(total, 3 * made)")


@pytest.fixture(scope="module")
def writing(tmp_path_factory):
    folder = tmp_path_factory.mktemp("labs") / "writing"
    return telling(write_lab(folder, WRITING, WRITING_CASE))


def mutant(*lines):
    return Mutant("fill", "", *map("\n".join, zip(*lines, strict=True)))


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        ([FILL], {"total"}),  # by a call, over two lines of the text
        ([("made = x + 1", "made = x")], {"made"}),
        ([("made = x + 1", "made = x"), FILL, ("scaled = total / 3",) * 2], {"made", "total"}),
        ([("return scaled", "return total")], set()),
    ],
)
def test_the_variables_that_a_change_sets(writing, lines, names):
    assert aims(writing, mutant(*lines)) == names


def test_what_a_call_writes_into_is_located(writing):
    source = "def fill(x):\n    total = np.zeros(3)\n    made = x + 1\n    np.copyto(total, {})\n"
    source += "    scaled = total / 3\n    return scaled\n"
    assert located(writing, "fill", source.format("3 * made")).name == "total"
    assert located(writing, "fill", source.format("2 * made")) is None


def test_an_answer_that_raises_in_a_traced_case_is_told(writing):
    assert raises(writing, "fill", lambda x: x[3])
    assert raises(writing, "fill", lambda x: x[:, 0])
    assert not raises(writing, "fill", lambda x: x)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("a, (b.c, d[0]) = 1, (2, 3)", {"a", "b", "d"}),
        ("a[1:] += 2", {"a"}),
        ("for i, word in enumerate(x):", {"i", "word"}),
        ("np.clip(a, 0, 1, out=b)", {"b"}),
        ("a.append(b)", {"a"}),
        ("return a", set()),
        ("a = (", set()),
    ],
)
def test_the_variables_that_a_line_sets(line, names):
    assert targets(line) == names
