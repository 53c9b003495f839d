"""The gradients of the lab `backprop`, against finite differences, PyTorch, and what the document prints."""

import copy
import json
from pathlib import Path

import numpy as np
import pytest

from autograder.audit.play import judged
from autograder.lab.earlier import importable
from tests.autograder.referee.referee_play import edited, grade, student

LAB = "backprop"
ASSIGNMENTS = Path(__file__).parents[2] / "assignments"
PUBLISHED = json.loads((ASSIGNMENTS / "backprop" / "published.json").read_text(encoding="utf-8"))
SIZES = [(3, 5, 4, 6), (2, 4, 1, 5), (4, 2, 3, 1), (1, 1, 1, 3), (5, 5, 2, 4)]
"""n_x, n_a, m, T_x"""
INPUTS = {
    "rnn_cell": ("xt", "a_prev", "parameters"),
    "rnn": ("x", "a0", "parameters"),
    "lstm_cell": ("xt", "a_prev", "c_prev", "parameters"),
    "lstm": ("x", "a0", "parameters"),
}


@pytest.fixture(scope="module")
def functions(course):
    """The forward and the backward functions, by name."""
    return {**course.lab("cells").reference, **course.lab("backprop").reference}


def inputs(network, n_x, n_a, m, T_x):
    rng = np.random.default_rng([n_x, n_a, m, T_x])
    kind = network.partition("_")[0]
    shapes = {"Wax": (n_a, n_x), "Waa": (n_a, n_a), "Wya": (2, n_a), "ba": (n_a, 1), "by": (2, 1)}
    if kind == "lstm":
        shapes = {f"W{gate}": (n_a, n_a + n_x) for gate in "fico"} | {f"b{gate}": (n_a, 1) for gate in "fico"}
        shapes |= {"Wy": (2, n_a), "by": (2, 1)}
    shapes |= {"x": (n_x, m, T_x), "a0": (n_a, m), "xt": (n_x, m), "a_prev": (n_a, m), "c_prev": (n_a, m)}
    drawn = {name: 0.7 * rng.normal(size=shape) for name, shape in shapes.items()}
    drawn["parameters"] = {name: value for name, value in drawn.items() if name[0] in "Wb"}
    return {name: drawn[name] for name in INPUTS[network]}


def upstream(network, n_x, n_a, m, T_x, steps=None):
    """The gradients handed to a backward function; ``steps`` cuts da short."""
    rng = np.random.default_rng([7, n_x, n_a, m, T_x])
    if network.endswith("cell"):
        return [rng.normal(size=(n_a, m)) for _ in range(1 + (network == "lstm_cell"))]
    return [rng.normal(size=(n_a, m, steps or T_x))]


def measured(forward, arguments, given):
    """Fourth-order differences of sum(given * outputs), for every array among the arguments."""

    def loss():
        outputs = forward(**arguments)
        return sum(np.sum(d * o[..., : d.shape[2]] if d.ndim == 3 else d * o) for d, o in zip(given, outputs))

    slopes, step = {}, 2e-4
    arrays = {**arguments, **arguments["parameters"]}
    for name in arrays.keys() - {"parameters"}:
        array, slope = arrays[name], np.zeros(arrays[name].shape)
        for at in np.ndindex(array.shape):
            kept, values = array[at], {}
            for k in (-2, -1, 1, 2):
                array[at] = kept + k * step
                values[k] = loss()
            array[at] = kept
            slope[at] = (8 * (values[1] - values[-1]) - (values[2] - values[-2])) / (12 * step)
        slopes[f"d{name}"] = slope
    return slopes


def assert_same(gradients, slopes, tolerance):
    for name, gradient in gradients.items():
        assert gradient.shape == slopes[name].shape[: gradient.ndim - 1] + gradient.shape[-1:], name
        slope = slopes[name][..., : gradient.shape[-1]]
        assert not slopes[name][..., gradient.shape[-1] :].any(), name
        assert np.max(np.abs(gradient - slope)) <= tolerance * np.max(np.abs(slope)), name


@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("network", INPUTS)
def test_the_reference_agrees_with_finite_differences(functions, network, sizes):
    arguments, given = inputs(network, *sizes), upstream(network, *sizes)
    forward, backward = functions[f"{network}_forward"], functions[f"{network}_backward"]
    gradients = backward(*given, forward(**arguments)[-1])
    slopes = measured(forward, copy.deepcopy(arguments), given)
    assert_same(gradients, slopes, 1e-9)
    assert not any(slopes[name].any() for name in slopes.keys() - gradients.keys())


