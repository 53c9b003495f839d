"""What the grader's own processes leave unloaded, and in what order a command loads the rest."""

import os
import subprocess
import sys

import pytest

from autograder.imports import UNUSED

pytestmark = pytest.mark.slow

NBGRADER = "import autograder.gradebook.autograde, autograder.lab.text, jupytext\n"
LEAN = f"from autograder.imports import leave_out_unused; leave_out_unused()\n{NBGRADER}"
LOADED = (
    "import sys; print(*(name for name, module in sys.modules.items() if getattr(module, '__file__', None)))"
)


def loaded(code, **environment):
    """Return the modules that a fresh process has loaded from files."""
    line = [sys.executable, "-c", code + LOADED]
    environment = {**os.environ, **environment}
    run = subprocess.run(line, env=environment, capture_output=True, text=True, check=True)
    return set(run.stdout.split())


@pytest.fixture(scope="module")
def everything():
    return loaded(NBGRADER)


def test_what_is_left_out_would_be_loaded(everything):
    assert {"rfc3987_syntax", *UNUSED} <= everything


def test_nbgrader_is_loaded_without_it(everything):
    lean = loaded(LEAN)
    assert not lean & {"rfc3987_syntax", *UNUSED}
    assert not [name for name in lean if name.startswith(("jupyter_server.", "nbgrader.apps."))]
    assert {"nbgrader.api", "nbgrader.converters.autograde", "jupytext.jupytext"} <= lean
    assert len(lean) < 0.9 * len(everything)


def test_it_can_be_switched_off(everything):
    assert {"rfc3987_syntax", *UNUSED} <= loaded(LEAN, SEQLAB_ALL_IMPORTS="1")


def test_a_module_that_is_loaded_already_stays():
    code = (
        "import nbgrader.server_extensions.formgrader as before\n"
        "from autograder.imports import leave_out_unused; leave_out_unused()\n"
        "import nbgrader.server_extensions.formgrader as after\n"
        "assert before is after and after.load_jupyter_server_extension\n"
    )
    assert "nbgrader.server_extensions.formgrader.formgrader" in loaded(code)


def test_to_import_the_grader_changes_nothing_in_the_interpreter():
    """Plain nbgrader, and whoever else imports it, has all that it would have."""
    code = (
        "import autograder, autograder.gradebook.plugins, autograder.grading.grader, sys\n"
        "assert None not in sys.modules.values()\n"
        "import nbgrader.server_extensions.formgrader, rfc3987_syntax\n"
    )
    found = loaded(code)
    assert {"rfc3987_syntax", "nbgrader.server_extensions.formgrader.formgrader"} <= found


def test_a_command_starts_without_nbgrader():
    code = (
        "import autograder.cli.commands, autograder.cli.progress, autograder.lab.course, autograder.sandbox\n"
    )
    heavy = [
        name for name in loaded(code) if name.partition(".")[0] in ("nbconvert", "nbgrader", "sqlalchemy")
    ]
    assert heavy == []
