"""Names of units in variants: which are the same, which are near enough to ask, which differ."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from models.rules.plain import name_key

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
#: What people leave out: 办事处 and 管委会 of a place, 人民 of a court, 公室 of an office.
_SPOKEN = (
    (re.compile(r"人民(?=政府|法院|检察院)"), ""),
    (re.compile(r"(?<=街道)(?:党工委|办事处|办)$|(?<=区)(?:管委会|管理委员会|管委)$"), ""),
    (re.compile(r"(?<=[镇乡])政府$"), ""),
    (re.compile(r"办公[室厅]$"), "办"),
    (re.compile(r"总工会$"), "工会"),
)
_PARENT = re.compile(r"(?<=[省州市县区])[一-鿿]{2,6}局(?=[一-鿿]{2,8}[大支总中]队$)")
_ORGAN = re.compile("(?:局|委|办|厅)$")
#: Organs that reforms made of each other; only one of a kind is in office in a place.
_REFORMED = (
    "教育 教体 教科 教科体 教育体育 教育和体育 教育科技",
    "水利 水务",
    "林业 林草 林业和草原",
    "交通 交运 交通运输",
    "文旅 文广 文体 文广旅 文旅广 文化 文旅体 文体旅",
    "卫健 卫计 卫生 卫生健康 卫生和计划生育",
    "工信 经信 经济和信息化 工业和信息化 科工 科技和工业信息化",
    "住建 建设 城建 住房和城乡建设",
    "国土 自规 国土资源 自然资源 自然资源和规划",
    "质监 工商 市监 市场监管 市场监督管理",
    "农业 农委 农业农村",
    "环保 环境保护 生态环境",
    "安监 应急 应急管理",
    "扶贫 乡村振兴",
    "城管 城管执法 城市管理 城市管理和综合执法",
    "数据 大数据",
)
_KINDS = {name: at for at, names in enumerate(_REFORMED) for name in names.split()}
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


def likeness(first: str, second: str) -> Likeness:
    """Whether two names mean one unit: surely, perhaps (then ask), or not.

    Near are an abbreviation (州发改委 for 州发展和改革委员会), a place with and without its rank or
    government (吉首 for 吉首市), one differing word (电力公司 for 供电公司), an organ as 局 and as
    委 (发改局, 发改委), and organs that a reform made of each other (教育局, 教体局).
    """
    one, two = sorted((name_key(first), name_key(second)), key=len)
    if one == two:
        return Likeness.SAME
    tests = (_same_place, _abbreviates, _one_word_apart, _lacks_little, _same_core, _succeeds)
    near = any(test(one, two) for test in tests)
    return Likeness.NEAR if near else Likeness.DIFFERENT


def near_pairs(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Every two of *names* that are near, in the order in which they stand."""
    index = NearNames(names)
    place = {name: at for at, name in reversed(list(enumerate(names)))}
    pairs = {(place[one], place[two]) for two in names for one in index.near(two)}
    yield from ((names[one], names[two]) for one, two in sorted(pairs) if one < two)


def near_units(name: str, known: Iterable[KnownUnit]) -> Iterator[KnownUnit]:
    """The known units of which a name is near *name*, in the order of *known*."""
    units = tuple(known)
    near = set(_index(units).near(name))
    yield from (unit for unit in units if not near.isdisjoint(unit.names))


class NearNames:
    """Finds the near ones among many names without comparing every two.

    Near names share at least one of the keys that are kept here.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._names: dict[str, dict[str, None]] = {}
        for name in names:
            for key in _keys(name):
                self._names.setdefault(key, {})[name] = None

    def near(self, name: str) -> Iterator[str]:
        """The names that are near *name*, each once."""
        found = {other: None for key in _keys(name) for other in self._names.get(key, ())}
        yield from (other for other in found if likeness(name, other) is Likeness.NEAR)


@lru_cache(4)
def _index(units: tuple[KnownUnit, ...]) -> NearNames:
    return NearNames(name for unit in units for name in unit.names)


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


@lru_cache(8192)
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


def _same_core(one: str, two: str) -> bool:
    """Whether two names differ only in what is left out in speech: 城关街道 (办事处)."""
    return bool(_cores(one) & _cores(two))


@lru_cache(8192)
def _cores(name: str) -> frozenset[str]:
    """*name* without what is left out in speech, and without the organ a brigade belongs to."""
    core = name
    for pattern, short in _SPOKEN:
        core = pattern.sub(short, core)
    return frozenset((core, _PARENT.sub("", core)))


def _succeeds(one: str, two: str) -> bool:
    """Whether both are one organ as 局 and as 委, or under its names before and after a reform."""
    first, second = _parts(one), _parts(two)
    if _differ(first.region, second.region) or _differ(first.level, second.level):
        return False
    stems = [_ORGAN.sub("", part.content) for part in (first, second)]
    brief, full = sorted(stems, key=len)
    if len(brief) < 2 or first.content == stems[0] or second.content == stems[1]:
        return False
    if _KINDS.get(brief) is not None and _KINDS.get(brief) == _KINDS.get(full):
        return True
    return brief[0] == full[0] and brief[-1] in full[-2:] and _is_subsequence(brief, full)


def _differ(one: str, two: str) -> bool:
    return bool(one and two and one != two)


def _keys(name: str) -> Iterator[str]:
    """What near names have in common, one key for each way of being near."""
    plain = name_key(name)
    content = _parts(plain).content
    stem = _ORGAN.sub("", content)
    if not _ENDING.search(_GOVERNMENT.sub("", plain)):
        yield f"place {plain[:2]}"
    yield f"organ {content[:1]}{'局' if stem != content else content[-1:]}"
    yield f"begins {len(plain)} {plain[:2]}"
    yield f"ends {len(plain)} {plain[-2:]}"
    yield f"long {plain[:2]} {plain[-2:]}"
    yield f"park {plain[-4:]}"
    yield f"kind {_KINDS.get(stem, stem)}"
    yield from (f"core {core}" for core in _cores(plain))


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
