"""Names of units in variants: which are the same, which are near enough to ask, which differ."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

_LEVELS = "省州市县区"
_REGION = re.compile(rf"(?![{_LEVELS}各])[一-鿿]{{2,10}}?(?:自治)?[{_LEVELS}](?=.{{2}})")
_PLACE = re.compile(r"[一-鿿]{2,12}")
_ENDING = re.compile(
    r"(?:局|厅|委|办|部|院|会|社|联|协|行|台|馆|站|队|处|所|室|校|科|公司|集团|中心|政府|大学"
    r"|海关|总站|新区|园区|高新区|经开区|开发区|示范区|工业区|街道|办公厅|领导小组|专班|指挥部)$"
)
_COUNTY = re.compile(r"(?<=[一-鿿])[市县州区旗]$")
_PARK = re.compile(r"(?:新区|园区|高新区|经开区|开发区|示范区|工业区)(?:管委会|管理委员会)?$")
_GOVERNMENT = re.compile(r"(?:人民)?政府$")
#: What one organ is called in full and in short.
_ENDINGS = (
    (re.compile(r"委员会$"), "委"),
    (re.compile(r"办公[室厅]$"), "办"),
    (re.compile(r"联合会$"), "联"),
    (re.compile(r"协会$"), "协"),
    (re.compile(r"(?:有限|股份|责任|总)+公司$"), "公司"),
)
_OWNERS = re.compile(r"^(?:人民政府|政府|委)(?=.{2})")


class Likeness(StrEnum):
    """How two names of units stand to each other; *near* is for a person to decide."""

    SAME = "same"
    NEAR = "near"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class KnownUnit:
    """A unit that the area has already, with all the names under which it is known."""

    name: str
    aliases: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.aliases)


@dataclass(frozen=True, slots=True)
class _Parts:
    """A name as level (省, 州 …), named region in front of it, and what the organ does."""

    region: str
    level: str
    content: str


def plain_name(name: str) -> str:
    """*name* without blanks and line breaks, in half width, with one word for 和 and 与."""
    return "".join(unicodedata.normalize("NFKC", name).split()).replace("与", "和")


def likeness(first: str, second: str) -> Likeness:
    """Whether two names mean one unit: surely, perhaps (then ask), or not.

    Near are an abbreviation (州发改委 for 州发展和改革委员会), a place with and without its rank or
    government (吉首 for 吉首市), and one differing word (电力公司 for 供电公司).
    """
    one, two = sorted((plain_name(first), plain_name(second)), key=len)
    if one == two:
        return Likeness.SAME
    tests = (_same_place, _abbreviates, _one_word_apart, _lacks_little)
    near = any(test(one, two) for test in tests)
    return Likeness.NEAR if near else Likeness.DIFFERENT


def near_pairs(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Every two of *names* that are near, in the order in which they stand."""
    yield from (p for p in combinations(names, 2) if likeness(*p) is Likeness.NEAR)


def near_units(name: str, known: Iterable[KnownUnit]) -> Iterator[KnownUnit]:
    """The known units of which a name is near *name*."""
    for unit in known:
        if any(likeness(name, other) is Likeness.NEAR for other in unit.names):
            yield unit


def is_unit_name(name: str) -> bool:
    """Whether *name* ends as names of units and places do."""
    return bool(_ENDING.search(name) or _COUNTY.search(name) or is_government(name))


def is_government(name: str) -> bool:
    """Whether *name* is a place's government (长沙市人民政府)."""
    return bool(_GOVERNMENT.search(name))


def is_park(name: str) -> bool:
    """Whether *name* is a park or new area, which reports like a county."""
    return bool(_PARK.search(name))


def is_county(name: str) -> bool:
    """Whether *name* is a place under the area, or its government."""
    place = _GOVERNMENT.sub("", name)
    return bool(_COUNTY.search(place)) and not _PARK.search(place) and len(place) > 1


def _parts(name: str) -> _Parts:
    region = _REGION.match(name)
    start = region.end() if region else int(name[:1] in _LEVELS and len(name) > 1)
    level = name[start - 1] if start else ""
    content = _OWNERS.sub("", name[start:])
    for pattern, short in _ENDINGS:
        content = pattern.sub(short, content)
    return _Parts(region.group() if region else "", level, content)


def _abbreviates(short: str, long: str) -> bool:
    """Whether the shorter name's organ is the longer one's, in fewer words.

    First word and ending must agree, so that 州政府办 is not 州政府金融办.
    """
    one, two = _parts(short), _parts(long)
    if one.region and two.region and one.region != two.region:
        return False
    if one.level and two.level and one.level != two.level:
        return False
    brief, full = sorted((one.content, two.content), key=len)
    if len(brief) < 2 or is_government(brief):
        return False
    return brief[0] == full[0] and brief[-1] == full[-1] and _is_subsequence(brief, full)


def _is_subsequence(short: str, long: str) -> bool:
    rest = iter(long)
    return all(char in rest for char in short)


def _same_place(short: str, long: str) -> bool:
    one, two = sorted((_GOVERNMENT.sub("", name) for name in (short, long)), key=len)
    if not (_PLACE.fullmatch(one) and _PLACE.fullmatch(two)) or len(one) < 2:
        return False
    if one == two:
        return is_county(one)
    if is_county(two) and not _ENDING.search(one) and two[:-1] == one:
        return True
    autonomous = two.endswith("自治州") and one.endswith("州") and len(one) > 2
    return autonomous and one[:2] == two[:2] and _is_subsequence(one, two)


def _lacks_little(short: str, long: str) -> bool:
    """Long names of which one lacks a word: 国网湖南电力公司 and 国网湖南省电力公司.

    人民政府 counts as 政府, and a new area may stand with or without its province.
    """
    one, two = (name.replace("人民政府", "政府") for name in (short, long))
    if is_park(one) and two.endswith(one) and len(one) > 3:
        return True
    alike = one[:2] == two[:2] and one[-2:] == two[-2:] and len(two) - len(one) <= 2
    return one == two or (alike and len(one) > 5 and _is_subsequence(one, two))


def _one_word_apart(one: str, two: str) -> bool:
    """Names alike but for a word of up to three characters that shares one (电力, 供电)."""
    if len(one) != len(two):
        return False
    differ = [at for at in range(len(one)) if one[at] != two[at]]
    first, last = differ[0], differ[-1] + 1
    alike = len(one) - (last - first)
    shared = set(one[first:last]) & set(two[first:last])
    return last - first <= 3 and bool(shared) and alike >= 4 and alike * 5 >= len(one) * 3
