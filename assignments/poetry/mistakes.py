"""The known mistakes of the lab `poetry`: small edits of the reference, each with the help a student reads."""

import runpy
from pathlib import Path

PARTS = ("windows", "training", "writing")

mistakes = {
    exercise: known
    for part in PARTS
    for exercise, known in runpy.run_path(str(Path(__file__).with_name(f"mistakes_{part}.py")))[
        "mistakes"
    ].items()
}
