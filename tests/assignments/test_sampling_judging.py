"""What is particular to the hidden tests of the lab `sampling`; see test_labs_judging for the rest."""

import numpy as np
import pytest

from autograder.audit.play import grade, judged, namespace
from autograder.lab.text import reference_source
from autograder.referee import Referee
from tests.autograder.referee.referee_play import edited, mistaken_source

POINTS = {"clip": 15, "sample": 35, "optimize": 20, "model": 30}


@pytest.fixture(scope="module")
def lab(course):
    return course.lab("sampling")


@pytest.fixture(scope="module")
def right(lab):
    return reference_source(lab.text)


@pytest.fixture(scope="module")
def referees(lab):
    made = [Referee(lab, seed) for seed in (1, 2, 3)]
    yield made
    for referee in made:
        referee.close()


def test_every_gradient_has_entries_to_clip_on_both_sides(referees):
    for referee in referees:
        for case in referee.cases["clip"]:
            if case.group == "core":
                gradients, bound = case.inputs.values()
                assert all(g.max() > bound and g.min() < -bound for g in gradients.values())
        assert any(case.inputs["maxValue"] == 0 for case in referee.cases["clip"])


def test_names_of_every_length_are_drawn(referees):
    for referee in referees:
        cases = {case.name: case for case in referee.cases["sample"]}
        fifty = next(case for name, case in cases.items() if name.startswith("no newline"))
        newline = fifty.inputs["char_to_ix"]["\n"]
        (indices,) = fifty.outputs
        assert len(indices) == 51
        assert indices.count(newline) == 1
        assert len(cases["a newline comes early"].outputs[0]) < 20
        core = [case for case in cases.values() if case.group == "core"]
        assert {case.inputs["char_to_ix"]["\n"] for case in core} != {0}
        assert max(len(case.outputs[0]) for case in core) > 8


def test_the_published_sample_is_compared_as_far_as_it_is_conditioned(referees, right):
    (published,) = [case for case in referees[0].cases["sample"] if case.group == "published"]
    assert published.first == {"indices": 40}
    tail = edited(
        right["sample"],
        ("    return indices", "    return indices[:43] + [newline_character] * (len(indices) - 43)"),
    )
    found = judged(referees[0], "sample", tail)
    assert next(case for case in found.cases if case.name == published.name).status == "passed"


def test_a_name_drawn_without_the_global_generator_is_found_out(referees, right):
    source = edited(
        right["sample"],
        ("np.random.seed(seed + 2 * counter)", "rng = np.random.RandomState(seed + 2 * counter)"),
        ("np.random.choice", "rng.choice"),
    )
    found = judged(referees[0], "sample", source)
    assert found.points == pytest.approx(0.8 * found.max_points)
    assert [case.name for case in found.cases if case.status == "failed"] == [
        "the random state is left as it should be"
    ]


def test_one_case_of_optimize_needs_clipping_and_one_does_not(referees, lab):
    for referee in referees:
        clipped = {
            case.name: max(np.abs(g).max() for g in case.outputs[1].values()) == 5
            for case in referee.cases["optimize"]
        }
        assert clipped["a name whose gradients are clipped"]
        assert not clipped["a name of nothing but its end"]


@pytest.mark.parametrize("wrong", ["clip", "sample", "optimize"])
def test_one_mistake_costs_once(referees, lab, wrong):
    source = mistaken_source(lab, wrong, lab.mistakes[wrong][-1].name)
    verdicts = grade(referees[0], namespace(lab, {wrong: source}))
    assert verdicts[wrong].points < POINTS[wrong]
    for name in POINTS:
        if name != wrong:
            assert verdicts[name].points == POINTS[name], name
    assert verdicts["model"].carried_forward


def test_a_stub_before_does_not_keep_the_loop_from_its_points(referees, lab, release):
    cells = [cell for cell in release("sampling").cells if cell.metadata.get("nbgrader", {}).get("solution")]
    stubs = {cell.metadata.nbgrader.grade_id: cell.source for cell in cells[:3]}
    verdicts = grade(referees[0], namespace(lab, stubs))
    assert [verdict.points for verdict in verdicts.values()] == [0, 0, 0, 30]
