import pytest

from course_utils.names import load_names


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SEQLAB_NAMES", raising=False)


def write(path, text):
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def test_the_list_beside_the_notebook_is_read_in_lower_case(tmp_path):
    write(tmp_path / "dinos.txt", "Rex\nKol\n")
    assert load_names() == "rex\nkol\n"


def test_another_file_is_named_by_an_environment_variable_or_by_argument(tmp_path, monkeypatch):
    write(tmp_path / "dinos.txt", "own\nlist\n")
    monkeypatch.setenv("SEQLAB_NAMES", str(write(tmp_path / "towns.txt", "Ur\nUruk")))
    assert load_names() == "ur\nuruk"
    assert load_names(write(tmp_path / "minerals.txt", "Gold\nTalc")) == "gold\ntalc"
    monkeypatch.setenv("SEQLAB_NAMES", "")
    assert load_names() == "own\nlist\n"


def test_a_missing_file_is_named_with_what_to_do():
    with pytest.raises(FileNotFoundError, match=r"no names file dinos\.txt: copy it .* SEQLAB_NAMES"):
        load_names()


def test_a_file_that_is_not_a_list_of_names_is_rejected(tmp_path):
    with pytest.raises(ValueError, match=r"empty\.txt holds fewer than two names"):
        load_names(write(tmp_path / "empty.txt", "\nrex\n"))
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\xff\xfe")
    with pytest.raises(ValueError, match=r"picture\.png is not a text file"):
        load_names(tmp_path / "picture.png")
