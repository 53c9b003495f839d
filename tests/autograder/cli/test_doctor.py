"""What the doctor finds, and how it says to mend it."""

import subprocess
import sys
from importlib.metadata import PackageNotFoundError

import pytest

from autograder.cli import commands as cli
from autograder.cli import doctor
from autograder.cli.doctor import examine
from autograder.sandbox.bubblewrap import TRIAL

pytestmark = pytest.mark.slow


@pytest.fixture
def listed(monkeypatch):
    """A function that sets what `jupyter labextension list` prints; at first, that nbgrader's is on."""

    real = subprocess.run

    def prints(text):
        def run(line, **options):
            listing = line[1:] == ["list"]
            return subprocess.CompletedProcess(line, 0, "", text) if listing else real(line, **options)

        monkeypatch.setattr(doctor.subprocess, "run", run)

    prints("JupyterLab v4\n        @jupyter/nbgrader v0.9.6 enabled OK (python, nbgrader)\n")
    return prints


@pytest.fixture
def sandbox_works(monkeypatch):
    monkeypatch.setattr(doctor, "why_not", lambda: "")


@pytest.fixture
def found(small, listed, sandbox_works):
    """A function that examines the small course: text -> whether it is well."""
    return lambda: {finding.text: finding.ok for finding in examine(small.root)}


def unwell(findings):
    (text,) = [text for text, ok in findings.items() if not ok]
    return text


def test_all_is_well_where_the_tests_run(found, small):
    texts = found()
    assert all(texts.values()), texts
    assert f"course: {small.root}, labs scaling, unrelated" in texts
    for name in doctor.PACKAGES:
        assert any(text.startswith(f"{name} ") for text in texts)


def test_a_missing_package_is_named_with_its_mend(found, monkeypatch):
    real = doctor.version

    def without_jupytext(name):
        if name == "jupytext":
            raise PackageNotFoundError(name)
        return real(name)

    monkeypatch.setattr(doctor, "version", without_jupytext)
    assert unwell(found()) == "jupytext is not installed: `pip install seqlab`"


def test_a_missing_sandbox_says_how_to_get_it(found, monkeypatch):
    monkeypatch.setattr(
        doctor, "why_not", lambda: "bubblewrap is not installed: `apt-get install bubblewrap`"
    )
    assert unwell(found()) == "sandbox: bubblewrap is not installed: `apt-get install bubblewrap`"


@pytest.mark.parametrize(("options", "said"), [((), ""), (("-S",), "No module named 'numpy'")])
def test_what_is_tried_behind_the_walls_needs_the_packages_of_the_environment(options, said):
    line = [sys.executable, "-P", *options, "-c", TRIAL]
    run = subprocess.run(line, capture_output=True, text=True, check=False)
    assert bool(run.returncode) == bool(said)
    assert run.stderr.strip().rpartition("\n")[2] == (f"ModuleNotFoundError: {said}" if said else "")


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_elsewhere_than_on_linux_the_sandbox_is_no_fault(found, small, monkeypatch, platform):
    monkeypatch.setattr(doctor, "why_not", lambda: "grading needs Linux")
    monkeypatch.setattr(doctor.sys, "platform", platform)
    (sandbox,) = [f for f in examine(small.root) if f.text.startswith("sandbox")]
    assert (sandbox.ok, sandbox.optional) == (False, True)


@pytest.mark.parametrize(
    "text", ["", "  @jupyter/nbgrader v0.9.6 disabled OK\n", "  @jupyter/nbgrader enabled X\n"]
)
def test_an_extension_that_is_off_says_how_to_turn_it_on(found, listed, text):
    listed(text)
    assert "`jupyter labextension enable @jupyter/nbgrader`" in unwell(found())


def test_missing_commands_are_named(found, monkeypatch):
    monkeypatch.setattr(doctor.shutil, "which", lambda *_, **__: None)
    texts = [text for text, ok in found().items() if not ok]
    assert texts == [
        "gradebook upgrades: `alembic` is missing: `pip install alembic`",
        "JupyterLab's extension manager is missing: `pip install jupyterlab`",
    ]


def test_a_missing_kernel_is_named(found, monkeypatch):
    from jupyter_client.kernelspec import KernelSpecManager

    monkeypatch.setattr(KernelSpecManager, "find_kernel_specs", lambda self: {"ir": "/x"})
    assert unwell(found()) == "kernel python3 is missing: `python -m ipykernel install --user`"


def test_no_course_is_no_fault_a_student_has_none(tmp_path, listed, sandbox_works):
    (course,) = [f for f in examine(tmp_path) if f.text.startswith("course")]
    assert (course.ok, course.optional) == (False, True)
    assert "`seqlab init FOLDER` makes one" in course.text


@pytest.mark.parametrize(("reason", "code"), [("", 0), ("bubblewrap is not installed", 1)])
def test_the_command_ends_with_1_when_something_is_missing(listed, small, monkeypatch, capsys, reason, code):
    monkeypatch.setattr(doctor, "why_not", lambda: reason)
    monkeypatch.setattr(sys, "argv", ["seqlab", "doctor", "--course", str(small.root)])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert (end.value.code or 0) == code
    lines = capsys.readouterr().out.splitlines()
    assert sum(line.startswith("FAIL  sandbox: ") for line in lines) == code
    assert all(line.startswith(("ok    ", "FAIL  ", "      ")) for line in lines)


@pytest.mark.slow
@pytest.mark.sandbox
def test_the_real_thing(call, small):
    run = call(small, "seqlab", "doctor")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "ok    sandbox: bubblewrap runs" in run.stdout
    assert "ok    JupyterLab: nbgrader's extension is on" in run.stdout
