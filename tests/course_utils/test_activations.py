import math
import subprocess
import sys

import numpy as np
import pytest

from course_utils.activations import sigmoid, softmax


def test_sigmoid_is_the_textbook_formula():
    z = np.linspace(-30, 30, 121).reshape(11, 11)
    expected = [[1 / (1 + math.exp(-value)) for value in row] for row in z]
    np.testing.assert_allclose(sigmoid(z), expected, rtol=1e-14)


def test_sigmoid_of_huge_numbers_gives_no_warning():
    assert sigmoid(np.array([-1e308, -800.0, 0.0, 800.0, 1e308])).tolist() == [0.0, 0.0, 0.5, 1.0, 1.0]


def test_sigmoid_keeps_small_tails_exact():
    assert sigmoid(-700.0) == pytest.approx(math.exp(-700), rel=1e-14)


@pytest.mark.parametrize("z", [3, -2.5, [1, 2], np.zeros((2, 0, 3), dtype=int)])
def test_sigmoid_keeps_the_shape(z):
    assert np.shape(sigmoid(z)) == np.shape(z)


def test_softmax_is_the_textbook_formula_by_columns():
    z = np.random.default_rng(0).normal(size=(4, 3), scale=3)
    expected = np.empty_like(z)
    for column in range(3):
        powers = [math.exp(value) for value in z[:, column]]
        expected[:, column] = [power / sum(powers) for power in powers]
    np.testing.assert_allclose(softmax(z), expected, rtol=1e-14)


def test_softmax_of_huge_numbers_gives_no_warning():
    z = np.array([[8e307, -1e300], [0.0, -1e300], [-8e307, 0.0]])
    assert softmax(z).tolist() == [[1.0, 0.0], [0.0, 0.0], [0.0, 1.0]]


def test_softmax_columns_are_independent():
    z = np.array([[1000.0, 1.0], [999.0, 2.0]])
    np.testing.assert_array_equal(softmax(z)[:, [1]], softmax(z[:, [1]]))


def test_softmax_of_one_vector():
    np.testing.assert_allclose(softmax([0.0, math.log(3.0)]), [0.25, 0.75], rtol=1e-14)


def test_inputs_are_not_changed():
    z = np.array([[1.0, -2.0], [3.0, 0.0]])
    before = z.copy()
    sigmoid(z), softmax(z)
    np.testing.assert_array_equal(z, before)


SCRIPT = """
import sys
import course_utils.rnn_utils
import rnn_utils
from rnn_utils import *
assert rnn_utils is course_utils.rnn_utils
assert rnn_utils.softmax is softmax and rnn_utils.sigmoid is sigmoid
import course_utils.checks, course_utils.plots
heavy = {"autograder", "nbgrader", "matplotlib", "IPython"}
print(sorted({name.split(".")[0] for name in sys.modules} & heavy))
"""


def test_the_common_module_name_works_and_imports_stay_light(tmp_path):
    command = [sys.executable, "-W", "error", "-c", SCRIPT]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "[]\n"


def test_a_module_of_that_name_is_not_replaced():
    script = (
        "import sys, types\n"
        "own = sys.modules['rnn_utils'] = types.ModuleType('rnn_utils')\n"
        "import course_utils.rnn_utils\n"
        "assert sys.modules['rnn_utils'] is own"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
