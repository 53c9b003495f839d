"""JupyterLab on a temporary course, and a browser that works in it as a student does."""

import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Locator, Page, Request

__all__ = ["LONG", "THEMES", "Lab", "Server", "Watched", "jupyterlab"]

ROOT = Path(__file__).parents[2]
THEMES = ("JupyterLab Light", "JupyterLab Dark")
START, END = "### START CODE HERE ###", "### END CODE HERE ###"
LONG = 30_000
"""Milliseconds after which what a test waits for has failed."""
MATHJAX = "https://cdnjs.cloudflare.com/ajax/libs/mathjax/"
"""What nbgrader's pages of a graded notebook ask for, to set formulas: its templates name no other place."""
HARMLESS = {MATHJAX: "it cannot be loaded here", "MathJax is not defined": "for the same reason"}
"""Console errors that are let through: a part of their text -> why."""
SETTINGS = {
    # It would ask the network for JupyterLab's news and newer versions.
    "@jupyterlab/apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}


class Server:
    """A running JupyterLab: the folder that it serves, and the addresses of pages."""

    def __init__(self, root: Path, port: int, token: str) -> None:
        self.root, self.port, self.token = root, port, token

    def url(self, path: str) -> str:
        """Return the address of a page, with the token."""
        return f"http://127.0.0.1:{self.port}/{path}?token={self.token}"


@contextmanager
def jupyterlab(root: Path, home: Path) -> Iterator[Server]:
    """Run JupyterLab in a course; ``home`` is where it finds and keeps settings. It ends with the block."""
    for name, values in SETTINGS.items():
        path = home / "lab/user-settings" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values), "utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Server(root, port, secrets.token_hex(16))
    ours = {
        "HOME": str(home),
        "PYTHONPATH": str(ROOT),  # this checkout, whichever one is installed
        "JUPYTER_CONFIG_DIR": str(home),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTER_TOKEN": server.token,
        "IPYTHONDIR": str(home / "ipython"),
        "MPLCONFIGDIR": str(home / "matplotlib"),
    }
    options = [
        "--no-browser",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        f"--ServerApp.root_dir={root}",
        "--LabApp.expose_app_in_browser=True",
        "--LabApp.extension_manager=readonly",
        *(["--allow-root"] if os.geteuid() == 0 else []),
    ]
    log = home / "server.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options],
            cwd=root,
            env=os.environ | ours,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            _answers(server, process, log)
            yield server
        finally:
            process.terminate()  # it ends its kernels too
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def _answers(server: Server, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait until the server answers."""
    end = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(server.url("api/status"), timeout=5):
                return
        except OSError:
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()[-2000:]}") from None
            time.sleep(0.2)


class Watched:
    """What went wrong on a page: console errors, exceptions of scripts, requests to other machines."""

    def __init__(self, page: "Page") -> None:
        self.errors: list[str] = []
        self.outside: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self._failed(f"exception: {error}"))
        page.on("request", self._requested)
        page.on("websocket", lambda socket: self._seen(socket.url))

    def _console(self, message: "ConsoleMessage") -> None:
        text = f"{message.text} ({message.location.get('url', '')})"
        if message.type == "error":
            self._failed(text)

    def _failed(self, text: str) -> None:
        if not any(part in text for part in HARMLESS):
            self.errors.append(text)

    def _requested(self, request: "Request") -> None:
        graded = "/formgrader/" in request.frame.url or request.frame.url.startswith("file:")
        if not (graded and request.url.startswith(MATHJAX)):
            self._seen(request.url)

    def _seen(self, url: str) -> None:
        address = urlsplit(url)
        if address.scheme not in ("data", "blob", "about", "file") and address.hostname != "127.0.0.1":
            self.outside.append(url)


class Lab:
    """A notebook that is open in JupyterLab. Cells are named by their place among all cells."""

    def __init__(self, page: "Page", server: Server, pictures: Path) -> None:
        self.page, self._server, self.pictures = page, server, pictures

    def open(self, path: str) -> None:
        """Open a notebook of the course in a workspace of its own, and wait for its kernel."""
        self.page.goto(self._server.url(f"lab/workspaces/auto-{secrets.token_hex(4)}/tree/{path}"))
        self.page.wait_for_function("window.jupyterapp?.shell?.currentWidget?.sessionContext")
        self._script(
            """async panel => {
                await jupyterapp.restored
                await panel.context.ready
                await panel.sessionContext.ready
                await panel.sessionContext.session.kernel.info
                await jupyterapp.commands.execute('application:set-mode', {mode: 'single-document'})
            }"""
        )

    def command(self, name: str, **arguments: Any) -> None:
        """Run a command of JupyterLab, one that stands in its menus, until it is done."""
        self._script("(panel, [name, given]) => jupyterapp.commands.execute(name, given)", [name, arguments])

    def place(self, grade_id: str) -> int:
        """Return the place of the cell with this grade id."""
        found = self._script(
            """(panel, id) => panel.content.widgets.findIndex(
                cell => cell.model.getMetadata('nbgrader')?.grade_id === id)""",
            grade_id,
        )
        assert found >= 0, f"no cell {grade_id}"
        return int(found)

    def source(self, place: int) -> str:
        """Return the text of a cell."""
        return str(self._script("(panel, at) => panel.content.widgets[at].model.sharedModel.source", place))

    def places(self, pattern: str) -> list[int]:
        """Return the places of the code cells in which a line matches a pattern."""
        found: list[int] = self._script(
            """(panel, pattern) => panel.content.widgets.map((cell, at) => [cell.model, at])
                .filter(([model]) => model.type === 'code'
                    && new RegExp(pattern, 'm').test(model.sharedModel.source))
                .map(([_, at]) => at)""",
            pattern,
        )
        return found

    def failed(self) -> list[int]:
        """Return the places of the cells that ended in an error."""
        found: list[int] = self._script(
            """panel => panel.content.widgets.map((cell, at) => [cell.model, at])
                .filter(([model]) => model.type === 'code'
                    && model.outputs.toJSON().some(output => output.output_type === 'error'))
                .map(([_, at]) => at)"""
        )
        return found

    def cell(self, place: int) -> "Locator":
        """Scroll to a cell, make it the active one, and return it."""
        self._script(
            """async (panel, at) => {
                panel.content.deselectAll()
                panel.content.activeCellIndex = at
                await panel.content.scrollToItem(at)
            }""",
            place,
        )
        return self.page.locator(f'.jp-Notebook [data-windowed-list-index="{place}"]')

    def output(self, place: int) -> "Locator":
        """Return what a cell has put out."""
        return self.cell(place).locator(".jp-Cell-outputArea")

    def run_all(self) -> None:
        """Run all cells, until one fails, as the entry of the menu does."""
        self.command("notebook:run-all-cells")

    def menu(self, name: str, entry: str) -> None:
        """Choose an entry of a menu."""
        self.page.get_by_role("menuitem", name=name, exact=True).click()
        self.page.get_by_role("menuitem", name=entry, exact=True).click()

    def run(self, *places: int) -> None:
        """Run cells, one after the other; each may fail."""
        for place in places:
            self.cell(place)
            self.command("notebook:run-cell")

    def write(self, grade_id: str, solution: str) -> None:
        """Replace what stands between START and END of an exercise, by the keyboard."""
        place = self.place(grade_id)
        between = lines_between(solution)
        editor = self.cell(place).locator(".cm-content")
        editor.click()
        self._script(
            """(panel, [at, start, end]) => {
                const editor = panel.content.widgets[at].editor
                const lines = editor.model.sharedModel.source.split('\\n')
                const first = lines.findIndex(line => line.includes(start)) + 1
                const last = lines.findIndex(line => line.includes(end)) - 1
                editor.setSelection({
                    start: {line: first, column: 0}, end: {line: last, column: lines[last].length}})
            }""",
            [place, START, END],
        )
        for number, line in enumerate(between):
            if number:
                editor.press("Enter")
                editor.press("Shift+Home")  # over what the editor indented by itself
            if line:
                editor.press_sequentially(line)
            else:
                editor.press("Delete")
        editor.press("Escape")
        assert lines_between(self.source(place)) == between

    def picture(self, name: str, seen: "Locator") -> None:
        """Keep a screenshot in each theme; the last theme stays."""
        for theme in THEMES:
            self.theme(theme)
            seen.screenshot(path=self.pictures / f"{name}-{theme.split()[-1].lower()}.png")

    def theme(self, name: str) -> None:
        """Change JupyterLab's theme."""
        self.command("apputils:change-theme", theme=name)
        self.page.wait_for_selector(f'body[data-jp-theme-name="{name}"]', state="attached")

    def _script(self, script: str, argument: Any = None) -> Any:
        """Run JavaScript on the open notebook's panel."""
        return self.page.evaluate(f"given => ({script})(jupyterapp.shell.currentWidget, given)", argument)


def lines_between(solution: str) -> list[str]:
    """Return the lines of a function that a student writes."""
    lines = solution.split("\n")
    first, last = (next(k for k, line in enumerate(lines) if mark in line) for mark in (START, END))
    return lines[first + 1 : last]
