"""Grades a folder of notebooks with otter-grader, in its own environment: ``python otter_run.py JOBS``.

Writes a line of JSON for each, [student, points], to scores.jsonl.
"""

import json
import os
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path


def points(path: Path) -> float:
    """Return the points of one submission."""
    from otter.api import grade_submission

    return float(grade_submission(str(path), "autograder.zip", quiet=True).total)


def main() -> None:
    """Grade all, and write each score as soon as it is there."""
    paths = sorted(Path("submitted").resolve().glob("*.ipynb"))
    os.environ.setdefault("JUPYTER_PLATFORM_DIRS", "1")
    with ProcessPoolExecutor(int(sys.argv[1])) as pool, open("scores.jsonl", "w") as out:
        for future in as_completed(futures := {pool.submit(points, path): path for path in paths}):
            try:
                print(json.dumps([futures[future].stem, future.result()]), file=out, flush=True)
            except Exception as error:
                print(f"{futures[future].stem}: {error!r}", file=sys.stderr)


if __name__ == "__main__":
    main()
