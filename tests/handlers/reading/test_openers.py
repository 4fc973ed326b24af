"""With which characters a pattern can begin."""

import re

import pytest

from handlers.reading.openers import led, openers
from handlers.reading.prose import vocabulary, words
from tests.reading_scores import sentences


@pytest.mark.parametrize(
    ("pattern", "first"),
    [
        ("完成|建[成好]", "完建"),
        ("(?:尚|还)?未(?!来)", "尚还未"),
        (r"\d{1,4}年|(?<![上下])半年", "0123456789半"),
        ("[a-c]|(?P<name>共){2}", "abc共"),
    ],
)
def test_the_first_character_of_every_word_is_known(pattern: str, first: str) -> None:
    assert openers(pattern) == frozenset(first)


@pytest.mark.parametrize("pattern", ["完成|", "已?", ".成", "[^未]完成", r"\w完成"])
def test_a_pattern_that_may_begin_with_anything_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="may"):
        openers(pattern)


@pytest.mark.parametrize("name", ["COUNTING", "SHARING", "PAYING", "MODAL"])
def test_a_scan_that_passes_places_over_finds_the_same_words(name: str) -> None:
    classes = getattr(vocabulary, f"CLASSES_{name}")
    scanner = getattr(words, name)
    everywhere = re.compile("|".join(f"(?P<{cue}_{i}>{w})" for i, (cue, w) in enumerate(classes)))
    for sentence in sentences():
        found = [match.span() for match in scanner.pattern.finditer(sentence.text)]
        assert found == [match.span() for match in everywhere.finditer(sentence.text)]


def test_a_led_pattern_is_tried_only_behind_its_first_characters() -> None:
    pattern = re.compile(led("完建", "(?:完成|建成)"))
    assert pattern.findall("已建成22个，完成任务") == ["建成", "完成"]
