import importlib.util
from pathlib import Path

import pytest

from course_utils.verse import RARE, known_bigrams, load_verse, new_ngrams, numbered

LAB = Path(__file__).parents[2] / "assignments" / "variants"


def test_every_tenth_poem_is_held_out(tmp_path):
    poems = [f"第{number}首，\n一。\n" for number in range(25)]
    (tmp_path / "verse.txt").write_text("\n".join(poems), "utf-8")
    train, held_out = load_verse(tmp_path / "verse.txt")
    assert held_out == "第9首，一。\n第19首，一。\n"
    assert train.count("\n") == 23


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="there is no file"):
        load_verse(tmp_path / "verse.txt")


def test_the_most_frequent_characters_get_numbers():
    names, numbers = numbered("山水山人水山", 2)
    assert names == ["山", "水", RARE]
    assert numbers == {"山": 0, "水": 1, RARE: 2}


def test_bigrams_do_not_reach_over_stops():
    assert known_bigrams("春风，山水", ["春风吹", "风山水"]) == 1
    assert known_bigrams("春风山", ["春风吹", "风，山水"]) == 0.5
    assert known_bigrams("，。", ["春风"]) == 0


def test_runs_that_a_text_lacks_are_new():
    assert new_ngrams("春风吹又生", "春风吹，吹又生", 3) == pytest.approx(1 / 3)
    assert new_ngrams("春风", "春风", 3) == 0


def test_the_verse_holds_nothing_but_verse():
    train, held_out = load_verse(LAB / "data" / "verse.txt")
    every = set(train + held_out)
    others = {
        character for character in every if not "\u3400" <= character <= "\u9fff" and ord(character) < 0x20000
    }
    assert others == set("，。？！；：、\n")
    assert sum(character not in others for character in train + held_out) == 24_434


def test_verses_are_taken_without_titles_numbers_and_prefaces():
    spec = importlib.util.spec_from_file_location("gather_verse", LAB / "gather_verse.py")
    gather = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(gather)
    head = "\x1b[32m《题》\x1b[m\n\x1b[33m作者：某\x1b[m\n"
    entry = f"{head}\n    其一\n\n序文无句\n春风，秋月。\n\n   其二\n\n山水，花鸟？\n"
    assert gather.verses(entry) == ["春风，秋月。", "山水，花鸟？"]
    assert gather.verses("一年，此序也。\n昔岁逢太平，山林二十年。") == ["昔岁逢太平，山林二十年。"]
