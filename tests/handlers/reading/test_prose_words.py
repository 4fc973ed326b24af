"""The word classes: no word in two of them, and each word found as what it is listed for."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import combinations

import pytest

from handlers.reading.prose import vocabulary, words
from handlers.reading.prose.cues import Cue
from handlers.reading.prose.verbs import WORDS
from handlers.reading.prose.words import COUNTING, all_hits

_CUES = {
    "achieved": Cue.RESULT,
    "active": Cue.ACTIVITY,
    "reaching": Cue.SCOPE,
    "described": Cue.EXTENT,
}


@pytest.mark.parametrize(("one", "two"), list(combinations(WORDS, 2)))
def test_no_word_is_in_two_classes(one: str, two: str) -> None:
    assert not WORDS[one] & WORDS[two]


@pytest.mark.parametrize("name", WORDS)
def test_each_word_is_found_whole_and_as_listed(name: str) -> None:
    lost = []
    for word in sorted(word for word in WORDS[name] if word.isalpha()):
        hits = list(all_hits(COUNTING, f"{word}12个"))
        if [(hit.cue, hit.text) for hit in hits[:1]] != [(_CUES[name], word)]:
            lost.append(f"{word}: {[(hit.cue.value, hit.text) for hit in hits]}")

    assert not lost


@pytest.mark.parametrize("scanner", ["COUNTING", "SHARING", "PAYING", "MODAL"])
def test_each_plain_word_of_a_class_is_found_as_of_that_class(scanner: str) -> None:
    classes: tuple[tuple[Cue, str], ...] = getattr(vocabulary, f"CLASSES_{scanner}")
    plain = [(cue, word) for cue, pattern in classes for word in _plain_words(pattern)]
    lost = []
    for cue, word in plain:
        hits = list(all_hits(getattr(words, scanner), word))
        if [(hit.cue, hit.text) for hit in hits] != [(cue, word)]:
            lost.append(f"{word} of {cue}: {[(hit.cue.value, hit.text) for hit in hits]}")

    assert not lost
    assert [word for word, times in Counter(word for _, word in plain).items() if times > 1] == []


def _plain_words(pattern: str) -> Iterator[str]:
    """The alternatives of *pattern* that are words and nothing else; 还[剩差] is two."""
    for piece in _alternatives(pattern):
        if found := re.fullmatch(r"([一-龥]*)\[([一-龥]+)\]([一-龥]*)", piece):
            yield from (f"{found[1]}{char}{found[3]}" for char in found[2])
        elif re.fullmatch("[一-龥]+", piece):
            yield piece


def _alternatives(pattern: str) -> Iterator[str]:
    """What stands between the bars outside of all brackets."""
    depth, piece = 0, ""
    for char in pattern:
        depth += (char in "([") - (char in ")]")
        if char == "|" and depth == 0:
            yield piece
            piece = ""
        else:
            piece += char
    yield piece
