"""What the visible checks know of mistakes, of a small lab and of the repository's own."""

import json
import re
import runpy
import warnings
from pathlib import Path

import numpy as np
import pytest

from autograder.audit.play import namespace
from autograder.errors import OutOfDate
from autograder.lab.earlier import importable
from autograder.lab.text import reference_source
from autograder.lab.variants import variants
from autograder.release.build import build
from autograder.release.mistake_hints import hints, hints_text
from autograder.release.open_cases import open_cases
from course_utils.judging.attempt import try_cases
from course_utils.judging.examination import likely_mistake
from course_utils.judging.fingerprints import agree, fingerprints
from course_utils.judging.open_cases import entry_of
from tests.autograder.referee.referee_play import edited, write_lab
from tests.plain import COURSE
from tests.plain import PLAIN as LABS

NOWHERE = Path("no such file")

FUNCTIONS = {
    "bend": """
        def bend(x, w):
            y = np.tanh(x) * w
            total = np.sum(y, axis=1, keepdims=True)
            return y, total
    """,
    "move": """
        def move(parameters, gradients):
            for name in parameters:
                parameters[name] -= 0.1 * gradients[name]
            return {"size": np.sqrt(sum(np.sum(g**2) for g in gradients.values()))}
    """,
    "draw": """
        def draw(p, seed):
            np.random.seed(seed)
            chosen = [np.random.choice(len(p), p=p)]
            return chosen
    """,
}
EXERCISES = """
    bend = Exercise("bend", outputs={"y": 2, "total": 1}, loose=("total",))
    move = Exercise("move", outputs={"size": 1}, returns=dict, effects={"parameters": 1})
    draw = Exercise("draw", outputs={"chosen": 1}, seeds=True)

    @bend.case
    def ordinary(rng):
        "ordinary"
        return {"x": rng.standard_normal((3, 4)), "w": 2}

    @bend.case
    def negative(rng):
        "a negative w"
        return {"x": rng.standard_normal((2, 3)), "w": -0.5 - rng.random()}

    @move.case
    def ordinary(rng):
        "ordinary"
        return {"parameters": {"v": rng.random(4)}, "gradients": {"v": rng.random(4)}}

    @draw.case
    def ordinary(rng):
        "ordinary"
        return {"p": np.full(4, 0.25), "seed": 3}

    lab = Lab(exercises=(bend, move, draw), modules=())
"""
MISTAKES = {
    "bend": {
        "straight": ("np.tanh(x)", "x"),
        "bare": (" * w", ""),
        "rows": ("axis=1, keepdims=True", "axis=0"),
        "mean": ("np.sum(y, ", "np.mean(y, "),
        "as long as w is 2: sum": ("np.tanh(x) * w", "np.tanh(x) * (w + w)"),
        "as long as w is 2: square": ("np.tanh(x) * w", "np.tanh(x) * w**2"),
        "positive w only": (" * w", " * abs(w)"),
        "unseen": ("y = np", "y = 1.0 * np"),
        "flat": (", keepdims=True", ""),
        "raises": ("np.tanh(x) * w", "x @ x"),
        "chaotic": ("np.tanh(x)", "np.sin(1e9 * x)"),
        "infinite": ("np.tanh(x) * w", "x / 0"),
    },
    "move": {"uphill": ("-= 0.1", "+= 0.1"), "no root": ("np.sqrt(", "(")},
    "draw": {"highest": ("np.random.choice(len(p), p=p)", "3"), "next": ("seed(seed)", "seed(seed + 7)")},
}


def small(folder, mistakes=MISTAKES):
    """Return the small lab; the help of a mistake is its name up to a colon."""
    listed = {
        name: [f"Mistake({key!r}, ({edit!r},), {key.partition(':')[0]!r})" for key, edit in group.items()]
        for name, group in mistakes.items()
    }
    text = "".join(f"{name!r}: [{', '.join(group)}], " for name, group in listed.items())
    return write_lab(folder / "bending", FUNCTIONS, EXERCISES, f"mistakes = {{{text}}}")


