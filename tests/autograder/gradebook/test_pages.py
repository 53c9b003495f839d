"""What nbgrader's pages show of a student's notebook: words, tables, pictures, nothing that runs or loads."""

import re
import subprocess
import sys

import pytest

from autograder.feedback import feedback_html
from autograder.gradebook.pages import Page
from autograder.gradebook.safe_html import MAX_DEPTH
from autograder.results import CaseResult, Finding, Verdict

PIXEL = "data:image/png;base64,iVBORw0KGgo="
REL = 'rel="noopener noreferrer nofollow"'


def html(text):
    return str(Page().html(text))


def markdown(text, attachments=None):
    return str(Page().markdown(text, attachments or {}))


def words(html):
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


@pytest.mark.parametrize(
    "shown",
    [
        "<p>one <b>two</b> <em>three</em> <code>x &lt; 1</code></p>",
        '<table><thead><tr><th align="right">a</th></tr></thead><tbody><tr><td colspan="2">1</td></tr>'
        "</tbody></table>",
        "<ul><li>one</li></ul><ol><li>two</li></ol><blockquote>three</blockquote><pre>four</pre>",
        f'<a href="https://example.org/x?a=1" {REL}>there</a> <a href="mailto:ann@example.org" {REL}>ann</a>',
        f'<img alt="a line" src="{PIXEL}" width="640">',
        '<img src="figures/cell.svg">',
        "<details><summary>more</summary>text</details>",
        '<span title="why" class="note">x</span>',
        '<div style="color: red; margin: 1em;">x</div>',
        '<p style="border-left: 4px solid #2e9e5b; font-family: sans-serif; color: rgb(1, 2, 3);">x</p>',
    ],
)
def test_what_is_harmless_stays_as_it_is(shown):
    assert html(shown) == shown


def test_a_link_within_the_page_keeps_its_end_and_meets_no_field_of_the_page():
    shown = html('<a href="#test_mix">x</a><h2 id="test_mix">y</h2>')
    assert shown == f'<a href="#s-test_mix" {REL}>x</a><h2 id="s-test_mix">y</h2>'


def test_our_own_feedback_stays_readable():
    verdict = Verdict(
        "scale", 1.5, 4.0, [CaseResult("a matrix", "failed", "why"), CaseResult("one", "passed")]
    )
    verdict.message, verdict.mistake = "`w` is added to `x`: it should stretch it.", "adds"
    verdict.findings = [Finding("`y`: wrong values", ["a matrix"])]
    made = feedback_html(verdict, "diagnosis")
    assert words(html(made)) == words(made)
    assert "tex2jax_ignore" in html(made)
    for tag in ("ul", "li", "div", "code"):
        assert html(made).count(f"<{tag}") == made.count(f"<{tag}")


def test_a_table_of_pandas_keeps_its_cells_and_loses_its_style():
    made = (
        "<style scoped>.dataframe td { color: red }</style>"
        '<table border="1" class="dataframe"><tr><td>1</td><td>2</td></tr></table>'
    )
    assert words(html(made)) == "1 2"
    assert html(made).count("<td>") == 2


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        (
            "<ul><li>a<li>b<ul><li>c</ul><li>d</ul>",
            "<ul><li>a</li><li>b<ul><li>c</li></ul></li><li>d</li></ul>",
        ),
        ("<b><i>x</b>y</i>", "<b><i>x</i></b>y"),
        ("<div>a", "<div>a</div>"),
        ("a < b and <c> > d", "a &lt; b and &lt;c&gt; &gt; d"),
        ("a<!-- b -->c", "ac"),
        ("a <p title='", "a &lt;p title='"),
        ("<dl><dt>a<dd>b<dt>c</dl>", "<dl><dt>a</dt><dd>b</dd><dt>c</dt></dl>"),
        ("<td>x</td>", "x"),
    ],
)
def test_tags_that_are_not_closed_or_not_known(given, shown):
    assert html(given) == shown


RUNS = [
    ("<script>alert(1)</script>", "<script"),
    ("<style>@import 'x'</style>", "<style"),
    ('<iframe src="https://example.org"></iframe>', "<iframe"),
    ('<iframe srcdoc="<script>alert(1)</script>"></iframe>', "<iframe"),
    ('<object data="x.swf"></object><embed src="x">', "<object"),
    ("<svg onload=alert(1)><script>alert(1)</script></svg>", "<svg"),
    ('<form action="https://example.org"><input name="x"></form>', "<form"),
    ('<link rel="stylesheet" href="x"><base href="https://example.org"><meta charset="x">', "<base"),
    ("<math><mtext><script>alert(1)</script></mtext></math>", "<math"),
    ("<scr<script>ipt>alert(1)</scr</script>ipt>", "<script"),
    ("<noscript><p title='</noscript><script>alert(1)</script>'></noscript>", "<script"),
]


