"""How the modules of course_utils import each other."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import course_utils

PACKAGE = Path(course_utils.__file__).parent
MODULES = {
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}


def imports(path):
    """Return the import statements of a file as pairs of a module and a name, also those in functions."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (("." * node.level + (node.module or ""), alias.name) for alias in node.names)


def test_there_is_no_circle():
    graph = {name: {module for module, _ in imports(path)} & MODULES.keys() for name, path in MODULES.items()}
    assert set(TopologicalSorter(graph).static_order()) == MODULES.keys()


@pytest.mark.parametrize("name", MODULES)
def test_modules_share_public_names_by_absolute_imports(name):
    for module, imported in imports(MODULES[name]):
        assert not module.startswith(".")
        if module.partition(".")[0] == "course_utils":
            assert module in MODULES, f"import {imported} from its module"
            assert imported
            assert not imported.startswith("_")
            assert module != "course_utils", f"from course_utils.{imported} import ..."