def tries(lab, name, function):
    """Return what came of the open cases of each right form of an exercise, by its entry in hints.json."""
    opened = open_cases(lab)[name]
    with importable(lab.folder.parent), np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {
            entry_of(name, form.label): try_cases(function, opened.form, form.cases) for form in opened.all()
        }


def named(lab, known, entry, function):
    name = entry.partition(" ")[0]
    found = likely_mistake(
        open_cases(lab)[name].form, known.get(entry, ()), tries(lab, name, function)[entry]
    )
    return found.help if found else ""


def right_forms(lab):
    """Return each entry that hints.json may have, with its exercise, its variant of the lab and its cases."""
    return {
        entry_of(name, form.label): (name, one, form.cases)
        for name in lab.exercises
        for one, form in zip(variants(lab, name), open_cases(lab)[name].all(), strict=True)
    }


def changed(lab, name, *edits):
    """Return an exercise of the lab with some texts replaced."""
    return namespace(lab, {name: edited(reference_source(lab.text)[name], *edits)})[name]


def test_what_is_kept_of_each_mistake(tmp_path):
    known = hints(small(tmp_path))
    kept = {mistake["help"]: list(mistake["outputs"]) for group in known.values() for mistake in group}
    assert kept == {
        "straight": ["y", "total"],
        "bare": ["y", "total"],
        "rows": ["total"],
        "mean": ["total"],
        "as long as w is 2": ["y", "total"],
        "uphill": ["parameters"],
        "no root": ["size"],
        "highest": ["chosen"],
        "next": ["chosen"],
        "positive w only": ["y", "total"],
    }
    assert all(
        len(numbers) == 4 for group in known.values() for m in group for numbers in m["outputs"].values()
    )


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_mistake_is_named_by_its_own_sentence_and_the_right_answer_never(tmp_path, name):
    lab = small(tmp_path)
    known = hints(lab)
    assert named(lab, known, name, lab.reference[name]) == ""
    silent = {"unseen", "flat", "raises", "chaotic", "infinite"}
    for mistake in lab.mistakes[name]:
        said = "" if mistake.name in silent else mistake.help
        assert named(lab, known, name, lab.mistaken(name, mistake)) == said


def test_of_mistakes_that_a_case_cannot_tell_apart_another_case_tells(tmp_path):
    """With w = 2 the sum and the square are equal, and with a negative w they are not."""
    twins = {
        "sum": ("np.tanh(x) * w", "np.tanh(x) * (w + w)"),
        "square": ("np.tanh(x) * w", "np.tanh(x) * w**2"),
    }
    lab = small(tmp_path, {"bend": twins})
    known = hints(lab)
    assert [mistake["case"] for mistake in known["bend"]] == [1, 1]
    assert [mistake["fails"] for mistake in known["bend"]] == [[0, 1]] * 2
    for mistake in lab.mistakes["bend"]:
        assert named(lab, known, "bend", lab.mistaken("bend", mistake)) == mistake.help


def test_mistakes_that_no_case_tells_apart_say_nothing(tmp_path):
    twins = {"one": ("np.tanh(x) * w", "np.tanh(x) * 7"), "two": ("np.tanh(x) * w", "7 * np.tanh(x)")}
    lab = small(tmp_path, {"bend": twins})
    known = hints(lab)
    assert len(known["bend"]) == 2
    for mistake in lab.mistakes["bend"]:
        assert named(lab, known, "bend", lab.mistaken("bend", mistake)) == ""


def test_of_two_mistakes_at_once_the_first_is_named(tmp_path):
    lab = small(tmp_path)
    function = changed(lab, "bend", ("np.tanh(x)", "x"), ("np.sum(y, ", "np.mean(y, "))
    assert named(lab, hints(lab), "bend", function) == "straight"


@pytest.mark.parametrize("seed", range(20))
def test_noise_is_never_named(tmp_path, seed):
    lab = small(tmp_path)
    rng = np.random.default_rng(seed)

    def bend(x, w):
        return rng.standard_normal((3, 4)), rng.standard_normal((3, 1))

    def move(parameters, gradients):
        parameters["v"] += rng.standard_normal(2)
        return {"size": float(rng.random())}

    known = hints(lab)
    assert named(lab, known, "bend", bend) == named(lab, known, "move", move) == ""


