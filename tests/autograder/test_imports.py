"""What a command leaves unloaded, and in what order it loads the rest."""

import subprocess
import sys

import pytest
from autograder.cli.start_up import UNUSED

NBGRADER = "import autograder.gradebook.autograde, autograder.lab.text, jupytext\n"
LOADED = (
    "import sys; print(*(name for name, module in sys.modules.items() if getattr(module, '__file__', None)))"
)


def loaded(code):
    """Return the modules that a fresh process has loaded from files."""
    run = subprocess.run([sys.executable, "-c", code + LOADED], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


@pytest.fixture(scope="module")
def everything():
    return loaded(NBGRADER)


def test_what_is_left_out_would_be_loaded(everything):
    assert set(UNUSED) <= everything


def test_nbgrader_is_loaded_without_it(everything):
    lean = loaded(f"from autograder.cli.start_up import leave_out; leave_out()\n{NBGRADER}")
    assert not lean & set(UNUSED)
    assert not [
        name for name in lean if name.startswith(("jupyter_server.", "nbgrader.apps.", "setuptools."))
    ]
    assert {"nbgrader.api", "nbgrader.converters.autograde", "jupytext.jupytext"} <= lean
    assert len(lean) < 0.85 * len(everything)


def test_a_module_that_is_loaded_already_stays():
    code = (
        "import nbgrader.server_extensions.formgrader as before\n"
        "from autograder.cli.start_up import leave_out; leave_out()\n"
        "import nbgrader.server_extensions.formgrader as after\n"
        "assert before is after and after.load_jupyter_server_extension\n"
    )
    assert "nbgrader.server_extensions.formgrader.formgrader" in loaded(code)


def test_zones_can_be_started_before_nbgrader_is_loaded():
    code = "import autograder.cli.commands, autograder.lab.course, autograder.cli.progress, autograder.settings\n"
    found = loaded(code)
    assert "autograder.sandbox.fork_server" in found
    assert not [name for name in found if name.partition(".")[0] in ("nbconvert", "nbgrader", "sqlalchemy")]
