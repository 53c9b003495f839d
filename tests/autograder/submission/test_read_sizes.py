"""How large notebooks are read: outputs are left behind before anything is made of them."""

import json
import subprocess
import sys

import pytest

from autograder.errors import BadSubmission
from autograder.submission.read import read_notebook

SIZE = 60 << 20
MEASURED = """
import resource, sys
from pathlib import Path
from autograder.errors import BadSubmission
from autograder.submission.read import read_notebook
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
before = peak()
try:
    print(len(read_notebook(Path(sys.argv[1])).notebook.cells), "cells")
except BadSubmission as error:
    print(error)
print(peak() - before)
"""
NOTEBOOK = {
    "nbformat": 4,
    "nbformat_minor": 5,
    "metadata": {"extra": "METADATA"},
    "cells": [
        {"cell_type": "code", "id": "a", "metadata": {}, "source": "first = 'ü'", "outputs": "OUTPUTS"},
        {"cell_type": "code", "id": "b", "metadata": {}, "source": ["second"], "outputs": []},
    ],
}


def write(path, *, outputs="[]", metadata="0"):
    """Write the notebook with some JSON as its outputs and as extra metadata."""
    text = json.dumps(NOTEBOOK, indent=1, ensure_ascii=False)
    path.write_text(text.replace('"OUTPUTS"', outputs).replace('"METADATA"', metadata), "utf-8")
    return path


def sources(path):
    return [cell.source for cell in read_notebook(path).notebook.cells]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("place", "unit", "said"),
    [
        ("outputs", '"ab",', "holds too many values: clear its outputs"),
        ("outputs", "1.5,", "2 cells"),
        ("outputs", "[],", "holds too many values: clear its outputs"),
        ("outputs", '"' + "x" * 9999 + '",', "2 cells"),
        ("metadata", '"ab",', "holds more than 32 MB beside outputs"),
        ("metadata", "[],", "holds more than 32 MB beside outputs"),
    ],
)
def test_60_megabytes_of_values_take_little_memory(tmp_path, place, unit, said):
    path = write(tmp_path / "large.ipynb", **{place: "[" + unit * (SIZE // len(unit)) + "0]"})
    line = [sys.executable, "-c", MEASURED, str(path)]
    run = subprocess.run(line, capture_output=True, text=True, check=True)
    words, megabytes = run.stdout.splitlines()
    assert said in words
    assert int(megabytes) < 150


def test_what_is_kept_has_a_limit_of_values(tmp_path):
    path = write(tmp_path / "x.ipynb", metadata="[" + "{}," * 600_000 + "0]")
    with pytest.raises(BadSubmission, match="too many values beside outputs"):
        read_notebook(path)


@pytest.mark.parametrize(
    "outputs",
    [
        "[]",
        '[{"output_type": "stream", "name": "stdout", "text": ["[", "]]]", "{\\"outputs\\": ["]}]',
        '[{"data": {"text/plain": "\\\\"}, "outputs": [[["]"]]]}, "\\\\\\"]"]',
        '[\n[\n"]\\n"\n]\n]',
        "[nonsense that no JSON has]",
    ],
)
def test_outputs_of_any_form_leave_the_cells_alone(tmp_path, outputs):
    assert sources(write(tmp_path / "x.ipynb", outputs=outputs)) == ["first = 'ü'", "second"]


def test_words_of_a_cell_that_look_like_outputs_stay(tmp_path):
    source = 'found = {"outputs": [1, 2]}\n"outputs": [\n\\"outputs\\": ["'
    book = json.loads(json.dumps(NOTEBOOK))
    book["cells"][0] |= {"source": source, "outputs": []}
    path = tmp_path / "x.ipynb"
    path.write_text(json.dumps(book), "utf-8")
    assert sources(path) == [source, "second"]


def test_a_file_cut_off_after_outputs_is_named_with_its_line(tmp_path):
    path = write(tmp_path / "x.ipynb", outputs="[\n1,\n2\n]")
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join(lines[:-4]), "utf-8")
    with pytest.raises(BadSubmission, match=f"not JSON from line {len(lines) - 4} on"):
        read_notebook(path)
    path.write_text("\n".join(lines[:14]), "utf-8")
    with pytest.raises(BadSubmission, match=r"was cut off: not JSON from line \d+ on"):
        read_notebook(path)
