"""One JupyterLab and one browser for all tests of a session; each test has a page of its own."""

import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import pytest

from autograder.cli.demo import fill_in
from autograder.lab.course import Course
from autograder.lab.text import reference_source
from tests.browser.harness import LONG, Lab, Server, Watched, jupyterlab

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "build/browser"
CHROMIUM = next(
    (path for path in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if path), ""
)


@pytest.fixture(scope="session")
def copied(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A copy of the repository's course, in which ``filled`` has its labs with all exercises solved."""
    root = tmp_path_factory.mktemp("browser") / "course"
    ignore = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
    for name in ("assignments", "source", "release"):
        shutil.copytree(course.root / name, root / name, ignore=ignore)
    shutil.copy(course.root / "nbgrader_config.py", root)
    for name in course.labs:
        shutil.copytree(root / "release" / name, root / "filled" / name)
        path = root / "filled" / name / f"{name}.ipynb"
        nbformat.write(fill_in(nbformat.read(path, 4), reference_source(course.lab(name).text)), path)
    return Course(root)


@pytest.fixture(scope="session")
def server(copied: Course, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """JupyterLab, serving the copied course."""
    with jupyterlab(copied.root, tmp_path_factory.mktemp("home")) as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> Iterator["Browser"]:
    """Chromium, which finds no other machine than this one."""
    if not find_spec("playwright") or not CHROMIUM:
        pytest.fail("the package playwright or Chromium is missing: run `make browser`", pytrace=False)
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=LONG)
    with sync_playwright() as playwright:
        options = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--no-proxy-server"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: "Browser", request: pytest.FixtureRequest) -> Iterator["Page"]:
    """An empty page. There may be no console error, and no request to another machine, while it is open."""
    made = chromium.new_page(viewport={"width": 1300, "height": 1000})
    made.set_default_timeout(LONG)
    watched = Watched(made)
    yield made
    made.screenshot(path=PICTURES / f"last-{request.node.name}.png")
    made.close()
    assert not watched.errors
    assert not watched.outside


@pytest.fixture
def lab(page: "Page", server: Server) -> Lab:
    """What opens a notebook of the course and works in it."""
    return Lab(page, server, PICTURES)
