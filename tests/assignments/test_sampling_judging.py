"""What is particular to the hidden tests of the lab `sampling`; see test_labs_judging for the rest."""

import textwrap

import numpy as np
import pytest

from autograder.audit.play import grade, judged, namespace, play
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
        cases = [case for case in referee.cases["sample"] if case.group != "published"]
        long = {case.name: len(case.outputs[0]) for case in cases}
        assert long["a newline comes shortly before the fiftieth character"] == 49
        assert long["a newline comes at once"] == 1
        assert sorted(long.values())[-2:] == [51, 51]
        for case in cases:
            (indices,) = case.outputs
            newline = case.inputs["char_to_ix"]["\n"]
            assert indices.index(newline) == len(indices) - 1
        groups = {(case.group == "alphabets", case.inputs["char_to_ix"]["\n"] == 0) for case in cases}
        assert groups == {(True, False), (False, True)}


@pytest.mark.parametrize("limit", [11, 15, 18, 20, 33, 45, 48])
def test_a_smaller_limit_earns_nothing_with_any_seed(referees, right, limit):
    source = edited(right["sample"], ("range(50)", f"range({limit})"))
    for referee in referees:
        assert judged(referee, "sample", source).points == 0


def test_a_misspelt_parameter_is_named_and_costs_no_more_than_other_alphabets(referees, right):
    """The source document's `sample` reads the notebook's own alphabet in place of its argument."""
    source = edited(right["sample"], ("parameters, char_to_ix, seed", "parameters, char_to_is, seed"))
    notebook = "char_to_ix = {ch: i for i, ch in enumerate('\\nabcdefghijklmnopqrstuvwxyz')}\n"
    for referee in referees:
        found = judged(referee, "sample", notebook + source)
        assert found.points >= found.max_points / 2
        assert found.mistake == "reads-another-alphabet"
        assert "misspelt" in found.message
        assert {case.name.split(",")[0] for case in found.cases if case.status == "failed"} <= {
            "a hundred letters",
            "fewer characters than hidden units",
            "the random state is left as it should be",
        }


def test_large_sums_are_no_matter_for_a_right_answer_and_overflow_a_naive_one(referee, right):
    naive = edited(
        right["sample"],
        ("softmax(np.dot(Wya, a_prev) + by)", "np.exp(np.dot(Wya, a_prev) + by)\n        y = y / y.sum()"),
    )
    found = judged(referee, "sample", naive)
    assert [case.name for case in found.cases if case.status == "failed"] == [
        "a newline comes early, from sums so large that a careless exponential overflows"
    ]
    assert found.points == pytest.approx(0.8 * found.max_points)


@pytest.mark.parametrize("file", [True, False])
def test_the_names_may_come_from_data_or_from_the_file_that_the_documents_open(referees, right, file):
    own = (
        ("data.splitlines()", "open('dinos.txt').readlines()")
        if file
        else ("line.lower()", "line.casefold()")
    )
    for referee in referees:
        found = judged(referee, "model", edited(right["model"], own))
        assert found.points == found.max_points


def test_the_file_of_a_case_holds_its_names_and_goes_in_with_it(referee, lab):
    sent = {}
    for name in ("optimize", "model"):
        frames = play(referee.judge().open(lab.exercises[name]), dict(lab.reference))
        sent[name] = [header.get("files") for header, _ in frames if header["type"] == "case"]
    assert set(map(str, sent["optimize"])) == {"None"}
    cases = referee.cases["model"]
    assert sent["model"] == [{"dinos.txt": case.inputs["data"]} for case in [*cases, cases[0]]]


def test_the_file_of_names_is_not_left_behind(referee, right, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    judged(referee, "model", right["model"])
    assert list(tmp_path.iterdir()) == []


DOCUMENTS = {
    "clip": "for g in [dWax, dWaa, dWya, db, dby]:\n    np.clip(g, -maxValue, maxValue, out=g)",
    "sample": """
        x, a_prev, indices, idx, counter = np.zeros((vocab_size, 1)), np.zeros((n_a, 1)), [], -1, 0
        while idx != char_to_ix["\\n"] and counter != 50:
            a = np.tanh(np.dot(Wax, x) + np.dot(Waa, a_prev) + b)
            np.random.seed(counter + seed)
            idx = np.random.choice(range(vocab_size), p=softmax(np.dot(Wya, a) + by).ravel())
            indices.append(idx)
            x = np.zeros((vocab_size, 1))
            x[idx] = 1
            a_prev, seed, counter = a, seed + 1, counter + 1
    """,
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_regions_that_use_the_documents_names_fit_between_the_markers(referee, right, name):
    head, rest = right[name].split("### START CODE HERE ###")
    _, tail = rest.split("### END CODE HERE ###")
    region = textwrap.indent(textwrap.dedent(DOCUMENTS[name]).strip(), "    ")
    assert judged(referee, name, f"{head}\n{region}\n{tail}").correct


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
