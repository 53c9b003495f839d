"""Runs the cells of notebooks in one bare warm process and prints the seconds of each as JSON.

What `benchmarks.grading` compares the engine with: the same shell, figures drawn, no sandbox, no referee.
"""

import builtins
import io
import json
import os
import sys
import time
from pathlib import Path

os.environ |= {"OPENBLAS_NUM_THREADS": "1", "NBGRADER_EXECUTION": "autograde"}
sys.path.insert(0, str(Path(__file__).parents[1] / "autograder/sandbox"))

import nbformat
from inside.server import warm
from inside.worker import preload


def main() -> None:
    """Run every notebook given as an argument, in its folder."""
    here = str(Path(__file__).parents[1])
    shell = preload()
    sys.path.insert(0, here)  # course_utils
    shell.pipe.publish = lambda *_: None
    builtins.__seqlab_grade__ = lambda name: None  # type: ignore[attr-defined]
    warm(shell)
    out, taken = sys.stdout, []
    for name in (sys.argv[1], *sys.argv[1:]):  # the first one twice: it fills what caches are left
        notebook = nbformat.read(name, 4)
        os.chdir(Path(name).parent)
        shell.reset(new_session=False)
        sys.stdout = sys.stderr = io.StringIO()
        start = time.perf_counter()
        for cell in notebook.cells:
            if cell.cell_type == "code":
                shell.run_cell(cell.source, store_history=True)
        taken.append(time.perf_counter() - start)
        sys.stdout = out
    print(json.dumps(taken[1:]))


if __name__ == "__main__":
    main()
