"""How grading grows with the class, the processes and the workers.

``python -m benchmarks.scale [--sizes N ...] [--jobs J ...] [--workers W ...] [--page]`` grades classes of
distinct `cells` notebooks with `seqlab autograde`, start-up counted: on this machine with some jobs, and the
largest class on a Dask cluster on loopback with some workers. It prints seconds and CPU time a submission,
the peak of memory, and what a simple model says of each run; ``--page`` writes docs/scale-figures.md, with a
plot.
CPU time is that of the whole machine meanwhile: run it on a quiet one.
"""

import argparse
import contextlib
import io
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.lab.course import Course
from benchmarks.grading import BIN, LAB, SEQLAB, fresh, make_class
from benchmarks.soak import family

SAMPLE_SECONDS = 0.5
DOCS = Path(__file__).parents[1] / "docs"
HEAD = """# What a class costs

Written by `make bench-scale`. It grades classes of distinct `cells` notebooks, a third right, a third
with one mistake, a third blank, without figures, start-up counted. Jobs are processes of one machine,
workers those of a Dask cluster on the same machine. A line that stays level means that neither time nor
memory grows with the class.

![Milliseconds a submission and peak memory, by size of the class and number of jobs](scale.svg)
"""


@dataclass
class Figures:
    """One run: its size, jobs or workers, seconds, CPU seconds in all, seconds of writing, peak memory."""

    students: int
    jobs: int
    where: str
    seconds: float
    cpu: float
    write: float
    driver: float
    """CPU seconds of the process that hands out, collects and writes; 0 where graders are its children."""
    memory: float
    """Proportional resident memory of all processes of the run at its peak, in MiB."""
    sizes: tuple[float, float]
    """Mean bytes of a submitted and of a graded notebook."""

    @property
    def each(self) -> float:
        """Milliseconds a submission."""
        return 1000 * self.seconds / self.students


class Watch:
    """Measures the memory of some processes and those below them; a context manager."""

    def __init__(self, roots: list[int]) -> None:
        self._roots, self._ended = roots, threading.Event()
        self.peak = 0.0
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(SAMPLE_SECONDS):
            memory = 0.0
            for process in {p for root in self._roots for p in self._tree(root)}:
                with contextlib.suppress(OSError, ValueError, IndexError):
                    rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
                    memory += int(rollup.split("Pss:")[1].split()[0]) / 1024
            self.peak = max(self.peak, memory)

    @staticmethod
    def _tree(root: int) -> list[int]:
        with contextlib.suppress(OSError):
            return [root, *family(root)]
        return []


def cpu_here() -> float:
    """Return the CPU seconds that all processes of this machine have used since it started."""
    fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    user, nice, system = (int(field) for field in fields[:3])
    return (user + nice + system) / os.sysconf("SC_CLK_TCK")


