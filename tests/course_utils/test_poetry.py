"""Reading verse and start weights."""

import numpy as np
import pytest

from course_utils.poetry import load_start, read_verse


def test_verse_is_read_in_small_letters(tmp_path):
    path = tmp_path / "verse.txt"
    path.write_text("Now is the Winter\n\nÉ", encoding="utf-8")
    assert read_verse(path) == "now is the winter\n\né"


def test_weights_come_back_by_layer_as_float32(tmp_path):
    path = tmp_path / "start.npz"
    weights = {"lstm1_Wf": np.full((2, 3), 0.5, np.float16), "dense_by": np.zeros((2, 1), np.float16)}
    np.savez(path, chars=np.frombuffer(b"\nab", np.uint8), **weights)
    parameters, chars = load_start(path)
    assert chars == ["\n", "a", "b"]
    assert {layer: set(own) for layer, own in parameters.items()} == {"lstm1": {"Wf"}, "dense": {"by"}}
    assert parameters["lstm1"]["Wf"].dtype == np.float32
    np.testing.assert_array_equal(parameters["lstm1"]["Wf"], np.full((2, 3), 0.5))


@pytest.mark.parametrize("read", [read_verse, load_start])
def test_a_missing_file_says_what_to_do(tmp_path, read):
    with pytest.raises(FileNotFoundError, match="copy the folder data"):
        read(tmp_path / "none")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off", b"\xff\xfe\xff"])
def test_a_damaged_file_is_a_value_error(tmp_path, content):
    path = tmp_path / "start.npz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"start\.npz holds no weights"):
        load_start(path)


def test_weights_without_characters_are_a_value_error(tmp_path):
    np.savez(tmp_path / "start.npz", lstm1_Wf=np.zeros(2))
    with pytest.raises(ValueError, match="holds no weights"):
        load_start(tmp_path / "start.npz")


def test_bytes_that_are_no_text_are_a_value_error(tmp_path):
    (tmp_path / "verse.txt").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(ValueError, match="not UTF-8"):
        read_verse(tmp_path / "verse.txt")
