"""How names sound: syllables and initials, with the differences southern speakers do not hear."""

from functools import lru_cache

# zh/z, ch/c, sh/s and the two nasal ends are typed for one another all over the south.
_SAME_START = (("zh", "z"), ("ch", "c"), ("sh", "s"))
_SAME_END = (("eng", "en"), ("ing", "in"))


@lru_cache(maxsize=4096)
def syllables(key: str) -> tuple[str, ...]:
    """One entry a character; what is not Chinese stays as it is."""
    # Its dictionary takes 56 MB and a third of a second: only who is asked by sound pays for it.
    from pypinyin import Style, lazy_pinyin

    return tuple(lazy_pinyin(key, style=Style.NORMAL))


@lru_cache(maxsize=4096)
def sounds(key: str) -> tuple[str, ...]:
    """The syllables with what is easily confused made equal."""
    return tuple(map(_levelled, syllables(key)))


@lru_cache(maxsize=4096)
def initials(key: str) -> str:
    """The first letter of each syllable: 雪亮工程 → xlgc."""
    return "".join(syllable[:1] for syllable in syllables(key)).lower()


def _levelled(syllable: str) -> str:
    for long, short in _SAME_START:
        if syllable.startswith(long):
            syllable = short + syllable[len(long) :]
    for long, short in _SAME_END:
        if syllable.endswith(long):
            syllable = syllable[: -len(long)] + short
    return syllable
