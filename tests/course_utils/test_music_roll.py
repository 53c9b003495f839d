import subprocess
import sys

from course_utils.music import Note, Tune, parse_chords

SESSION = """
import base64, sys, warnings
warnings.simplefilter("error")
from IPython.terminal.interactiveshell import TerminalInteractiveShell
from IPython.utils.capture import capture_output
shell = TerminalInteractiveShell.instance(history_load_length=0)
from course_utils.music import Note, Tune, parse_chords
quick = "matplotlib" not in sys.modules
notes = (Note(0, 4, 69), Note(7, 1, 61), Note(8, 12, 62), Note(70, 1, 90))
tune = Tune(notes, parse_chords("Dm7 | G7 C7 |" * 4 + "Am7"))
with capture_output() as seen:
    tune.plot("A solo")
    Tune((), ()).plot()
from xml.dom.minidom import parseString
for output in seen.outputs:
    picture = parseString(output.data["text/html"].replace(">", "/>")).documentElement
    assert picture.getAttribute("alt") == output.data["text/plain"], picture.getAttribute("alt")
    image = base64.b64decode(picture.getAttribute("src").partition(",")[2])
    print(image.startswith(b"\\x89PNG"), 2_000 < len(image) < 100_000)
print(quick, repr(seen.stdout), repr(seen.stderr), "matplotlib.pyplot" in sys.modules)
print(shell.display_formatter.format(tune)[0])
"""


def test_outside_a_notebook_the_roll_is_described(capsys):
    Tune((Note(0, 4, 69), Note(7, 1, 61), Note(8, 8, 62)), parse_chords("Dm7 | G7")).plot("A solo")
    assert capsys.readouterr().out == (
        "Piano roll of 2 bars. A solo: 3 notes; chord tones 2, scale tones 0, approach notes 1.\n"
    )


def test_in_ipython_a_tune_is_a_picture_and_a_player(tmp_path, monkeypatch):
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    done = subprocess.run(
        [sys.executable, "-c", SESSION], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.splitlines() == [
        "True True",
        "True True",
        "True '' '' False",
        "{'text/plain': 'A tune of 9 bars with 4 notes, 200 beats a minute'}",
    ]


def test_the_package_alone_loads_neither_mido_nor_matplotlib():
    code = "import sys, course_utils; print(*sorted({'mido', 'matplotlib'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "\n"
