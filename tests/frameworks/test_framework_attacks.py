"""Attacks by way of a framework: objects that lie, patched layers, a replaced observer."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

pytest.importorskip("keras")
pytest.importorskip("torch")

from autograder.cli.demo import fill_in
from autograder.lab.text import solution_cells
from tests.plain import COURSE

pytestmark = pytest.mark.sandbox

LAB, EXERCISE = "keras_jazz", "djmodel"
STUBBED = "def djmodel(Tx, n_a, n_values):\n"
ATTACKS = {
    "a tensor whose array lies": STUBBED
    + """
    class Lie:
        shape, dtype, ndim = (2, n_values), "float32", 2
        def __array__(self, *_, **__):
            import numpy as np
            return np.full((2, n_values), 1 / n_values)
        def __float__(self):
            return 0.5
    class Liar(Model):
        def call(self, inputs, training=False):
            return [Lie() for _ in range(Tx)]
    X, a0, c0 = Input((Tx, n_values)), Input((n_a,)), Input((n_a,))
    liar = Liar()
    liar.inputs_of = [X, a0, c0]
    return liar
""",
    "a layer that is patched": STUBBED
    + """
    from keras import layers, ops
    layers.Dense.call = lambda self, x, **_: ops.full((ops.shape(x)[0], n_values), 1 / n_values)
    layers.LSTM.call = lambda self, x, **_: 3 * (ops.zeros((ops.shape(x)[0], n_a)),)
    X, a0, c0 = Input((Tx, n_values)), Input((n_a,)), Input((n_a,))
    a, c, outputs = a0, c0, []
    for t in range(Tx):
        a, _, c = LSTM_cell(reshapor(X[:, t, :]), initial_state=[a, c])
        outputs.append(densor(a))
    return Model([X, a0, c0], outputs)
""",
    "an observer that is replaced": STUBBED
    + """
    return None


import sys
from functools import partial
import numpy as np
from course_utils.judging import observed


def forged(function, Tx, n_a, n_values, weights, X, a0, c0, Y):
    outputs = [np.full((len(X), n_values), 1 / n_values)] * Tx
    return outputs, {}, {}


observed.observers = lambda path: forged
sys.modules["course_utils.frameworks.jazz"].djmodel = forged
sys.modules["seqlab_inside.probe"].watched = lambda function, _: partial(forged, function)
""",
    "an observer that looks for what is right": STUBBED
    + """
    return None


import gc
import sys
from functools import partial
import numpy as np


def searching(function, Tx, n_a, n_values, weights, X, a0, c0, Y):
    found = [
        one
        for one in gc.get_objects()
        if isinstance(one, list) and len(one) == Tx
        and all(isinstance(part, np.ndarray) and part.shape == (len(X), n_values) for part in one)
    ]
    return (found[0] if found else [np.zeros((len(X), n_values))] * Tx), {}, {}


sys.modules["seqlab_inside.probe"].watched = lambda function, _: partial(searching, function)
""",
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory) -> dict[str, dict[str, dict]]:
    """Grade the attacks and an honest notebook in one class; return verdicts by notebook and exercise."""
    folder = tmp_path_factory.mktemp("attackers")
    release = nbformat.read(COURSE.root / "release" / LAB / f"{LAB}.ipynb", 4)
    right = {name: cell.source for name, cell in solution_cells(COURSE.lab(LAB).text).items()}
    for name, source in {**ATTACKS, "z honest": right[EXERCISE]}.items():
        notebook = fill_in(release, right)
        solution_cells(notebook)[EXERCISE].source = source
        nbformat.write(notebook, folder / f"{name}.ipynb")
    command = [os.path.join(os.path.dirname(sys.executable), "seqlab"), "check", str(folder), "--json", "-"]
    run = subprocess.run(
        [*command, "--jobs", "1", "--no-figures", "--only-graded", "--no-cache"],
        cwd=COURSE.root,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    results = json.loads(run.stdout)
    return {
        Path(one["path"]).stem: {verdict["name"]: verdict for verdict in one["exercises"]}
        for one in results["submissions"]
    }


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_earns_nothing(graded, name):
    verdict = graded[name][EXERCISE]
    assert verdict["points"] == 0, verdict
    assert verdict["message"]


def test_the_honest_notebook_beside_them_has_all_its_points(graded):
    verdicts = graded["z honest"].values()
    assert all(verdict["points"] == verdict["max_points"] for verdict in verdicts), verdicts
