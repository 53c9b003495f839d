"""What the tests of the commands share."""

import sys

import pytest

from autograder.cli import commands as cli


@pytest.fixture
def seqlab(monkeypatch, capsys):
    """A function that runs a command in this process: exit code, standard output and error."""

    def run(*line, folder=None):
        if folder is not None:
            monkeypatch.chdir(folder)
        monkeypatch.setattr(sys, "argv", ["seqlab", *map(str, line)])
        capsys.readouterr()
        try:
            cli.main()
            code = 0
        except SystemExit as end:
            code = end.code or 0
        said = capsys.readouterr()
        return code, said.out, said.err

    return run
