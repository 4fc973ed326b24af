"""How names sound: syllables and initials, with the differences southern speakers do not hear."""

from functools import lru_cache

# zh/z, ch/c, sh/s and the two nasal ends are typed for one another all over the south.
_SAME_START = (("zh", "z"), ("ch", "c"), ("sh", "s"))
_SAME_END = (("eng", "en"), ("ing", "in"))


@lru_cache(maxsize=8192)
def syllables(key: str) -> tuple[str, ...]:
    """One entry a character; what is not Chinese stays as it is."""
    # Its dictionary takes 56 MB and a third of a second: only who is asked by sound pays for it.
    from pypinyin import Style, lazy_pinyin

    return tuple(lazy_pinyin(key, style=Style.NORMAL))


@lru_cache(maxsize=8192)
def sounds(key: str) -> tuple[str, ...]:
    """The syllables with what is easily confused made equal."""
    return tuple(map(_levelled, syllables(key)))


@lru_cache(maxsize=8192)
def initials(key: str) -> str:
    """The first letter of each syllable: 雪亮工程 → xlgc."""
    return "".join(syllable[:1] for syllable in syllables(key)).lower()


@lru_cache(maxsize=8192)
def readings(char: str) -> frozenset[str]:
    """Every sound of one character, levelled: 都 is dou and du."""
    from pypinyin import Style, pinyin

    return frozenset(map(_levelled, pinyin(char, style=Style.NORMAL, heteronym=True)[0]))


def sound_near(one: str, other: str) -> bool:
    """Whether two characters sound the same to ears that part neither an and ang nor l and n."""
    return not {_as_heard(s) for s in readings(one)}.isdisjoint(map(_as_heard, readings(other)))


def _as_heard(syllable: str) -> str:
    # What dialects of the region confuse besides.
    start = "n" if syllable.startswith("l") else syllable[:1]
    return (start + syllable[1:]).replace("ang", "an")


def levelled(spelled: str) -> str:
    """Pinyin of any length, typed as one word, in the form of `sounds` joined."""
    for long, short in (*_SAME_START, *_SAME_END):
        spelled = spelled.replace(long, short)
    return spelled


def _levelled(syllable: str) -> str:
    for long, short in _SAME_START:
        if syllable.startswith(long):
            syllable = short + syllable[len(long) :]
    for long, short in _SAME_END:
        if syllable.endswith(long):
            syllable = syllable[: -len(long)] + short
    return syllable
