"""Finding a course, its labs and seeds, and what is said of a lab whose files are wrong."""

import threading

import numpy as np
import pytest

from autograder.errors import LabError, UsageError
from autograder.lab.course import Course, load_config
from autograder.lab.exercise import Mistake
from tests.autograder.referee.toy_lab import toy_lab


@pytest.fixture
def toy(tmp_path):
    (tmp_path / "nbgrader_config.py").touch()
    toy_lab(tmp_path / "assignments")
    return Course(tmp_path)


def rewritten(toy, file, *changes):
    path = toy.root / "assignments" / "toy" / file
    text = path.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, "utf-8")
    return toy.lab("toy")


def test_a_course_is_found_from_any_folder_within(toy, tmp_path, monkeypatch):
    assert Course.find(toy.root / "assignments" / "toy") == toy
    monkeypatch.chdir(toy.root / "assignments")
    assert Course.find() == toy
    outside = tmp_path.parent
    with pytest.raises(UsageError, match=r"is in no course, .*; `seqlab init FOLDER` makes one") as caught:
        Course.find(outside)
    assert caught.value.exit_code == 2
    (toy.root / "nbgrader_config.py").unlink()
    with pytest.raises(UsageError):
        Course.find(toy.root)


def test_labs_are_the_folders_with_a_text_of_their_own_name(toy):
    (toy.root / "assignments" / "notes").mkdir()
    (toy.root / "assignments" / "notes" / "other.py").touch()
    (toy.root / "assignments" / "readme.py").touch()
    assert toy.labs == ["toy"]
    assert toy.lab("toy").name == "toy"
    with pytest.raises(UsageError, match="no lab 'cells'; there are toy"):
        toy.lab("cells")
    with pytest.raises(UsageError, match="no lab"):
        toy.lab("../toy")


def test_a_lab_reads_all_of_its_files(toy):
    lab = toy.lab("toy")
    assert list(lab.exercises) == ["scale", "both"]
    assert lab.tests == {"test_scale": "scale", "test_both": "both"}
    assert lab.points == {"scale": 10, "both": 10}
    assert [m.name for m in lab.mistakes["scale"]] == ["half", "mean", "adds-x", "axis"]
    assert list(lab.published) == ["scale"]
    assert lab.reference["both"](np.array([[1.0], [2.0]]), 2).tolist() == [[8.0], [10.0]]
    assert lab.lab.modules == ()


def test_mistakes_and_published_values_may_be_missing(toy):
    for name in ("mistakes.py", "published.json"):
        (toy.root / "assignments" / "toy" / name).unlink()
    assert toy.lab("toy").mistakes == {}
    assert toy.lab("toy").published == {}


LAST = "lab = Lab(exercises=(scale, both), modules=())"


@pytest.mark.parametrize(
    ("file", "change", "read", "words"),
    [
        (
            "exercises.py",
            (LAST, "lab = Lab(exercises=(scale,), modules=())"),
            "lab",
            "both is in only one",
        ),
        ("exercises.py", ('Exercise("both"', 'Exercise("booth"'), "lab", "booth is in only one"),
        (
            "exercises.py",
            ("exercises=(scale, both)", "exercises=(scale, both, both)"),
            "lab",
            "has both twice",
        ),
        ("exercises.py", ("(scale, both)", "(both, scale)"), "lab", "both calls scale, which is no earlier"),
        ("exercises.py", (LAST, "x = ("), "lab", "exercises.py cannot be used: SyntaxError"),
        ("exercises.py", (LAST, "1 / 0"), "lab", "exercises.py cannot be used: ZeroDivisionError"),
        ("exercises.py", (LAST, ""), "lab", "exercises.py cannot be used: AttributeError"),
        ("exercises.py", ('"ordinary"', "None"), "lab", "case ordinary of scale needs a docstring"),
        (
            "mistakes.py",
            ('"scale": [', '"scales": ['),
            "mistakes",
            "mistakes of scales, which is no exercise",
        ),
        ("mistakes.py", ("Mistake(", "Fault("), "mistakes", "mistakes.py cannot be used: NameError"),
        ("published.json", ('{"scale"', "{scale"), "published", "published.json: not JSON"),
        ("published.json", ('"inputs"', '"input"'), "published", "the entry of scale lacks `inputs`"),
        ("toy.py", ("def both", "def bother"), "reference", "must define the function both once"),
    ],
)
def test_a_lab_whose_files_are_wrong_is_told_in_one_line(toy, file, change, read, words):
    lab = rewritten(toy, file, change)
    with pytest.raises(LabError, match=words) as caught:
        getattr(lab, read)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_missing_exercises_file_is_named(toy):
    (toy.root / "assignments" / "toy" / "exercises.py").unlink()
    with pytest.raises(LabError, match=r"toy: exercises\.py is missing in"):
        toy.lab("toy").lab


