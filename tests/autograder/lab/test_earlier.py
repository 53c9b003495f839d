"""Earlier labs' functions for later labs."""

import sys

import pytest

from autograder.lab.earlier import importable, module_source
from autograder.submission.files import laid_over, plain_files


@pytest.fixture
def assignments(tmp_path):
    text = (
        "# %%\nimport math\nimport json\n\n"
        '# %% nbgrader={"grade": false, "grade_id": "area", "locked": false, '
        '"schema_version": 3, "solution": true, "task": false}\n'
        "def area(r):\n    ### START CODE HERE ###\n    # the area\n    a = math.pi * r**2\n"
        "    ### END CODE HERE ###\n    return a\n"
    )
    (tmp_path / "circles").mkdir()
    (tmp_path / "circles" / "circles.py").write_text(text)
    return tmp_path


def test_a_lab_is_imported_by_its_name(assignments):
    with importable(assignments):
        from circles import area
    assert area(1.0) == pytest.approx(3.14159, rel=1e-5)
    assert "circles" not in sys.modules
    with pytest.raises(ImportError):
        import circles  # noqa: F401


def test_a_package_wins_over_a_lab_of_its_name(assignments):
    import json

    (assignments / "json").mkdir()
    (assignments / "json" / "json.py").write_text("no lab")
    with importable(assignments):
        import json as again
    assert again is json


def test_the_module_has_the_functions_and_what_they_import_alone(assignments):
    source = module_source(assignments / "circles" / "circles.py")
    assert "HERE" not in source
    assert "import math" in source
    assert "import json" not in source
    assert "# the area" in source


def test_the_labs_own_files_win(tmp_path):
    theirs, ours = tmp_path / "theirs", tmp_path / "ours"
    for folder in (theirs, ours, ours / "data", theirs / "help.py"):
        folder.mkdir()
    (theirs / "notes.txt").write_text("n")
    (theirs / "data").write_text("stands where a folder goes")
    (theirs / "help.py" / "deep.txt").write_text("stands below what is a file")
    (ours / "data" / "x.txt").write_text("x")
    (ours / "help.py").write_text("h")
    found = laid_over(plain_files(theirs)[0], plain_files(ours)[0])
    assert found == {"notes.txt": b"n", "data/x.txt": b"x", "help.py": b"h"}