def test_a_text_is_kept_where_only_the_rounding_differs(tmp_path):
    lab = small(tmp_path)
    text = hints_text(lab, NOWHERE)
    before = tmp_path / "hints.json"
    assert json.loads(text) == hints(lab)
    number = re.search(r"\d\.\d{7}", text)[0]
    last = f"{number[:-1]}{(int(number[-1]) + 1) % 10 or 1}"
    before.write_text(text.replace(number, last))
    assert hints_text(lab, before) == before.read_text() != text
    for other in (
        text.replace(number, "7.5"),
        text.replace("mean", "average"),
        "{}",
        "[",
        "[1]",
        '{"bend": [1]}',
    ):
        before.write_text(other)
        assert hints_text(lab, before) == text


def test_a_lab_without_mistakes_has_no_file(tmp_path):
    assert hints_text(small(tmp_path, mistakes={}), NOWHERE) == ""


def test_a_build_writes_the_file_and_check_sees_another(tmp_path):
    folder = tmp_path / "assignments"
    small(folder)
    (tmp_path / "nbgrader_config.py").write_text((COURSE.root / "nbgrader_config.py").read_text("utf-8"))
    assert "release/bending/hints.json" in build(tmp_path).written
    source, release = (tmp_path / step / "bending/hints.json" for step in ("source", "release"))
    assert source.read_bytes() == release.read_bytes()
    build(tmp_path, check=True)
    source.write_text(source.read_text().replace("straight", "crooked"))
    with pytest.raises(OutOfDate, match=r"out of date: source/bending/hints\.json; run"):
        build(tmp_path, check=True)
    mistakes = folder / "bending/mistakes.py"
    mistakes.write_text(mistakes.read_text().replace("'uphill')", "'It goes uphill.')"))
    assert build(tmp_path).written == ["source/bending/hints.json", "release/bending/hints.json"]


# ---------------------------------------------------------------- the labs of this repository


@pytest.fixture(scope="module", params=LABS)
def lab(request):
    return COURSE.lab(request.param)


@pytest.fixture(scope="module")
def known(lab):
    return hints(lab)


def test_right_answers_are_never_named(lab, known):
    answers = runpy.run_path(str(lab.folder / "answers.py"))["answers"]
    for name in lab.exercises:
        sources = [lab.reference[name]]
        sources += [namespace(lab, {name: source})[name] for source in answers[name].values()]
        for function in sources:
            equal = [entry for entry, tried in tries(lab, name, function).items() if tried.passed]
            assert equal
            assert not any(named(lab, known, entry, function) for entry in equal)


def test_each_mistake_is_named_by_its_own_sentence_or_not_at_all(lab, known):
    total = found = 0
    for entry, (name, one, _) in right_forms(lab).items():
        for mistake in one.mistakes.get(name, ()):
            said = named(lab, known, entry, one.mistaken(name, mistake))
            assert said in ("", mistake.help), mistake.name
            total, found = total + 1, found + bool(said)
    assert found > 0.75 * total


def test_the_right_outputs_are_not_in_the_file(lab, known):
    forms = right_forms(lab)
    assert known.keys() <= forms.keys()
    for entry, group in known.items():
        name, _, cases = forms[entry]
        form = open_cases(lab)[name].form
        for mistake in group:
            case = cases[mistake["case"]]
            right = fingerprints(form, case, case.outputs, case.random)
            for output, numbers in mistake["outputs"].items():
                assert not agree(right[output], numbers, 1e-6), (name, mistake["help"])


def test_the_file_holds_no_code(lab, known):
    forms = right_forms(lab)
    for entry, group in known.items():
        name, one, _ = forms[entry]
        lines = {line.strip() for line in reference_source(one.text)[name].splitlines()}
        helps = "\n".join(mistake["help"] for mistake in group)
        news = [new.strip() for m in lab.mistakes[name] for _, new in m.edits]
        assert not [code for code in (*lines, *news) if len(code) > 12 and "(" in code and code in helps]
        names = set(lab.exercises[name].weights)
        assert all(mistake["outputs"].keys() <= names for mistake in group)
