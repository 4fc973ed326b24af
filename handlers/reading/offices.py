"""Ranks and offices as people write them, with the persons' names left out."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from handlers.reading.normalise import normalise
from handlers.reading.persons import SAYS, SOMEBODY, without_persons
from handlers.reading.surnames import COMPOUND, SURNAMES, WORDS

_RANK = (
    "党组书记 党委书记 工委书记 纪委书记 第一书记 书记 州长 市长 县长 区长 乡长 镇长 "
    "省长 总理 司长 署长 台长 社长 馆长 庭长 园长 村长 董事 监事 总监 专员 政委 检察长 "
    "局长 主任 厅长 部长 处长 科长 行长 院长 校长 主席 秘书长 "
    "总经理 董事长 会长 理事长 支队长 大队长 队长 站长 所长 组长"
).split()
_TITLES = (
    *(f"{more}{rank}" for rank in _RANK for more in ("常务副", "副", "")),
    *"巡视员 调研员 总工程师 总工 常委 委员 班子成员 党组成员".split(),
    *"领导 负责人 负责同志 干部".split(),
)
_TITLE = re.compile("|".join(sorted(_TITLES, key=len, reverse=True)))
_BODIES = "中心 政府 公司 集团 学校 银行 专班 单位 部门".split()
_OFFICE_END = (*"局委办厅部州市县区处科院组会省室站所队司署", *_BODIES)
#: Where an office ends that no name could: 会 and 区 also end names.
_SURE_END = (
    *"局委办厅部院组室站所队司署",
    *_BODIES,
    *"委会 工会 协会 商会 学会 联合会".split(),
)
_PLAIN = re.compile(
    r"(?:主要|分管|有关|相关|各级|各|两级|牵头|责任|具体|业务|部门|单位|科室|班子|党组|党委|党政|政府|人大|政协|"
    r"办公|行政|财政|公安|教育|民政|人社|发改|审计|统计|水利|农业|农村|林业|交通|住建|卫健|环保|生态|市监|文旅|"
    r"科技|工信|商务|应急|司法|税务|气象|医保|残联|妇联|金融|信访|数据|政务|宣传|组织|统战|政法|纪检|粮食|供销|"
    r"一把手|其他|处室|[省州市县区乡镇局委厅部处科副正原和及与、])+"
)
_STOPS = (
    *"带队 率队 带领 一行 陪同 亲自 专程 多次 再次 先后 汇报 对接 表示 指出 要求".split(),
    *"同意 支持 认为 答复 明确 建议 肯定 参加 牵头 分别 前往".split(),
    *"书面 当面 电话 召集 组织 主持 协调 衔接 以及 等人".split(),
)
_BEHIND = re.compile(
    rf"(?P<name>[一-鿿]{{2,3}}?)(?=$|[^一-鿿]|{SAYS}|率|带领|到|赴|前往|去|向|同|就|再次|书面|当面)"
)
#: Whom a name follows in front of a title: 得到李大海厅长肯定.
_LEADS = (
    *"由 经 与 和 同 向 找 请 给 被 见 跟 据 及".split(),
    "得到",
    "获得",
    "联系",
    "拜访",
    "会见",
)
_BRACKETS = re.compile(r"\(([^()]*)\)")
_HAN = re.compile(r"[一-鿿]+$")
_PIECES = re.compile(r"([、和,，\s])")
_EDGES = " 、,，和及"
_WIDE = str.maketrans({",": "，", ";": "；", ":": "：", "(": "（", ")": "）"})


@dataclass(frozen=True)
class Unnamed:
    """A text without persons' names; *is_changed* says that one was left out.

    *is_doubtful*: what was left out may be no name, or the text reads otherwise without it.
    """

    text: str
    is_changed: bool
    is_doubtful: bool = False


def without_names(text: str, offices: Iterable[str] = ()) -> Unnamed:
    """*text* with ranks and offices only: a person's name before or behind a title goes.

    *offices* are names that are certainly no person's. Where it is not certain whether two or
    three characters are a name, they go as well: no person's name may be stored.
    """
    plain = normalise(text).strip()
    known = sorted(offices, key=len, reverse=True)
    spans = [*_before_titles(plain, known), *_behind_titles(plain)]
    kept = "".join(char for at, char in enumerate(plain) if not any(a <= at < b for a, b in spans))
    return Unnamed(kept.strip(_EDGES).translate(_WIDE), bool(spans))


def rank_only(text: str, offices: Iterable[str] = ()) -> Unnamed:
    """As `without_names`, for who came: a name without any title goes, too, and every number."""
    known = tuple(offices)
    found = without_names(text, known)
    bare = without_persons(normalise(found.text), known, "")
    plain = _BRACKETS.sub(r"\1", bare.text).strip(_EDGES) if bare.is_changed else bare.text
    pieces = _PIECES.split(plain)
    kept = ["" if _is_bare_name(piece) else piece for piece in pieces]
    if kept == pieces and not bare.is_changed:
        return found
    plain = re.sub(r"([、和,，\s])[、和,，\s]+", r"\1", "".join(kept)).strip(_EDGES)
    return Unnamed(plain.translate(_WIDE), True)


def nobody_in(text: str, offices: Iterable[str] = (), instead: str = SOMEBODY) -> Unnamed:
    """As `without_names`, for free text; *is_doubtful* where only its writer knows who is meant."""
    known = tuple(offices)
    found = without_names(text, known)
    bare = without_persons(normalise(found.text), known, instead)
    if not bare.is_changed:
        return found
    return Unnamed(bare.text.translate(_WIDE), True, True)


def has_rank(text: str) -> bool:
    """Whether *text* says a rank or an office at all."""
    return bool(_TITLE.search(text)) or text.endswith(_OFFICE_END) or "人员" in text


def _before_titles(plain: str, known: list[str]) -> Iterator[tuple[int, int]]:
    start = 0
    for title in _TITLE.finditer(plain):
        before = _HAN.search(plain, start, title.start())
        start = title.end()
        if before is None:
            continue
        words, begin = before[0], before.start()
        office = max((len(each) for each in known if words.startswith(each)), default=0)
        if name := _name_at_end(words[office:], is_behind_office=office > 0):
            yield title.start() - len(name), begin + len(words)


def _name_at_end(words: str, *, is_behind_office: bool) -> str:
    """The person's name that *words* end with, or nothing; the longest that may be one."""
    for size in (4, 3, 2, 1):
        head, tail = words[: len(words) - size], words[len(words) - size :]
        is_after_office = not head and (is_behind_office or size == len(words))
        if len(words) < size:
            continue
        is_certain = is_after_office or head.endswith(_OFFICE_END)
        if is_certain and _may_be_name(tail):
            return tail
        if head.endswith(_LEADS) and _has_surname(tail) and _may_be_name(tail):
            return tail
    return ""


