"""Runs the steps of the Dockerfile where there is no container engine, and then grades a new course.

``python -m tests.dockerfile`` needs bubblewrap and a package index, and takes some minutes. Each step runs in
a file system like the image's: this machine's own system, with empty folders in place of /opt and /course.
Debian's packages are not installed: that they are there is checked.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).parents[1]
OWN = ("opt", "course", "tmp")
"""The folders that a step sees empty at first, as in the image."""
COURSE = (
    ["doctor"],
    ["init", "."],
    ["new", "smoothing"],
    ["build"],
    ["audit", "smoothing", "--seeds", "1"],
    ["autograde", "smoothing"],
    ["report", "smoothing", "--csv", "scores.csv"],
)
"""What is done with the image, in an empty folder."""


class Image:
    """The folders, the environment and the working folder that the steps make."""

    def __init__(self, scratch: Path) -> None:
        self.scratch, self.folder, self.entry = scratch, "/", ["sh", "-c"]
        self.environment = {"PATH": f"{Path(sys.base_prefix, 'bin')}:/usr/local/bin:/usr/bin:/bin"}
        self.environment["PIP_CONFIG_FILE"] = "/dev/null"  # the image has no settings of this machine
        for name in OWN:
            (scratch / name).mkdir()

    def on_disk(self, path: str) -> Path:
        """Return where a path of the image lies on this machine."""
        place = Path(self.folder, path)
        assert place.parts[1] in OWN, f"{place}: the Dockerfile writes to one of {OWN} alone"
        return self.scratch / place.relative_to("/")

    def run(self, command: list[str]) -> None:
        """Run a command as in the image; ends the program if it fails."""
        line = ["bwrap", "--die-with-parent", "--cap-add", "ALL"]
        for path in sorted(Path("/").iterdir()):
            if path.is_symlink():
                line += ["--symlink", os.readlink(path), str(path)]
            elif path.name not in (*OWN, "proc", "dev") and path.is_dir():
                line += ["--bind", str(path), str(path)]
        for name in OWN:
            line += ["--bind", str(self.scratch / name), f"/{name}"]
        line += ["--dev", "/dev", "--proc", "/proc", "--clearenv", "--chdir", self.folder]
        for name, value in self.environment.items():
            line += ["--setenv", name, value]
        for name in ("PIP_INDEX_URL", "PIP_CERT", "SSL_CERT_FILE", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"):
            if name in os.environ:  # how this machine reaches its package index
                line += ["--setenv", name, os.environ[name]]
        print("+", shlex.join(command), flush=True)
        if subprocess.run([*line, *command], check=False).returncode:
            sys.exit(f"failed: {shlex.join(command)}")

    def step(self, kind: str, rest: str) -> None:
        """Do one instruction of the Dockerfile."""
        if kind == "ENV":
            self.environment |= dict(word.split("=", 1) for word in shlex.split(rest))
            ours = f"{Path(sys.base_prefix, 'bin')}:/usr/local/bin"  # in place of the image's Python
            self.environment["PATH"] = self.environment["PATH"].replace("/usr/local/bin", ours)
        elif kind == "WORKDIR":
            self.folder = rest
            self.on_disk(rest).mkdir(parents=True, exist_ok=True)
        elif kind == "COPY":
            self.copy(*shlex.split(rest))
        elif kind == "RUN" and rest.startswith("apt-get"):
            for package in re.split(r"--no-install-recommends| && rm", rest)[1].split():
                subprocess.run(["dpkg", "-s", package], check=True, stdout=subprocess.DEVNULL)
        elif kind == "RUN":
            self.run(["sh", "-c", rest])
        elif kind == "ENTRYPOINT":
            self.entry = json.loads(rest)
        elif kind not in ("FROM", "CMD"):
            sys.exit(f"{kind}: this script does not know the instruction")

    def copy(self, *paths: str) -> None:
        """Copy what .dockerignore lets pass into the image."""
        allowed = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line[:1] == "!"]
        *sources, target = paths
        for source in sources:
            assert any(fnmatch(source, pattern) for pattern in allowed), f".dockerignore leaves out {source}"
            if (ROOT / source).is_dir():
                ignore = shutil.ignore_patterns("__pycache__")
                shutil.copytree(ROOT / source, self.on_disk(target), ignore=ignore)
            else:
                shutil.copy(ROOT / source, self.on_disk(target) / source)


def instructions(text: str) -> list[tuple[str, str]]:
    """Return the instructions of a Dockerfile: name and the rest of its line."""
    lines = re.sub(r"\\\n", " ", text).splitlines()
    return [tuple(line.split(" ", 1)) for line in lines if line and line[0] != "#"]  # type: ignore[misc]


def main() -> None:
    """Do all steps, then grade a solved and an untouched notebook of a new course."""
    with tempfile.TemporaryDirectory() as folder:
        image = Image(Path(folder))
        for kind, rest in instructions((ROOT / "Dockerfile").read_text("utf-8")):
            image.step(kind, rest)
        course = image.scratch / "course"
        for words in COURSE:
            if words[0] == "autograde":
                for tree, student in (("source", "ada"), ("release", "bob")):
                    shutil.copytree(course / tree / "smoothing", course / "submitted" / student / "smoothing")
            image.run([*image.entry, *words])
        scores = [line.split(",") for line in (course / "scores.csv").read_text().splitlines()]
        points = {row[0]: row[scores[0].index("points")] for row in scores[1:]}
        assert points == {"ada": "10", "bob": "0"}, points
        print("The steps of the Dockerfile make a grader that grades.")


if __name__ == "__main__":
    main()
