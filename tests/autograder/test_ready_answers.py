"""Nothing that a lab offers answers one of its exercises when it is called."""

import contextlib
import copy
import importlib
import inspect
import io
import itertools
import pickle
import pkgutil
import types
import warnings
from collections import deque

import numpy as np
import pytest

from autograder.referee import Judge, Referee
from autograder.referee.call import call
from autograder.sandbox.inside.probe import Probe
from course_utils.judging.outputs import WrongForm
from tests.plain import COURSE, PLAIN

SKIPPED = {
    "breakpoint", "copyright", "credits", "exit", "help", "input", "license", "quit",
    "numpy.linalg.test", "numpy.save", "numpy.savetxt", "numpy.savez", "numpy.savez_compressed", "numpy.test",
}  # fmt: skip
"""What reads the keyboard, ends the process, writes files or runs NumPy's own tests."""

ANSWERS: dict[tuple[str, str], str] = {}
"""Offered callables that earn points when they are called, by exercise and name, each with the reason.

None does. Two calls of `course_utils.nn` may answer an exercise of `jazz`, and its text says so: these are
among the right answers in its answers.py.
"""

VIEWS = {
    "as it is": lambda value: value,
    "its first part": lambda value: value[0],
    "its last part": lambda value: value[-1],
    "step by step": lambda value: list(np.swapaxes(value[0] if isinstance(value, tuple) else value, 0, 1)),
}
"""What may be made of a returned value without a thought."""


def callables(module):
    """Return the callables that a module defines, methods of its classes and of their objects included."""
    found = {}
    for name, value in vars(module).items():
        if not callable(value) or getattr(value, "__module__", None) != module.__name__:
            continue
        if name.startswith(("load_", "read_")):  # they take a path, and 1 would be standard output
            continue
        found[name] = value
        if inspect.isclass(value):
            holders = [value]
            with contextlib.suppress(Exception):
                holders.append(value())
            for number, holder in enumerate(holders):
                for part, method in inspect.getmembers(holder, callable):
                    if not part.startswith("_"):
                        found[f"{name}{'()' * number}.{part}"] = method
    return found


def with_submodules(name):
    """Return a module of course_utils and, if it is a package, all modules in it."""
    module = importlib.import_module(name)
    inner = pkgutil.walk_packages(getattr(module, "__path__", []), f"{name}.")
    return [module, *(importlib.import_module(found.name) for found in inner)]


def general():
    """Return the callables of Python and NumPy: name -> callable."""
    found = {}
    for module in ("builtins", "numpy", "numpy.linalg"):
        prefix = "" if module == "builtins" else f"{module}."
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            named = vars(importlib.import_module(module)).items()
            found |= {
                f"{prefix}{name}": value
                for name, value in named
                if callable(value) and not isinstance(value, types.ModuleType)
            }
    for name in ("append", "copy", "dot", "max", "sum", "tolist"):
        found[f"ndarray.{name}"] = getattr(np.ndarray, name, list.append)
    return {name: value for name, value in found.items() if name not in SKIPPED}


def of_the_course(lab):
    """Return what a lab's modules and earlier labs offer, each callable once: name -> callable."""
    named = {}
    for module in itertools.chain(*(with_submodules(f"course_utils.{name}") for name in lab.lab.modules)):
        named |= {f"{module.__name__}.{name}": value for name, value in callables(module).items()}
    for earlier in lab.lab.earlier:
        functions = COURSE.lab(earlier).reference
        named |= {f"{earlier}.{name}": functions[name] for name in COURSE.lab(earlier).exercises}
    once = {id(value): name for name, value in reversed(named.items())}
    return {name: named[name] for name in reversed(once.values())}


def orders(count):
    """Return the obvious ways to hand on arguments: all, reversed, without the first or last, one, two."""
    every = tuple(range(count))
    ways = {every: None, every[::-1]: None, every[1:]: None, every[:-1]: None}
    for size in (1, 2):
        ways |= dict.fromkeys(itertools.permutations(every, size))
    return [way for way in ways if way]


def points_of(referee, exercise, function):
    """Return the points of a function as the answer to an exercise, with the real probe, in process.

    It meets one case of each group first: what earns nothing there earns nothing in all, which take longer.
    """
    every = referee.cases[exercise.name]
    few = list({case.group: case for case in reversed(every)}.values())[::-1]
    for cases in (few, every):
        points = points_for(Judge(referee, {exercise.name: cases}), exercise, function)
        if points == 0:
            break
    return points


def points_for(judge, exercise, function):
    """Return the points of a function for the cases of a judge."""
    session = judge.open(exercise)
    queue = deque()

    def send(header, arrays=()):
        queue.extend(session.answer(header, list(arrays)))

    Probe({exercise.name: function}, send, queue.popleft)(exercise.name)
    return session.close().points


def core(referee, exercise):
    return next(case for case in referee.cases[exercise.name] if case.group == "core")


@pytest.fixture(scope="module", params=PLAIN)
def referee(request):
    with Referee(COURSE.lab(request.param), 3) as referee:
        referee.tracing = False  # traces tell nothing of points, and take most of the time
        yield referee


@pytest.fixture
def quiet(tmp_path, monkeypatch):
    """An empty current folder that stays empty, and neither output nor warnings."""
    monkeypatch.chdir(tmp_path)
    silence = contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO())
    state = np.random.get_state()
    with warnings.catch_warnings(), np.errstate(all="ignore"), silence[0], silence[1]:
        warnings.simplefilter("ignore")
        yield
    np.random.set_state(state)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_nothing_of_python_and_numpy_is_an_answer(referee, quiet):
    ready = general()
    assert len(ready) > 500
    tried = 0
    for exercise in referee.lab.exercises.values():
        for name, function in ready.items():
            try:
                call(function, core(referee, exercise).inputs, exercise)
            except WrongForm:
                pass
            except BaseException:  # then it is wrong in a core case, and earns nothing
                continue
            tried += 1
            assert points_of(referee, exercise, function) == 0, f"{name} as {exercise.name}"
    assert tried > 10


@pytest.mark.slow
def test_nothing_that_the_course_offers_is_an_answer(referee, quiet):
    """Whatever it is called with of the exercise's inputs, and whichever part of its value is taken."""
    found = {}
    tried = 0
    for exercise in referee.lab.exercises.values():
        inputs, seen = core(referee, exercise).inputs, set()
        for name, function in of_the_course(referee.lab).items():
            for way in orders(len(inputs)):
                tried += 1
                given = copy.deepcopy([*inputs.values()])
                try:
                    function(*(given[number] for number in way))
                except BaseException:  # then it is wrong in a core case, and earns nothing
                    continue
                for view, part in VIEWS.items():

                    def answer(*given, function=function, way=way, part=part):
                        return part(function(*(given[number] for number in way)))

                    try:
                        outputs = pickle.dumps(call(answer, inputs, exercise))
                    except BaseException:
                        continue
                    if outputs in seen:  # on values that were drawn: it is the same answer
                        continue
                    seen.add(outputs)
                    if points_of(referee, exercise, answer):
                        found[exercise.name, name] = view
    assert found.keys() == {key for key in ANSWERS if key[0] in referee.lab.exercises}
    assert tried > 500


def test_the_reference_itself_does_score(referee):
    """Else the tests above could not fail."""
    lab = referee.lab
    for exercise in lab.exercises.values():
        found = points_of(referee, exercise, lab.reference[exercise.name])
        assert found == lab.points[exercise.name]
