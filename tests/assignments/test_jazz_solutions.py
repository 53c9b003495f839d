"""The solutions of the lab `jazz` against implementations that share nothing with them."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

LAB = "jazz"
FOLDER = Path(__file__).parents[2] / "assignments" / LAB
PUBLISHED = json.loads((FOLDER / "published.json").read_text(encoding="utf-8"))
CHECKED = [name for name, entry in PUBLISHED.items() if "values" in entry]
SIZES = {"m": 3, "Tx": 5, "n_values": 6, "n_a": 4}


@pytest.fixture
def inputs() -> dict[str, Any]:
    """X, Y, a0, c0 and parameters."""
    rng = np.random.default_rng(5)
    m, Tx, n_values, n_a = SIZES.values()
    shapes = {f"W{gate}": (n_a, n_a + n_values) for gate in "fico"} | {
        f"b{gate}": (n_a, 1) for gate in "fico"
    }
    shapes |= {"Wy": (n_values, n_a), "by": (n_values, 1)}
    return {
        "X": np.eye(n_values)[rng.integers(0, n_values, (m, Tx))],
        "Y": np.eye(n_values)[rng.integers(0, n_values, (Tx, m))],
        "a0": rng.standard_normal((m, n_a)),
        "c0": rng.standard_normal((m, n_a)),
        "parameters": {name: rng.standard_normal(shape) for name, shape in shapes.items()},
    }


def plain_step(x, a, c, p):
    """One step of one example, in vectors."""
    concat = np.concatenate((a, x))
    f, i, o = (1 / (1 + np.exp(-(p[f"W{gate}"] @ concat + p[f"b{gate}"][:, 0]))) for gate in "fio")
    c = f * c + i * np.tanh(p["Wc"] @ concat + p["bc"][:, 0])
    a = o * np.tanh(c)
    scores = p["Wy"] @ a + p["by"][:, 0]
    return a, c, np.exp(scores) / np.exp(scores).sum()


@pytest.mark.parametrize("name", CHECKED)
def test_published_values_are_those_of_the_solution(functions, name):
    entry = PUBLISHED[name]
    namespace = {"np": np, name: functions[name]}
    exec("\n".join(entry["inputs"]), namespace)
    for value in entry["values"]:
        actual = np.asarray(eval(value["expression"], namespace), dtype=float)
        np.testing.assert_allclose(actual, value["value"], atol=5e-9, rtol=0, err_msg=value["expression"])


def test_djmodel_follows_the_equations(functions, inputs):
    X, _, a0, c0, parameters = inputs.values()
    outputs = functions["djmodel"](X, a0, c0, parameters)
    assert len(outputs) == SIZES["Tx"]
    for k in range(SIZES["m"]):
        a, c = a0[k], c0[k]
        for t, out in enumerate(outputs):
            a, c, wanted = plain_step(X[k, t], a, c, parameters)
            np.testing.assert_allclose(out[k], wanted, rtol=1e-12)


def test_the_loss_is_that_of_the_right_values(functions, inputs):
    X, Y, a0, c0, parameters = inputs.values()
    outputs = functions["djmodel"](X, a0, c0, parameters)
    total = 0.0
    for t, out in enumerate(outputs):
        for k in range(SIZES["m"]):
            total -= np.log(out[k, list(Y[t, k]).index(1)])
    assert functions["music_loss"](outputs, Y) == pytest.approx(total / SIZES["m"], rel=1e-12)


def test_inference_hears_its_own_most_likely_value(functions, inputs):
    X, _, a0, c0, parameters = inputs.values()
    x0 = X[:, :1]
    outputs = functions["music_inference_model"](x0, a0, c0, parameters, Ty=9)
    for k in range(SIZES["m"]):
        x, a, c = x0[k, 0], a0[k], c0[k]
        for out in outputs:
            a, c, wanted = plain_step(x, a, c, parameters)
            np.testing.assert_allclose(out[k], wanted, rtol=1e-12)
            x = (wanted == wanted.max()).astype(float)
    results, indices = functions["predict_and_sample"](parameters, x0[:1], a0[:1], c0[:1], 9)
    assert results.shape == (9, SIZES["n_values"])
    assert indices.shape == (9, 1)
    np.testing.assert_array_equal(indices[:, 0], [out[0].argmax() for out in outputs])
    np.testing.assert_array_equal(results.argmax(axis=1), indices[:, 0])
    np.testing.assert_array_equal(results.sum(axis=1), 1)


def test_temperature_divides_the_scores(functions):
    scores = np.random.default_rng(0).standard_normal((4, 7))
    for temperature in (0.3, 1, 2.5):
        powers, softer = np.exp(scores), np.exp(scores / temperature)
        out = powers / powers.sum(axis=1, keepdims=True)
        wanted = softer / softer.sum(axis=1, keepdims=True)
        np.testing.assert_allclose(functions["with_temperature"](out, temperature), wanted, rtol=1e-12)


@pytest.mark.torch
def test_fit_agrees_with_pytorch(functions, inputs):
    torch = pytest.importorskip("torch")
    X, Y, a0, c0, parameters = inputs.values()
    p = {name: torch.nn.Parameter(torch.tensor(value)) for name, value in parameters.items()}
    optimizer = torch.optim.Adam(p.values(), lr=0.01, eps=1e-7)
    rate = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 / (1 + 0.01 * step))
    x, targets = torch.tensor(X), torch.tensor(Y.argmax(axis=-1))
    wanted = []
    for _ in range(10):
        a, c, loss = torch.tensor(a0), torch.tensor(c0), 0.0
        for t in range(SIZES["Tx"]):
            concat = torch.cat((a, x[:, t]), dim=1)
            f, i, o = (torch.sigmoid(concat @ p[f"W{gate}"].T + p[f"b{gate}"].T) for gate in "fio")
            c = f * c + i * torch.tanh(concat @ p["Wc"].T + p["bc"].T)
            a = o * torch.tanh(c)
            loss = loss + torch.nn.functional.cross_entropy(a @ p["Wy"].T + p["by"].T, targets[t])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        rate.step()
        wanted.append(loss.item())
    losses = functions["fit"](X, Y, a0, c0, parameters, 10)
    # PyTorch adds epsilon after the correction of the squares, Keras and we before: a difference of its order
    np.testing.assert_allclose(losses, wanted, rtol=1e-5)
    assert losses[-1] < losses[0]
