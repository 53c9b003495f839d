"""The known mistakes of the lab `keras_jazz`: small edits of reference.py, and of the text, each with its help."""

import runpy
from pathlib import Path

PARTS = ("learning", "playing")

mistakes = {
    exercise: known
    for part in PARTS
    for exercise, known in runpy.run_path(str(Path(__file__).with_name(f"mistakes_{part}.py")))["mistakes"].items()
}
