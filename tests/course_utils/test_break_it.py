"""A student's own check, tried on a right cell and on wrong ones."""

import numpy as np

from course_utils.break_it import try_check


def test_a_thorough_check_catches_them_all(capsys):
    def check(cell):
        rng = np.random.default_rng(0)
        for _ in range(2):
            xt, a_prev = rng.normal(size=(2, 3)), rng.normal(size=(2, 3))
            before = a_prev.copy()
            assert np.allclose(cell(xt, a_prev, 0.9), 0.9 * before + 0.1 * xt)
            assert np.array_equal(a_prev, before)

    try_check(check)
    assert capsys.readouterr().out == "Your check passes the right cell and catches 6 of 6 wrong ones.\n"


def test_a_poor_check_is_told_what_it_lets_pass(capsys):
    try_check(lambda cell: cell(np.zeros((2, 3)), np.ones((2, 3)), 0.5))
    said = capsys.readouterr().out
    assert "catches 0 of 6" in said
    assert said.count("not noticed: ") == 6


def test_a_check_that_rejects_the_right_cell_is_told_so(capsys):
    def check(cell):
        assert cell(np.zeros((1, 1)), np.ones((1, 1)), 0.5) == 1, "the state is kept"

    try_check(check)
    assert capsys.readouterr().out.startswith("Your check rejects the right cell (AssertionError: the state")
