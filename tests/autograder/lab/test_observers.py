"""Functions that return no plain values: an observer calls them, and reference.py has what is right."""

import re
import sys
import types

import pytest

from autograder.audit.mutants import mutants
from autograder.audit.prove import Proofs
from autograder.cli.demo import lab_of
from autograder.errors import LabError, UsageError
from autograder.lab.course import Course
from autograder.lab.extras import lacking
from autograder.referee import Referee
from autograder.release.known_places import places_text
from autograder.release.open_cases import open_cases
from autograder.settings import Settings
from course_utils.judging.examination import examine
from course_utils.judging.observed import Unfit
from course_utils.judging.open_cases import read_text, text_of
from tests.autograder.referee.referee_play import grade, play, student, write_lab

LAYER = """def layer(units):
    model = lambda x: np.tanh(x @ model.weights)
    model.weights = np.zeros((units, units))
    return model
"""
REFERENCE = '''"""The right layer."""

import numpy as np


def activation(z):
    return np.tanh(z)


def layer(units, weights, x):
    return activation(x @ weights)
'''
EXERCISES = """
    layer = Exercise("layer", outputs={"y": 1}, observer="of_tests.layer")

    @layer.case
    def small(rng):
        "a small layer"
        return {"units": 3, "weights": rng.standard_normal((3, 3)), "x": rng.standard_normal((2, 3))}

    lab = Lab(exercises=(layer,), modules=())
"""
MISTAKES = """
    mistakes = {
        "layer": [
            Mistake(
                "transposed", (("x @ weights", "x @ weights.T"),), "the weights are transposed.",
                written=(("model.weights)", "model.weights.T)"),),
            )
        ]
    }
"""
PUBLISHED = {
    "layer": {
        "inputs": ["y = layer(2, np.eye(2), np.ones((1, 2)))"],
        "outputs": ["y"],
        "values": [{"expression": "y.shape", "value": [1, 2]}],
    }
}


def observer(function, units, weights, x):
    model = function(units)
    if not hasattr(model, "weights"):
        raise Unfit("it returns no layer, but a value without weights")
    model.weights = weights
    return model(x)


@pytest.fixture(autouse=True)
def of_tests(monkeypatch):
    module = types.ModuleType("course_utils.of_tests")
    module.layer = observer
    monkeypatch.setitem(sys.modules, "course_utils.of_tests", module)


def lab_with(folder, exercises=EXERCISES, reference=REFERENCE):
    lab = write_lab(folder / "assignments" / "toy", {"layer": LAYER}, exercises, MISTAKES, PUBLISHED)
    if reference:
        (lab.folder / "reference.py").write_text(reference, "utf-8")
    return lab


@pytest.fixture
def lab(tmp_path):
    return lab_with(tmp_path)


def verdict(lab, source):
    with Referee(lab, 5) as referee:
        return grade(referee, student(source), "layer")["layer"]


def test_what_the_observer_returns_is_compared_with_the_reference(lab):
    assert verdict(lab, LAYER).correct
    wrong = verdict(lab, LAYER.replace("np.tanh", "np.sin"))
    assert wrong.points == 0
    assert "`y`" in wrong.message


def test_a_mistake_of_the_reference_names_the_same_mistake_of_a_solution(lab):
    assert verdict(lab, LAYER.replace("model.weights)", "model.weights.T)")).mistake == "transposed"


def test_what_cannot_be_observed_is_said_as_the_observer_says_it(lab):
    said = verdict(lab, "def layer(units):\n    return 3").message
    assert said.startswith("`layer`: it returns no layer, but a value without weights")


def test_an_answer_that_is_observed_is_never_traced(lab):
    with Referee(lab, 5) as referee:
        session = referee.judge().open(lab.exercises["layer"])
        frames = play(session, student(LAYER.replace("np.tanh", "np.sin")))
        assert not session.close().correct
    assert [header["type"] for header, _ in frames] == ["open", *3 * ["case"], "end"]
    assert places_text(lab, lab.folder / "none.json") == "{\n\n}\n"


