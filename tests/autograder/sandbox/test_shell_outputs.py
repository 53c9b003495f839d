"""Cells in the sandbox put out what they put out in a kernel."""

import base64
import re

import pytest

from autograder.sandbox import ForkServer, Isolation, Limits, Sandbox

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def outputs_of():
    """A function that runs cells in one shared sandbox and returns the last one's outputs."""
    with ForkServer((), Limits(), Isolation.LIMITS) as server, Sandbox(server, server.limits) as sandbox:

        def run(*cells):
            for code in cells:
                found = []
                last = sandbox.run(code, lambda kind, content: found.append((kind, content)))
            return last, found

        yield run


def only(outputs, kind):
    assert [name for name, _ in outputs] == [kind]
    return outputs[0][1]


def test_a_result(outputs_of):
    run, outputs = outputs_of("40 + 2")
    content = only(outputs, "execute_result")
    assert content["data"] == {"text/plain": "42"}
    assert content["execution_count"] == run.count
    assert run.error is None


def test_streams_and_results_keep_their_order(outputs_of):
    _, outputs = outputs_of(
        "import sys\nprint('one')\nprint('two', file=sys.stderr)\ndisplay('three')\nprint('four')\n5"
    )
    seen = [(kind, content.get("name"), content.get("text", "").strip()) for kind, content in outputs]
    streams = [item for item in seen if item[0] == "stream"]
    assert ("stream", "stdout", "one") in streams
    assert ("stream", "stderr", "two") in streams
    kinds = [kind for kind, _ in outputs]
    shown = kinds.index("display_data")
    assert seen.index(("stream", "stdout", "one")) < shown < seen.index(("stream", "stdout", "four"))
    assert kinds[-1] == "execute_result"


def test_a_very_long_line_comes_in_pieces(outputs_of):
    _, outputs = outputs_of("print('ä' * 300_000)")
    assert all(len(content["text"]) <= 1 << 16 for _, content in outputs)
    assert "".join(content["text"] for _, content in outputs) == "ä" * 300_000 + "\n"


def test_what_subprocesses_and_descriptors_write(outputs_of):
    _, outputs = outputs_of("!echo from a shell\nimport os\n_ = os.write(1, b'from a descriptor\\n')")
    text = "".join(content["text"] for _, content in outputs)
    assert "from a shell" in text
    assert "from a descriptor" in text


def test_lone_surrogates_and_colours_can_be_printed(outputs_of):
    _, outputs = outputs_of("print('a\\ud800b 😀 \\x1b[31mred')")
    text = only(outputs, "stream")["text"]
    assert text == "a?b 😀 \x1b[31mred\n"
    text.encode()


def test_an_error(outputs_of):
    run, outputs = outputs_of("1 / 0")
    content = only(outputs, "error")
    assert (content["ename"], content["evalue"]) == ("ZeroDivisionError", "division by zero")
    plain = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(content["traceback"]))
    assert "1 / 0" in plain
    assert run.error == "ZeroDivisionError"
    assert not run.timed_out


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("def f(:", "SyntaxError"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("raise SystemExit(3)", "SystemExit"),
        ("import sys\nsys.exit()", "SystemExit"),
        ("class E(Exception):\n    def __str__(self):\n        raise E\nraise E", "E"),
        ("%no_such_magic", "UsageError"),
        ("await __import__('asyncio').sleep(0)\n1/0", "ZeroDivisionError"),
    ],
)
def test_other_errors(outputs_of, code, error):
    run, outputs = outputs_of(code)
    assert run.error == error
    assert outputs
    assert [content["ename"] for kind, content in outputs if kind == "error"] == [error]
    assert outputs_of("'still here'")[1][0][1]["data"] == {"text/plain": "'still here'"}


def test_displays_and_their_updates(outputs_of):
    _, outputs = outputs_of(
        "from IPython.display import HTML, clear_output\n"
        "handle = display(HTML('<b>1</b>'), display_id='x')\n"
        "handle.update(HTML('<b>2</b>'))\n"
        "clear_output(wait=True)\n"
        "HTML('<i>3</i>')"
    )
    assert [kind for kind, _ in outputs] == [
        "display_data",
        "update_display_data",
        "clear_output",
        "execute_result",
    ]
    assert outputs[0][1]["data"]["text/html"] == "<b>1</b>"
    assert outputs[0][1]["transient"] == outputs[1][1]["transient"] == {"display_id": "x"}
    assert outputs[1][1]["data"]["text/html"] == "<b>2</b>"
    assert outputs[2][1] == {"wait": True}
    assert outputs[3][1]["data"]["text/html"] == "<i>3</i>"


def test_a_figure_is_a_png(outputs_of):
    _, outputs = outputs_of("import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()")
    content = only(outputs, "display_data")
    assert base64.b64decode(content["data"]["image/png"]).startswith(b"\x89PNG")


def test_a_figure_that_is_left_open_is_shown(outputs_of):
    _, outputs = outputs_of("%matplotlib inline\nimport matplotlib.pyplot as plt\n_ = plt.plot([1, 2])")
    assert "image/png" in only(outputs, "display_data")["data"]


def test_magics(outputs_of):
    _, outputs = outputs_of("%%capture kept\nprint('hidden')", "kept.stdout")
    assert only(outputs, "execute_result")["data"]["text/plain"] == "'hidden\\n'"
    _, outputs = outputs_of("%timeit -n 1 -r 1 pass")
    assert "per loop" in only(outputs, "stream")["text"]
    _, outputs = outputs_of("%%writefile made.txt\nsome text", "%cat made.txt")
    assert outputs[0][1]["text"].strip() == "some text"


def test_await_at_the_top_and_tasks_across_cells(outputs_of):
    _, outputs = outputs_of(
        "import asyncio\nasync def later():\n    await asyncio.sleep(0.01)\n    return 7\n"
        "task = asyncio.create_task(later())",
        "await task",
    )
    assert only(outputs, "execute_result")["data"]["text/plain"] == "7"


@pytest.mark.parametrize("call", ["input('name? ')", "__import__('getpass').getpass()"])
def test_asking_for_input_is_refused_in_one_line(outputs_of, call):
    run, outputs = outputs_of(call)
    assert run.error == "StdinNotImplementedError"
    content = outputs[-1][1]
    assert content["evalue"] == "input() was called, but nobody is there to answer while grading"
    assert "\n" not in content["evalue"]


def test_a_replaced_stream_harms_no_later_cell(outputs_of):
    outputs_of("import sys, io\nkept, sys.stdout = sys.stdout, io.StringIO()\nprint('lost')")
    _, outputs = outputs_of("sys.stdout = kept", "print('back')")
    assert only(outputs, "stream")["text"] == "back\n"


def test_a_broken_shell_gives_an_error_and_ends_nothing(box):
    ours = box(Isolation.LIMITS)
    ours.run("import sys\nsys.stdout = None")
    run = ours.run("print('not shown')")
    assert run.error == "AttributeError"
    assert ours.outputs[-1][0] == "error"
    ours.run("1")


def test_an_output_larger_than_a_frame_is_left_out(outputs_of):
    _, outputs = outputs_of("from IPython.display import HTML\nHTML('x' * (9 << 20))")
    assert "left out" in only(outputs, "stream")["text"]