@pytest.mark.parametrize(("given", "gone"), RUNS)
def test_what_runs_is_no_tag_any_more(given, gone):
    assert gone not in html(given)
    assert gone not in markdown(given)


@pytest.mark.parametrize(
    "given",
    [
        '<img src="x.png" onerror="alert(1)">',
        "<p onclick=alert(1)>x</p>",
        '<b OnMouseOver="alert(1)">x</b>',
        '<a href="javascript:alert(1)">x</a>',
        '<a href=" JavaScript:alert(1)">x</a>',
        '<a href="java\tscript:alert(1)">x</a>',
        '<a href="&#106;avascript:alert(1)">x</a>',
        '<a href="vbscript:alert(1)">x</a>',
        '<a href="data:text/html,alert(1)">x</a>',
        '<a href=" DATA:text/html;base64,alert">x</a>',
        '<img src="javascript:alert(1)">',
        '<img src="data:text/html,alert(1)">',
        '<img src="data:image/svg+xml;base64,alert">',
        '<img src=" data:text/html,alert(1)">',
        '<img srcset="javascript:alert(1)">',
        '<div style="background: url(javascript:alert(1))">x</div>',
        '<div style="behavior: url(alert.htc); position: fixed">x</div>',
        '<div style="background-color: url(//alert); list-style-type: url(alert)">x</div>',
        '<div style="color: red\\3b alert: 1">x</div>',
        '<a href="x" target="alert" formaction="javascript:alert(1)">x</a>',
        '<p class="alert navbar-fixed-top" id="x">x</p>',
        '<img src="https://example.org/alert.png">',
        '<img src="//example.org/alert.png">',
        '<img src="/hub/alert.png">',
        '<img src="../../hub/alert.png">',
        '<img src="x.png?alert">',
        '<a href="/hub/alert">x</a>',
        '<a href="alert">x</a>',
        '<a href="../next?alert">x</a>',
        '<a href="//hub.example.org/alert">x</a>',
        '<a href="\\\\hub.example.org\\alert">x</a>',
        '<a href="http://localhost:8888/alert">x</a>',
        '<a href="https://hub.example.org/hub/alert">x</a>',
        '<a href="https://hub.example.org/%68ub/alert">x</a>',
        '<a href="https://hub.example.org/user/x/formgrader/alert">x</a>',
    ],
)
@pytest.mark.parametrize("clean", [html, markdown])
def test_of_a_harmless_tag_what_would_run_load_or_act_is_dropped(given, clean):
    cleaned = clean(given)
    assert "alert" not in cleaned
    assert "<" in cleaned, "the tag itself stays"


def test_nothing_covers_the_page_around_it():
    shown = html('<p style="margin-top: -500px; width: calc(9px); position: fixed; color: red">x</p>')
    assert shown == '<p style="color: red;">x</p>'


def test_a_picture_is_allowed_in_a_picture_alone():
    assert "data:" not in html(f'<a href="{PIXEL}">x</a>')
    assert "data:" not in html('<img src="data:image/png,x">'), "not what is no base64"


def test_attached_pictures_are_shown_and_missing_ones_described():
    attached = {"x.png": {"image/png": "iVBORw0KGgo="}, "x.svg": {"image/svg+xml": "<svg>"}}
    assert PIXEL in markdown("![a line](attachment:x.png)", attached)
    for name in ("x.svg", "none.png"):
        assert words(markdown(f"![a line](attachment:{name})", attached)) == "a line"


def test_tables_have_gaps_and_answers_a_triangle_under_the_style_of_nbgrader():
    shown = markdown(
        "| a | b |\n|:--|:--|\n| 1 | 2 |\n\n<details><summary>Answer</summary>\n\n3\n\n</details>"
    )
    assert '<table class="table" style="width:auto">' in shown
    assert '<summary style="display:list-item;cursor:pointer">Answer</summary>' in shown


def test_markdown_keeps_formulas_tables_and_code():
    text = (
        "# A\n\n$a_{1}<b$ and\n\\begin{align}x\\end{align}\n\n|a|b|\n|-|-|\n|1|2|\n\n```python\nx = 1\n```\n"
    )
    shown = markdown(text)
    assert "$a_{1}&lt;b$" in shown
    assert "\\begin{align}x\\end{align}" in shown
    assert shown.count("<td>") == 2
    assert '<span class="n">x</span>' in shown
    assert '<h1 id="s-A">' in shown


# ---------------------------------------------------------------- bounds

