"""Takes the pictures of README.md: a notebook in JupyterLab, and the report of the demo class.

``python docs/pictures.py`` writes docs/notebook-light.png, notebook-dark.png, report-light.png and
report-dark.png; ``python docs/pictures.py report`` those of the report alone. It needs the extra
``browser``, Debian's package chromium, and what ``make demo`` needs.
"""

import contextlib
import io
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from autograder.cli.demo import fill_in
from autograder.lab.course import Course
from autograder.lab.text import reference_source, solution_cells

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
LAB, MISTAKE = "cells", "no-hidden-bias"
WIDTH, SCALE = 1060, 1.2
"""The width of a window in CSS pixels, and how many pixels of a picture each of them has."""
WIDTH_OF_REPORT = 1240
"""The window in which no column of the report's tables is cut."""
COLOURS = 160
LARGEST = 150_000
"""What a picture may have, in bytes."""


def notebook() -> NotebookNode:
    """Return the lab's imports, and its first exercise twice: with a known mistake, and right."""
    lab = Course(ROOT).lab(LAB)
    right = reference_source(lab.text)
    first = next(iter(right))
    wrong = right[first]
    for old, new in next(one for one in lab.mistakes[first] if one.name == MISTAKE).edits:
        wrong = wrong.replace(old, new)
    released = nbformat.read(ROOT / "release" / LAB / f"{LAB}.ipynb", 4)
    imports = next(cell for cell in released.cells if cell.cell_type == "code")
    parts = [
        [
            solution_cells(filled)[first],
            next(c for c in filled.cells if f"visible_check({first})" in c.source),
        ]
        for filled in (fill_in(released, {first: source}) for source in (wrong, right[first]))
    ]
    for cell in parts[1]:
        cell.id += "-right"
    released.cells = [imports, *parts[0], *parts[1]]
    return released


