"""Filters of nbgrader's pages: what is shown of a student's notebook, and that every page is made.

nbgrader's feedback and the formgrader show a notebook by nbconvert, through these filters of its templates,
named in nbgrader_config.py. Each takes a bounded share of a page; what goes beyond, or fails, is shown as
plain text under one line that says why. A result of one filter passes through the others as it is.
"""

import contextlib
import functools
import re
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from jinja2 import pass_context
from markupsafe import Markup
from nbconvert import filters
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from autograder.gradebook.safe_html import TooMuch, safe_html

__all__ = ["Page", "ansi2html", "clean_html", "highlight_code", "markdown2html", "strip_files_prefix"]

MAX_OPENINGS = 200
"""Most beginnings of formulas without an end in one text: nbconvert looks for the end of each to the last."""
FORMULA = re.compile(r"\\begin\{([a-z]*\*?)\}|\\\\([\[(])|\\end\{([a-z]*\*?)\}|(?<!\\)\\\\([\])])")
ENDS = {"[": "]", "(": ")"}
MAX_REFERENCES = 10_000_000
"""Most brackets times characters of a text with link definitions: each bracket may stand for a long one."""
MAX_ANSI = 1_000_000_000
"""Most escape sequences times characters of an output: nbconvert copies the rest of it after each."""
STYLED = {
    "<table>": '<table class="table" style="width:auto">',
    "<summary>": '<summary style="display:list-item;cursor:pointer">',
}
"""Tags to which Bootstrap, the style of nbgrader's pages, leaves no gap between cells, and no triangle."""
SPACES = re.compile(r"\s{200}")
"""White space that a lexer looks through again from each of its lines."""
PYTHON = {"ipython", "ipython3", "py", "py3", "python", "python3"}


@dataclass
class Page:
    """One page, and what may still be put on it."""

    characters: int = 256 << 10
    """Markdown and code that is rendered."""
    size: int = 32 << 20
    """Rendered HTML."""
    tags: int = 60_000
    """Tags in it."""
    seconds: float = 20.0
    """CPU time of rendering, where it can be interrupted."""

    def html(self, text: str) -> Markup:
        """Return HTML made harmless."""
        return self._rendered(text, 0, lambda: safe_html(text, self.tags))

    def markdown(self, text: str, attachments: Mapping[str, Mapping[str, str]]) -> Markup:
        """Return Markdown as harmless HTML, with the pictures that are attached to its cell."""

        def render() -> str:
            _check_markdown(text)
            renderer = _Renderer(self, attachments)
            html = safe_html(MarkdownWithMath(renderer=renderer).render(text), self.tags)
            for bare, styled in STYLED.items():
                html = html.replace(bare, styled)
            return html

        return self._rendered(text, len(text), render)

    def code(self, text: str) -> Markup:
        """Return Python with its syntax highlighted."""

        def render() -> str:
            if SPACES.search(text):
                raise TooMuch("long white space")
            return str(
                highlight(text or " ", PythonLexer(), HtmlFormatter(cssclass=" highlight hl-ipython3"))
            )

        return self._rendered(text, len(text), render)

    def terminal(self, text: str) -> Markup:
        """Return a terminal's text, coloured by its escape sequences."""
        sequences = text.count("\x1b[")
        if 2 * sequences > self.tags or sequences * len(text) > MAX_ANSI:
            return Markup(escape(str(filters.strip_ansi(text)), quote=False))
        try:
            return self._charged(str(filters.ansi2html(text)))
        except Exception:  # nbconvert's, for a strange sequence
            return Markup(escape(str(filters.strip_ansi(text)), quote=False))

    def picture(self, data: str) -> bool:
        """Whether an attached picture finds room on the page once more."""
        fits = len(data) <= self.size
        self.size -= len(data) if fits else 0
        return fits

    def _rendered(self, text: str, characters: int, render: Callable[[], str]) -> Markup:
        try:
            if characters > self.characters or len(text) > self.size:
                raise TooMuch("more text than is rendered on one page")
            self.characters -= characters
            with self._in_time():
                return self._charged(render())
        except TooMuch as error:
            reason = str(error)
        except Exception as error:  # of a library that a strange text breaks
            reason = f"it could not be rendered ({type(error).__name__})"
        return Markup(f"<p><em>Shown as plain text: {escape(reason)}.</em></p><pre>{escape(text)}</pre>")

    def _charged(self, html: str) -> Markup:
        tags = html.count("<")
        if tags > self.tags or len(html) > self.size:
            raise TooMuch("more tags or text than one page shows")
        self.tags, self.size = self.tags - tags, self.size - len(html)
        return Markup(html)

    @contextlib.contextmanager
    def _in_time(self) -> Iterator[None]:
        """Raise TooMuch in the block when the page's CPU time is used up: the last resort."""
        if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
            yield
            return
        before = signal.signal(signal.SIGVTALRM, _out_of_time)
        # Again and again: a library may catch the first.
        signal.setitimer(signal.ITIMER_VIRTUAL, max(self.seconds, 0.01), 0.1)
        try:
            yield
        finally:
            self.seconds = signal.setitimer(signal.ITIMER_VIRTUAL, 0)[0]
            signal.signal(signal.SIGVTALRM, before)


