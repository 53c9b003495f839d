"""The sandbox reads a cell as IPython does, whichever way it takes."""

import random
import warnings
from pathlib import Path

import nbformat
import pytest
from autograder.sandbox.inside.compiler import Compiler, Transforms
from IPython.core.inputtransformer2 import TransformerManager

from autograder.sandbox import ForkServer, Isolation, Limits, Sandbox

ROOT = Path(__file__).parents[3]
LABS = [
    cell.source
    for path in sorted(ROOT.glob("source/*/*.ipynb"))
    for cell in nbformat.read(path, as_version=4).cells
    if cell.cell_type == "code"
]
AWKWARD = [
    "",
    "\n\n  \n",
    "    indented = 1\n    more = 2",
    ">>> 1 + 1\n2",
    "In [1]: x = 1\n   ...: y = 2",
    "...",
    "x?",
    "??x.y",
    "a = !ls",
    "a = %time 1",
    "%%time\n1",
    "%matplotlib inline\n1",
    "'''\n%not a magic\n!nor a command\n'''",
    "x = (1\n% 2)",
    "x = 7 \\\n% 4",
    "if (1 and\n    2):\n        3\n    4",
    "if 1:\n\\\n    2\n    3",
    "s = 'a\u2028%b'",
    "s = 'a\x0c!b'",
    "x = 1\r!ls\r",
    "x = 1\r\ny = 2\r\n",
    "/f 1 2",
    ",f a b",
    ";f a b",
    "# a comment?",
    "'text?'",
    "'\\\n%ls'",
    "f'{x!r} {x=}'",
    "\x00",
    "\ufeffx",
    "def f(:",
    "await f()",
    "(" * 300,
]
SIGNS = list("?!%,;/=()[]{}'\"#:.\\$`x1 \t\n\r\f\v\x1c\x85\u2028é℘·")
WORDS = ["??", "!!", "%%", "==", "'''", "if ", "def ", "\\d", "\\n", "\\\n", "\n    ", "= !ls", "= %x "]
PIECES = [*SIGNS, *WORDS, "    ", "1if 1else 2", "0x1for x in y", "f'{x!r}'", "await x"]


@pytest.fixture
def transforms():
    """Our transformations, with a compiler of their own."""
    made = Transforms()
    made.compiler = Compiler()
    return made


def outcome(manager, code):
    try:
        return manager.transform_cell(code)
    except Exception as error:
        return type(error), str(error)


def changed(code, rng):
    """Put a few signs into a cell, or take some out."""
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(code) + 1)
        code = code[:at] + rng.choice(PIECES) + code[at + rng.choice([0, 0, 0, 5]) :]
    return code


@pytest.mark.parametrize("code", AWKWARD, ids=repr)
def test_awkward_cells(transforms, code):
    assert outcome(transforms, code) == outcome(TransformerManager(), code)


def test_the_cells_of_the_labs_and_changes_of_them(transforms):
    rng, stock = random.Random(0), TransformerManager()
    short = 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for number in range(4000):
            code = LABS[number % len(LABS)]
            if number >= len(LABS):
                lines = code.splitlines(keepends=True)
                code = changed("".join(lines[rng.randrange(len(lines)) :][:6]), rng)
            found = outcome(transforms, code)
            assert found == outcome(stock, code), repr(code)
            short += transforms.compiler.known(found) is not None
    # Were it always, or never, the short way, this would compare little.
    assert 300 < short < 3700


def test_most_cells_of_the_labs_are_parsed_once(transforms):
    once = 0
    for code in LABS:
        source = transforms.transform_cell(code)
        known = transforms.compiler.known(source)
        once += known is not None
        assert transforms.compiler.ast_parse(source) is known or known is None
        assert transforms.compiler.known(source) is None
    assert once > 0.9 * len(LABS)


def test_reading_warns_of_nothing(transforms):
    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("always")
        for code in ("'\\d'", "1if 2else 3", "0x1for x in y", "'\\400'", "x is 5", "assert (1, 2)"):
            assert outcome(transforms, code) == f"{code}\n"
    assert not shown


def test_transformers_of_a_student_are_asked(transforms):
    class Shout:
        priority = 1

        @classmethod
        def find(cls, tokens_by_line):
            raise RuntimeError("asked")

    transforms.token_transformers.append(Shout)
    with pytest.raises(RuntimeError, match="asked"):
        transforms.transform_cell("x = 1")


def test_other_flags_need_another_tree(transforms):
    transforms.transform_cell("x = 1")
    transforms.compiler.flags |= 0x40_0000
    assert transforms.compiler.known("x = 1\n") is None


def test_in_a_sandbox():
    """Each warning comes as often as in IPython: once of the look for `await`, once of the cell."""
    with ForkServer((), Limits(), Isolation.LIMITS) as server, Sandbox(server, server.limits) as sandbox:

        def run(code):
            outputs = []
            run = sandbox.run(code, lambda kind, content: outputs.append(content))
            return run, outputs

        for _ in range(2):
            _, outputs = run("x = 5\nx is 5")
            assert outputs[0]["text"].count("SyntaxWarning") == 2
        _, outputs = run("await __import__('asyncio').sleep(0, 3)")
        assert outputs[0]["data"]["text/plain"] == "3"
        ended, outputs = run("if (1 and\n    2):\n        3\n    4")
        assert ended.error == "IndentationError"
        assert "<tokenize>" in outputs[0]["traceback"][0]
        _, outputs = run("1 / 0")
        shown = outputs[0]["traceback"]
        _, outputs = run("list(get_ipython().history_manager.exceptions.values())[-1]['traceback']")
        assert outputs[0]["data"]["text/plain"].count("ZeroDivisionError") == "".join(shown).count(
            "ZeroDivisionError"
        )
