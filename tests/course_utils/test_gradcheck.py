import copy

import numpy as np
import pytest

from course_utils.checks import CheckFailed
from course_utils.gradcheck import gradcheck


def scaled_forward(x, parameters):
    """A small example: y = (w * x) ** 2 + b, and an output that does not enter the loss."""
    y = (parameters["w"] * x) ** 2 + parameters["b"]
    return y, -y, (x, parameters)


def scaled_backward(dy, cache):
    x, parameters = cache
    inner = 2 * parameters["w"] * x * dy
    return {
        "dx": inner * parameters["w"],
        "dw": np.sum(inner * x, axis=1, keepdims=True),
        "db": np.sum(dy, axis=1, keepdims=True),
    }


def inputs():
    rng = np.random.default_rng(0)
    parameters = {"w": rng.normal(size=(3, 1)), "b": rng.normal(size=(3, 1)), "unused": np.ones((2, 2))}
    return {"x": rng.normal(size=(3, 4)), "parameters": parameters}


def changed(**edits):
    """A backward function that is right except for some gradients."""

    def scaled_backward_(dy, cache):
        gradients = scaled_backward(dy, cache)
        return {**gradients, **{name: edit(gradients[name]) for name, edit in edits.items()}}

    scaled_backward_.__name__ = "scaled_backward"
    return scaled_backward_


def bumped(gradient):
    gradient = gradient.copy()
    gradient[2, 1] += 0.25
    return gradient


def test_right_gradients_pass_with_a_row_for_each(capsys):
    gradcheck(scaled_backward, scaled_forward, **inputs())
    heading, columns, *lines = capsys.readouterr().out.splitlines()
    assert heading == "scaled_backward: gradient check passed. The entry furthest off in each gradient:"
    assert columns.split() == ["expression", "expected", "yours", "verdict"]
    assert [line.split("[")[0].strip() for line in lines] == ["dx", "dw", "db"]
    assert all(float(line.split("error ")[1]) < 1e-8 for line in lines)


def test_a_wrong_entry_is_found_and_named(capsys):
    with pytest.raises(CheckFailed) as caught:
        gradcheck(changed(dx=bumped), scaled_forward, **inputs())
    message = str(caught.value)
    assert message.startswith("scaled_backward: `dx` is off by")
    assert "worst is `dx[2, 1]`" in message
    assert "\n" not in message
    out = capsys.readouterr().out
    assert "1 of 3 gradients are off" in out
    assert "dx[2, 1]" in out


def test_the_error_is_a_share_of_the_largest_entry(capsys):
    with pytest.raises(CheckFailed, match=r"`dw` is off by 0\.01 of its largest entry"):
        gradcheck(changed(dw=lambda dw: dw + 0.01 * np.abs(dw).max()), scaled_forward, **inputs())
    gradcheck(changed(dw=lambda dw: dw + 1e-8 * np.abs(dw).max()), scaled_forward, **inputs())


def test_a_nan_does_not_pass():
    with pytest.raises(CheckFailed, match="`db` is off by nan"):
        gradcheck(changed(db=lambda db: db * np.nan), scaled_forward, **inputs())


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda db: db[:, 0], r"`db` has shape \(3,\), expected \(3, 1\)"),
        (lambda db: None, "`db` is still None"),
        (lambda db: db.tolist(), "`db` should be a NumPy array"),
    ],
)
def test_a_gradient_of_the_wrong_type_or_shape_is_reported_in_one_line(edit, message):
    with pytest.raises(CheckFailed, match=message):
        gradcheck(changed(db=edit), scaled_forward, **inputs())


def test_a_missing_gradient_is_reported():
    def backward(dy, cache):
        gradients = scaled_backward(dy, cache)
        del gradients["dw"]
        return gradients

    with pytest.raises(CheckFailed, match="backward: the gradient `dw` is missing from the dictionary"):
        gradcheck(backward, scaled_forward, **inputs())


def test_anything_but_a_dictionary_is_reported():
    with pytest.raises(CheckFailed, match="returns None, expected a dictionary of gradients"):
        gradcheck(lambda dy, cache: None, scaled_forward, **inputs())


def test_each_upstream_gradient_belongs_to_an_output():
    def forward(x, parameters):
        return parameters["w"] * x, parameters["w"] + x, (x, parameters)

    def backward(dy, dz, cache):
        x, parameters = cache
        dw = np.sum(dy * x + dz, axis=1, keepdims=True)
        return {"dx": dy * parameters["w"] + dz, "dw": dw}

    gradcheck(backward, forward, **inputs())
    with pytest.raises(CheckFailed, match="`dx` is off"):
        gradcheck(lambda dy, dz, cache: backward(dy, 0 * dz, cache), forward, **inputs())


def test_neither_inputs_nor_random_state_change():
    given, state = inputs(), np.random.get_state()[1].copy()
    before = copy.deepcopy(given)

    def careless(dy, cache):
        gradients = scaled_backward(dy, cache)
        dy *= 0
        cache[0][:] = 7
        return gradients

    gradcheck(careless, scaled_forward, **given)
    np.testing.assert_array_equal(given["x"], before["x"])
    np.testing.assert_array_equal(given["parameters"]["w"], before["parameters"]["w"])
    np.testing.assert_array_equal(np.random.get_state()[1], state)


def test_an_exception_of_the_student_propagates():
    def stub(dy, cache):
        raise NotImplementedError("stub: replace this line")

    with pytest.raises(NotImplementedError, match="replace this line"):
        gradcheck(stub, scaled_forward, **inputs())
