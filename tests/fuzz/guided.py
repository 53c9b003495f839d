"""Fuzzes readers with atheris, guided by coverage: `python -m tests.fuzz.guided SECONDS FOLDER [READER...]`.

Each reader gets as many seconds. Inputs that reach new code are kept in FOLDER, and the next run goes on from
them; one that breaks a property is kept in tests/files/fuzz/<reader>/, where it is a test from then on.
"""

import os
import subprocess
import sys
import warnings
from pathlib import Path

import atheris
import numpy as np

with atheris.instrument_imports(include=["autograder", "json", "nh3"]):
    from tests.fuzz import documents, properties


def seeds(reader: str) -> Path:
    """Return a folder of valid inputs to begin with."""
    folder = properties.room() / "seeds"
    folder.mkdir()
    made: dict[str, list[bytes]] = {
        "notebook": [path.read_bytes() for path in (properties.FILES / "notebooks").glob("*.ipynb")],
        "record": [documents.encoded(one) for one in documents.RECORDS],
        "frames": [documents.stream([[1.5, {"a": None}], "x"], []), documents.stream([np.ones((2, 3))], [])],
        "page": [path.read_bytes() for path in (properties.ROOT / "docs").glob("*.md")],
    }
    for number, data in enumerate(made[reader]):
        (folder / str(number)).write_bytes(data)
    return folder


def main() -> None:
    """Fuzz one reader after the other, each in a process of its own; fail if any broke."""
    seconds, corpus, *readers = sys.argv[1:]
    if os.environ.get("SEQLAB_FUZZ") != "one":
        environment = {**os.environ, "SEQLAB_FUZZ": "one"}
        line = [sys.executable, "-m", "tests.fuzz.guided", seconds, corpus]
        codes = [
            subprocess.run([*line, one], env=environment).returncode for one in readers or properties.GUIDED
        ]
        sys.exit(int(any(codes)))
    (reader,) = readers
    kept, found = Path(corpus, reader), properties.FILES / "fuzz" / reader
    for folder in (kept, found):
        folder.mkdir(parents=True, exist_ok=True)
    options = {"max_total_time": seconds, "max_len": 20_000, "timeout": 20, "rss_limit_mb": 2048}
    options |= {"artifact_prefix": f"{found}/", "print_final_stats": 1}
    print(f"== {reader}", file=sys.stderr)
    atheris.Setup(
        [
            sys.argv[0],
            *(f"-{name}={value}" for name, value in options.items()),
            str(kept),
            str(seeds(reader)),
        ],
        properties.GUIDED[reader],
    )
    warnings.simplefilter("ignore")
    atheris.Fuzz()


if __name__ == "__main__":
    main()
