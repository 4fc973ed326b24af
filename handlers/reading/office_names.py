"""Names of offices and places taken apart: level, content and kind, and what may stand for what."""

import re
from functools import lru_cache

from handlers.reading.pinyin import sounds

#: 州 of 州公安局; 市场监管局 has none.
_LEVEL = re.compile("(?:[省州县区镇]|市(?!场)|乡(?!村))(?=..)")
_KIND = re.compile("(?:委员会|公司|局|委|办|厅|会)$")
_IS_OFFICE = re.compile(
    "(?:局|委|办|办公[室厅]|厅|会|联|协|院|校|社|行|站|台|馆|所|队|室|中心|公司|集团|政府|办事处"
    "|海关|总社|科|团省委|新区|园区|高新区|经开区|开发区|[省州市县区]|本级)$"
)
_GOVERNMENT = re.compile("(?:人民)?政府$")
#: 局, 委, 办 and 厅 are taken for one another; of the others each is a kind of its own.
_FAMILIES = {
    "organ": re.compile("(?:局|委|委员会|厅|办|办公室|部)$"),
    "place": re.compile("(?:[省州市县区]|政府)$"),
    "federation": re.compile("(?:联|联合会)$"),
    "society": re.compile("协会?$"),
    "company": re.compile("(?:公司|集团)$"),
    "other": re.compile("(?:院|校|台|站|馆|社|中心|[镇乡村]|街道|大学|[支大]队)$"),
}
_PLACE_ENDS = re.compile("[省州市县区镇乡旗盟]$")
#: What may follow the name of a place without making it another one.
_SAME_PLACE = re.compile("(?:人民)?政府|管委会|管理委员会|党工委")


def is_office(title: str) -> bool:
    """Whether a name without a number is that of an office or a place."""
    return _IS_OFFICE.search(title) is not None


@lru_cache(maxsize=8192)
def level(name: str) -> str:
    """州 of 州公安局; empty where none is written."""
    found = _LEVEL.match(name)
    return found[0] if found else ""


@lru_cache(maxsize=8192)
def content(name: str) -> str:
    """What an office deals with: 公安 of 州公安局; at least two characters stay."""
    rest = _GOVERNMENT.sub("", name[len(level(name)) :])
    stem = _KIND.sub("", rest)
    return stem if len(stem) >= 2 else rest


def is_proper_part(part: str, name: str) -> bool:
    """Whether a piece of a name can stand for it: its beginning (公安, 州公安) or its end (公安局).

    农村 inside 州农业农村局 could be anybody's, and 公安局 is not its 公安局交警大队.
    """
    is_above = family(part) == "organ" and is_other_body(part, name)
    return (name.startswith((part, level(name) + part)) and not is_above) or name.endswith(part)


def is_still_it(name: str, longer: str) -> bool:
    """Whether *longer*, which holds *name*, means it: 吉首市政府 does, 吉首市公安局 does not.

    Behind the name of another place 公安局 is the office of that place.
    """
    before, _, after = longer.partition(name)
    if _PLACE_ENDS.search(before) and not level(name):
        return False
    return not after or _SAME_PLACE.fullmatch(after) is not None


@lru_cache(maxsize=8192)
def family(name: str) -> str:
    """What kind of body a name ends as; empty where its end says nothing."""
    return next((kind for kind, end in _FAMILIES.items() if end.search(name)), "")


def is_other_body(asked: str, name: str) -> bool:
    """Whether the ends tell two bodies apart: 州法院 is no 州发改委, 龙山镇 no 龙山县."""
    one, other = family(asked), family(name)
    return bool(one and other) and one != other


def has_other_kind(asked: str, name: str) -> bool:
    """Whether only the kind of office differs: 州发改局 for 州发改委."""
    stem = content(asked)
    has_kind = stem != asked[len(level(asked)) :]
    return has_kind and stem == content(name) and not is_other_body(asked, name)


def abbreviates(asked: str, name: str) -> bool:
    """Whether the content ends the other's, or begins like it and leaves some out.

    住建 stands for 住房和城乡建设; 政务 stands not for 行政审批服务.
    """
    short, full = _KIND.sub("", content(asked)), content(name)
    return len(short) > 1 and (full.endswith(short) or sounds(short[:1]) == sounds(full[:1]))