def test_a_mistake_is_the_reference_with_its_edits(toy):
    lab = toy.lab("toy")
    half = lab.mistakes["scale"][0]
    x = np.array([[4.0]])
    assert (lab.mistaken("scale", half)(x, 3)[0], lab.reference["scale"](x, 3)[0]) == (6.0, 12.0)
    assert lab.mistaken("scale", half) is lab.mistaken("scale", half)


@pytest.mark.parametrize(("old", "times"), [("nowhere", 0), ("big", 3)])
def test_an_edit_must_stand_once_in_the_reference(toy, old, times):
    with pytest.raises(LabError, match=f"{old}.* of mistake 'm' occurs {times} times in scale"):
        toy.lab("toy").mistaken("scale", Mistake("m", ((old, "x"),), "help"))


# ---------------------------------------------------------------- the secret


def test_a_secret_is_drawn_once_and_kept_private(toy):
    secret = toy.secret()
    assert len(secret) == 32
    assert Course(toy.root).secret() == secret
    assert [path.name for path in (toy.root / ".seqlab").iterdir()] == ["secret"]
    assert (toy.root / ".seqlab/secret").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("text", ["", "abc\n", "5eed", "no secret"])
def test_a_spoilt_secret_is_not_silently_replaced(toy, text):
    (toy.root / ".seqlab").mkdir()
    (toy.root / ".seqlab/secret").write_text(text)
    with pytest.raises(UsageError, match="holds no secret"):
        toy.secret()


def test_graders_that_start_at_once_agree(toy):
    secrets, start = [], threading.Barrier(8)

    def draw():
        start.wait()
        secrets.append(Course(toy.root).secret())

    threads = [threading.Thread(target=draw) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(secrets)) == 1


# ---------------------------------------------------------------- the configuration


def test_an_old_import_path_in_a_configuration_is_told_in_one_line_with_the_new_one(tmp_path):
    old = 'c = get_config()\nc.Autograde.pre_convert_hook = "autograder.build.register_before_autograde"\n'
    old += "c.Autograde.autograde_preprocessors = ['autograder.hooks.GradeInSandbox']\n"
    (tmp_path / "nbgrader_config.py").write_text(old, "utf-8")
    with pytest.raises(UsageError) as raised:
        load_config(tmp_path)
    (line,) = str(raised.value).splitlines()
    assert "autograder.build.register_before_autograde is now autograder.gradebook.register.register" in line
    assert "autograder.hooks.GradeInSandbox is now autograder.gradebook.plugins.GradeInSandbox" in line


@pytest.mark.parametrize("text", ["c = ", "c.Exchange.course_id = cours", "raise ValueError('two\\nlines')"])
def test_a_configuration_that_cannot_be_run_is_told_in_one_line(tmp_path, text):
    (tmp_path / "nbgrader_config.py").write_text(text, "utf-8")
    with pytest.raises(UsageError, match=r"nbgrader_config.py cannot be read: \w+Error: ") as raised:
        load_config(tmp_path)
    assert "\n" not in str(raised.value)
