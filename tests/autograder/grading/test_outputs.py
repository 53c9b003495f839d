"""Output messages of a notebook, which nothing vouches for, on their way into its cells."""

import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.grading.outputs import NotebookOutputs, new_error, new_output
from autograder.sandbox import Limits


class Book:
    """A notebook of code cells, and its outputs."""

    def __init__(self, **limits):
        self.notebook, self.outputs = new_notebook(), NotebookOutputs(Limits(**limits))

    def cell(self, *messages):
        """Run a further cell that sends messages; returns it."""
        cell = new_code_cell("x")
        self.notebook.cells.append(cell)
        self.outputs.begin(cell)
        for kind, content in messages:
            self.outputs(kind, content)
        nbformat.validate(self.notebook)
        return cell


def stream(text, name="stdout"):
    return "stream", {"name": name, "text": text}


def shown(text, display_id=None, kind="display_data", **others):
    transient = {"transient": {"display_id": display_id}} if display_id else {}
    return kind, {"data": {"text/plain": text}, "metadata": {}, **transient, **others}


def updated(text, display_id):
    return shown(text, display_id, "update_display_data")


CLEAR, CLEAR_LATER = ("clear_output", {}), ("clear_output", {"wait": True})


def texts(cell):
    """Return what a cell shows, output by output."""
    return [output.get("text", output.get("data", {}).get("text/plain")) for output in cell.outputs]


def test_each_kind_of_output_stands_in_its_cell_in_order():
    error = {"ename": "E", "evalue": "v", "traceback": ["one", "two"]}
    result = shown("4", kind="execute_result", execution_count=3)
    cell = Book().cell(stream("a"), shown("b"), ("error", error), result)
    assert [o.output_type for o in cell.outputs] == ["stream", "display_data", "error", "execute_result"]
    assert cell.execution_count == cell.outputs[-1].execution_count == 3
    assert cell.outputs[2].traceback == ["one", "two"]


def test_a_cell_begins_empty():
    book = Book()
    cell = book.cell(stream("a"))
    book.outputs.begin(cell)
    assert (cell.outputs, cell.execution_count) == ([], None)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("stream", {}),
        ("stream", {"name": "stdin", "text": "x"}),
        ("stream", {"name": "stdout", "text": 5}),
        ("stream", {"name": "stdout", "text": ["x", 5]}),
        ("error", {"ename": "E", "evalue": "v"}),
        ("error", {"ename": "E", "evalue": 5, "traceback": []}),
        ("error", {"ename": "E", "evalue": "v", "traceback": "text"}),
        ("display_data", {"metadata": {}}),
        ("display_data", {"data": "text", "metadata": {}}),
        ("display_data", {"data": {"text/plain": {"a": 1}}, "metadata": {}}),
        ("display_data", {"data": {"text/plain": "x"}, "metadata": []}),
        ("display_data", {"data": {"image/png": "<script>"}, "metadata": {}}),
        ("display_data", {"data": {"text/plain": "x"}, "metadata": {"image/png": {"width": "<b>"}}}),
        ("update_display_data", {"data": {"text/plain": "x"}}),
        ("execute_input", {"code": "x"}),
        ("no such kind", {}),
    ],
)
def test_malformed_messages_are_dropped(kind, content):
    assert texts(Book().cell((kind, content), stream("after"))) == ["after"]


@pytest.mark.parametrize("count", [-1, 10**6, "3", True, 1.5])
def test_a_forged_count_is_none(count):
    cell = Book().cell(shown("4", kind="execute_result", execution_count=count))
    assert cell.execution_count is None
    assert cell.outputs[0].execution_count is None


# ---------------------------------------------------------------- displays


def test_an_update_writes_into_every_copy_also_in_earlier_cells():
    book = Book()
    first = book.cell(shown("old", "a"), shown("other", "b"))
    second = book.cell(shown("newer", "a"), shown("none"))
    assert texts(first) == ["newer", "other"], "to show an id again updates what shows it"
    third = book.cell(updated("last", "a"), updated("nowhere", "c"))
    assert (texts(first), texts(second), texts(third)) == (["last", "other"], ["last", "none"], [])


def test_an_update_is_charged_for_each_copy():
    book = Book(cell_output=4_000)
    first = book.cell(*[shown("x", "a") for _ in range(8)])
    book.cell(updated("y" * 1_000, "a"))
    assert texts(first) == ["x"] * 8, "eight times a thousand is more than a cell may put out"
    wide = Book(cell_output=20_000)
    first = wide.cell(*[shown("x", "a") for _ in range(8)])
    wide.cell(updated("y" * 1_000, "a"))
    assert texts(first) == ["y" * 1_000] * 8


def test_clearing_at_once_and_with_the_next_output():
    assert texts(Book().cell(stream("a"), CLEAR, stream("b"))) == ["b"]
    assert texts(Book().cell(stream("a"), CLEAR)) == []
    assert texts(Book().cell(stream("a"), CLEAR_LATER)) == ["a"]
    assert texts(Book().cell(stream("a"), CLEAR_LATER, stream("b"), stream("c"))) == ["b", "c"]


def test_what_was_cleared_is_updated_no_more_and_other_cells_are():
    book = Book()
    first = book.cell(shown("old", "a"))
    second = book.cell(shown("old", "a"), CLEAR, updated("new", "a"))
    assert (texts(first), texts(second)) == (["new"], [])


# ---------------------------------------------------------------- limits


def test_the_number_of_outputs_is_bounded_and_that_is_said_once():
    book = Book(cell_outputs=10)
    found = texts(book.cell(*[stream(str(n)) for n in range(100)]))
    assert found == [*(str(n) for n in range(10)), "\n... cut after 10 outputs\n"]
    assert texts(book.cell(stream("next"))) == ["next"], "the next cell has its own"


def test_the_size_of_a_cells_outputs_is_bounded_and_that_is_said_once():
    book = Book(cell_output=2_048)
    found = texts(book.cell(*[stream("x" * 600) for _ in range(9)], stream("small")))
    assert found == ["x" * 600] * 3 + ["\n... cut after 2 kB\n"]
    assert texts(book.cell(stream("next"))) == ["next"]


def test_clearing_gives_nothing_back():
    found = Book(cell_output=2_048).cell(*[stream("x" * 600), CLEAR] * 9)
    assert texts(found) == []


def test_the_size_of_the_whole_notebook_is_bounded_and_that_is_said():
    book = Book(saved_output=1 << 20)
    cells = [book.cell(stream("x" * 200_000)) for _ in range(9)]
    assert texts(cells[4]) == ["x" * 200_000]
    assert texts(cells[-1]) == ["\n... cut after 1 MB of outputs in the notebook\n"]
    assert len(json.dumps(book.notebook)) < (1 << 20) + 10_000


def test_updates_from_cell_to_cell_cannot_go_round_the_limit_of_the_notebook():
    book = Book(saved_output=1 << 20)
    for _ in range(30):
        book.cell(shown("x", "a"))
    for _ in range(30):
        book.cell(updated("y" * 200_000, "a"))
    assert len(json.dumps(book.notebook)) < (1 << 20) + 30_000


# ---------------------------------------------------------------- ours


def test_ours_are_valid_outputs():
    assert new_error("Ended", "why").traceback == ["Ended: why"]
    assert new_output("display_data", data={"text/plain": "x"}).data == {"text/plain": "x"}
    with pytest.raises(ValueError, match="no valid stream"):
        new_output("stream", name="nowhere", text="x")
