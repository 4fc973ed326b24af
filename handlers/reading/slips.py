"""Slips in single words: whether what was typed is a known word misheard, misread or mistyped."""

import re

from rapidfuzz.distance import OSA

from handlers.reading.lookalikes import look_alike
from handlers.reading.pinyin import levelled, readings, sound_near, sounds

#: A word of so many characters stays itself with one of them wrong or missing.
_LONG = 4
_SHORTEST_SPELLED = 4
_SPELLED = re.compile("[a-z]+")
#: 通guo, tui回: part of the word was left in letters.
_HALF_SPELLED = re.compile("(?=.*[a-z])[a-z一-鿿]{3,}")
_LONGEST = 12


def is_slip(typed: str, word: str) -> bool:
    """Whether *typed*, a key of `command_key`, is *word* written wrongly, and not the word itself.

    Same sound, a character of the same shape, neighbours changed over, a character twice, pinyin;
    in long words any one character. Two slips at once are too many.
    """
    if typed == word or not 2 <= len(typed) <= _LONGEST or len(word) < 2:
        return False
    if _SPELLED.fullmatch(typed):
        return len(typed) >= _SHORTEST_SPELLED and _spells(levelled(typed), word)
    if _HALF_SPELLED.fullmatch(typed):
        return _spells(levelled(typed), word)
    if len(typed) == len(word):
        return _is_same_length_slip(typed, word)
    if _is_doubled(typed, word):
        return True
    return len(word) >= _LONG and OSA.distance(typed, word, score_cutoff=1) < 2


def _spells(letters: str, word: str) -> bool:
    """Whether these are the sounds of *word*, each character in any of its own or as itself."""
    rests = {letters}
    for char in word:
        heard = [char, *readings(char), *sounds(char)]
        rests = {rest[len(each) :] for rest in rests for each in heard if rest.startswith(each)}
    return "" in rests


def _is_same_length_slip(typed: str, word: str) -> bool:
    pairs = list(zip(typed, word, strict=True))
    if all(not readings(a).isdisjoint(readings(b)) for a, b in pairs):
        return True
    if sorted(typed) == sorted(word):
        return OSA.distance(typed, word) == 1
    wrong = [pair for pair in pairs if pair[0] != pair[1]]
    return len(wrong) == 1 and (
        look_alike(*wrong[0]) or sound_near(*wrong[0]) or len(word) >= _LONG
    )


def _is_doubled(typed: str, word: str) -> bool:
    return len(typed) == len(word) + 1 and any(
        typed[at] == typed[at + 1] and typed[:at] + typed[at + 1 :] == word
        for at in range(len(word))
    )
