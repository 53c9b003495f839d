"""What holds of everything that is read: one function for each reader, for Hypothesis and for atheris.

Each takes any bytes. It asserts that the reader gives a proper result, or one error of one line; the same
when it reads again; and that what is written reads back equal.
"""

import atexit
import contextlib
import copy
import functools
import io
import json
import logging
import shutil
import tempfile
import types
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat

from autograder import report
from autograder.errors import SeqLabError
from autograder.gradebook import records
from autograder.gradebook.lock import alone
from autograder.gradebook.pages import Page
from autograder.gradebook.safe_html import ATTRIBUTES, MAX_DEPTH, TAGS, VOID, TooMuch, safe_html
from autograder.grading.outputs import NotebookOutputs
from autograder.lab.course import Course, load_config
from autograder.release.generate import registered_cells
from autograder.sandbox import Limits
from autograder.sandbox.inside.wire import Reader, WireError, frame, pack, unpack
from autograder.settings import Settings, settings_of
from autograder.submission.choose import recognise
from autograder.submission.read import read_notebook
from autograder.submission.restore import Sanitiser
from autograder.submission.seed import submission_seed

ROOT = Path(__file__).parents[2]
FILES = ROOT / "tests/files"


@functools.cache
def room() -> Path:
    """A folder that goes when the process ends."""
    folder = tempfile.mkdtemp(prefix="seqlab-fuzz-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


@functools.cache
def course() -> Course:
    """The small course of the tests."""
    root = room() / "course"
    shutil.copytree(FILES / "course", root)
    shutil.copy(ROOT / "nbgrader_config.py", root)
    return Course(root)


@functools.cache
def sanitiser() -> Sanitiser:
    lab = course().lab("scaling")
    cells = registered_cells(lab.text, load_config(course().root), lab.name)
    log = logging.Logger("fuzz")
    log.addHandler(logging.NullHandler())
    return Sanitiser(lab.name, cells, {}, log)


def result_of(read: Callable[[], Any]) -> Any:
    """Return what a reader gives, None where it refuses; both the same when it reads again."""
    (result, words), again = _once(read), _once(read)
    assert repr((result, words)) == repr(again)
    return result


def _once(read: Callable[[], Any]) -> tuple[Any, str]:
    result, words = None, ""
    try:
        result = read()
    except SeqLabError as error:
        words = str(error)
    assert result is not None or len(words.splitlines()) == 1, words
    return result, words


def notebook(data: bytes, name: str = "scaling.ipynb") -> None:
    """A submitted notebook, from its bytes to the seed of its cases."""
    path = room() / name
    path.write_bytes(data)
    try:
        handed = result_of(lambda: read_notebook(path))
        if handed is None:
            return
        text = nbformat.writes(handed.notebook)
        nbformat.validate(nbformat.reads(text, 4))
        path.write_text(text, "utf-8")
        again = read_notebook(path)
        assert (nbformat.writes(again.notebook), again.repairs) == (text, [])
    finally:
        path.unlink()
    result_of(lambda: recognise(course(), handed.notebook))
    restored = sanitiser()(copy.deepcopy(handed.notebook))
    nbformat.validate(restored)
    ids = [cell.metadata["nbgrader"]["grade_id"] for cell in restored.cells if "nbgrader" in cell.metadata]
    assert len(ids) == len(set(ids))
    assert course().lab("scaling").tests.keys() <= set(ids)
    seeds = {
        submission_seed(b"secret", "scaling", "ann", nb, {}) for nb in (restored, copy.deepcopy(restored))
    }
    assert len(seeds) == 1


def frames(data: bytes) -> None:
    """A stream of frames, in whatever pieces it comes, and the values in them."""
    whole = _frames([data])
    assert repr(whole) == repr(_frames([data[:1], data[1:7], data[7:]]))
    for header, arrays in whole:
        assert sum(map(len, arrays)) <= len(data)
        ((again, same),) = _frames([frame({**header, "arrays": None}, arrays)])
        assert repr(again) == repr({**header, "arrays": list(map(len, arrays))})
        assert same == arrays
        for node in header.values():
            _value(node, arrays)


def _frames(pieces: list[bytes]) -> list[Any]:
    reader, found = Reader(), []
    for piece in pieces:
        reader.feed(piece)
        with contextlib.suppress(WireError):
            while (one := reader.next()) is not None:
                found.append(one)
    return found


def _value(node: Any, arrays: list[bytes]) -> None:
    """A value that was unpacked is packed into the same node again, but for its numbers of arrays."""
    try:
        value = unpack(arrays)(node)
    except WireError:
        return
    packed = pack()
    again = packed(value)
    assert repr(pack()(unpack(packed.arrays)(again))) == repr(again)


def outputs(data: bytes) -> None:
    """Messages of outputs, as a list of [type, content]: what is kept of them is valid and bounded."""
    limits = Limits(cell_output=2_000, cell_outputs=5, saved_output=3_000)
    try:
        messages = [(str(kind), content) for kind, content in json.loads(data) if isinstance(content, dict)]
    except (ValueError, TypeError, RecursionError):
        return
    collect = NotebookOutputs(limits)
    cells = [nbformat.v4.new_code_cell(id=name) for name in ("one", "two")]
    for cell in cells:
        collect.begin(cell)
        for kind, content in messages:
            collect(kind, content)
        assert len(cell.outputs) <= limits.cell_outputs + 1
        assert len(json.dumps(cell.outputs)) <= limits.cell_output + 500
    nbformat.validate(nbformat.v4.new_notebook(cells=cells))


def record(data: bytes) -> None:
    """The record of a grading, and all that is made of it."""
    path = records.path_of(course(), "scaling", "ann")
    path.write_bytes(data)
    try:
        found = result_of(lambda: records.load_all(course(), "scaling"))
        result_of(lambda: records.changes(course(), "scaling", ["ann"]))
    finally:
        path.unlink()
    for result in found or ():
        assert repr(type(result).from_json(json.loads(json.dumps(result.to_json())))) == repr(result)
    if found:
        report.to_tables(found), report.to_ranking(found)
        for text in (
            report.to_json(found, None),
            report.to_csv(found),
            report.to_junit(found),
            report.to_html(found, title="x", generated="y", isolation="limits"),
        ):
            text.encode()


@functools.cache
def _open_text() -> str:
    """The open cases of the small lab; called before its published.json is damaged."""
    from autograder.release.open_cases import open_cases_text

    return open_cases_text(course().lab("scaling"), course().root)


def published(data: bytes) -> None:
    """A lab's published.json, and the other JSON files beside it and above."""
    from autograder.audit.prove import equivalent
    from autograder.lab.course import LabFolder
    from course_utils.checks import CheckFailed, visible_check

    folder, text = course().root / "assignments/scaling", _open_text()
    for name in ("published.json", "equivalent.json"):
        (folder / name).write_bytes(data)
    (folder / "open_cases.json").write_text(text, "utf-8")
    try:
        found = result_of(lambda: LabFolder(folder).published)
        assert found is None or all(isinstance(entry["inputs"], list) for entry in found.values())
        result_of(lambda: equivalent(LabFolder(folder)))
        with contextlib.chdir(folder):
            for name in found or ["scale"]:
                function = types.FunctionType((lambda *_: 1.5).__code__, {}, name)
                with contextlib.suppress(CheckFailed), contextlib.redirect_stdout(io.StringIO()):
                    visible_check(function)
    finally:
        for name in ("published.json", "equivalent.json", "open_cases.json"):
            (folder / name).unlink()


def open_cases(data: bytes) -> None:
    """The open cases and the hints beside a student's notebook."""
    from course_utils.judging.fingerprints import HINTS, known_mistakes
    from course_utils.judging.open_cases import OPEN_CASES, Unusable, read

    folder = course().root / "assignments/scaling"
    for name in (OPEN_CASES, HINTS):
        (folder / name).write_bytes(data)
    try:
        with contextlib.suppress(Unusable):
            for opened in read(folder).values():
                assert opened.cases
                assert all(len(case.outputs) == len(opened.form.weights) for case in opened.cases)
        known_mistakes(folder, "scale")
    finally:
        for name in (OPEN_CASES, HINTS):
            (folder / name).unlink()


def state(data: bytes) -> None:
    """The files that grading keeps of itself: the lock and the secret."""
    import fcntl

    folder = course().root / ".seqlab"
    folder.mkdir(exist_ok=True)
    for name in ("lock", "secret"):
        (folder / name).write_bytes(data)

    def locked() -> None:
        with alone(folder / "lock", "this"):
            raise AssertionError("it is held")

    try:
        with (folder / "lock").open() as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            assert result_of(locked) is None
        secret = result_of(course().secret)
        assert secret is None or len(secret) >= 16
    finally:
        for name in ("lock", "secret"):
            (folder / name).unlink()


def config(data: bytes) -> None:
    """A course's configuration, and the settings in it."""
    folder = room() / "config"
    folder.mkdir(exist_ok=True)
    (folder / "nbgrader_config.py").write_bytes(data)
    lab = course().lab("scaling")
    found: Settings | None = result_of(lambda: settings_of(load_config(folder), lab))
    if found is not None:
        for name, limit in vars(found.limits).items():
            assert type(limit) in (int, float), name
            assert 0 < limit < float("inf"), name
        assert type(found.figures) is bool
        json.dumps(found.limits.for_worker())


class Shape(HTMLParser):
    """Asserts that HTML is well formed and holds nothing but what is allowed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        for name, value in attrs:
            assert name in ATTRIBUTES["*"] | ATTRIBUTES.get(tag, set()) | {"rel"}, name
            assert name not in ("href", "src") or not (value or "").lower().startswith("javascript")
        if tag not in VOID:
            self.open.append(tag)
            assert len(self.open) <= MAX_DEPTH

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_comment(self, data: str) -> None:
        raise AssertionError("a comment")

    handle_decl = handle_pi = unknown_decl = handle_comment


def page(data: bytes) -> None:
    """HTML, Markdown, code and terminal output on a page: shown harmlessly, whatever they are."""
    text = data.decode("utf-8", "replace")
    with contextlib.suppress(TooMuch):
        made = safe_html(text, 1_000)
        Shape(made)
        assert made == safe_html(text, 1_000)
        assert len(made) <= 60 * len(text) + 100
    for made in (Page().html(text), Page().markdown(text, {})):
        Shape(str(made))
    Page().code(text), Page().terminal(text)


GUIDED = {f.__name__: f for f in (notebook, frames, record, page)}
"""Those that atheris runs too."""
