import re
import zipfile

import numpy as np
import pytest

from course_utils import embeddings
from course_utils.embeddings import read_glove_vecs, unknown_words, words_of
from course_utils.emojify import (
    LABELS,
    convert_to_one_hot,
    label_to_emoji,
    plot_confusion,
    plot_words,
    print_cost,
    read_sentences,
)

TEXT = "the 0.5 -1 2e-1\n, 1 2 3\nn't 0 0 -0.25\ncafé 4 5 6\n"


def write(path, text):
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def pack(path, vectors):
    words = np.frombuffer("\n".join(vectors).encode(), np.uint8)
    np.savez_compressed(path, words=words, vectors=np.float16([*vectors.values()]))


# ---------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("I LOVE pizza!", ["i", "love", "pizza"]),
        ("don't can't won't isn't", ["do", "n't", "ca", "n't", "wo", "n't", "is", "n't"]),
        (
            "It's Grandma's, I'm sure we'll go",
            ["it", "'s", "grandma", "'s", "i", "'m", "sure", "we", "'ll", "go"],
        ),
        ("don’t worry; it’s fine", ["do", "n't", "worry", "it", "'s", "fine"]),
        ("well-known... (really?) 'quoted'", ["well-known", "really", "quoted"]),
        ("a2 3-0 café_au lait", ["a2", "3-0", "café", "au", "lait"]),
        ("n't", ["n't"]),
        ("", []),
        (" \n?! - ' 😄", []),
    ],
)
def test_words_are_split_as_in_the_vocabulary_of_glove(sentence, words):
    assert words_of(sentence) == words


def test_words_without_a_vector_are_listed_once_in_order():
    assert unknown_words(["Soup, zebra soup", "aardvark! zebra"], {"soup": 1}) == ["aardvark", "zebra"]


# ---------------------------------------------------------------- reading vectors


def test_the_text_format_is_read(tmp_path):
    word_to_index, index_to_word, vectors = read_glove_vecs(write(tmp_path / "glove.txt", TEXT))
    assert word_to_index == {",": 1, "café": 2, "n't": 3, "the": 4}
    assert index_to_word == {number: word for word, number in word_to_index.items()}
    assert list(vectors) == ["the", ",", "n't", "café"]
    np.testing.assert_array_equal(vectors["the"], [0.5, -1, 0.2])
    assert vectors["café"].dtype == np.float64


def test_the_packed_format_gives_the_same(tmp_path):
    *numbered, vectors = read_glove_vecs(write(tmp_path / "glove.txt", TEXT))
    pack(tmp_path / "glove.npz", vectors)
    *again, unpacked = read_glove_vecs(tmp_path / "glove.npz")
    assert again == numbered
    assert list(unpacked) == list(vectors)
    for word, vector in vectors.items():
        assert unpacked[word].dtype == np.float64
        np.testing.assert_array_equal(unpacked[word], vector.astype(np.float16))


def test_windows_line_ends_and_a_missing_last_one_are_fine(tmp_path):
    assert read_glove_vecs(write(tmp_path / "glove.txt", "a 1 2\r\nb 3 4"))[2]["b"].tolist() == [3, 4]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a 1 2\nb 3\n", "line 2: 'b' has 1 numbers, line 1 has 2; complete or delete the line"),
        ("a 1 2\nb 3 x4\n", "line 2: 'x4' is not a number; correct or delete the line"),
        ("a 1 2\nb  3 4\n", "line 2: '' is not a number; correct or delete the line"),
        ("a 1 2\n\nb 3 4\n", "line 2: a word and its numbers are expected; delete the line"),
        ("alone\n", "line 1: a word and its numbers are expected; delete the line"),
        ("a 1 nan\n", "line 1: a number of 'a' is not finite; correct or delete the line"),
        ("a 1 2\nb 3 4\na 5 6\n", "line 3: 'a' is already on line 1; delete one"),
        (b"a 1 2\n\xff 3 4\n", "line 2: the line is not UTF-8 text; save the file as UTF-8"),
    ],
)
def test_a_broken_line_is_named_with_what_to_do(tmp_path, text, message):
    file = write(tmp_path / "glove.txt", text)
    with pytest.raises(ValueError, match=re.escape(f"{file}, {message}")):
        read_glove_vecs(file)


