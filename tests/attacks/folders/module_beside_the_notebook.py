"""A numpy.py, a course_utils.py and others beside the notebook, to be imported in place of the real."""

from tests.attacks.attack_files import write

SCORES = (4.0, 6.0, 10.0)
NAMES = (
    "numpy",
    "course_utils",
    "json",
    "socket",
    "seqlab_inside",
    "sitecustomize",
    "usercustomize",
    "multiprocessing",
    "pickle",
    "random",
    "nbgrader_config",
    "jupyter_config",
    "ipython_config",
    "conftest",
)


def hand_in(folder, notebook):
    for name in NAMES:
        (folder / f"{name}.py").write_text(
            "open('made', 'w')\nraise SystemExit('the wrong module')\n", "utf-8"
        )
    (folder / "numpy").mkdir()
    (folder / "numpy/__init__.py").write_text("raise SystemExit('the wrong module')\n", "utf-8")
    (folder / "anything.pth").write_text("import os; os._exit(3)\n", "utf-8")
    write(folder, notebook)
