"""Words of a sentence, and their vectors.

`words_of` tokenises a sentence as the authors of GloVe did. `read_glove_vecs` reads vectors from GloVe's
text format or from this course's packed format: an npz file without pickles that holds ``words``, the
UTF-8 bytes of the words separated by newlines, and ``vectors``, an array of shape (number of words, size).
"""

import codecs
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

__all__ = ["read_glove_vecs", "unknown_words", "words_of"]

Vectors = dict[str, NDArray[np.float64]]

WORD = re.compile(r"n't\b|'(?:s|m|d|re|ve|ll)\b|[^\W_]+?(?=n't\b)|[^\W_]+(?:-[^\W_]+)*")
"""What counts as a word, tried in this order; everything else separates words."""
LARGEST = 2**30
"""Most bytes that a packed file may unpack to: enough for the 400,000 words of GloVe 6B 300d."""


def words_of(sentence: str) -> list[str]:
    """Return the words of a sentence, in lower case and without punctuation.

    Contractions are split as in GloVe's vocabulary: "don't" gives "do" and "n't", "it's" gives "it" and
    "'s". A sentence without words gives an empty list.
    """
    return WORD.findall(sentence.lower().replace("’", "'"))


def unknown_words(sentences: Iterable[str], word_to_vec_map: Mapping[str, object]) -> list[str]:
    """Return the words of the sentences that have no vector, without duplicates, in alphabetical order."""
    return sorted({word for sentence in sentences for word in words_of(sentence)} - word_to_vec_map.keys())


def read_glove_vecs(path: str | os.PathLike[str]) -> tuple[dict[str, int], dict[int, str], Vectors]:
    """Read word vectors from a text file or a packed one.

    A text file has a word and its numbers on each line, separated by spaces. Returns ``word_to_index`` and
    ``index_to_word``, which number the words in alphabetical order **from 1** (0 is left for padding), and
    ``word_to_vec_map`` with a vector of shape (size,) for each word. Raises FileNotFoundError if the file
    does not exist, and ValueError, which names the file, the line and the remedy, if it cannot be read.
    """
    file = Path(path)
    if not file.is_file():
        raise FileNotFoundError(f"there is no file {file}: copy the folder data from the released lab")
    with file.open("rb") as stream:
        packed = stream.read(4) in (b"PK\x03\x04", b"PK\x05\x06")
    words, vectors = _packed(file) if packed else _text(file)
    in_order = sorted(words)
    word_to_index = {word: number for number, word in enumerate(in_order, 1)}
    return word_to_index, dict(enumerate(in_order, 1)), dict(zip(words, vectors, strict=True))


def _packed(file: Path) -> tuple[list[str], NDArray[np.float64]]:
    try:
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
            size = sum(member.file_size for member in arrays.zip.infolist())
            if size > LARGEST:
                raise ValueError(f"it would unpack to {size:,} bytes")
            words = arrays["words"].tobytes().decode().split("\n")
            vectors = arrays["vectors"].astype(np.float64, casting="same_kind")
    except Exception as error:  # a damaged file makes zipfile, zlib, lzma and NumPy raise many kinds
        raise ValueError(f"{file} is damaged ({error}): copy it again from the released lab") from None
    own = vectors.ndim == 2 and len(words) == len(vectors) == len(set(words))
    if not own or not vectors.size or not np.isfinite(vectors).all():
        raise ValueError(f"{file} does not have one vector per word: copy it again from the released lab")
    return words, vectors


def _text(file: Path) -> tuple[list[str], NDArray[np.float64]]:
    words: dict[str, int] = {}
    rows: list[NDArray[np.float64]] = []
    with file.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            word, row = _line(file, number, line.removeprefix(codecs.BOM_UTF8) if number == 1 else line)
            if word in words:
                raise _broken(file, number, f"{word!r} is already on line {words[word]}", "delete one")
            if rows and len(row) != len(rows[0]):
                wrong = f"{word!r} has {len(row)} numbers, line 1 has {len(rows[0])}"
                raise _broken(file, number, wrong, "complete or delete the line")
            words[word] = number
            rows.append(row)
    if not rows:
        raise ValueError(f"{file} is empty: copy it again")
    return list(words), np.stack(rows)


def _line(file: Path, number: int, line: bytes) -> tuple[str, NDArray[np.float64]]:
    """Return the word and the vector of one line of a text file. Raises ValueError."""
    try:
        word, *numbers = line.decode().rstrip().split(" ")
    except UnicodeDecodeError:
        raise _broken(file, number, "the line is not UTF-8 text", "save the file as UTF-8") from None
    if not word or not numbers:
        raise _broken(file, number, "a word and its numbers are expected", "delete the line")
    try:
        row = np.array(numbers, dtype=np.float64)
    except ValueError:
        wrong = next(text for text in numbers if not _is_number(text))
        raise _broken(file, number, f"{wrong[:40]!r} is not a number", "correct or delete the line") from None
    if not np.isfinite(row).all():
        raise _broken(file, number, f"a number of {word!r} is not finite", "correct or delete the line")
    return word, row


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _broken(file: Path, number: int, wrong: str, remedy: str) -> ValueError:
    return ValueError(f"{file}, line {number}: {wrong}; {remedy}")
