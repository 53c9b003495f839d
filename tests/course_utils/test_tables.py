from xml.dom.minidom import parseString

import numpy as np
import pytest

from course_utils.tables import CheckTable, Line, Row, words


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "None"),
        (7, "7"),
        (True, "True"),
        (0.5, "0.50000000"),
        (np.float64(-0.25), "-0.25000000"),
        (float("nan"), "nan"),
        (1e300, "1e+300"),
        ((5, 10), "(5, 10)"),
        ((1.5, 2), "a tuple of 2"),
        ([1, 2], "a list of 2"),
        ("<b>", "'<b>'"),
        ("x" * 99, "a string of 99 characters"),
        (np.arange(3), "0 1 2"),
        (np.arange(4), "0 1 2 ... (4 numbers)"),
        (np.array(["a"]), "a value of type ndarray"),
        (np.array([]), ""),
        (object(), "a value of type object"),
    ],
)
def test_words(value, text):
    assert words(value) == text


def test_a_long_array_is_cut():
    assert words(np.zeros(10**6)).endswith("... (1000000 numbers)")


def table() -> CheckTable:
    wrong = np.array([False, True, False, False, False])
    return CheckTable(
        "f: <b>1 of 2</b>",
        [
            Row("a.shape", (5,), (5,)),
            Row("a", np.arange(5.0), np.array([0, -1.5, 2, 3, 4]), "differs", "a differs", 3, wrong),
            Row("b", np.float64(1), "<script>", "wrong type", "b is a string", 0),
        ],
    )


def test_the_text_is_a_table_in_columns():
    lines = repr(table()).splitlines()
    assert lines[0] == "f: <b>1 of 2</b>"
    assert lines[1].split() == ["expression", "expected", "yours", "verdict"]
    column = lines[1].index("verdict")
    assert [line[column:] for line in lines[2:]] == ["ok", "differs", "wrong type"]
    assert all(line == line.rstrip() for line in lines)


def test_the_html_is_well_formed_and_escapes_the_students_values():
    html = table()._repr_html_()
    document = parseString(html)
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert [cell.firstChild.data for cell in document.getElementsByTagName("th")] == [
        "expression",
        "expected",
        "yours",
    ]
    assert len(document.getElementsByTagName("tr")) == 4


def test_the_html_marks_only_the_wrong_number():
    bold = [node.firstChild.data for node in parseString(table()._repr_html_()).getElementsByTagName("b")]
    assert [text.strip() for text in bold] == ["✓", "✗", "-1.50000000", "✗"]


def test_the_html_takes_its_colours_from_the_theme():
    assert "var(--jp-ui-font-color1,inherit)" in table()._repr_html_()


def test_an_array_of_many_numbers_is_cut_with_its_marks():
    row = Row("a", np.zeros(60), np.ones(60), "differs", "a differs", 3, np.ones(60, bool))
    document = parseString(CheckTable("f", [row])._repr_html_())
    assert len(document.getElementsByTagName("b")) == 1 + 50
    assert "(60 numbers)" in document.toxml()


def test_what_a_line_stands_for_is_shown_on_a_click():
    lines = [Line("open cases: 2 of 2", names=["one", "<two>"]), Line("all 3", "it <raised>")]
    document = parseString(CheckTable("f", [], lines)._repr_html_())
    (details,) = document.getElementsByTagName("details")
    assert [node.firstChild.data for node in details.getElementsByTagName("div")] == ["one", "<two>"]
    assert "it &lt;raised&gt;" in document.toxml()


def test_numbers_stand_in_columns_and_lines_end_between_them():
    row = Row("x", np.array([12, 0, 7, 26, 3]), np.array([12, 0, 7, 26, 4]), wrong=np.arange(5) == 4)
    html = CheckTable("f", [row])._repr_html_()
    assert "12 \u00a00 \u00a07 26 \u00a03<" in html
    assert "max-width:30ch" in html


def test_five_short_numbers_stay_on_one_line():
    html = CheckTable("f", [Row("x", np.array([1, 12, 7, 26, 3]), np.full(5, -0.5), "differs", "x")])
    assert "max-width:30ch;white-space:nowrap" in html._repr_html_()
    assert "max-width:48ch;white-space:normal" in html._repr_html_()


def test_numbers_that_agree_are_written_alike():
    rows = [
        Row("a", np.array(-1.0), np.array(-1 + 1e-12)),
        Row("b", np.array(2.0), np.array(2.0)),
        Row("c", np.array(10.0), np.array(14.5), "differs", "c differs", 3),
    ]
    lines = [line.split() for line in repr(CheckTable("f", rows)).splitlines()[2:]]
    assert [line[1:3] for line in lines] == [
        ["-1.00000000", "-1.00000000"],
        ["2", "2"],
        ["10", "14.50000000"],
    ]


@pytest.mark.parametrize(
    ("value", "characters"), [(np.ones(12), 20), (np.full(12, -0.5), 48), (np.ones(0), 10)]
)
def test_a_line_holds_ten_numbers_or_55_characters(value, characters):
    assert f"max-width:{characters}ch" in CheckTable("f", [Row("x", value, value)])._repr_html_()
