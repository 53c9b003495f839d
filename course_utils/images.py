"""Images of digits for the lab `torch_rnn`: scikit-learn's, or files of one's own in the format of MNIST."""

import gzip
import os
from pathlib import Path
from typing import NamedTuple

import numpy as np

__all__ = ["Digits", "load_digit_images", "read_idx"]

EVERY = 5
"""One of so many of scikit-learn's images is held out."""
UBYTE = 8
"""The number that stands for whole numbers of one byte in an IDX file."""


class Digits(NamedTuple):
    """Images (m, rows, columns) with values from 0 to 1, and their digits (m,): to train on, and held out."""

    images: np.ndarray
    labels: np.ndarray
    held_out_images: np.ndarray
    held_out_labels: np.ndarray


def load_digit_images(folder: str | os.PathLike[str] = "data") -> Digits:
    """Return the images of a folder with the four files of MNIST, or else scikit-learn's 1,797 of 8 x 8.

    Of the latter every fifth is held out. Raises ValueError if files of one's own are of another format or do
    not fit together, and ModuleNotFoundError if there are none and scikit-learn is not installed.
    """
    parts = []
    for half in ("train", "t10k"):
        for kind in ("images-idx3", "labels-idx1"):
            name = f"{half}-{kind}-ubyte"
            parts += [file for file in (Path(folder, name), Path(folder, f"{name}.gz")) if file.is_file()][:1]
    if len(parts) == 4:
        images, labels, held_out_images, held_out_labels = map(read_idx, parts)
        for some, own in ((images, labels), (held_out_images, held_out_labels)):
            if some.ndim != 3 or own.shape != some.shape[:1] or some.shape[1:] != images.shape[1:]:
                raise ValueError(f"the files in {folder} hold {some.shape} images and {own.shape} labels")
        return Digits(images / 255, labels.astype(int), held_out_images / 255, held_out_labels.astype(int))
    from sklearn.datasets import load_digits  # of the extra `torch`

    digits = load_digits()
    apart = np.arange(len(digits.target)) % EVERY == EVERY - 1
    images, labels = digits.images / 16, digits.target
    return Digits(images[~apart], labels[~apart], images[apart], labels[apart])


def read_idx(path: str | os.PathLike[str]) -> np.ndarray:
    """Return the array of bytes in an IDX file, the format of MNIST, which may be packed by gzip.

    Raises ValueError if the file is of another format or cut off.
    """
    file = Path(path)
    try:
        data = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    except (EOFError, gzip.BadGzipFile) as error:
        raise ValueError(f"{file} cannot be unpacked: {error}") from None
    if len(data) < 4 or data[:2] != b"\0\0" or data[2] != UBYTE:
        raise ValueError(f"{file} is no IDX file of bytes")
    start = 4 + 4 * data[3]
    shape = tuple(int(n) for n in np.frombuffer(data[4:start], ">u4"))
    if len(shape) != data[3] or len(data) - start != np.prod(shape, dtype=int):
        raise ValueError(f"{file} is cut off, or its header is wrong")
    return np.frombuffer(data, np.uint8, offset=start).reshape(shape)