@pytest.mark.parametrize("network", ["rnn", "lstm"])
def test_fewer_steps_of_da_are_a_loss_on_the_first_states(functions, network):
    arguments, given = inputs(network, 3, 4, 2, 7), upstream(network, 3, 4, 2, 7, steps=4)
    forward, backward = functions[f"{network}_forward"], functions[f"{network}_backward"]
    gradients = backward(*given, forward(**arguments)[-1])
    assert gradients["dx"].shape == (3, 2, 4)
    assert_same(gradients, measured(forward, copy.deepcopy(arguments), given), 1e-9)


@pytest.mark.parametrize("network", INPUTS)
def test_inputs_are_left_alone(functions, network):
    cache = functions[f"{network}_forward"](**inputs(network, 3, 5, 4, 6))[-1]
    arguments = [*upstream(network, 3, 5, 4, 6), cache]
    before = copy.deepcopy(arguments)
    functions[f"{network}_backward"](*arguments)
    for now, then in zip(leaves(arguments), leaves(before), strict=True):
        np.testing.assert_array_equal(now, then)


def leaves(value):
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in leaves(item)]
    return [leaf for item in value for leaf in leaves(item)] if isinstance(value, list | tuple) else [value]


# ---------------------------------------------------------------- PyTorch, where it is installed


@pytest.mark.torch
@pytest.mark.parametrize("sizes", SIZES)
@pytest.mark.parametrize("network", ["rnn", "lstm"])
def test_the_reference_agrees_with_pytorch(functions, network, sizes):
    torch = pytest.importorskip("torch")
    arguments, (da,) = inputs(network, *sizes), upstream(network, *sizes)
    gradients = functions[f"{network}_backward"](da, functions[f"{network}_forward"](**arguments)[-1])
    arrays = {**arguments, **arguments["parameters"]}
    p = {
        name: torch.tensor(arrays[name], requires_grad=True) for name in arrays.keys() - {"parameters", "by"}
    }
    a, c, loss = p["a0"], torch.zeros_like(p["a0"]), 0.0
    for t in range(da.shape[2]):
        if network == "rnn":
            a = torch.tanh(p["Waa"] @ a + p["Wax"] @ p["x"][:, :, t] + p["ba"])
        else:
            z = {gate: p[f"W{gate}"] @ torch.cat((a, p["x"][:, :, t])) + p[f"b{gate}"] for gate in "fico"}
            c = torch.sigmoid(z["f"]) * c + torch.sigmoid(z["i"]) * torch.tanh(z["c"])
            a = torch.sigmoid(z["o"]) * torch.tanh(c)
        loss = loss + (torch.tensor(da[:, :, t]) * a).sum()
    loss.backward()
    for name, gradient in gradients.items():
        np.testing.assert_allclose(gradient, p[name[1:]].grad.numpy(), rtol=1e-10, atol=1e-12)


# ---------------------------------------------------------------- what the document prints


def evaluated(entry, name, function):
    """The namespace after the recipe of an entry of published.json."""
    namespace = {"np": np, name: function}
    state = np.random.get_state()
    with importable(ASSIGNMENTS):
        exec("\n".join(entry["inputs"]), namespace)
    np.random.set_state(state)
    return namespace


def assert_reproduced(values, namespace):
    assert len({value["expression"] for value in values}) == len(values)
    for value in values:
        actual = eval(value["expression"], namespace)
        if value["expression"].endswith(".shape"):
            assert list(actual) == value["value"]
        elif isinstance(value["value"], list):
            assert np.round(actual, 8).tolist() == value["value"], value["expression"]
        else:
            assert actual == pytest.approx(value["value"], rel=1e-12), value["expression"]


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_values_reproduce_to_the_printed_digits(functions, name):
    assert_reproduced(PUBLISHED[name]["values"], evaluated(PUBLISHED[name], name, functions[name]))


def step_by_step(lstm_backward):
    """The recursion of the document's lstm_backward: the right function on each step alone, added up."""

    def backward(da, caches):
        steps, x = caches
        parts = [lstm_backward(da[:, :, [t]], ([steps[t]], x[:, :, [t]])) for t in range(da.shape[2])]
        total = {name: sum(part[name] for part in parts) for name in parts[0]}
        return {**total, "dx": np.dstack([part["dx"] for part in parts]), "da0": parts[0]["da0"]}

    return backward


