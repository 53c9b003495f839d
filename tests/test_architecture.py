"""docs/architecture.md and its picture show the imports that there are."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def draw(root, *options):
    line = [sys.executable, root / "docs/draw_architecture.py", *options]
    return subprocess.run(line, capture_output=True, text=True, check=False)


def test_picture_and_tables_are_up_to_date():
    run = draw(ROOT, "--check")
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.fixture
def copy(tmp_path):
    for name in ("docs", "autograder"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_another_import_is_noticed_and_drawn(copy):
    path = copy / "autograder/report/page.py"
    path.write_text(path.read_text("utf-8") + "\nimport autograder.lab.text\n", "utf-8")
    run = draw(copy, "--check")
    assert run.returncode == 1
    assert "docs/architecture.md is out of date" in run.stdout
    assert "docs/architecture.svg is out of date" in run.stdout
    assert draw(copy).returncode == 0
    row = "| `report` | `errors`, `results`, `lab`, `feedback` |"
    assert row in (copy / "docs/architecture.md").read_text("utf-8")
    assert draw(copy, "--check").returncode == 0


def test_another_sentence_is_noticed(copy):
    path = copy / "autograder/results.py"
    path.write_text(path.read_text("utf-8").replace('"""', '"""Changed: ', 1), "utf-8")
    run = draw(copy, "--check")
    assert run.returncode == 1
    assert "architecture.svg" not in run.stdout


def test_a_package_without_a_box_is_named(copy):
    (copy / "autograder/other.py").write_text('"""Another."""\n', "utf-8")
    run = draw(copy, "--check")
    assert run.returncode == 1
    assert "autograder.other" in run.stderr
