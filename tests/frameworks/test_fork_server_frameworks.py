"""Frameworks in the fork server: loaded once, without threads, and forked from then on."""

import pytest

pytest.importorskip("keras")
pytest.importorskip("torch")

from autograder.sandbox import ForkServer, Isolation, Limits, Sandbox

pytestmark = pytest.mark.sandbox

MODEL = """
import os, sys, time
begun, loaded = time.process_time(), {"keras", "torch"} <= sys.modules.keys()
import keras
x = keras.Input((4, 3))
model = keras.Model(x, keras.layers.Dense(2)(keras.layers.LSTM(5)(x)))
model.compile("adam", "mse")
model.fit(keras.ops.ones((2, 4, 3)), keras.ops.ones((2, 2)), verbose=0)
print(loaded, *model(keras.ops.zeros((2, 4, 3))).shape, keras.backend.backend(), len(os.listdir("/tmp")))
assert time.process_time() - begun < 5, time.process_time() - begun
"""


def said_by(server: ForkServer, code: str) -> str:
    outputs = []
    with Sandbox(server, server.limits) as sandbox:
        run = sandbox.run(code, lambda kind, content: outputs.append(content))
    assert run.error is None, outputs
    return "".join(content["text"] for content in outputs if content.get("name") == "stdout")


def test_each_submission_finds_the_framework_loaded():
    warm = ("course_utils.frameworks.warm_keras",)
    with ForkServer(("frameworks",), Limits(), Isolation.BUBBLEWRAP, preload=warm, figures=False) as server:
        for _ in range(3):
            assert said_by(server, MODEL).split() == ["True", "2", "2", "torch", "0"]
        assert server.shared
