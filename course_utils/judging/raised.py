"""Describes an exception: its text, and the line of the student's own code that led to it."""

import ast
import inspect
import linecache
import re
import sys
import traceback
from collections.abc import Callable
from types import FrameType
from typing import Any

__all__ = ["describe", "in_notebook", "only_stub", "tell"]

REGION = re.compile(r"### START CODE HERE ###.*\n([\s\S]*?)### END CODE HERE ###")
BLANK = re.compile(r"[A-Za-z_][\w ,()]*=\s*(?:None\s*,\s*)*None\s*(?:#.*)?")
"""A line of a stub, such as ``n_x, m = None``."""
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
"""What makes text bold or coloured in a terminal, as in messages of Keras."""
IMPORTS = {"np": "import numpy as np", "plt": "import matplotlib.pyplot as plt"}


def in_notebook(frame: FrameType) -> bool:
    """Whether a frame is of code in a notebook's cell."""
    return frame.f_globals.get("__name__") == "__main__"


def describe(error: BaseException, own: Callable[[FrameType], bool] = in_notebook) -> dict[str, Any]:
    """Describe an exception and the student's line that led to it, as short plain text.

    ``own`` says whether a frame is of the student's own code.
    """
    try:
        message = COLOUR.sub("", str(error))
    except BaseException:
        message = ""
    line, source, function, empty = 0, "", "", ""
    debugger = False
    if isinstance(error, SyntaxError) and type(error).__module__ == "builtins":
        # Of a whole cell, which has no frame; otherwise the loop below finds the line.
        message = error.msg if type(error.msg) is str else "" if error.msg is None else message
        line = error.lineno if type(error.lineno) is int else 0
        source = error.text.strip() if type(error.text) is str else ""
    for frame, number in traceback.walk_tb(error.__traceback__):
        debugger = debugger or frame.f_globals.get("__name__") == "bdb"
        # The innermost line of the notebook itself: lines of what it called help less.
        if own(frame):
            line, source = number, linecache.getline(frame.f_code.co_filename, number).strip()
            function, names = frame.f_code.co_name, re.findall(r"[A-Za-z_]\w*", source)
            empty = next((name for name in names if frame.f_locals.get(name, name) is None), "")
    unpacked = type(error) is TypeError and message == "cannot unpack non-iterable NoneType object"
    return {
        "error": "BdbQuit" if debugger else type(error).__name__[:80],
        "message": message[:300],
        "line": line,
        "source": source[:200],
        "function": function[:80],
        "empty": empty[:80],
        "stub": type(error) is NotImplementedError or (unpacked and BLANK.fullmatch(source) is not None),
    }


def only_stub(source: str, name: str) -> bool:
    """Whether nothing but comments, a ``raise`` and assignments of None stands where a solution belongs.

    ``source`` is that of a cell or of a function, which may be no valid Python.
    """
    if regions := REGION.findall(source):
        lines = [line.strip() for region in regions for line in region.splitlines()]
        left = ("#", "raise NotImplementedError")
        return not any(line and not line.startswith(left) and not BLANK.fullmatch(line) for line in lines)
    try:
        tree = ast.parse(inspect.cleandoc(source))
    except SyntaxError:
        return False
    named = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == name)
    return all(isinstance(part, ast.Raise | ast.Expr) for node in named for part in node.body)


def tell(error: BaseException, function: Any) -> dict[str, Any]:
    """Describe an exception of a function of the notebook that this code runs in.

    It is told whose code raised it, whether that is a stub, and which import a missing name needs.
    """
    names = getattr(function, "__globals__", None)

    def own(frame: FrameType) -> bool:
        return frame.f_globals is names

    said = describe(error, own)
    if type(error) is NameError and (undefined := getattr(error, "name", None)):
        said["undefined"], said["cause"] = undefined, _import_of(undefined)
    codes = [frame.f_code for frame, _ in traceback.walk_tb(error.__traceback__) if own(frame)]
    if codes and said["error"] != "BdbQuit":
        try:
            source = inspect.getsource(codes[-1])
        except (OSError, TypeError):  # not of a cell: then it is not known
            return said
        marked = REGION.search(source) is not None  # then what it raised is of no interest
        said["stub"] = (said["stub"] or marked) and only_stub(source, codes[-1].co_name)
    return said


def _import_of(name: str) -> str:
    """Return what to do about a missing name that a notebook imports, or an empty string."""
    modules = [module for module in list(sys.modules.items()) if module[0].startswith("course_utils.")]
    offered = next((path for path, module in modules if name in getattr(module, "__all__", ())), "")
    line = IMPORTS.get(name) or (f"from {offered} import {name}" if offered else "")
    return f"run the cell with `{line}`" if line else ""