@contextlib.contextmanager
def jupyterlab(folder: Path) -> Iterator[str]:
    """Run JupyterLab with settings of its own on a folder; give the notebook's address, with its token."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = folder / "settings/@jupyterlab/apputils-extension"
    settings.mkdir(parents=True)
    (settings / "themes.jupyterlab-settings").write_text(json.dumps({"adaptive-theme": True}), "utf-8")
    (settings / "notification.jupyterlab-settings").write_text(json.dumps({"fetchNews": "false"}), "utf-8")
    token = secrets.token_hex(16)
    line = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--expose-app-in-browser"]
    line += [
        "--ip=127.0.0.1",
        f"--port={port}",
        "--ServerApp.port_retries=0",
        f"--ServerApp.root_dir={folder}",
    ]
    line += [f"--IdentityProvider.token={token}", f"--LabApp.user_settings_dir={folder / 'settings'}"]
    environment = {**os.environ, "HOME": str(folder), "PYTHONPATH": str(ROOT)}
    log = folder / "log.txt"
    with log.open("wb") as said, subprocess.Popen(line, env=environment, stderr=said) as server:
        try:
            while "is running at" not in log.read_text("utf-8"):
                if server.poll() is not None:
                    raise SystemExit(f"JupyterLab did not start:\n{log.read_text('utf-8')}")
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}/lab/tree/{LAB}.ipynb?token={token}"
        finally:
            server.terminate()


def run_cells(page: Page) -> None:
    """Run each cell of the notebook in view, those after a failed check too, and select the first."""
    page.locator(".jp-CodeCell").first.wait_for()
    page.evaluate("""async () => {
        const {commands, shell} = window.jupyterapp;
        const {content, sessionContext} = shell.currentWidget;
        await sessionContext.ready;
        await commands.execute("application:toggle-left-area");
        for (const [index] of content.widgets.entries()) {
            content.activeCellIndex = index;
            await commands.execute("notebook:run-cell").catch(() => null);
        }
        content.activeCellIndex = 0;
    }""")
    page.locator(".jp-OutputArea-output", has_text="visible checks passed").wait_for()
    page.mouse.move(0, 0)


def strip(page: Page, panel: Locator, top: float, bottom: float) -> Image.Image:
    """Return what stands between two heights of a page, as wide as a panel of it."""
    box = panel.bounding_box()
    assert box is not None
    clip = {"x": box["x"], "y": top, "width": box["width"], "height": bottom - top}
    return Image.open(io.BytesIO(page.screenshot(clip=clip)))  # type: ignore[arg-type]


def edge(locator: Locator, *, bottom: bool = False) -> float:
    """Return the height at which an element begins or ends."""
    box = locator.bounding_box()
    assert box is not None
    return box["y"] + box["height"] * bottom


def take_notebook(browser: Browser, folder: Path) -> None:
    """Take the wrong exercise from its code to the end of its table, and below it the right one."""
    for theme in ("light", "dark"):
        here = folder / theme
        shutil.copytree(ROOT / "release" / LAB, here)
        nbformat.write(notebook(), here / f"{LAB}.ipynb")
        with jupyterlab(here) as address:
            page = opened(browser, address, theme, height=2400)
            run_cells(page)
            panel = page.locator("#jp-main-dock-panel")
            begins = page.locator(".cm-line", has_text="START CODE HERE")
            failed = page.locator(".jp-OutputArea-output", has_text="published values are not right")
            passed = page.get_by_text("visible checks passed")
            strips = [
                (edge(panel), edge(page.locator(".jp-NotebookPanel-toolbar"), bottom=True)),
                (edge(begins.first) - 4, edge(failed, bottom=True) + 10),
                (edge(begins.last) - 4, edge(passed, bottom=True)),
            ]
            save(f"notebook-{theme}", [strip(page, panel, *heights) for heights in strips])
            page.close()


def take_report(browser: Browser, folder: Path) -> None:
    """Take the report of `seqlab demo` from the spread of the scores on."""
    course = folder / "course"
    line = [str(Path(sys.executable).with_name("seqlab")), "demo", str(course)]
    subprocess.run(line, env={**os.environ, "PYTHONPATH": str(ROOT)}, cwd=ROOT, check=True)
    for theme in ("light", "dark"):
        page = opened(
            browser, (course / "report/index.html").as_uri(), theme, height=4000, width=WIDTH_OF_REPORT
        )
        top = edge(page.get_by_role("heading", name="Spread of scores").first) - 16
        save(f"report-{theme}", [strip(page, page.locator("body"), top, top + 720)])
        page.close()


def opened(browser: Browser, address: str, theme: str, height: int, width: int = WIDTH) -> Page:
    """Open a page in a window high enough that nothing has to be scrolled."""
    size = {"width": width, "height": height}
    page = browser.new_page(viewport=size, device_scale_factor=SCALE, color_scheme=theme)  # type: ignore[arg-type]
    page.goto(address)
    return page


def save(name: str, strips: list[Image.Image]) -> None:
    """Write strips one below the other as a picture of few colours."""
    whole = Image.new("RGB", (strips[0].width, sum(one.height + 3 for one in strips) - 3), "#808080")
    height = 0
    for one in strips:
        whole.paste(one, (0, height))
        height += one.height + 3
    path = DOCS / f"{name}.png"
    whole.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"docs/{path.name}: {whole.width} x {whole.height}, {path.stat().st_size // 1000} kB")
    if path.stat().st_size > LARGEST:
        raise SystemExit(f"docs/{path.name} has more than {LARGEST // 1000} kB: take less of the page")


def main() -> int:
    """Take the pictures that the command line names; all if it names none."""
    pictures = {"notebook": take_notebook, "report": take_report}
    wanted = sys.argv[1:] or [*pictures]
    if unknown := set(wanted) - pictures.keys():
        raise SystemExit(f"no picture is called {', '.join(sorted(unknown))}: name {' or '.join(pictures)}")
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        raise SystemExit("chromium is missing: install Debian's package chromium")
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name in wanted:
            with tempfile.TemporaryDirectory() as folder:
                pictures[name](browser, Path(folder))
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
