"""Makes places.json, by which the visible checks say where a function goes wrong."""

import contextlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from autograder.lab.course import LabFolder
from autograder.lab.variants import variants
from autograder.referee.places import known_of
from autograder.release.open_cases import open_cases
from course_utils.judging.open_cases import entry_of
from course_utils.judging.placing import traced_cases

__all__ = ["places_text"]

ROUNDING = 1e-9
"""The relative difference that machines may make by rounding: then an earlier file is kept."""


def places_text(lab: LabFolder, before: Path) -> str:
    """Return the text of places.json for a lab.

    It has fingerprints of the reference's variables for a few open cases of each exercise, and no value.
    ``before`` is the path of the file of an earlier build, which is kept if its numbers agree.
    """
    opened = open_cases(lab)
    made = {
        entry_of(name, form.label): known_of(one, exercise, traced_cases(form.cases)).to_json()
        for name, exercise in lab.exercises.items()
        if not exercise.observer
        for one, form in zip(variants(lab, name), opened[name].all(), strict=True)
    }
    with contextlib.suppress(OSError, ValueError):
        text = before.read_text("utf-8")
        if _same(json.loads(text), json.loads(json.dumps(made))):
            return text
    lines = [f" {json.dumps(name)}: {json.dumps(entry)}" for name, entry in made.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _same(one: Any, other: Any) -> bool:
    """Whether two trees are the same, their numbers up to rounding."""
    if type(one) is dict and type(other) is dict:
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if type(one) is list and type(other) is list:
        if len(one) == len(other) and one and all(type(item) is float for item in [*one, *other]):
            scale = max(map(abs, one[3:]), default=0.0) or 1.0
            return one[:3] == other[:3] and bool(np.allclose(one[3:], other[3:], 0, ROUNDING * scale))
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other)
