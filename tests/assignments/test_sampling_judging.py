"""What is particular to the hidden tests of the lab `sampling`; see test_labs_judging for the rest."""

import numpy as np
import pytest

from autograder.audit.play import grade, judged, namespace
from tests.autograder.referee.referee_play import edited

LAB = "sampling"


def test_every_gradient_has_entries_to_clip_on_both_sides_and_on_either(referees):
    for referee in referees:
        sides = []
        for case in referee.cases["clip"]:
            if case.group == "core":
                gradients, bound = case.inputs.values()
                (side,) = {(bool(g.min() < -bound), bool(g.max() > bound)) for g in gradients.values()}
                sides.append(side)
        assert set(sides) == {(True, True), (True, False), (False, True)}
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


def test_the_published_sample_is_compared_as_far_as_it_is_conditioned(referee, right):
    (published,) = [case for case in referee.cases["sample"] if case.group == "published"]
    assert published.first == {"indices": 40}
    tail = edited(
        right["sample"],
        ("    return indices", "    return indices[:43] + [newline_character] * (len(indices) - 43)"),
    )
    found = judged(referee, "sample", tail)
    assert next(case for case in found.cases if case.name == published.name).status == "passed"


def test_a_name_drawn_without_the_global_generator_is_found_out(referee, right):
    source = edited(
        right["sample"],
        ("np.random.seed(seed + 2 * counter)", "rng = np.random.RandomState(seed + 2 * counter)"),
        ("np.random.choice", "rng.choice"),
    )
    found = judged(referee, "sample", source)
    assert found.points == pytest.approx(0.8 * found.max_points)
    assert [case.name for case in found.cases if case.status == "failed"] == [
        "the random state is left as it should be"
    ]


def test_one_case_of_optimize_needs_clipping_and_one_does_not(referees):
    for referee in referees:
        clipped = {
            case.name: max(np.abs(g).max() for g in case.outputs[1].values()) == 5
            for case in referee.cases["optimize"]
        }
        assert clipped["a name whose gradients are clipped"]
        assert not clipped["a name of nothing but its end"]


def test_a_stub_before_does_not_keep_the_loop_from_its_points(referee, lab, stubs):
    first = {name: stubs[name] for name in ("clip", "sample", "optimize")}
    verdicts = grade(referee, namespace(lab, first))
    assert [verdict.points for verdict in verdicts.values()] == [0, 0, 0, 30]
