"""Whatever is read, there is a proper result or one error of one line."""

import json
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from autograder.lab.course import Course
from autograder.release.open_cases import open_cases
from course_utils.judging.open_cases import text_of
from tests.autograder.referee.test_any_answer import VALUES as PYTHON_VALUES
from tests.fuzz import properties
from tests.fuzz.documents import BYTES, RECORDS, VALUES, changed, stream

FILES = properties.FILES
NOTEBOOKS = [
    json.loads((FILES / "notebooks" / f"{name}.ipynb").read_text("utf-8"))
    for name in ("right", "version_3", "metadata_stripped", "cells_of_wrong_types", "solution_in_own_cell")
]
PUBLISHED, EQUIVALENT = (
    [json.loads((properties.ROOT / f"assignments/cells/{name}.json").read_text("utf-8"))]
    for name in ("published", "equivalent")
)
_OPEN = open_cases(Course(properties.ROOT).lab("cells"))["rnn_cell_forward"]
OPEN_CASES = [json.loads(text_of({"rnn_cell_forward": replace(_OPEN, cases=_OPEN.cases[:1])}))]
TEXT = {"text/plain": ["a", "b"], "text/html": "<b>", "application/json": {"a": 1}, "image/png": "aGk="}
MESSAGES = [
    [
        ["stream", {"name": "stdout", "text": "x"}],
        ["display_data", {"data": TEXT, "metadata": {"a": {"width": 1}}, "transient": {"display_id": "d"}}],
        ["update_display_data", {"data": TEXT, "metadata": {}, "transient": {"display_id": "d"}}],
        ["execute_result", {"data": {"text/plain": "1"}, "metadata": {}, "execution_count": 1}],
        ["error", {"ename": "E", "evalue": "v", "traceback": ["a"]}],
        ["clear_output", {"wait": True}],
    ]
]
LOCKS = [{"pid": 1, "host": "h", "since": 1e9, "what": "seqlab autograde cells"}]


@given(st.one_of(changed(NOTEBOOKS), BYTES))
def test_a_notebook(data):
    properties.notebook(data)


NAMES = st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=40)


@example("a\nb", b"")
@given(NAMES.filter(lambda name: name not in (".", "..")), changed(NOTEBOOKS))
def test_a_notebook_of_any_name(name, data):
    properties.notebook(data, f"{name}.ipynb")


@given(st.one_of(changed(RECORDS), changed(RECORDS), BYTES))
def test_a_record(data):
    properties.record(data)


@given(st.one_of(changed(PUBLISHED), changed(EQUIVALENT), BYTES))
def test_a_published_json(data):
    properties.published(data)


@given(st.one_of(changed(OPEN_CASES), BYTES))
def test_open_cases(data):
    properties.open_cases(data)


@given(st.one_of(changed(LOCKS), BYTES))
def test_the_state_of_a_course(data):
    properties.state(data)


@given(changed(MESSAGES))
def test_outputs(data):
    properties.outputs(data)


@st.composite
def streams(draw):
    headers = st.one_of(
        changed([{"type": "answer", "value": {"dict": [["a", {"tuple": [{"value": 1}]}]]}, "arrays": []}]),
        BYTES,
    )
    made = stream(draw(st.lists(PYTHON_VALUES, max_size=2)), draw(st.lists(headers, max_size=2)))
    for _ in range(draw(st.integers(0, 2))):
        start = draw(st.integers(0, len(made)))
        made = made[:start] + draw(st.binary(max_size=4)) + made[start + draw(st.integers(0, 4)) :]
    return made


@given(st.one_of(streams(), st.binary(max_size=200)))
def test_frames(data):
    properties.frames(data)


OPTIONS = st.sampled_from(
    [
        "isolation",
        "feedback",
        "figures",
        "limits",
        "nothing",
        *(f"limits['{n}']" for n in ("memory", "cell_seconds")),
    ]
)
LIMITS = st.dictionaries(
    st.sampled_from(["memory", "cell_seconds", "files", "processes", "x", 1]), VALUES, max_size=2
)
LIKELY = st.sampled_from(["bubblewrap", "limits", "points", "diagnosis", True, False, 1 << 30, 10.5])
LINES = st.one_of(
    st.builds("c.GradeInSandbox.{} = {!r}".format, OPTIONS, st.one_of(LIKELY, LIMITS, VALUES)),
    st.builds("c.{} = {!r}".format, st.sampled_from(["GradeInSandbox", "CourseDirectory", "x"]), VALUES),
    st.sampled_from(["c = get_config()", "1/0", "raise SystemExit", "exit(1)", "(" * 300]),
    st.text(st.characters(categories=["Zs", "P", "Nd"]), max_size=9),
)


@given(
    st.one_of(
        st.lists(LINES, max_size=4).map(lambda lines: "\n".join(lines).encode("utf-8", "replace")), BYTES
    )
)
def test_a_configuration(data):
    properties.config(data.replace(b"inf", b"float('inf')").replace(b"nan", b"float('nan')"))


PIECES = st.sampled_from(
    """
    <p> </p> <table> <td> <tr> </table> <a•href="javascript:x"> <b </b> <!-- --> <!x> <?x> <script> </script>
    <style> <div•id=a> <img•src=x.png•onerror=x> &lt; & &#x3c; ' " = > / <li> <ul> <svg> <math> <![CDATA[ ]]>
    <br/> `` ** [] (x) $ $$ \\( \\begin{a} \\end{a} | --- # * \x1b[31m \x1b[ m \ufffe <pre> <details> •
    \n \n\n \0
    """.split(" ")  # noqa: SIM905
)


@given(st.lists(st.one_of(PIECES, PIECES, st.text(max_size=5)), max_size=40).map("".join))
def test_a_page(text):
    properties.page(text.replace("•", " ").encode("utf-8", "replace"))


FOUND = sorted((FILES / "fuzz").glob("*/*"))


@pytest.mark.parametrize("path", FOUND, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_what_was_found_before(path):
    getattr(properties, path.parent.name)(path.read_bytes())
