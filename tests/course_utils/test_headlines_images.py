"""The headlines and images of the lab `torch_rnn`."""

import gzip
from collections import Counter

import numpy as np
import pytest

from course_utils.headlines import TOPICS, read_headlines
from course_utils.images import load_digit_images, read_idx
from tests.plain import COURSE

DATA = COURSE.lab("torch_rnn").folder / "data"


def test_500_headlines_as_many_of_each_topic_and_none_twice():
    headlines, topics = read_headlines(DATA / "train.csv")
    others, held_out = read_headlines(DATA / "test.csv")
    assert Counter(topics) == dict.fromkeys(range(len(TOPICS)), 80)
    assert Counter(held_out) == dict.fromkeys(range(len(TOPICS)), 20)
    assert len({headline.lower() for headline in headlines + others}) == 500


@pytest.mark.parametrize("line", ["A headline,cooking", "no topic", ",sport"])
def test_a_wrong_line_of_headlines_is_named(tmp_path, line):
    file = tmp_path / "train.csv"
    file.write_text(f"headline,topic\nA goal,sport\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"train\.csv, line 3"):
        read_headlines(file)
    with pytest.raises(FileNotFoundError, match="copy the folder data"):
        read_headlines(tmp_path / "none.csv")


def idx(array):
    shape = b"".join(int(n).to_bytes(4, "big") for n in array.shape)
    return b"\0\0\x08" + bytes([array.ndim]) + shape + array.tobytes()


@pytest.mark.parametrize("end", ["", ".gz"])
def test_files_of_ones_own_are_read_in_place_of_scikit_learns(tmp_path, end):
    rng = np.random.default_rng(0)
    images, labels = (
        rng.integers(256, size=(5, 28, 28), dtype=np.uint8),
        rng.integers(10, size=5, dtype=np.uint8),
    )
    for half, count in (("train", 5), ("t10k", 2)):
        for kind, array in (("images-idx3", images[:count]), ("labels-idx1", labels[:count])):
            data = gzip.compress(idx(array)) if end else idx(array)
            (tmp_path / f"{half}-{kind}-ubyte{end}").write_bytes(data)
    digits = load_digit_images(tmp_path)
    np.testing.assert_array_equal(digits.images, images / 255)
    np.testing.assert_array_equal(digits.held_out_labels, labels[:2])
    (tmp_path / f"train-labels-idx1-ubyte{end}").write_bytes(
        gzip.compress(idx(labels[:4])) if end else idx(labels[:4])
    )
    with pytest.raises(ValueError, match="labels"):
        load_digit_images(tmp_path)


@pytest.mark.parametrize("data", [b"", b"PNG", idx(np.zeros((2, 3), np.uint8))[:-1], b"\0\0\x0d\1\0\0\0\0"])
def test_another_format_is_refused(tmp_path, data):
    (tmp_path / "images").write_bytes(data)
    with pytest.raises(ValueError, match="images"):
        read_idx(tmp_path / "images")
    (tmp_path / "images.gz").write_bytes(data)
    with pytest.raises(ValueError, match=r"images\.gz"):
        read_idx(tmp_path / "images.gz")