def test_the_visible_check_observes_too(lab):
    opened = read_text(text_of(open_cases(lab)))
    entry = lab.published["layer"]
    assert not examine(student(LAYER)["layer"], "layer", entry, opened).problem
    wrong = student(LAYER.replace("np.tanh", "np.sin"))["layer"]
    assert "`y`" in examine(wrong, "layer", entry, opened).problem
    unfit = student("def layer(units):\n    return 3")["layer"]
    assert "it returns no layer" in examine(unfit, "layer", entry, opened).problem


def test_the_audit_grades_solutions(lab):
    with Proofs(lab, (1, 2)) as proofs:
        audit = proofs.exercise("layer")
    assert audit.failures == ["answers.py has 0 right answers; an exercise needs 3"]
    with Referee(lab, 5) as referee:
        sources = [one.source for one in mutants(referee, "layer")]
    assert sources
    assert all("model.weights" in source for source in sources)


def test_the_audit_proves_alternatives_as_they_are_written(tmp_path):
    other = """alternatives=(
        Alternative(
            "sine", (("activation(x @ weights)", "np.sin(x @ weights)"),), "You wrote a sine.",
            written=(("np.tanh", "np.sin"),),
        ),
    ), observer="""
    imports = "\n    from autograder import Alternative\n"
    lab = lab_with(tmp_path, imports + EXERCISES.replace("observer=", other))
    with Proofs(lab, (1, 2)) as proofs:
        assert proofs.alternatives("layer") == []
    found = verdict(lab, LAYER.replace("np.tanh", "np.sin"))
    assert found.correct
    assert found.message == "You wrote a sine."


def test_an_observer_and_a_reference_come_together(tmp_path):
    with pytest.raises(LabError, match="layer has an observer but not a reference"):
        _ = lab_with(tmp_path / "one", reference="").lab
    plain = EXERCISES.replace(', observer="of_tests.layer"', "")
    with pytest.raises(LabError, match=r"layer has a reference .* but not an observer"):
        _ = lab_with(tmp_path / "other", plain).lab


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("import numpy as np\n\nSIZE = 3\n", "line 3: only imports and functions may stand here"),
        ("def helper():\n    return 1\n", "none of its functions is an exercise"),
        ("def layer(:\n", "cannot be read as Python"),
    ],
)
def test_a_reference_of_another_form_is_refused(tmp_path, reference, said):
    with pytest.raises(LabError, match=said):
        _ = lab_with(tmp_path, reference=reference).lab


def test_a_lab_whose_framework_is_missing_says_what_to_install(tmp_path, monkeypatch):
    needs = EXERCISES.replace("modules=()", 'modules=(), extra="keras"')
    lab_with(tmp_path, needs)
    (tmp_path / "nbgrader_config.py").touch()
    course = Course(tmp_path)
    monkeypatch.setattr("autograder.lab.extras.find_spec", lambda name: name in ("keras", "jax"))
    assert course.runnable == ["toy"]
    assert lacking("keras") == ""
    monkeypatch.setattr("autograder.lab.extras.find_spec", lambda name: False)
    said = "needs Keras and a backend of Keras (PyTorch, JAX or TensorFlow): `pip install 'seqlab[keras]'`"
    assert course.runnable == []
    assert course.lab("toy").lacks.startswith(f"the lab toy {said}")
    with pytest.raises(UsageError, match=re.escape(f"the lab toy {said}")):
        Settings().fork_server(course.lab("toy"))
    with pytest.raises(StopIteration):
        lab_of(course)


def test_an_unknown_extra_is_refused(tmp_path):
    lab = lab_with(tmp_path, EXERCISES.replace("modules=()", 'modules=(), extra="fortran"'))
    with pytest.raises(LabError, match="there is no extra 'fortran'; there are keras, torch"):
        _ = lab.lab
