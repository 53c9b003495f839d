"""What may know what: imports, names of labs, and what leaves the repository."""

import ast
import importlib
import pkgutil
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest

import autograder
import course_utils
from autograder.lab.course import Course
from autograder.lab.extras import EXTRAS
from autograder.lab.text import python_of, reference_source

ROOT = Path(__file__).parents[2]
COURSE = Course(ROOT)
LABS = COURSE.labs
EXERCISES = {name for lab in LABS for name in COURSE.lab(lab).exercises if "_" in name}
"""Those whose names are no ordinary words, such as `model`."""
FRAMEWORKS = "frameworks"
"""The part of `course_utils` that may import frameworks, which are not always installed."""
FORMAT_WORDS = {"cells", "variants"}
"""Names of labs that are words of the notebook format or of the grader: as a string they name no lab."""


def modules(package):
    """Return the names of a package and of all modules in it."""
    found = pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    return [package.__name__, *(module.name for module in found)]


def offered():
    """Return the modules of `course_utils` that every lab can import."""
    return [name for name in modules(course_utils) if FRAMEWORKS not in name.split(".")]


def python_files(folder):
    return sorted(path for path in (ROOT / folder).rglob("*.py") if "__pycache__" not in path.parts)


def imported(tree):
    """Return the first name of each absolute import in a tree."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").partition(".")[0]


def constants(tree):
    """Return the string constants of a tree but for docstrings."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    prose = {
        id(statement.value)
        for node in ast.walk(tree)
        if isinstance(node, documented)
        for statement in node.body
        if isinstance(statement, ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.value


def names(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name


# ---------------------------------------------------------------- imports and names


def test_there_is_something_to_look_at():
    assert LABS
    assert len(python_files("autograder")) > 20
    assert len(python_files("course_utils")) > 4


@pytest.mark.parametrize("path", python_files("course_utils"), ids=lambda path: path.name)
def test_course_utils_imports_neither_the_grader_nor_nbgrader(path):
    allowed = {*sys.stdlib_module_names, "course_utils", "numpy", "matplotlib", "IPython"}
    allowed |= {"PIL", "ipywidgets", "mido", "threadpoolctl"}
    frameworks = {"keras", "torch", "jax", "tensorflow", "sklearn"}
    allowed |= frameworks if path.parent.name == FRAMEWORKS else set()
    allowed |= {"sklearn"} if path.name == "images.py" else set()  # where it is installed
    assert set(imported(ast.parse(path.read_text("utf-8")))) <= allowed


def test_course_utils_loads_neither_the_grader_nor_nbgrader():
    """Also not by way of another package."""
    code = (
        f"import sys, importlib\n[importlib.import_module(m) for m in {offered()}]\n"
        "print(*sorted({m.partition('.')[0] for m in sys.modules} & {'autograder', 'nbgrader', 'nbformat'}))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert run.stdout.strip() == ""


@pytest.mark.parametrize(
    "path", python_files("autograder"), ids=lambda path: str(path.relative_to(ROOT / "autograder"))
)
def test_the_grader_knows_no_lab(path):
    tree = ast.parse(path.read_text("utf-8"))
    assert not {"assignments", *LABS} & set(imported(tree))
    assert not EXERCISES & set(names(tree))
    for text in constants(tree):
        assert text not in set(LABS) - FORMAT_WORDS
        assert not [name for name in EXERCISES if name in text], text
        assert not [lab for lab in LABS if re.search(rf"\b(assignments|source|release)/{lab}\b", text)], text


def test_no_template_knows_a_lab():
    for path in (ROOT / "autograder").glob("*/templates/*"):
        assert not [name for name in EXERCISES if name in path.read_text("utf-8")], path


ORDER = (
    "errors imports results scratch versions processes lab sandbox referee release submission feedback "  # noqa: SIM905
    "settings run grading gradebook report audit cli".split()
)
"""The parts of the grader, from the lowest to the highest: one imports only what stands before it."""
LEVEL = {part: level for level, part in enumerate(ORDER)}
BOTH = {"release", "grading", "gradebook", "audit", "cli"}
"""The parts that may know both the sandbox and the referee."""
WIRE = "autograder.sandbox.inside.wire"
REPORT = {"errors", "feedback", "results"}


def module_of(path):
    """Return the dotted name of a module, and whether it is a package."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts), parts[-1] == "__init__"


MODULES = {module_of(path)[0]: path for path in python_files("autograder")}


def imports_of(name):
    """Return the modules of the grader that a module imports, wherever in it: each name's own module."""
    path, found = MODULES[name], set()
    package = name if module_of(path)[1] else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package.rsplit(".", node.level - 1)[0] if node.level else ""
            base = ".".join(filter(None, (above, node.module)))
            inner = {f"{base}.{alias.name}" for alias in node.names}
            found |= (inner & MODULES.keys()) | ({base} if inner - MODULES.keys() else set())
    return {other for other in found if other in MODULES}


def part_of(name):
    return name.split(".")[1]


@pytest.mark.parametrize("name", sorted(MODULES.keys() - {"autograder"}))
def test_imports_point_downward(name):
    part = part_of(name)
    for other in imports_of(name) - {"autograder"}:
        if part_of(other) != part:
            assert LEVEL[part_of(other)] < LEVEL[part], other


def test_nobody_in_the_grader_imports_what_it_offers_to_labs():
    assert [name for name in MODULES if "autograder" in imports_of(name)] == []


def test_the_referee_knows_the_wire_format_alone_of_the_sandbox():
    found = {other for name in MODULES if name.startswith("autograder.referee") for other in imports_of(name)}
    assert {other for other in found if part_of(other) == "sandbox"} == {WIRE}


def test_a_report_knows_results_alone():
    found = {other for name in MODULES if name.startswith("autograder.report") for other in imports_of(name)}
    assert {part_of(other) for other in found} <= {*REPORT, "report"}


def test_grading_alone_brings_sandbox_and_referee_together():
    known = {}
    for name in MODULES.keys() - {"autograder"}:
        others = {part_of(other) for other in imports_of(name) - {WIRE}}
        known.setdefault(part_of(name), set()).update(others & {"sandbox", "referee"})
    assert {part for part, others in known.items() if len(others) == 2} <= BOTH
    assert known["grading"] == {"sandbox", "referee"}


def test_no_imports_go_in_a_circle():
    left = {name: imports_of(name) - {name} for name in MODULES}
    while free := [name for name, others in left.items() if not others]:
        left = {name: others - set(free) for name, others in left.items() if name not in free}
    assert left == {}


def test_inside_the_sandbox_nothing_of_the_grader_is_imported():
    for path in python_files("autograder/sandbox/inside"):
        tree = ast.parse(path.read_text("utf-8"))
        assert not {"autograder", "nbgrader", "nbformat"} & set(imported(tree))
        levels = [node.level for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        assert max(levels, default=0) <= 1, "a relative import that leaves the inner package"


def kind_and_name(name):
    """Order as the linter does: constants, then classes, then functions."""
    return (not name.isupper(), not name[0].isupper(), name)


@pytest.mark.parametrize("name", [*modules(autograder), *offered()])
def test_what_is_public_is_listed_sorted_and_there(name):
    module = importlib.import_module(name)
    if not hasattr(module, "__all__"):
        body = ast.parse(Path(module.__file__).read_text("utf-8")).body
        assert len(body) == 1, "a module without __all__ that has more than a docstring"
        return
    assert list(module.__all__) == sorted(module.__all__, key=kind_and_name)
    missing = [attribute for attribute in module.__all__ if not hasattr(module, attribute)]
    submodules = (
        [] if not hasattr(module, "__path__") else [m.name for m in pkgutil.iter_modules(module.__path__)]
    )
    assert set(missing) <= set(submodules)


# ---------------------------------------------------------------- what leaves the repository


GIVEN = {
    "cells": {"a=np.zeros((n_a,m,T_x))"},
    "keras_emojify": {"embedding_layer=pretrained_embedding_layer(word_to_vec_map,word_to_index)"},
    "keras_poetry": {"X_input=Input((Tx,n_x))"},
    "torch_rnn": {
        "super().__init__()",
        "defforward(self,tokens):",
        "optimizer.zero_grad()",
        "optimizer.step()",
    },
}
"""Lines that one exercise asks for and that stand elsewhere on purpose: given, or in a demonstration."""


def normal(line):
    """Return a line of code without comment and white space."""
    return re.sub(r"\s+", "", line.partition("#")[0])


def solution_lines(lab):
    """Return the lines of code between START and END of a lab's text, without white space."""
    lines = set()
    for source in reference_source(COURSE.lab(lab).text).values():
        region = source.partition("### START CODE HERE ###")[2].partition("### END CODE HERE ###")[0]
        lines |= {normal(line) for line in region.splitlines()[1:]}
    return {line for line in lines if len(line) > 12} - GIVEN.get(lab, set())


def secrets(lab):
    """Return what no student may read: how cases are drawn, and the helps and edits of the mistakes."""
    folder = COURSE.lab(lab)
    drawing = [
        line.strip()
        for line in (folder.folder / "exercises.py").read_text("utf-8").splitlines()
        if line.startswith("    ") and "rng" in line and len(line) > 30
    ]
    mistakes = [mistake for group in folder.mistakes.values() for mistake in group]
    others = [other for exercise in folder.lab.exercises for other in exercise.alternatives]
    edits = [new for one in (*mistakes, *others) for _, new in one.edits if len(new) > 30]
    return [*drawing, *edits, *(mistake.help for mistake in mistakes)]


def assert_holds_no_secret(lab, text):
    lines = {normal(line) for line in text.splitlines()}
    assert not lines & solution_lines(lab)
    flat = re.sub(r"\s+", "", text)
    assert not [line for line in solution_lines(lab) if len(line) > 20 and line in flat]
    assert not [words for words in secrets(lab) if words in text]


@pytest.mark.parametrize("lab", LABS)
def test_the_text_of_a_lab_has_what_the_scan_looks_for(lab):
    """Else the scans below could not fail."""
    assert len(solution_lines(lab)) > 5
    assert len(secrets(lab)) > 10
    solved = "\n".join(reference_source(COURSE.lab(lab).text).values())
    for text in (solved, secrets(lab)[0], secrets(lab)[-1]):
        with pytest.raises(AssertionError):
            assert_holds_no_secret(lab, text)


@pytest.mark.parametrize("lab", LABS)
def test_a_release_holds_no_solution_no_case_and_no_mistake(lab):
    for path in (ROOT / "release" / lab).rglob("*"):
        if path.suffix == ".ipynb":
            cells = nbformat.read(path, 4).cells
            assert_holds_no_secret(lab, "\n".join(cell.source for cell in cells))
            assert not any(cell.get("outputs") for cell in cells)
            assert not any(cell.get("attachments") for cell in cells)
        if path.is_file():
            data = path.read_bytes()
            assert b"__seqlab_grade__" not in data
            assert b"HIDDEN TESTS" not in data
            kept = ("answers.py", "equivalent.json", "exercises.py", "mistakes.py", "wrong.py", f"{lab}.py")
            assert path.name not in kept
            assert not path.name.startswith("mistakes")


@pytest.mark.parametrize("lab", LABS)
def test_a_student_s_notebook_imports_public_packages_alone(lab):
    release = nbformat.read(ROOT / f"release/{lab}/{lab}.ipynb", 4)
    code = "\n".join(python_of(cell.source) for cell in release.cells if cell.cell_type == "code")
    tree = ast.parse(code)
    earlier = COURSE.lab(lab).lab.earlier
    support = [ast.parse((ROOT / f"release/{lab}/{name}.py").read_text("utf-8")) for name in earlier]
    offered = {f"course_utils.{name}" for name in COURSE.lab(lab).lab.modules}
    for node in (node for part in (tree, *support) for node in ast.walk(part)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("course_utils."):
            module = node.module if node.module in offered else node.module.rpartition(".")[0]
            assert module in offered, "the sandbox would not have it"
    allowed = {*sys.stdlib_module_names, "course_utils", "rnn_utils", "numpy", "matplotlib", "IPython"}
    for packages in EXTRAS.get(COURSE.lab(lab).lab.extra, {}).values():
        allowed |= {*packages}
    assert set(imported(tree)) <= allowed | {"cllm_utils"} | set(earlier)


@pytest.mark.slow
def test_the_wheel_holds_no_lab(tmp_path):
    copy = tmp_path / "copy"
    ignore = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "build", "dist", "demo", "submitted")
    shutil.copytree(ROOT, copy, ignore=ignore)
    line = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--quiet", "-w", tmp_path, copy]
    run = subprocess.run(line, capture_output=True, text=True, timeout=300, check=False)
    if "No matching distribution" in run.stderr or "ConnectionError" in run.stderr:
        pytest.skip("pip cannot fetch setuptools, which builds the wheel")
    assert run.returncode == 0, run.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    tops = {name.partition("/")[0] for name in files}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"autograder", "course_utils"}
    wanted = {str(p.relative_to(ROOT)) for f in ("autograder", "course_utils") for p in python_files(f)}
    assert wanted <= set(files)
    assert any(name.endswith(".j2") for name in files), "the templates of the report are missing"
    for name, data in files.items():
        for lab in LABS:
            assert_holds_no_secret(lab, data.decode("utf-8", "replace"))
        assert not name.endswith(".ipynb")


def test_no_file_of_the_repository_names_a_folder_of_some_machine():
    line = ["git", "ls-files", "-co", "--exclude-standard", "-z"]
    run = subprocess.run(line, cwd=ROOT, capture_output=True, check=False)
    if run.returncode:
        pytest.skip("this is no git repository")
    found = []
    # Written so that this file does not find itself.
    pattern = re.compile(rb"(?<![\w.])/(?:" + b"|".join([b"work", b"root", b"home/[a-z]+"]) + rb")/")
    for name in filter(None, run.stdout.decode().split("\0")):
        path = ROOT / name
        if path.is_file() and pattern.search(path.read_bytes()):
            found.append(name)
    assert found == []