def test_a_file_that_is_missing_empty_or_damaged_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no file .*none\.npz: copy the folder data"):
        read_glove_vecs(tmp_path / "none.npz")
    with pytest.raises(ValueError, match=r"empty\.txt is empty"):
        read_glove_vecs(write(tmp_path / "empty.txt", ""))
    pack(tmp_path / "whole.npz", {"a": np.zeros(4), "b": np.ones(4)})
    whole = (tmp_path / "whole.npz").read_bytes()
    with pytest.raises(ValueError, match=r"cut\.npz is damaged .*: copy it again"):
        read_glove_vecs(write(tmp_path / "cut.npz", whole[: len(whole) // 2]))
    at = whole.index(b"vectors.npy") + 40
    spoilt = whole[:at] + bytes(255 - byte for byte in whole[at : at + 20]) + whole[at + 20 :]
    with pytest.raises(ValueError, match=r"spoilt\.npz is damaged"):
        read_glove_vecs(write(tmp_path / "spoilt.npz", spoilt))
    with zipfile.ZipFile(tmp_path / "other.npz", "w") as archive:
        archive.writestr("readme.txt", "no arrays")
    with pytest.raises(ValueError, match=r"other\.npz is damaged"):
        read_glove_vecs(tmp_path / "other.npz")
    np.savez(tmp_path / "short.npz", words=np.frombuffer(b"a\nb", np.uint8), vectors=np.zeros((3, 2)))
    with pytest.raises(ValueError, match=r"short\.npz does not have one vector per word"):
        read_glove_vecs(tmp_path / "short.npz")


# ---------------------------------------------------------------- sentences and emoji


def test_sentences_are_read_with_and_without_kinds(tmp_path):
    X, Y, kinds = read_sentences(
        write(tmp_path / "a.csv", "sentence,label,kind\nwe won,1,plain\nyum,4,unseen\n")
    )
    assert (X, Y.tolist(), kinds) == (["we won", "yum"], [1, 4], ["plain", "unseen"])
    X, Y, kinds = read_sentences(write(tmp_path / "b.csv", 'sentence,label\n"well, hello",0\n'))
    assert (X, Y.tolist(), kinds) == (["well, hello"], [0], [""])
    assert Y.dtype.kind == "i"


@pytest.mark.parametrize("row", ["no label", "too large,5", "none,", ",3", "a word,ball", "two,12"])
def test_a_broken_row_is_named(tmp_path, row):
    file = write(tmp_path / "a.csv", f"sentence,label\nfine,2\n{row}\n")
    with pytest.raises(ValueError, match=r"a\.csv, line 3: a sentence and a label 0 to 4 are expected"):
        read_sentences(file)


def test_a_file_without_sentences_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="copy the folder data"):
        read_sentences(tmp_path / "none.csv")
    with pytest.raises(ValueError, match="holds no sentences"):
        read_sentences(write(tmp_path / "empty.csv", "sentence,label\n"))


def test_five_different_emoji():
    assert len({label_to_emoji(k) for k in range(5)}) == len(LABELS) == 5
    assert label_to_emoji(np.int64(4)) == label_to_emoji(np.float64(4)) == "🍴"
    with pytest.raises(IndexError):
        label_to_emoji(5)


def test_one_hot_rows():
    assert convert_to_one_hot([2, 0], C=3).tolist() == [[0, 0, 1], [1, 0, 0]]


def test_the_cost_is_printed_every_fifty_iterations(capsys):
    averages, Y = np.array([[1.0, 0.0], [0.0, 2.0]]), np.array([0, 2])
    W, b = np.array([[1.0, 0.0], [0.0, 1.0], [2.0, -1.0]]), np.array([0.0, 0.5, 1.0])
    for t in range(51):
        print_cost(t, averages, Y, W, b)
    z = averages @ W.T + b
    right = np.exp(z)[[0, 1], Y] / np.exp(z).sum(axis=1)
    cost = f"mean cost {-np.log(right).mean():.4f}"
    assert capsys.readouterr().out.splitlines() == [f"iteration 0: {cost}", f"iteration 50: {cost}"]


def test_files_of_other_programs(tmp_path):
    word_to_index, _, _ = read_glove_vecs(write(tmp_path / "mark.txt", b"\xef\xbb\xbfa 1 2\nb 3 4\n"))
    assert set(word_to_index) == {"a", "b"}
    sentences, _ = read_sentences(
        write(tmp_path / "mark.csv", b"\xef\xbb\xbfsentence,label\nwe love soup,4\n")
    )[:2]
    assert list(sentences) == ["we love soup"]
    with pytest.raises(ValueError, match="is not UTF-8 text: save it as UTF-8"):
        read_sentences(write(tmp_path / "latin.csv", "sentence,label\na café,4\n".encode("latin-1")))


def test_packed_files_that_cannot_be_right(tmp_path, monkeypatch):
    pack(tmp_path / "nan.npz", {"a": [1, np.nan], "b": [2, 3]})
    with pytest.raises(ValueError, match="does not have one vector per word"):
        read_glove_vecs(tmp_path / "nan.npz")
    with zipfile.ZipFile(tmp_path / "raw.npz", "w") as packed:
        packed.writestr("words", b"a\nb")
        packed.writestr("vectors", b"12")
    with pytest.raises(ValueError, match="is damaged"):
        read_glove_vecs(tmp_path / "raw.npz")
    monkeypatch.setattr(embeddings, "LARGEST", 10)
    pack(tmp_path / "large.npz", {"a": [1, 2], "b": [2, 3]})
    with pytest.raises(ValueError, match="would unpack to"):
        read_glove_vecs(tmp_path / "large.npz")


# ---------------------------------------------------------------- figures


def test_a_confusion_matrix_is_described_by_its_counts(capsys):
    plot_confusion([0, 0, 3, 4], np.array([0, 3, 3, 4]), title="Four sentences")
    out = capsys.readouterr().out
    assert "Four sentences" in out
    assert "heart: 1, 0, 0, 1, 0; ball: 0, 0, 0, 0, 0" in out
    assert "fork: 0, 0, 0, 0, 1" in out


def test_a_map_is_described_by_its_words(capsys):
    plot_words(["kiss", "soup"], np.zeros((2, 2)), [0, 4], title="Two words")
    assert capsys.readouterr().out == "Map of 2 words. Two words. heart: kiss; fork: soup.\n"


def test_a_confusion_matrix_has_its_counts_in_its_cells(figures):
    plot_confusion([0, 1, 2], [0, 1, 1], title="Three")
    (axis,) = figures[0].axes
    counts = {tuple(map(int, text.get_position())): text.get_text() for text in axis.texts}
    assert len(counts) == 25
    assert {place for place, count in counts.items() if count == "1"} == {(0, 0), (1, 1), (1, 2)}
    assert [label.get_text() for label in axis.get_yticklabels()] == list(LABELS)


def test_a_map_has_its_words_beside_their_points(figures):
    plot_words(["a", "b", "c"], [[0, 0], [1, 2], [3, 1]], [0, 1, 1], title="Three")
    (axis,) = figures[0].axes
    assert [(text.get_text(), *text.xy) for text in axis.texts] == [("a", 0, 0), ("b", 1, 2), ("c", 3, 1)]
    assert [text.get_text() for text in axis.get_legend().get_texts()] == list(LABELS)
    one, two, three, *_ = axis.lines
    assert one.get_marker() != two.get_marker() == three.get_marker()
    assert one.get_color() != two.get_color() == three.get_color()
