"""Makes data/verse.txt: Tang and Song poems, the verses alone.

    apt-get download fortunes-zh
    dpkg-deb -x fortunes-zh_*.deb fortunes
    python gather_verse.py fortunes/usr/share/games/fortunes

Debian's package is needed here alone. Of its files tang300 and song100 only the verses are taken: no title, author,
number of a part or preface in prose, and no colour code. One line of the file is one line of the source; poems are
separated by an empty line, and one that comes twice is taken once.
"""

import re
import sys
from pathlib import Path

FILES = ("tang300", "song100")
CHARACTER = "[\u3400-\u9fff\U00020000-\U0002ffff]"
VERSE = re.compile(rf"(?:{CHARACTER}+[，。？！；：、])+")
"""A line of verse: clauses of Chinese characters, each with its stop."""
AFTER_PREFACES = ("昔岁逢太平", "昔有佳人公孙氏", "石渔湖，似洞庭", "汉家烟尘在东北", "西陆蝉声唱")
"""What the poems begin with whose prefaces are stopped like verse."""


def verses(poem: str) -> list[str]:
    """Return the lines of verse of one entry; what stands before the last line that is none is no verse either.

    Prefaces stand above the verses, and so does the number of a part.
    """
    lines = [line.strip() for line in re.sub("\x1b\\[\\d*m.*", "", poem).splitlines() if line.strip(" %")]
    parts: list[list[str]] = [[]]
    for line in lines:
        if re.fullmatch("其[一二三四五]", line):
            parts.append([])
        elif VERSE.fullmatch(line):
            if line.startswith(AFTER_PREFACES):
                parts[-1] = []
            parts[-1].append(line)
        else:
            parts[-1] = []
    return [line for part in parts for line in part]


def main(folder: str) -> None:
    """Write data/verse.txt from the files of the package."""
    poems: dict[str, None] = {}
    for name in FILES:
        for poem in Path(folder, name).read_text("utf-8").split("\n%"):
            if found := verses(poem):
                poems["\n".join(found)] = None
    text = "\n\n".join(poems) + "\n"
    (Path(__file__).parent / "data/verse.txt").write_text(text, "utf-8")
    characters = len(re.findall(CHARACTER, text))
    print(f"{len(poems)} poems, {characters:,} characters, {len(set(re.findall(CHARACTER, text))):,} different ones")


if __name__ == "__main__":
    main(sys.argv[1])
