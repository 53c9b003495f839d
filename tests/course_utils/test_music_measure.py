import math
import random
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import pytest

from course_utils.music import Note, Tune, from_values, measure, parse_chords, read_tune, to_values
from course_utils.music.measurement import longest_loop, repeated_runs

CHORDS = parse_chords("Cmaj7 | G7")
KEYS = ["notes", "sounding", "in range", "in bars", "chord tones", "elsewhere", "chance", "repeated", "loop"]


def test_by_hand():
    """On strong beats: C over Cmaj7 (hit), F over Cmaj7 (miss), G over G7 (hit), and none on the last."""
    notes = (Note(0, 2, 60), Note(2, 1, 62), Note(4, 4, 65), Note(8, 1, 67), Note(9, 1, 96), Note(14, 4, 59))
    found = measure(Tune(notes, CHORDS))
    assert list(found) == KEYS
    assert found["notes"] == 6
    assert found["sounding"] == 13 / 16
    assert found["in range"] == found["in bars"] == 5 / 6
    assert found["chord tones"] == 2 / 3
    assert found["elsewhere"] == 1 / 3
    # from G3 to C6 lie 30 pitches, of which 11 belong to Cmaj7 and 10 to G7
    assert found["chance"] == pytest.approx((11 + 11 + 10) / 90)


def test_a_silent_tune_has_no_shares():
    found = measure(Tune((), CHORDS))
    assert (found["notes"], found["sounding"]) == (0, 0)
    assert all(math.isnan(found[key]) for key in KEYS[2:8])
    assert math.isnan(measure(Tune((), ()))["sounding"])


@pytest.mark.parametrize(
    ("text", "share"),
    [("abcdefgh", 0), ("abcdabcd", 1 / 5), ("aaaaaaaa", 4 / 5), ("abcd", 0), ("abcdeabcdeabcde", 7 / 12)],
)
def test_repeated_runs(text, share):
    assert repeated_runs(text) == pytest.approx(share)


def test_three_values_make_no_run():
    assert math.isnan(repeated_runs("abc"))


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0), ("abcdefgh", 0), ("abcaxyz", 0), ("xaay", 2), ("aaaa", 4), ("xyababaz", 5), ("abcabcab", 8),
        ("abcdefghijklmnop" * 2, 32), ("abcdefghijklmnopq" * 2, 0), ("aabbbbbcc", 5),
    ],
)  # fmt: skip
def test_the_longest_loop(text, length):
    assert longest_loop(text) == length


def test_a_loop_goes_on_whatever_its_ranges():
    values = ["C1+1..2", "S1-1..2", "C1-3..4", "S1=", "C1+5..7", "S1+1..2", "C2=", "R8"]
    assert measure(from_values(values, CHORDS))["loop"] == 6 / 8


def chain(values, pick):
    """Compose 400 values with a Markov chain: ``pick`` chooses one of those that followed the last value."""
    rng = random.Random(0)
    after = defaultdict(list)
    for one, two in pairwise([*values, values[0]]):
        after[one].append(two)
    made = values[:1]
    while len(made) < 400:
        made.append(pick(after[made[-1]], rng))
    return made


def test_a_chain_beats_chance_and_repeats_itself_when_it_always_takes_the_most_likely():
    corpus = read_tune(Path(__file__).parents[2] / "assignments/jazz/data/solo.mid")
    values = to_values(corpus)
    sampled = chain(values, lambda options, rng: rng.choice(options))
    likely = chain(values, lambda options, rng: max(sorted(options), key=options.count))
    found, loop = (measure(from_values(made, corpus.chords)) for made in (sampled, likely))
    assert found["sounding"] > 0.5
    assert found["in range"] == found["in bars"] == 1
    assert found["chord tones"] > 1.5 * found["chance"]
    assert loop["loop"] > 0.8 > 0.1 > found["loop"]
    assert loop["repeated"] > 0.8 > 0.2 > found["repeated"]
