import os

import pytest

from course_utils.judging.files import lying_there


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_files_lie_in_the_working_folder_during_the_block_alone(tmp_path):
    with lying_there({"dinos.txt": "rex\nkol", "towns.txt": "Ürümqi\r\n"}):
        with open("dinos.txt", encoding="utf-8") as file:
            assert file.readlines() == ["rex\n", "kol"]
        assert (tmp_path / "towns.txt").read_bytes() == "Ürümqi\r\n".encode()
    assert os.listdir() == []


def test_what_lay_there_is_put_back_whatever_the_block_does(tmp_path):
    own = tmp_path / "dinos.txt"
    own.write_text("mine")

    def rewrite():
        own.write_text("other")

    def wander():
        os.chdir("/")

    for misdeed in (rewrite, own.unlink, wander):
        with lying_there({"dinos.txt": "rex"}):
            assert own.read_text() == "rex"
            misdeed()
        assert own.read_text() == "mine"
        os.chdir(tmp_path)
    with pytest.raises(ZeroDivisionError), lying_there({"dinos.txt": "rex"}):
        raise ZeroDivisionError
    assert os.listdir() == ["dinos.txt"]
    assert own.read_text() == "mine"


def test_a_folder_or_a_link_of_that_name_comes_back_too(tmp_path):
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "link.txt").symlink_to("nowhere")
    with lying_there({"folder.txt": "a", "link.txt": "b"}):
        assert (tmp_path / "folder.txt").read_text() + (tmp_path / "link.txt").read_text() == "ab"
        assert not (tmp_path / "nowhere").exists()
    assert (tmp_path / "folder.txt").is_dir()
    assert os.readlink("link.txt") == "nowhere"


def test_where_no_file_can_be_written_the_block_runs_all_the_same():
    ran = False
    with lying_there({"no/such/folder.txt": "rex"}):
        ran = True
    assert ran
    assert os.listdir() == []
