"""The files of a case, which lie in the working folder during one call."""

import os

import pytest

from course_utils.judging.files import lying_there


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def text_of(name):
    with open(name, encoding="utf-8", newline="") as file:
        return file.read()


def test_files_lie_in_the_working_folder_during_the_block_alone():
    with lying_there({"dinos.txt": "rex\nkol", "towns.txt": "Ürümqi\r\n"}):
        assert (text_of("dinos.txt"), text_of("towns.txt")) == ("rex\nkol", "Ürümqi\r\n")
    assert os.listdir() == []


def test_what_else_is_there_can_be_read(own_folder):
    (own_folder / "mine.txt").write_text("mine")
    (own_folder / "data").mkdir()
    (own_folder / "data/x.txt").write_text("x")
    with lying_there({"dinos.txt": "rex"}):
        assert (text_of("mine.txt"), text_of("data/x.txt")) == ("mine", "x")


def test_what_lay_there_under_the_name_stays_as_it_is_whatever_the_block_does(own_folder):
    (own_folder / "dinos.txt").write_text("mine")

    def rewrite():
        with open("dinos.txt", "w") as file:
            file.write("other")

    for misdeed in (rewrite, lambda: os.remove("dinos.txt"), lambda: os.chdir("/")):
        with lying_there({"dinos.txt": "rex"}):
            assert text_of("dinos.txt") == "rex"
            misdeed()
        assert text_of("dinos.txt") == "mine"
        assert os.getcwd() == str(own_folder)
    with pytest.raises(ZeroDivisionError), lying_there({"dinos.txt": "rex"}):
        raise ZeroDivisionError
    assert os.listdir() == ["dinos.txt"]


def test_a_folder_or_a_link_of_that_name_is_no_hindrance(own_folder):
    (own_folder / "folder.txt").mkdir()
    (own_folder / "link.txt").symlink_to("nowhere")
    with lying_there({"folder.txt": "a", "link.txt": "b"}):
        assert text_of("folder.txt") + text_of("link.txt") == "ab"
    assert (own_folder / "folder.txt").is_dir()
    assert os.readlink("link.txt") == "nowhere"
    assert not (own_folder / "nowhere").exists()


def test_where_no_file_can_be_written_the_block_runs_all_the_same():
    ran = False
    with lying_there({"no/such/folder.txt": "rex"}):
        ran = True
    assert ran
    assert os.listdir() == []


def test_without_room_for_a_folder_the_block_runs_where_it_is(own_folder, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(own_folder / "nowhere"))
    with lying_there({"dinos.txt": "rex"}):
        assert os.getcwd() == str(own_folder)
        assert os.listdir() == []
