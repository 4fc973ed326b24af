"""Lists of units as documents print them: ellipses, groups without names, words that are none."""

import re
from dataclasses import dataclass

from models.rules.unit_names import is_county, is_government, is_park, is_unit_name

_OPEN, _CLOSE = "（(【［[", "）)】］]"
_SEPARATORS = "、，,；;／/|"
_AND = re.compile(
    r"(?:以及|[及和与])(?=(?:省|州|市|县|区|各|有关|相关|湖南|国网|中国|其他|团|驻|\d+个?[县区乡镇街])\S"
    r"|其?[所下]属)"
)
#: Written without brackets and marks: 县（市、区） is 县市区.
_GROUP = re.compile(
    r"^(?:各|全[省州市县]各?|有关|相关|其他|其它|[省州市县区]?直?(?:有关|相关|各)).*"
    r"|.*(?:成员单位|部门单位|有关(?:部门|单位)|相关(?:部门|单位)|各(?:部门|单位)|责任单位)$"
    r"|^(?:市州?|县市?区?|州|区|区县市?|市县区?|乡镇|镇街)(?:级|两级|三级)?(?:人民)?政府$"
    r"|^(?:县市区|县市|市州|乡镇|乡镇街道|县区|区县市?|镇街|街道|园区)$"
    r"|^(?:街道|镇街|乡镇街道|园区|开发区|村|社区)(?:办事处|办|管委会|管理委员会|居委会|村委会)$"
    r"|^(?:全[省州市县区])?(?:\d+个?|[一二三四五六七八九十]+个|[一二三四五六七八九十]+(?=县市|市州|县区|区县|乡镇))"
    r"(?:县市区?|县区|区县|市州|乡镇|镇街|街道|园区|部门|单位|县|区|镇|乡).*"
    r"|^其?[所下]属.*"
)
_BRACKET = re.compile(r"[（(][^（()）]*[）)]$")
_LONE_BRACKET = re.compile(r"[（(【［\[].*$|[）)】］\]]")
_AND_SO_ON = re.compile(
    r"、?等(?P<who>(?:有关|相关|其他)?(?:\d+个?|[一二三四五六七八九十]+个?)?(?:部门单位|部门|单位)?)"
    r"(?=[、，,；;及和与]|以及|$)"
)
_NOBODY_NAMED = frozenset(("", "部门", "单位", "部门单位"))
_TIME = re.compile(r"\d+[年月日]|[年月]底|[年月周]内|季度|完成|推进|启动|长期|时限")
#: Time limits, people behind a label and whole sentences, which stand among names and are none.
_NO_NAME = re.compile(r"[:：]|.{31}")
_LONGEST = 40
_SURNAMES = (
    "王李张刘陈杨赵吴周徐孙胡朱郭何罗郑梁谢宋唐许邓冯韩曹曾彭肖蔡潘袁董余叶蒋杜苏魏吕丁沈姚卢"
)
_PERSON = re.compile(
    rf"^[{_SURNAMES}](?:[一-鿿]{{1,2}}|某某?)(?:同志)?$|(?:[县市区局镇乡]长|书记|主任)$"
)
_NOTHING = re.compile(r"^(?:无|暂无|[/／—–\-\s]+)$")
_TAIL = re.compile(r"(?:人民政府|政府|[市县区州](?:人民)?政府)$")
_CITY_TAIL = re.compile(r"[市县区](?:人民)?政府$")
_OFFICE = re.compile(r"^(?:办公[室厅]|.{2}[大支中]队|.{0,4}(?:科|处|中心))$")
_LEVEL_ORGAN = re.compile(r"^[省州市县区]?(?:委|政府)$")


@dataclass(frozen=True, slots=True)
class UnitList:
    """Names in full, groups without names, and words that are doubted or no name at all."""

    named: tuple[str, ...]
    unnamed: tuple[str, ...]
    doubtful: tuple[str, ...]

    @property
    def is_sure(self) -> bool:
        """Whether there is a name, and every word is a unit, a group or a time limit."""
        return bool(self.named or self.unnamed) and all(map(is_time, self.doubtful))


