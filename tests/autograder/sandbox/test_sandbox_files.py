"""What reaches the sandbox of a submission's files and of our own modules."""

import os

import pytest

from autograder.errors import LabError
from autograder.sandbox import ForkServer, Isolation, Limits, Sandbox
from autograder.sandbox.mounted_files import copy_mounted_files, with_imports
from autograder.submission.files import laid_over, plain_files

pytestmark = pytest.mark.slow


@pytest.fixture
def source(tmp_path):
    """The folder of a submission."""
    folder = tmp_path / "submission"
    folder.mkdir()
    return folder


def names(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_plain_files_are_read(source):
    (source / "data").mkdir(mode=0o700)
    (source / "data/a.txt").write_text("a")
    (source / "b c ü.txt").write_text("b")
    (source / "b c ü.txt").chmod(0o600)
    assert plain_files(source) == ({"b c ü.txt": b"b", "data/a.txt": b"a"}, [])


def test_links_and_devices_are_left_out_and_named(source, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("secret")
    (source / "file").symlink_to(outside / "secret.txt")
    (source / "folder").symlink_to(outside)
    (source / "broken").symlink_to("nowhere")
    os.mkfifo(source / "pipe")
    (source / "plain").write_text("x")
    found, left = plain_files(source)
    assert (found, sorted(left)) == ({"plain": b"x"}, ["broken", "file", "folder", "pipe"])


def test_notebooks_and_hidden_files_are_not_read(source):
    for name in ("lab.ipynb", ".secret", "a.txt"):
        (source / name).write_text("x")
    (source / ".ipython").mkdir()
    (source / ".ipython/startup.py").write_text("x")
    assert plain_files(source) == ({"a.txt": b"x"}, [])


def test_what_is_too_large_in_all_is_left_out(source):
    for name in "abc":
        (source / name).write_bytes(bytes(10))
    found, left = plain_files(source, limit=25)
    assert (sorted(found), left) == (["a", "b"], ["c"])


def test_names_that_are_no_text_can_be_reported(source):
    os.symlink("x", os.fsencode(source) + b"/\xff\xfe")
    _, (left,) = plain_files(source)
    left.encode()


def test_an_unreadable_file_is_left_out(source, monkeypatch):
    (source / "a").write_text("x")

    def refuse(*_, **__):
        raise PermissionError

    monkeypatch.setattr("os.open", refuse)
    assert plain_files(source) == ({}, ["a"])


def test_of_two_folders_the_later_one_s_files_count():
    theirs = {"a": b"1", "data": b"a file", "extra/b": b"2", "notes": b"3"}
    ours = {"a": b"ours", "data/c": b"ours", "extra": b"ours"}
    assert laid_over(theirs, ours) == {"notes": b"3", **ours}


def test_the_stage_holds_the_modules_of_the_lab_and_no_other(tmp_path):
    copy_mounted_files(tmp_path, ["activations"])
    mounted = {name.partition("/")[0] for name in names(tmp_path / "course_utils")}
    assert mounted == {"__init__.py", "activations.py", "judging", "tables.py"}
    with pytest.raises(LabError, match=r"course_utils\.nonsense, which does not exist"):
        copy_mounted_files(tmp_path / "other", ["nonsense"])


def test_what_a_module_imports_comes_with_it(tmp_path):
    copy_mounted_files(tmp_path, ["checks"])
    mounted = {name.partition("/")[0] for name in names(tmp_path / "course_utils")}
    assert mounted == {"__init__.py", "checks.py", "judging", "tables.py", "unwritten.py"}
    assert with_imports(["gradcheck"])[0] == "gradcheck"
    assert {"checks", "tables"} <= set(with_imports(["gradcheck"]))
    assert len(with_imports(["checks", "tables", "checks"])) == len({*with_imports(["checks"])})


def test_a_lab_that_names_checks_alone_starts(box, isolation):
    ours = box(isolation, modules=("activations", "checks"))
    assert (
        ours.says("from course_utils.checks import visible_check\nprint(visible_check.__name__)")
        == "visible_check"
    )


def test_other_modules_of_course_utils_cannot_be_imported(box, isolation):
    ours = box(isolation, modules=("activations",))
    assert ours.says("from course_utils.activations import softmax\nprint(softmax.__name__)") == "softmax"
    assert ours.run("import course_utils.plots").error == "ModuleNotFoundError"
    found = ours.says("import course_utils, os\nprint(*sorted(os.listdir(course_utils.__path__[0])))")
    assert set(found.split()) == {"__init__.py", "activations.py", "judging", "tables.py"}


@pytest.mark.sandbox
def test_other_modules_of_course_utils_are_nowhere_else(box):
    ours = box(modules=("activations",))
    ours.run(
        "import sys\nsys.path.remove('/seqlab')\n"
        "for name in list(sys.modules):\n    if name.startswith('course_utils'): del sys.modules[name]"
    )
    assert ours.run("from course_utils.plots import show").error in ("ModuleNotFoundError", "ImportError")


def test_a_module_beside_the_notebook_is_importable_but_shadows_none(box, isolation):
    ours = box(
        isolation,
        files={
            "numpy.py": "raise SystemExit('the wrong numpy')",
            "random.py": "raise SystemExit('the wrong random')",
            "course_utils.py": "raise SystemExit('the wrong course_utils')",
            "helper.py": "value = 7",
        },
    )
    assert ours.says("import numpy, random, course_utils\nprint(numpy.zeros(2).sum())") == "0.0"
    assert ours.says("import helper\nprint(helper.value)") == "7"
    assert ours.says("!python3 -c 'print(1)'") == "1" or isolation is Isolation.LIMITS


def test_the_labs_files_are_each_submissions_own(isolation):
    """What one submission does to them, the next one does not see; a file of its own comes in their place."""
    lab = {"help.py": b"x = 1\n", "data/a.txt": b"a" * 70_000}
    code = "import help\nprint(help.x, len(open('data/a.txt').read()), __import__('glob').glob('*.txt'))"
    change = "open('data/a.txt', 'w').write('b'); open('help.py', 'a').write('x = 2'); print('changed')"
    said = []
    with ForkServer((), Limits(), isolation, files=lab, figures=False) as server:
        for more in ({}, {}, {"data/a.txt": b"a" * 70_000}, {"data/a.txt": b"own", "b.txt": b"b"}):
            with Sandbox(server, server.limits, {**lab, **more}) as sandbox:
                for line in (code, change):
                    sandbox.run(line, lambda _, content: said.append(content["text"].strip()))
    same = "1 70000 []"
    other = "1 3 ['b.txt']"
    assert [text for text in said if text != "changed"] == [same, same, same, other]
    assert said.count("changed") == 4
