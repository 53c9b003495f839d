"""The verse and the start weights of the lab `poetry`."""

import hashlib
import re
from pathlib import Path

import numpy as np
import pytest

from course_utils.poetry import load_start, read_verse

LAB = Path(__file__).parents[2] / "assignments" / "poetry"
FROZEN = "55fe7f3418c31cb241b730e6cbe8199e588b1fe20c2dbb0962e09b63db4c6217"
"""SHA-256 of the held-out verse, which was committed before any training and must never change."""
FILES = ("verse", "dream", "tempest")


@pytest.fixture(scope="module")
def texts():
    return {name: read_verse(LAB / f"data/{name}.txt") for name in FILES}


def test_the_held_out_verse_is_that_which_was_frozen():
    text = (LAB / "data/tempest.txt").read_bytes().replace(b"\r\n", b"\n")
    assert hashlib.sha256(text).hexdigest() == FROZEN


def test_all_texts_have_the_characters_of_the_start_weights(texts):
    _, chars = load_start(LAB / "data/start.npz")
    assert chars == sorted(set(texts["verse"]))
    assert len(chars) == 36
    for text in texts.values():
        assert set(text) <= set(chars)


@pytest.mark.parametrize("name", FILES)
def test_it_is_verse(name):
    lines = (LAB / f"data/{name}.txt").read_text(encoding="utf-8").split("\n")
    spoken = [line for line in lines if line]
    assert max(map(len, spoken)) <= 60
    assert all(re.match("'?[A-Z]", line) for line in spoken)
    assert 38 < np.median([len(line) for line in spoken]) < 46  # about ten syllables


def test_hardly_a_line_of_the_held_out_verse_was_read(texts):
    read = set(texts["verse"].split("\n"))
    for name in ("dream", "tempest"):
        lines = [line for line in texts[name].split("\n") if len(line) > 25]
        assert np.mean([line in read for line in lines]) < 0.002


def test_the_files_are_small():
    assert (LAB / "data/start.npz").stat().st_size < 3_000_000
    assert sum((LAB / f"data/{name}.txt").stat().st_size for name in FILES) < 1_200_000


def test_the_start_is_as_good_as_its_log_says(texts, course):
    """Half a thousand characters vary from play to play: the log has the mean over the whole."""
    parameters, chars = load_start(LAB / "data/start.npz")
    char_indices = {char: number for number, char in enumerate(chars)}
    logged = float(re.search(r"tempest\.txt (\S+)$", (LAB / "train.log").read_text().strip())[1])
    measure = course.lab("poetry").reference["bits_per_character"]
    assert measure(texts["tempest"][:1000], parameters, char_indices) == pytest.approx(logged, abs=0.3)
    assert logged < 2.2
