"""What may be a person's name or number in free text, and the text with nobody in it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from handlers.reading.surnames import COMMON, COMPOUND, SURNAMES, WORDS

#: What stands for a person whose name was left out.
SOMEBODY = "有关负责人"
_PHONE = re.compile(
    r"(?<!\d)(?:(?:\+?86[-\s]?)?1[3-9]\d[-\s]?\d{4}[-\s]?\d{4}|0\d{2,3}[-\s]?\d{7,8}"
    r"|\d{3,4}-\d{7,8}|\d{17}[\dXx])(?!\d)|[\w.+-]+@\w[\w-]*(?:\.[\w-]+)+"
    r"|(?:(?<=电话)|(?<=手机)|(?<=号码)|(?<=微信)|(?<=QQ))\s*:?\s*[A-Za-z]?\w*\d{5,}"
)
_LABEL = re.compile(
    rf"(?:联系人|联络人|联系方式|联系电话|办公电话|电话号码|手机号码?|电话|手机|微信号?|QQ)\s*:?\s*"
    rf"(?:{SOMEBODY}|№)|№"
)
_OPENS = r"^|(?<=[,;。:、\s()\"'/!?])"
#: Whom a name follows without a break.
_LEADS = (
    *"后 交 让 叫 将 把 对 问 约 邀 访 由 经 据 与 和 同 跟 向 找 请 给 被 受 见 到".split(),
    *"得到 获得 获 联系 拜访 会见 对接 汇报给 转告 转达 报告".split(),
    *"省 州 市 县 区 委 办 局 厅 处 科 室 部 院 组 站 所 会 中心 人 是".split(),
)
_AFTER = rf"{_OPENS}|{'|'.join(f'(?<={word})' for word in _LEADS)}"
#: What people are told to have done.
SAYS = (
    "表示|表态|答复|回复|同意|支持|答应|认为|指出|要求|强调|承诺|建议|肯定|认可|听取|接待|告知|出席|参加|陪同|在场|"
    "会见|牵头|负责|协调|明确|反馈|批示|签字|签批|审签|介绍|提出|说|称|讲|帮忙|帮助|协助|对接|沟通|汇报|联系|衔接|"
    "同志|老师|先生|女士|电话|手机|处长|带队|率队|到场|调研|主持|安排|推荐|推动|过问|关心|转达|转告|拍板|点头|批准|"
    "接受|接见|见面|一行|本人|亲自|等|和|与|及|的"
)
_STOP = rf"(?=$|[,;。:、\s()\"'/!?]|{SAYS})"
_OTHER = r"[一-鿿]"
_ANY = re.compile(
    rf"(?:{_AFTER})(?P<name>(?:{'|'.join(COMPOUND)}){_OTHER}{{1,2}}?|(?!经)[{SURNAMES}]{_OTHER}{{1,2}}?)"
    rf"(?P<polite>同志|老师|先生|女士)?{_STOP}"
)
_OFFICIAL = re.compile(
    rf"(?:{_AFTER})(?P<name>(?:[{COMMON}](?:处|局|厅|科|总|工|队|所|站|秘|主任|书记)"
    rf"|[小老][{COMMON}]|[{SURNAMES}]某某?))(?!长){_STOP}"
)
_PLACED = re.compile(
    rf"(?:{_AFTER})(?P<name>[{COMMON}]{_OTHER}{{2}})(?=处|科|局|厅|室)(?!.{{0,3}}(?:处室|科室))"
)
#: At the head of a clause and behind these a frequent surname is enough.
_OPEN = re.compile(
    rf"(?:{_OPENS}|(?<=由)|(?<=经)|(?<=得到)|(?<=找)|(?<=与)|(?<=和)|(?<=[同请厅处委局]))(?P<name>[{COMMON}]{_OTHER}{{1,2}})"
)
_LITTLE = frozenset("很也已都将会在对就把不没未要说表答同支亲又还再及和与可能是为给让提指认负听")


@dataclass(frozen=True)
class Persons:
    """*text* with nobody in it; *is_changed* says that there may have been somebody."""

    text: str
    is_changed: bool


def without_persons(plain: str, offices: Iterable[str] = (), instead: str = SOMEBODY) -> Persons:
    """Normalised *plain* with *instead* for what may be a name, and without numbers of people.

    It is better to ask about a word than to store a name: what is unsure counts as a name.
    *offices* are names of units, which are nobody's.
    """
    text = _PHONE.sub("№", plain)
    spans = _names(text, sorted(offices, key=len, reverse=True))
    if text == plain and not spans:
        return Persons(plain, False)
    pieces, place = [], 0
    for start, end in spans:
        if start >= place:
            pieces += [text[place:start], instead]
            place = end
    return Persons(_tidied("".join((*pieces, text[place:]))), True)


def _tidied(text: str) -> str:
    text = _LABEL.sub("", text)
    text = re.sub(rf"{SOMEBODY}(?:[、和与及]?{SOMEBODY})+", SOMEBODY, text)
    text = re.sub(r"\(\s*[,;、\s]*\)", "", text)
    return re.sub(r"([,;。、])[,;。、\s]+", r"\1", text).strip(" ,;。、:")


def _names(text: str, offices: list[str]) -> list[tuple[int, int]]:
    """Where names may stand; of several that begin at one place the surest."""
    taken = [m.span() for office in offices for m in re.finditer(re.escape(office), text)]
    found: dict[int, int] = {}
    for pattern in (_ANY, _OFFICIAL, _PLACED, _OPEN):
        for match in pattern.finditer(text):
            start = match.start("name")
            if not _is_word(text, start) and not any(a <= start < b for a, b in taken):
                found.setdefault(start, _end(match))
    return sorted(found.items())


def _is_word(text: str, start: int) -> bool:
    """Whether a word of official texts stands there; its first character may look like a lead."""
    return text.startswith(WORDS, start) or (start > 0 and text.startswith(WORDS, start - 1))


def _end(match: re.Match[str]) -> int:
    name = match["name"]
    if match.re is _OPEN and len(name) == 3 and name[-1] in _LITTLE:
        return match.end("name") - 1
    return match.end("polite") if match.groupdict().get("polite") else match.end("name")
