"""Reads what the lab `poetry` learns from: verse, and the weights from which its network starts."""

import io
import os
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

__all__ = ["load_start", "read_verse"]

Parameters = dict[str, dict[str, np.ndarray]]


def read_verse(path: str | os.PathLike[str]) -> str:
    """Return the text of a file in lower case.

    Raises FileNotFoundError if it does not exist, and ValueError if it is not UTF-8 text.
    """
    file = _existing(path)
    try:
        return file.read_text(encoding="utf-8").lower()
    except UnicodeDecodeError:
        raise ValueError(f"{file} is not UTF-8 text: save it as UTF-8") from None


def load_start(path: str | os.PathLike[str] = "data/start.npz") -> tuple[Parameters, list[str]]:
    """Return trained weights as float32, one dictionary for each layer, and the characters that they know.

    The layers are lstm1, lstm2 (Wf, Wi, Wc, Wo, bf, bi, bc, bo) and dense (Wy, by). Raises
    FileNotFoundError if the file does not exist, and ValueError if it holds something else.
    """
    parameters: Parameters = {}
    file = _existing(path)
    try:
        with np.load(io.BytesIO(file.read_bytes()), allow_pickle=False) as arrays:
            chars = list(arrays["chars"].tobytes().decode())
            for place in arrays.files:
                layer, _, name = place.partition("_")
                if name:
                    parameters.setdefault(layer, {})[name] = arrays[place].astype(np.float32)
    except (ValueError, KeyError, OSError, EOFError, AttributeError, BadZipFile):
        raise ValueError(f"{file} holds no weights: copy it again from the released lab") from None
    return parameters, chars


def _existing(path: str | os.PathLike[str]) -> Path:
    """Return the path of a file. Raises FileNotFoundError if there is none."""
    file = Path(path)
    if not file.is_file():
        raise FileNotFoundError(f"there is no file {file}: copy the folder data from the released lab")
    return file