def graded(root: Path, jobs: int, where: str, options: list[str], roots: list[int]) -> Figures:
    """Grade the class of a course; ``roots`` are processes that belong to the run beside its own."""
    students = len(list((root / "submitted").iterdir()))
    before, start = cpu_here(), time.perf_counter()
    command = [str(BIN / SEQLAB[0]), *SEQLAB[1:], "--no-figures", *options]
    process = subprocess.Popen(command, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with Watch([process.pid, *roots]) as watch:
        _, status, used = os.wait4(process.pid, 0)
    code = process.returncode = os.waitstatus_to_exitcode(status)
    seconds, cpu = time.perf_counter() - start, cpu_here() - before
    lines = (root / f".seqlab/{LAB}/log.jsonl").read_text("utf-8").splitlines()
    if code or len(lines) != students:
        raise SystemExit(f"{where}, {jobs}: {len(lines)} of {students} graded, exit code {code}")
    write = sum(json.loads(line)["stages"].get("write", 0.0) for line in lines)
    driver = used.ru_utime + used.ru_stime if roots else 0.0
    sizes = mean_size(root / "submitted"), mean_size(root / "autograded")
    return Figures(students, jobs, where, seconds, cpu, write, driver, watch.peak, sizes)


def mean_size(folder: Path) -> float:
    """Return the mean size of the notebooks below a folder."""
    return statistics.mean(path.stat().st_size for path in folder.rglob("*.ipynb"))


@contextlib.contextmanager
def cluster(workers: int, folder: Path) -> Iterator[tuple[str, list[int]]]:
    """Start a scheduler and workers on loopback; give its address and the ids of the processes."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    lines = [["dask_scheduler", "--host", address, "--no-dashboard"]]
    lines += [["dask_worker", address, "--no-nanny", "--nthreads", "1", "--no-dashboard"]] * workers
    quiet = {"cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    processes = [
        subprocess.Popen([sys.executable, "-m", f"distributed.cli.{line[0]}", *line[1:]], **quiet)  # type: ignore[call-overload]
        for line in lines
    ]
    try:
        from distributed import Client

        connect: Any = Client  # which has no types
        client = connect(address, timeout=60, set_as_default=False)
        client.wait_for_workers(workers, timeout=120)
        client.close()
        yield address, [process.pid for process in processes]
    finally:
        for process in processes:
            process.terminate()
            process.wait()


def main() -> None:
    """Measure, print, and write the page if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 100, 1000])
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--page", action="store_true", help="write docs/scale-figures.md and docs/scale.svg")
    options = parser.parse_args()
    if len(set(options.sizes)) < 2 or 1 not in options.jobs:
        parser.error("the model needs two sizes or more, and a run with one job")
    runs: list[Figures] = []
    with tempfile.TemporaryDirectory(prefix="seqlab-bench-") as name:
        root = Path(name) / "course"
        here = Course.find(Path(__file__).parent)
        for part in ("assignments", "source", "release"):
            shutil.copytree(here.root / part / LAB, root / part / LAB)
        ours = (here.root / "nbgrader_config.py").read_text()
        (root / "nbgrader_config.py").write_text(ours)
        for students in options.sizes:
            shutil.rmtree(root / "submitted", ignore_errors=True)
            make_class(Course(root), students)
            for jobs in options.jobs:
                fresh(root, ours, ours)
                runs.append(graded(root, jobs, "jobs", ["--jobs", str(jobs)], []))
                print(said(runs[-1]), flush=True)
        for workers in options.workers:
            fresh(root, ours, ours)
            with cluster(workers, Path(name)) as (address, ids):
                runs.append(graded(root, workers, "workers", ["--scheduler", address], ids))
            print(said(runs[-1]), flush=True)
    model = Model.of(runs)
    print("\n".join(table(runs, model)))
    if options.page:
        write_page(runs, model)


def said(run: Figures) -> str:
    """Return one line about a run."""
    return (
        f"{run.students} submissions, {run.jobs} {run.where}: {run.seconds:.1f} s, {run.each:.0f} ms each, "
        f"{1000 * run.cpu / run.students:.0f} ms of CPU time each, {run.memory:.0f} MiB"
    )


@dataclass
class Model:
    """What a run takes: seconds to start, to grade a submission, and to write one."""

    start: float
    grade: float
    write: float
    cores: int

    @classmethod
    def of(cls, runs: list[Figures]) -> "Model":
        """Fit the model to the smallest and the largest run with one job."""
        small, *_, large = sorted((r for r in runs if r.jobs == 1 and r.where == "jobs"), key=_students)
        grade = (large.seconds - small.seconds) / (large.students - small.students)
        write = large.write / large.students
        return cls(small.seconds - grade * small.students, grade, write, os.cpu_count() or 1)

    def seconds(self, run: Figures) -> float:
        """Return what a run takes: some processes grade, one writes, and the cores are shared by all."""
        shared = (self.grade + self.write) / self.cores
        return self.start + run.students * max(self.grade / run.jobs, self.write, shared)


def _students(run: Figures) -> int:
    return run.students


def placed(run: Figures) -> str:
    """Return on how many jobs or workers a run was."""
    return f"{run.jobs} {run.where if run.jobs > 1 else run.where[:-1]}"


