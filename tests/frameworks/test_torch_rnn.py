"""The lab `torch_rnn`: layers moved from NumPy, models, and what is said of those that do not fit."""

import runpy
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

from autograder.audit.play import grade, namespace
from autograder.audit.visible import passes_visible_check
from autograder.lab.text import reference_source
from course_utils.judging.observed import Unfit, watched

LAB = "torch_rnn"
MOVED = ("rnn_to_torch", "lstm_to_torch", "gru_to_torch")


@pytest.fixture(scope="module")
def lab(labs):
    return labs.lab(LAB)


@pytest.fixture(scope="module")
def solution(lab):
    return lab.solution()


def inputs_of(lab, name, case=0, seed=3):
    return dict(lab.exercises[name].cases[case].draw(np.random.default_rng(seed)))


def observed(lab, name, function, case=0):
    return watched(function, lab.exercises[name].observer)(*inputs_of(lab, name, case).values())


def said(lab, solution, name, source, case=0):
    """What is said of an answer that cannot be observed."""
    names = dict(solution)
    exec(source, names)
    with pytest.raises(Unfit) as error:
        observed(lab, name, names[name], case)
    return str(error.value)


@pytest.mark.parametrize("name", MOVED)
def test_moved_layers_agree_with_numpy_in_outputs_and_gradients(lab, solution, name):
    for case in lab.exercises[name].cases:
        inputs = dict(case.draw(np.random.default_rng(4)))
        right = lab.reference[name](**inputs)
        found = watched(solution[name], lab.exercises[name].observer)(*inputs.values())
        for want, got in zip(right, found, strict=True):
            np.testing.assert_allclose(np.array(got), np.array(want), rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("name", MOVED)
def test_a_gradient_is_that_of_the_sum_that_is_meant(lab, name):
    inputs, h = inputs_of(lab, name), 1e-6
    dX = lab.reference[name](**inputs)[2]
    place = (1, 0, 2)
    sums = []
    for step in (h, -h):
        X = inputs["X"].copy()
        X[place] += step
        sums.append(np.sum(inputs["dY"] * lab.reference[name](**{**inputs, "X": X})[0]))
    assert dX[place] == pytest.approx((sums[0] - sums[1]) / (2 * h), rel=1e-6)


def test_moved_layers_are_those_of_the_earlier_labs(labs, lab, solution):
    inputs = inputs_of(lab, "lstm_to_torch")
    layer = solution["lstm_to_torch"](inputs["parameters"])
    x = np.transpose(inputs["X"], (2, 1, 0))
    a0 = inputs["state"][0].T
    a = labs.lab("cells").solution()["lstm_forward"](x, a0, inputs["parameters"])[0]
    state = torch.tensor(a0.T)[None], torch.zeros(1, *a0.T.shape, dtype=torch.double)
    Y = layer(torch.tensor(inputs["X"]), state)[0].detach().numpy()
    np.testing.assert_allclose(Y, np.transpose(a, (2, 1, 0)), rtol=1e-12, atol=1e-13)

    inputs = inputs_of(lab, "gru_to_torch")
    H = labs.lab("variants").solution()["gru"](list(inputs["X"]), inputs["state"], inputs["params"])[1][0]
    h = solution["gru_to_torch"](inputs["params"])(
        torch.tensor(inputs["X"]), torch.tensor(inputs["state"][0])[None]
    )[1]
    np.testing.assert_allclose(h[0].detach().numpy(), H, rtol=1e-12, atol=1e-13)


def test_each_wrong_order_of_gates_is_named_as_itself(lab, referee_of):
    referee = referee_of(LAB)
    orders = [m for name in MOVED for m in lab.mistakes[name] if m.name.startswith("order-")]
    assert len(orders) == 23 + 5
    assert len({mistake.help for mistake in orders}) == 23 + 5
    for name, order in (("lstm_to_torch", "fico"), ("lstm_to_torch", "ofci"), ("gru_to_torch", "zrh")):
        mistake = next(m for m in lab.mistakes[name] if m.name == f"order-{order}")
        verdict = grade(referee, namespace(lab, {name: lab.written(name, mistake)}), name)[name]
        assert verdict.points == 0
        assert verdict.mistake == mistake.name


ONE = """
def rnn_to_torch(parameters):
    n_a, n_x = parameters["Wax"].shape
    layer = {made}
    with torch.no_grad():
        layer.weight_ih_l0.copy_(torch.from_numpy(parameters["Wax"]))
        layer.weight_hh_l0.copy_(torch.from_numpy(parameters["Waa"]))
        layer.bias_ih_l0.copy_(torch.from_numpy(parameters["ba"][:, 0]))
        {more}
    return {returned}
"""


@pytest.mark.parametrize(
    ("made", "more", "returned", "words"),
    [
        (
            "nn.RNN(n_x, n_a).double()",
            "layer.bias_hh_l0.zero_()",
            "{**layer.state_dict(), 'weight_ih_l0': layer.weight_ih_l0.T}",
            "weight_ih_l0 has the shape (4, 6); it should be (6, 4)",
        ),
        ("nn.RNN(n_x, n_a).double()", "pass", "layer", "bias_hh_l0 still has the random numbers"),
        ("nn.RNN(n_x, n_a)", "layer.bias_hh_l0.zero_()", "layer", "weight_ih_l0 is float32; make it float64"),
        ("nn.RNN(n_x, n_a, 2).double()", "layer.bias_hh_l0.zero_()", "layer", "one layer and one direction"),
        ("nn.RNN(n_x, n_a).double()", "layer.bias_hh_l0.zero_()", "None", "what it returns is None"),
        ("nn.RNN(n_x, n_a).double()", "pass", "nn.GRU(n_x, n_a)", "a model of the class GRU"),
        (
            "nn.RNN(n_x, n_a).double()",
            "layer.bias_hh_l0.zero_()",
            "{'weight': layer.weight_ih_l0}",
            "has other names than bias_hh_l0, bias_ih_l0, weight_hh_l0, weight_ih_l0",
        ),
    ],
)
def test_a_layer_that_does_not_fit_is_described(lab, solution, made, more, returned, words):
    source = ONE.format(made=made, more=more, returned=returned)
    assert words in said(lab, solution, "rnn_to_torch", source)


def test_pytorchs_random_state_is_kept(lab, solution):
    torch.manual_seed(1)
    before = torch.get_rng_state()
    observed(lab, "rnn_to_torch", solution["rnn_to_torch"])
    assert torch.equal(before, torch.get_rng_state())


IMAGE = """
def image_lstm(input_size=28, hidden_size=128, num_classes=10):
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            {layers}
        def forward(self, x):
            return {scores}
    return Model{made}
"""
LAYERS = (
    "self.rnn = nn.LSTM(input_size, hidden_size, batch_first=True); "
    "self.out = nn.Linear(hidden_size, num_classes)"
)
LAST = "self.out(self.rnn(x)[0][:, -1])"


@pytest.mark.parametrize(
    ("layers", "scores", "made", "words"),
    [
        (LAYERS, LAST, "", "it returns a class; return a model"),
        (LAYERS, "self.out(self.rnn(x)[0])", "()", "the scores have the shape (3, 4, 2)"),
        (LAYERS, LAST + ".detach()", "()", "cut off from the weights"),
        (
            LAYERS.replace("hidden_size, batch", "hidden_size, 2, batch"),
            LAST,
            "()",
            "one layer and one direction",
        ),
        (LAYERS.replace("hidden_size", "128"), LAST, "()", "weight_ih_l0 of the LSTM has the shape (512, 6)"),
        (LAYERS.replace("nn.LSTM", "nn.GRU"), LAST, "()", "the model has no LSTM layers; it should have one"),
        (LAYERS + "; self.more = nn.Linear(2, 2)", LAST, "()", "the model has 2 linear layers"),
        (LAYERS + "; self.norm = nn.LayerNorm(3)", LAST, "()", "norm.weight, norm.bias"),
    ],
)
def test_a_model_that_does_not_fit_is_described(lab, solution, layers, scores, made, words):
    source = IMAGE.format(layers=layers, scores=scores, made=made)
    assert words in said(lab, solution, "image_lstm", source)


def test_a_layer_of_its_own_in_a_language_model_is_told(lab, solution):
    source = lab_source(lab, "rnn_model").replace("self.rnn = rnn_layer", "self.rnn = nn.GRU(7, 4)")
    assert "does not hold the layer" in said(lab, solution, "rnn_model", source)


@pytest.mark.parametrize("case", [0, 1])
def test_a_state_that_is_not_detached_is_told(lab, solution, case):
    source = (
        lab_source(lab, "train_step")
        .replace("part.detach()", "part")
        .replace("state = state.detach()", "pass")
    )
    assert "must be detached" in said(lab, solution, "train_step", source, case)
    kept = source.replace("l.backward()", "l.backward(retain_graph=True)")
    assert "must be detached" in said(lab, solution, "train_step", kept, case)


def lab_source(lab, name):
    return reference_source(lab.text)[name]


def test_the_form_of_the_documents_earns_all_points(lab, referee_of):
    answers = runpy.run_path(str(lab.folder / "answers.py"))["answers"]
    for name, form in (
        ("image_lstm", "the class of document 000"),
        ("rnn_model", "the class of document 002"),
        ("train_step", "as in document 002"),
    ):
        verdict = grade(referee_of(LAB), namespace(lab, {name: answers[name][form]}), name)[name]
        assert verdict.points == lab.points[name], form


def test_a_step_of_training_is_that_of_the_lab_variants(lab):
    from course_utils.language_model import gru_step, lstm_step, to_onehot

    for kind, step, parts in (("gru", gru_step, 1), ("lstm", lstm_step, 2)):
        inputs = next(
            found for case in range(4) if (found := inputs_of(lab, "train_step", case))["kind"] == kind
        )
        X, Y = inputs["windows"][0]
        n_x, n_h = inputs["params"][0].shape
        state = (np.zeros((len(X), n_h)),) * parts
        want = step(to_onehot(X, n_x), Y, state, inputs["params"])
        got = lab.reference["window"](kind, inputs["params"], X, Y, state)
        assert got[0] == pytest.approx(want[0])
        for one, other in zip(got[1], want[1], strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-12)


def test_the_verse_is_that_of_the_lab_variants(labs):
    own, theirs = (
        Path(labs.lab(name).folder, "data", "verse.txt").read_bytes() for name in (LAB, "variants")
    )
    assert own == theirs


def test_the_check_in_the_notebook_agrees_with_the_hidden_tests(lab):
    answers, wrong = (runpy.run_path(str(lab.folder / f"{name}.py"))[name] for name in ("answers", "wrong"))
    for name, exercise in lab.exercises.items():
        for form, source in answers[name].items():
            assert passes_visible_check(lab, exercise, lab.solution({name: source})[name]), (name, form)
        sources = {
            m.name: lab.written(name, m) for m in lab.mistakes[name] if not m.name.startswith("order-")
        }
        for form, edits in wrong[name].items():
            sources[form] = lab_source(lab, name)
            for old, new in edits:
                sources[form] = sources[form].replace(old, new)
        for form, source in sources.items():
            assert not passes_visible_check(lab, exercise, lab.solution({name: source})[name]), (name, form)
