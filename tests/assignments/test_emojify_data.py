"""The sentences and vectors of the lab `emojify`."""

import csv
import hashlib
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from course_utils.embeddings import read_glove_vecs, unknown_words, words_of
from course_utils.emojify import read_sentences

DATA = Path(__file__).parents[2] / "assignments" / "emojify" / "data"
FROZEN = "7df00125143689ffb555b00032a630681b888250ab2fdc3da51a5e035b863113"
"""SHA-256 of the test sentences, which were committed before any training and must never change."""
KINDS = {"plain": 22, "unseen": 7, "negation": 6, "context": 5, "order": 4}
"""How many test sentences of each class are of each kind."""


@pytest.fixture(scope="module")
def train():
    return read_sentences(DATA / "train.csv")


@pytest.fixture(scope="module")
def tested():
    return read_sentences(DATA / "test.csv")


@pytest.fixture(scope="module")
def glove():
    return read_glove_vecs(DATA / "glove_50d.npz")


def by_words(X):
    """The numbers of the sentences with the same words, whatever their order, for each such set."""
    groups = {}
    for number, sentence in enumerate(X):
        groups.setdefault(tuple(sorted(words_of(sentence))), []).append(number)
    return groups


def test_the_test_sentences_are_those_that_were_frozen():
    text = (DATA / "test.csv").read_bytes().replace(b"\r\n", b"\n")
    assert hashlib.sha256(text).hexdigest() == FROZEN


def test_counts_and_balance(train, tested):
    assert len(train[0]) == 1000
    assert np.bincount(train[1]).tolist() == [200] * 5
    assert len(tested[0]) == 220
    counts = Counter(zip(tested[1].tolist(), tested[2], strict=True))
    assert counts == {(label, kind): count for label in range(5) for kind, count in KINDS.items()}


def test_no_sentence_comes_twice_in_or_across_the_two_sets(train, tested):
    words = [tuple(words_of(sentence)) for sentence in train[0] + tested[0]]
    assert len(set(words)) == len(words)
    assert not by_words(train[0]).keys() & by_words(tested[0]).keys()


def test_sentences_are_short_and_plainly_written(train, tested):
    for sentence in train[0] + tested[0]:
        assert 1 <= len(words_of(sentence)) <= 10, sentence
        assert set(sentence) <= set("abcdefghijklmnopqrstuvwxyz' "), sentence
        assert sentence == " ".join(sentence.split())


def test_the_files_are_plain_csv():
    for name, columns in (("train", ["sentence", "label"]), ("test", ["sentence", "label", "kind"])):
        rows = list(csv.reader((DATA / f"{name}.csv").read_text("ascii").splitlines()))
        assert rows[0] == columns
        assert {len(row) for row in rows} == {len(columns)}


def test_unseen_sentences_have_words_that_training_lacks(train, tested):
    seen = {word for sentence in train[0] for word in words_of(sentence)}
    unseen = [sentence for sentence, kind in zip(tested[0], tested[2], strict=True) if kind == "unseen"]
    assert all(set(words_of(sentence)) - seen for sentence in unseen)


def test_order_sentences_come_in_pairs_of_other_labels(tested):
    X, Y, kinds = tested
    pairs = [group for group in by_words(X).values() if len(group) > 1]
    assert len(pairs) == 10
    for one, other in pairs:
        assert kinds[one] == kinds[other] == "order"
        assert Y[one] != Y[other]
    assert kinds.count("order") == 20


def test_what_the_text_says_of_negations_and_partners_holds(train, tested):
    negations = {"not", "n't", "no", "never", "nobody", "nothing", "cannot", "without"}
    for (X, _, _), share in ((train, 0.26), (tested, 0.19)):
        assert np.mean([bool(negations & set(words_of(x))) for x in X]) == pytest.approx(share, abs=0.005)
    partners = sum(len(group) for group in by_words(train[0]).values() if len(group) > 1)
    assert partners / 1000 == pytest.approx(0.08, abs=0.005)


def test_the_vectors_are_those_of_frequent_words(glove):
    word_to_index, index_to_word, vectors = glove
    assert len(vectors) == len(word_to_index) == len(index_to_word) == 30_000
    assert list(vectors)[:4] == ["the", ",", ".", "of"]  # by frequency
    assert {vector.shape for vector in vectors.values()} == {(50,)}
    assert min(index_to_word) == 1
    assert [index_to_word[number] for number in (1, 30_000)] == [min(vectors), max(vectors)]
    assert vectors["the"][:3] == pytest.approx([0.418, 0.24968, -0.41242], abs=5e-4)
    assert (DATA / "glove_50d.npz").stat().st_size < 3_000_000


def test_what_the_readme_says_of_unknown_words_holds(train, tested, glove):
    readme = (DATA / "README.md").read_text("utf-8")
    counts = [len(unknown_words(X, glove[2])) for X in (train[0], tested[0])]
    assert (
        "so {} words of the training sentences and {} of the test sentences have no".format(*counts) in readme
    )
    for path in DATA.iterdir():
        assert path.suffix == ".svg" or path.name in readme or path.name == "README.md"