def table(runs: list[Figures], model: Model) -> list[str]:
    """Return the figures as a table in Markdown."""
    rows = []
    for run in runs:
        cells = [placed(run), f"{run.seconds:.1f}", f"{model.seconds(run):.1f}", f"{run.each:.0f}"]
        cells += [f"{1000 * run.cpu / run.students:.0f}", f"{run.memory:.0f}"]
        rows.append(f"| {run.students:,} | {' | '.join(cells)} |")
    head = "| submissions | on | seconds | by the model | ms each | CPU ms each | peak memory, MiB |"
    return [head, "|--:|:--|--:|--:|--:|--:|--:|", *rows]


def projection(runs: list[Figures], model: Model) -> list[str]:
    """Return what large classes would take by the model, with what limits them first."""
    large = max((run for run in runs if run.where == "workers"), key=_students)
    driver, (handed, back) = large.driver / large.students, large.sizes
    lines = [
        f"In the run of {large.students:,} on {placed(large)} the driver took {1000 * driver:.0f} ms of "
        f"CPU time a submission: it can keep {model.grade / driver:.0f} cores at work. A notebook of "
        f"{handed / 1000:.0f} kB went out and one of {back / 1000:.0f} kB came back.",
        "",
        "| submissions | core-hours | cores | hours | what limits |",
        "|--:|--:|--:|--:|:--|",
    ]
    for students in (10_000, 1_000_000):
        for cores in (2, 16, 256):
            times = {"grading": model.grade / cores, "the driver": driver}
            limit = max(times, key=lambda name: times[name])
            total = students * (model.grade + driver) / 3600
            hours = students * times[limit] / 3600
            lines.append(f"| {students:,} | {total:,.1f} | {cores} | {hours:,.2f} | {limit} |")
    return lines


def write_page(runs: list[Figures], model: Model) -> None:
    """Write docs/scale-figures.md, and draw the plot."""
    fitted = (
        f"Start-up {model.start:.1f} s, grading {1000 * model.grade:.0f} ms and writing "
        f"{1000 * model.write:.0f} ms a submission, {model.cores} cores."
    )
    body = [HEAD, fitted, "", *table(runs, model), "", *projection(runs, model), ""]
    (DOCS / "scale-figures.md").write_text("\n".join(body), "utf-8")
    plot(runs)


def plot(runs: list[Figures]) -> None:
    """Draw milliseconds and memory by size, a line for each number of jobs, to be read in both themes."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    grey = "#7d8590"
    with mpl.rc_context({"svg.fonttype": "path", "svg.hashsalt": "seqlab", "text.color": grey}):
        figure = Figure(figsize=(8, 2.8), layout="constrained")
        left, right = figure.subplots(1, 2)
        local = [run for run in runs if run.where == "jobs"]
        colours = ("#2a7bd1", "#d1742a", "#2f9e5b")
        for jobs, colour in zip(sorted({run.jobs for run in local}), colours, strict=False):
            mine = sorted((run for run in local if run.jobs == jobs), key=_students)
            label = f"{jobs} job{'s' * (jobs > 1)}"
            left.plot([r.students for r in mine], [r.each for r in mine], "o-", color=colour, label=label)
            right.plot([r.students for r in mine], [r.memory for r in mine], "o-", color=colour, label=label)
        for axes, title in ((left, "ms a submission, start-up counted"), (right, "peak memory, MiB")):
            axes.set(xscale="log", xlabel="submissions", title=title)
            axes.set_ylim(bottom=0)
            axes.tick_params(colors=grey)
            axes.xaxis.label.set_color(grey)
            axes.spines[["top", "right"]].set_visible(False)
            axes.spines[["left", "bottom"]].set_color(grey)
            axes.patch.set_alpha(0)
        left.legend(frameon=False, labelcolor=grey)
        figure.patch.set_alpha(0)
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None})
    lines = (line.rstrip() for line in out.getvalue().splitlines())
    (DOCS / "scale.svg").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
