"""What the grader's own processes leave unloaded, and in what order a command loads the rest."""

import os
import subprocess
import sys

import pytest

from autograder.imports import ABSENT, LATE, UNUSED

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
    assert {*ABSENT, *UNUSED, *LATE} <= everything


def test_nbgrader_is_loaded_without_it(everything):
    lean = loaded(LEAN)
    assert not lean & {*ABSENT, *UNUSED}
    assert not [name for name in lean if name.rpartition(".")[0] in LATE]
    assert not [name for name in lean if name.startswith(("jupyter_server.", "nbgrader.apps."))]
    assert {"nbgrader.api", "nbgrader.converters.autograde", "jupytext.jupytext"} <= lean
    assert len(lean) < 0.9 * len(everything)


def test_it_can_be_switched_off(everything):
    assert {*ABSENT, *UNUSED, "requests.api"} <= loaded(LEAN, SEQLAB_ALL_IMPORTS="1")


def test_a_module_that_is_loaded_already_stays():
    code = (
        "import nbgrader.server_extensions.formgrader as before\n"
        "from autograder.imports import leave_out_unused; leave_out_unused()\n"
        "import nbgrader.server_extensions.formgrader as after\n"
        "assert before is after and after.load_jupyter_server_extension\n"
    )
    assert "nbgrader.server_extensions.formgrader.formgrader" in loaded(code)


def test_what_is_late_is_loaded_whole_and_once():
    """By a submodule first, which importlib would execute twice, or by a name."""
    code = (
        "from autograder.imports import leave_out_unused; leave_out_unused()\n"
        "import requests as early\n"
        "from requests.adapters import HTTPAdapter\n"
        "import requests\n"
        "assert requests.adapters.HTTPAdapter is HTTPAdapter is requests.sessions.HTTPAdapter\n"
        "assert early.get is requests.get and 'SourceFileLoader' in repr(requests.adapters.__spec__)\n"
        "import bs4\n"
        "assert bs4.BeautifulSoup('<p class=a>x</p>', 'html.parser').select('p.a')\n"
    )
    assert {"requests.api", "soupsieve.css_match"} <= loaded(code)


def test_nbconvert_makes_pages_all_the_same():
    code = (
        "from autograder.imports import leave_out_unused; leave_out_unused()\n"
        "from nbconvert.exporters import HTMLExporter\n"
        "from nbformat.v4 import new_markdown_cell, new_notebook\n"
        "nb = new_notebook(cells=[new_markdown_cell('# A\\n<p>$b$</p> ![c](d.png)')])\n"
        "assert '<h1 id=\"A\"' in HTMLExporter().from_notebook_node(nb)[0]\n"
    )
    assert "nbconvert.exporters.html" in loaded(code)


def test_to_import_the_grader_changes_nothing_in_the_interpreter():
    """Plain nbgrader, and whoever else imports it, has all that it would have."""
    code = (
        "import autograder, autograder.gradebook.plugins, autograder.grading.grader, sys\n"
        "assert None not in sys.modules.values()\n"
        "import nbgrader.server_extensions.formgrader, rfc3987_syntax, isoduration\n"
    )
    found = loaded(code)
    assert {
        "isoduration",
        "requests.api",
        "rfc3987_syntax",
        "nbgrader.server_extensions.formgrader.formgrader",
    } <= found


def test_a_command_starts_without_nbgrader():
    code = (
        "import autograder.cli.commands, autograder.cli.progress, autograder.lab.course, autograder.sandbox\n"
    )
    heavy = [
        name for name in loaded(code) if name.partition(".")[0] in ("nbconvert", "nbgrader", "sqlalchemy")
    ]
    assert heavy == []