def _has_surname(tail: str) -> bool:
    return tail[0] in SURNAMES and not tail.startswith(WORDS)


def _may_be_name(tail: str) -> bool:
    if (
        tail.startswith(WORDS)
        or _PLAIN.fullmatch(tail)
        or (len(tail) > 1 and tail.endswith(_SURE_END))
    ):
        return False
    if len(tail) == 4:
        return tail.startswith(COMPOUND)
    if len(tail) == 1:
        return tail in SURNAMES and tail not in "党常国都公相"
    is_named = tail[0] in SURNAMES or tail.startswith(COMPOUND)
    return is_named or not any(part in tail for part in _OFFICE_END)


def _behind_titles(plain: str) -> Iterator[tuple[int, int]]:
    """局长王某某到省厅: a surname begins what stands between the title and the verb."""
    for title in _TITLE.finditer(plain):
        found = _BEHIND.match(plain, title.end())
        if found and _is_name_behind(found["name"]):
            yield found.span("name")


def _is_name_behind(name: str) -> bool:
    is_word = name.startswith(_STOPS) or _PLAIN.fullmatch(name) or _TITLE.search(name)
    return _has_surname(name) and not is_word


def _is_bare_name(piece: str) -> bool:
    is_short = 2 <= len(piece) <= 4 and bool(_HAN.fullmatch(piece))
    return is_short and _may_be_name(piece) and piece[0] in SURNAMES and not has_rank(piece)