PLAIN = "Shown as plain text: "
LARGE = {
    "nested tags": "html('<div>' * 20_000)",
    "nested tags and stray ends": "html('<div></b>' * 20_000)",
    "nested in tables": "html('<table><tr><td>' * 20_000)",
    "tags that cross": "html('<p>' + ''.join(f'<b id={n}>' for n in range(50)) + '<p>x' * 50_000)",
    "tags that cross in tables": "html('<p>' + ''.join(f'<b id={n} title={\"y\" * 9999}>' for n in range(50))"
    " + '<td>' + '<p>x</p>' * 9_000)",
    "crossing in closed cells": "html(''.join(f'<b id={n}><table><tr><td></b></table>' for n in range(4_000))"
    " + '<p>x' * 40_000)",
    "brackets in a style": "html('<p style=\"color: ' + '(' * 1_000_000 + '\">x')",
    "quotes": "html('<a b=\\'\"<' * 200_000)",
    "tags without end": "html('<a ' * 300_000)",
    "comments without end": "html('<!--' * 300_000)",
    "styles": "html('<style></style>' * 100_000)",
    "styles without end": "html('<style>' * 200_000)",
    "attributes": "html('<a ' + 'title=x ' * 200_000 + '>')",
    "ampersands": "html('&' * 2_000_000)",
    "text beside tables": "html('<table>' + 'x<br>' * 500_000)",
    "environments": r"markdown('\\begin{a}' * 25_000)",
    "environments of another name": r"markdown('\\begin{a}\\end{b}' * 14_000)",
    "environments of many names": r"markdown(''.join('\\begin{%s}' % ('a' * (n % 99)) for n in range(999)))",
    "environments on lines": r"markdown('\\begin{a}\n' * 25_000)",
    "environments closed outside": r"markdown('- ' + '\\begin{a}' * 13_000 + '\n\n\n' + '\\end{a}' * 13_000)",
    "brackets of formulas": r"markdown('\\\\[' * 80_000)",
    "parentheses of formulas": r"markdown('\\\\(' * 80_000)",
    "ends with a backslash": r"markdown('\\\\( \\\\\\)' * 30_000)",
    "references": "markdown('[a]: http://' + 'x' * 130_000 + '\\n\\n' + '[a]' * 43_000)",
    "attachments": "markdown('![](attachment:x)' * 14_000, {'x': {'image/png': 'A' * 1_000_000}})",
    "much text": "markdown('# a\\n' * 1_000_000)",
    "white space in code": "code('\\n ' * 120_000)",
    "long names in code": "code('a.' * 120_000)",
    "much code": "code('a = 1\\n' * 1_000_000)",
    "code in prose": "markdown('```python\\n' + '\\n ' * 120_000)",
    "colours": "terminal('\\x1b[1ma' * 1_300_000)",
}


RENDERER = """
import os, resource, sys
from autograder.gradebook.pages import Page
page = Page(seconds=1e6)
html, code, terminal = page.html, page.code, page.terminal
def markdown(text, attachments={}):
    return page.markdown(text, attachments)
for line in sys.stdin:
    child = os.fork()  # each with limits of its own
    if not child:
        resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
        resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
        os._exit(0 if len(eval(line)) < 50_000_000 else 1)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@pytest.fixture(scope="module")
def renderer():
    """A process that renders what it reads, line by line, and answers 0 or how that failed."""
    line = [sys.executable, "-c", RENDERER]
    with subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process


@pytest.mark.slow
@pytest.mark.parametrize("what", LARGE)
def test_what_takes_too_much_is_shown_all_the_same(renderer, what):
    """Each ran for minutes, or filled the memory: here it is given 20 s of CPU time and 3 GB."""
    print(LARGE[what], file=renderer.stdin, flush=True)
    assert renderer.stdout.readline() == "0\n"


def test_what_is_beyond_a_bound_is_text_under_one_line_that_says_so():
    shown = html("<div>" * (MAX_DEPTH + 1))
    assert shown.startswith(f"<p><em>{PLAIN}more than {MAX_DEPTH} tags inside each other.</em></p><pre>")
    assert shown.count("&lt;div&gt;") == MAX_DEPTH + 1
    assert PLAIN not in html("<div>" * MAX_DEPTH)
    assert f"{PLAIN}too many formulas" in markdown(r"\begin{a}" * 1_000)


def test_a_page_bounds_what_all_its_cells_show():
    page = Page(characters=10, tags=9)
    assert PLAIN not in page.markdown("*a*", {})
    assert PLAIN not in page.markdown("*a*", {})
    assert PLAIN in page.html("<b>x</b>"), "too many tags"
    assert PLAIN in page.markdown("much more", {}), "too many characters"


@pytest.mark.slow
def test_a_renderer_that_takes_too_long_is_stopped():
    page = Page(seconds=0.01)
    assert f"{PLAIN}it takes too long" in page.markdown("# a\n" * 20_000, {})