def read_units(text: str) -> UnitList:
    """The units of a list in full; a bracket after a name is left out of it, and doubted."""
    listed = _listed(text)
    bare = [(_bare(name), mark) for name, mark in listed]
    full = _completed([(name, mark) for name, mark in bare if name])
    odd = [name for name, _ in listed if name != _bare(name)]
    odd += [name for name in full if _is_no_name(name)]
    full = [name for name in full if not _is_no_name(name)]
    groups = tuple(dict.fromkeys(name for name in full if is_group(name)))
    named = tuple(dict.fromkeys(name for name in full if name not in groups))
    odd += [name for name in named if not is_unit_name(name)]
    return UnitList(named, groups, tuple(odd))


def is_group(name: str) -> bool:
    """Whether *name* is a group that is not named unit by unit (各县（市、区）人民政府)."""
    if _is_unbalanced(name):
        return False
    return bool(_GROUP.fullmatch(re.sub(r"[（()）、，,/／]", "", name)))


def is_time(word: str) -> bool:
    """Whether *word* is a time limit, not a name."""
    return bool(_TIME.search(word))


def one_list(text: str) -> str:
    """A list in one line: 州交通运/输局 is one name, 州发改委/州工信局 on two lines are two."""
    joined = ""
    for piece in text.split():
        last = re.split(r"[、，,；;]|牵头|负责|配合", joined)[-1]
        joined += ("、" if _are_two(last, piece) else "") + piece
    return joined


def _bare(name: str) -> str:
    """A name without the bracket behind it, closed or not."""
    if is_group(name):
        return name
    bare = _BRACKET.sub("", name)
    return _LONE_BRACKET.sub("", bare) if _is_unbalanced(bare) else bare


def _are_two(before: str, after: str) -> bool:
    if not is_unit_name(before) or _LEVEL_ORGAN.match(before) or _OFFICE.match(after):
        return False
    first = re.split(r"[、，,；;（(]|牵头|负责|配合", after)[0]
    return (len(first) > 2 and is_unit_name(first)) or bool(_PERSON.search(first))


def _is_no_name(name: str) -> bool:
    if is_time(name) or _NO_NAME.search(name):
        return True
    return not (is_unit_name(name) or is_group(name)) and bool(_PERSON.search(name))


def _is_unbalanced(name: str) -> bool:
    return sum(map(name.count, _OPEN)) != sum(map(name.count, _CLOSE))


def _listed(text: str) -> list[tuple[str, str]]:
    """The names of a list as printed, each with the mark after it."""
    told = _AND_SO_ON.sub(_so_on, text)
    joined = _AND.sub(
        lambda m: (
            "、" if _ends_a_name(told[max(0, m.start() - _LONGEST) : m.start()]) else m.group()
        ),
        told,
    )
    return [(name, mark) for name, mark in _split(joined) if name and not _NOTHING.match(name)]


def _so_on(match: re.Match[str]) -> str:
    """等部门 adds nobody, 等有关部门 adds a group."""
    return "" if match["who"] in _NOBODY_NAMED else f"、{match['who']}"


def _split(text: str) -> list[tuple[str, str]]:
    """*text* at its marks outside brackets; a bracket that is never closed does not count."""
    pieces: list[tuple[str, str]] = []
    begin = depth = 0
    for at, char in enumerate(text):
        if char in _OPEN and any(mark in text[at:] for mark in _CLOSE):
            depth += 1
        elif char in _CLOSE:
            depth = max(0, depth - 1)
        elif char in _SEPARATORS and not depth:
            pieces.append((text[begin:at], char))
            begin = at + 1
    return [*pieces, (text[begin:], "")]


def _ends_a_name(text: str) -> bool:
    last = _split(text)[-1][0]
    return not last or is_unit_name(last) or is_group(last)


def _completed(listed: list[tuple[str, str]]) -> list[str]:
    """Elliptic names made whole: 长沙、株洲市人民政府 are two governments."""
    full: list[str] = []
    tail = ""
    for name, mark in reversed(listed):
        whole = name + _missing(name, tail if mark == "、" else "")
        full.append(whole)
        found = _CITY_TAIL.search(whole) or _TAIL.search(whole)
        tail = found.group() if found and not is_group(whole) else ""
    return full[::-1]


def _missing(name: str, tail: str) -> str:
    """What *name* shares with the one after it; 永州 is a city, 湘西州 a prefecture."""
    if not tail or is_group(name) or is_park(name) or is_government(name):
        return ""
    city = not is_unit_name(name) or (len(name) == 2 and name.endswith("州"))
    if city:
        return tail if 2 <= len(name) <= 4 and _CITY_TAIL.fullmatch(tail) else ""
    return tail.lstrip("市县区州") if is_county(name) else ""
