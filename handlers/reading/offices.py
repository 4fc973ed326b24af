"""Ranks and offices as people write them, with the persons' names left out."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from handlers.reading.normalise import normalise

_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭"
    "郎鲁韦马苗凤花方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于傅皮卞齐康伍余元卜顾孟黄穆萧"
    "尹姚邵汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄江童颜郭梅盛林刁"
    "钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫经房裘缪干解应宗丁宣邓郁单洪包诸左石崔吉龚程邢裴陆荣翁荀"
    "甄曲封储靳段焦侯宁仇甘武符刘景詹束龙叶幸司黎薄印白蒲鄂索咸赖卓屠蒙池乔阴胥闻莘党翟谭贡劳姬申冉"
    "桑桂牛边燕冀尚温别庄晏柴瞿阎慕连茹习艾鱼容向古易慎戈廖庾终居衡步都耿满匡国文寇广禄东欧沃利越隆"
    "师巩聂晁勾敖融冷辛阚那简饶曾沙养丰关相查红游盖益桓公肖粟覃鄢虢佘岳涂闫付代邝揭尧"
)
_COMPOUND = ("欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "令狐", "慕容", "夏侯", "司徒")
_RANK = (
    "党组书记 党委书记 工委书记 纪委书记 第一书记 书记 州长 市长 县长 区长 乡长 镇长 "
    "局长 主任 厅长 部长 处长 科长 行长 院长 校长 主席 秘书长 "
    "总经理 董事长 会长 理事长 支队长 大队长 队长 站长 所长 组长"
).split()
_TITLES = (
    *(f"{more}{rank}" for rank in _RANK for more in ("常务副", "副", "")),
    *"巡视员 调研员 总工程师 总工 常委 委员 班子成员 党组成员".split(),
    *"领导 负责人 负责同志 同志 干部".split(),
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
    r"(?P<name>[一-鿿]{2,3}?)(?=$|[^一-鿿]|带队|率|带领|到|赴|前往|去|向|汇报|对接|一行|等|和|与|同|陪同|"
    r"表示|指出|要求|认为|答复|明确|建议|书面)"
)
_HAN = re.compile(r"[一-鿿]+$")
_PIECES = re.compile(r"([、和,，\s])")
_EDGES = " 、,，和及"
_WIDE = str.maketrans({",": "，", ";": "；", ":": "：", "(": "（", ")": "）"})


@dataclass(frozen=True)
class Unnamed:
    """A text without persons' names; *is_changed* says that one was left out."""

    text: str
    is_changed: bool


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
    """As `without_names`, for who came: a name without any title goes, too."""
    found = without_names(text, offices)
    pieces = _PIECES.split(found.text)
    kept = ["" if _is_bare_name(piece) else piece for piece in pieces]
    if kept == pieces:
        return found
    text = re.sub(r"([、和,，\s])[、和,，\s]+", r"\1", "".join(kept)).strip(_EDGES)
    return Unnamed(text, True)


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
        if len(words) < size or not (is_after_office or head.endswith(_OFFICE_END)):
            continue
        if _may_be_name(tail):
            return tail
    return ""


def _may_be_name(tail: str) -> bool:
    if _PLAIN.fullmatch(tail) or (len(tail) > 1 and tail.endswith(_SURE_END)):
        return False
    if len(tail) == 4:
        return tail.startswith(_COMPOUND)
    if len(tail) == 1:
        return tail in _SURNAMES and tail not in "党常国都公相"
    is_named = tail[0] in _SURNAMES or tail.startswith(_COMPOUND)
    return is_named or not any(part in tail for part in _OFFICE_END)


def _behind_titles(plain: str) -> Iterator[tuple[int, int]]:
    """局长王某某到省厅: a surname begins what stands between the title and the verb."""
    for title in _TITLE.finditer(plain):
        found = _BEHIND.match(plain, title.end())
        if found and _is_name_behind(found["name"]):
            yield found.span("name")


def _is_name_behind(name: str) -> bool:
    is_word = name.startswith(_STOPS) or _PLAIN.fullmatch(name) or _TITLE.search(name)
    return name[0] in _SURNAMES and not is_word


def _is_bare_name(piece: str) -> bool:
    is_short = 2 <= len(piece) <= 4 and bool(_HAN.fullmatch(piece))
    return is_short and _may_be_name(piece) and piece[0] in _SURNAMES and not has_rank(piece)