def test_the_printed_values_are_those_of_single_steps(functions):
    entry = PUBLISHED["lstm_backward"]
    assert entry["status"] == "published code error"
    found = evaluated(entry, "lstm_backward", step_by_step(functions["lstm_backward"]))
    assert_reproduced(entry["printed"], found)
    differ = [
        right["expression"]
        for right, printed in zip(entry["values"], entry["printed"], strict=True)
        if right != printed
    ]
    assert len(differ) == 10
    assert not any(expression.endswith(".shape") for expression in differ)


def test_the_published_recursion_keeps_half_of_the_points_and_is_told_so(referee, right):
    written_differently = """
    def lstm_backward(da, caches):
        steps, x = caches
        parts = [lstm_cell_backward(da[..., t], np.zeros(da.shape[:2]), steps[t]) for t in range(da.shape[2])]
        total = {name: sum(part[name] for part in parts) for name in parts[0] if name[1] in "Wb"}
        return {"dx": np.dstack([part["dxt"] for part in parts]), "da0": parts[0]["da_prev"], **total}
    """
    names = student(right["lstm_cell_backward"], written_differently)
    found = grade(referee, names, "lstm_backward")["lstm_backward"]
    assert (found.points, found.max_points, found.mistake) == (12.5, 25, "published-recursion")
    assert "source document" in found.message


@pytest.mark.parametrize(
    "edit",
    [
        ("da[:, :, t] + da_prev, dc_prev,", "da[:, :, t] + da_prev, np.zeros((n_a, m)),"),
        ("da[:, :, t] + da_prev,", "da[:, :, t],"),
    ],
    ids=["the memory's", "the state's"],
)
def test_to_hand_on_one_gradient_earns_no_less_than_to_hand_on_none(referees, right, edit):
    none = ("da[:, :, t] + da_prev, dc_prev,", "da[:, :, t], np.zeros((n_a, m)),")
    for referee in referees:
        least = judged(referee, "lstm_backward", edited(right["lstm_backward"], none)).points
        found = judged(referee, "lstm_backward", edited(right["lstm_backward"], edit))
        assert found.points >= least > 0
        assert "It earns part of the points." in found.message


# ---------------------------------------------------------------- how gradients are graded


def test_each_gradient_counts_for_itself(referee, right):
    wrong = edited(right["rnn_cell_backward"], ("np.dot(dz, a_prev.T)", "np.dot(dz, a_prev.T) + 1"))
    found = grade(referee, student(wrong), "rnn_cell_backward")["rnn_cell_backward"]
    assert found.points == 16
    assert "dWaa" in found.message


def test_a_missing_gradient_is_named(referee, right):
    wrong = edited(right["rnn_cell_backward"], ('"dWaa": dWaa, ', ""))
    found = grade(referee, student(wrong), "rnn_cell_backward")["rnn_cell_backward"]
    assert found.points == 16
    assert "`dWaa` is missing" in found.message


@pytest.mark.parametrize("step", [1e-4, 1e-5, 1e-6, 1e-7])
@pytest.mark.parametrize("network", ["rnn_cell", "rnn"])
def test_central_differences_are_no_answer(referee, functions, network, step):
    """However well the step is chosen, and with the batch kept apart, the error shows in most gradients."""
    name = f"{network}_backward"

    def differences(given, cache):
        if network == "rnn":
            steps, x = cache
            arguments = {"x": x, "a0": steps[0][1], "parameters": steps[0][3]}
        else:
            arguments = {"xt": cache[2], "a_prev": cache[1], "parameters": cache[3]}
        arrays = {**arguments, **arguments["parameters"]}
        forward, gradients = functions[f"{network}_forward"], {}

        def loss():
            a = forward(**arguments)[0]
            return np.sum(given * (a[..., : given.shape[2]] if given.ndim == 3 else a))

        for key in referee.lab.exercises[name].outputs:
            array = arrays[key[1:]]
            gradients[key] = np.zeros(array.shape)
            for at in np.ndindex(array.shape):
                kept = array[at]
                array[at] = kept + step
                above = loss()
                array[at] = kept - step
                gradients[key][at] = (above - loss()) / (2 * step)
                array[at] = kept
        if network == "rnn":
            gradients["dx"] = gradients["dx"][..., : given.shape[2]]
        return gradients

    found = grade(referee, {"np": np, name: differences}, name)[name]
    assert found.points == 0
    assert found.message