def _out_of_time(*_: Any) -> None:
    raise TooMuch("it takes too long to render")


def _check_markdown(text: str) -> None:
    """Raise TooMuch for text for which rendering takes more than linear time or size."""
    wanted, left_open = "", 0
    for begin, bracket, end, closing in FORMULA.findall(text):
        ends = end or closing
        left_open += bool(wanted) and ends != wanted
        wanted = "" if ends else ENDS.get(bracket, begin)
    if left_open > MAX_OPENINGS:
        raise TooMuch("too many formulas that do not end")
    if "]:" in text and text.count("[") * len(text) > MAX_REFERENCES:
        raise TooMuch("too many references")


class _Renderer(IPythonRenderer):
    """Renders Markdown without what a text may name: a lexer, a file, an attachment that is not there."""

    def __init__(self, page: Page, attachments: Mapping[str, Mapping[str, str]]) -> None:
        super().__init__(escape=False)
        self._page, self._pictures = page, attachments

    def block_code(self, code: str, info: str | None = None) -> str:
        """Return a block of code, highlighted if it is Python."""
        language = (info or "").split(maxsplit=1)[:1]
        if language and language[0].lower() in PYTHON and not SPACES.search(code):
            return str(highlight(code, PythonLexer(), HtmlFormatter()))
        return f"<pre><code>{escape(code)}</code></pre>\n"

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Return a picture, an attached one with its data; its description where there is none."""
        if url.startswith("attachment:"):
            pictures = self._pictures.get(url.removeprefix("attachment:"), {})
            kind = next((kind for kind in ("image/png", "image/jpeg", "image/gif") if kind in pictures), "")
            data = pictures.get(kind)
            if not isinstance(data, str) or not self._page.picture(data):
                return escape(text)
            return f'<img src="data:{kind};base64,{escape(data)}" alt="{escape(text)}">'
        return str(super().image(text, url, title))


def _page(context: Any) -> Page:
    """Return the page that a template is making."""
    resources: dict[str, Any] = context["resources"]
    page: Page = resources.setdefault("seqlab_page", Page())
    return page


def _unless_done(render: Callable[[Any, str], Markup]) -> Callable[[Any, Any], Markup]:
    """Make a filter of a function: what a filter of ours has made already stays as it is."""

    @pass_context
    @functools.wraps(render)
    def made(context: Any, text: Any, **_: Any) -> Markup:
        if isinstance(text, Markup):
            return text
        return render(context, text.decode(errors="replace") if isinstance(text, bytes) else str(text))

    return made


@_unless_done
def clean_html(context: Any, text: str) -> Markup:
    """Return HTML without what a browser would run; nbconvert's filter of this name."""
    return _page(context).html(text)


strip_files_prefix = clean_html
"""In nbgrader's templates Markdown that has become HTML passes through this filter alone."""


@_unless_done
def markdown2html(context: Any, text: str) -> Markup:
    """Return Markdown as harmless HTML; nbconvert's filter of this name."""
    cell = context.get("cell") or {}
    return _page(context).markdown(text, cell.get("attachments") or {})


@_unless_done
def highlight_code(context: Any, text: str) -> Markup:
    """Return code with its syntax highlighted; nbconvert's filter of this name."""
    return _page(context).code(text)


@_unless_done
def ansi2html(context: Any, text: str) -> Markup:
    """Return a terminal's text with its colours; nbconvert's filter of this name."""
    return _page(context).terminal(text)
