"""What is particular to the text and data of the lab `sampling`; see test_labs_text for the rest."""

import re

import pytest

LAB = "sampling"


def test_what_the_demos_print_is_what_the_text_says(executed):
    out = executed.out
    assert "it says: rex\n" in out
    assert "loss on 'rex': 13.182, per character 3.296 (log 27 is 3.296)" in out
    gradient, by_losses = re.search(r"gradient (\S+), by two losses (\S+)", out).groups()
    assert float(gradient) == pytest.approx(float(by_losses), abs=2e-9)
    assert out.count("Line plot") == 4


def test_what_the_text_says_of_the_chaotic_run_holds(executed):
    """Tenfold every two to three steps, up to where the runs have nothing in common; the tame one forgets."""
    wild, tame = executed.names["distance"].values()
    full = next(step for step, value in enumerate(wild) if value > -1)
    assert 2 <= full / (wild[full] - wild[0]) <= 3
    assert wild[-10:].min() > -1
    assert tame.max() < -14.5
    assert tame[-1] <= -15.5


def test_the_marks_are_those_of_the_list(executed):
    assert len(executed.names["examples"]) >= 1200
    assert executed.names["vocab_size"] == 27
    assert executed.names["letters_only"] < 2.9


def test_the_names_are_one_a_line_and_distinct(lab):
    names = (lab.folder / "dinos.txt").read_text("ascii").splitlines()
    assert len(names) >= 1200
    assert names == sorted(set(names))
    assert all(re.fullmatch(r"[a-z]{2,}", name) for name in names)
    assert "dinos.txt" in (lab.folder / "data/README.md").read_text("utf-8")
