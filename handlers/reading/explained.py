"""What the words around a figure leave unexplained: whatever is no name, deed, time or filler.

A figure is taken unasked only where nothing is left. What is not known here is therefore asked
about: a missing word costs a question, never a wrong figure.
"""

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import lru_cache

from handlers.reading.marks import BREAK, SENTENCE_END
from handlers.reading.normalise import normalise
from handlers.reading.prose.verbs import one_of
from models.rules.unit import Dimension, unit_at

_NUMERAL = "[一二三四五六七八九十]"
_MONTH = rf"(?:\d{{1,2}}|{_NUMERAL}{{1,2}})月"
_YEAR = r"(?:(?:\d{4}|今|本)年)?"
_TIME = (
    rf"(?:截[至止]到?|到)?{_YEAR}{_MONTH}(?:份?[底末]|份|[上中下]旬|\d{{1,2}}[日号]?|{_NUMERAL}{{1,3}}[日号])?(?:为?止)?"
    rf"|{_YEAR}(?:\d{{1,2}}|{_NUMERAL})(?:月份?)?(?:\d{{1,2}}[日号])?(?:-|至|到|~){_MONTH}份?(?:\d{{1,2}}[日号]|底)?"
    r"|(?:截[至止]到?|到)(?:目前|今[天日]|现在|当前|昨[天日]|\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[./]\d{1,2})?(?:为?止)?"
    rf"|(?:\d{{4}}|今|本)年(?:度|以来|初以来|上半年)?|前(?:{_NUMERAL}|\d)个?(?:月|季度)|第?[一二三四1-4]季度末?"
    r"|年初?以来|年初至今|年(?=度?的?[任目计总])"
)
#: Over when it is said, before its figure or behind it.
_DEEDS = (
    "完成 完成了 建设完成 建成 建成了 建好 建完 建起 修建 修通 修好 装好 装完 装上 装了 安装 "
    "安装了 安装到位 安装完成 安装完毕 新装 改好 改完 改造 改造完成 做好 做完 做了 办结 办理 "
    "办理了 办好 办了 办完 受理 实现 实现了 达到 达到了 达标 竣工 完工 通车 新建 改建 扩建 "
    "改扩建 新改建 改新建 迁建 建设 新增 净增 增加 投入使用 投入运营 投入运行 投用 启用 投产 "
    "交付 交付使用 通过验收 验收合格 验收通过 到位 开通 装 建 办 改 修"
)
#: A deed only with its object behind it: 开展培训, 实施救助; 推进1500个 says nothing.
_LIGHT = "搞了 弄了 开展 开展了 组织开展 组织 实施 实施了 举办 提供 发放 投入 推进"
#: Said behind so many of those that have it to do.
_TASK_DONE = "完成任务 完成目标任务 完成年度任务 完成全年任务 完成省定任务 完成州定任务 完成年任务"
#: Deeds of one character where what is counted is called by them: 两癌检查查了26318人.
_ONE_DEED = frozenset("查种拆铺栽挖清训配发送救补植")
#: What is wanted, unless the words go on from it: 680户的任务已完成22户.
_WANTED = "任务 目标 计划 指标 任务数 目标任务 目标数 计划数"
_COUNTING = (
    "累计 总计 合计 共计 总共 一共 共有 共 约 约为 大约 将近 接近 近 超过 超 逾 突破 已经 "
    "业已 现已 已 已有 现有 有 实际 实 现 仅 仅有 只有 刚 总数 总量 总额 数量 人数 户数 件数 "
    "次数 里程 数 为 是 达 计 了 其中 分别 依次 均 都 目前 至今 迄今 当前 现在 全年 年内 "
    "年度 以来 上半年 本月 当月 本期 等 贡献"
)
_PLACES = (
    "全域 自治州 我局 我委 我办 我单位 我们 我们这边 这边 "
    "咱们 各县市 各县市区 各县 各市 各地 各乡镇 各单位 各部门 各有关部门 八县市 8县市"
)
_WHO = (
    r"(?<=全[州市县区])[一-龥]{2,4}(?:机关|系统|部门)"
    r"|州[一-龥]{1,8}?[局委办](?!员)|[一-龥]{2,4}公司"
)
#: 12所芙蓉学校中已有9所: so many of what is counted.
_AMONG = r"(?<![在其集途年城])中(?=已|有|现|\d|$)|(?<=[\d已])为|^为$"
_MANNER = "正式 扎实 稳步 有序 顺利 全面 按期 如期 提前 超额 全部 先后 陆续 成功 圆满 统筹"
_SHARES = "占 完成率 完成比例 比例 进度 形象进度 总体进度 工程进度 完成进度 总 年度 省定 州定"
_FILLER = (
    "工作 情况 进展 方面 工程 项目 的 和 与 及 以及 并 也 就 到 喂 嗯 哦 啊 那 那个 这个 "
    "您好 你好 报告 顺便 报一下 报下"
)
#: Behind a figure: that it is all done, or how exact it is.
_BEHIND = "正式 左右 上下 以上 多 余 整 均 都 全部 全 已经 业已 已 现已 顺利 全面 提前 如期 按期 了"
_MARKS = r"@[A-Za-z]+\s|[\s\-\"'()\[\]<>·~!.*/=+:、]+"

#: What an earlier clause makes of all that follows it in its sentence.
_CONDITION = re.compile(
    r"^\s*(?:如(?!期)|若|要是|假[如设]|倘若|一旦|只要|除非|万一|即使)|(?:推算|测算|估算)$"
    r"|(?:说|称|反映|讲)$|(?:不完全|初步)统计"
)
#: Function words that take back a part of what was said.
_TAKES_BACK = re.compile(
    "[未没无非待尚仍莫欠缺不将需]|还|正在|在[建训谈途办]|(?<![主重])要|可能|能[够否]|[预估]计|[去上]年|往年"
)
_GOES_ON_OPEN = re.compile(
    r"(?:但是?|不过|只是|可是?|目前|现|均|都|全部|其中|至今|[大部]?部分|有的|暂|\s)*"
    r"(?:未|没|尚|待|还[没未]|仍[未没]|暂[未缓]|无法|不能)"
)
_SCHEDULE = re.compile("序时|进度|任务|目标|计划|要求")
#: A section may begin right behind a figure that was dictated: 1710个措施是逐村安装.
_STOP = re.compile(
    r"[,;:。!?\n、(]|(?:措施|做法|成效|问题|困难|下一?步)(?=就?是|有|为|主要|方面|包括|[:\s])"
)
_BRACKET = re.compile(r"\(([^()]*)\)?")
_PARTS = re.compile("其中")
_DIGIT = re.compile(r"\d")
#: 改(新)建 is written so in the title of the task.
_INSERTED = re.compile(r"(?<=[改新扩迁])\(([改新扩迁续]{1,2})\)(?=建)")
_ONLY_NUMBER = re.compile(r"\s*\d[\d,.]*\s*")
_FIGURE = re.compile(
    r"(?:\d[\d,.]*|[一二两三四五六七八九十百千万亿零〇]{2,})\s?(?:万亿|[百千]?万|[百千]?亿|千)?"
)
#: 法律援助机构办理: who does it, called by the name of what is done.
_BODIES = ("机构", "中心")
#: A name may hold these; two characters that begin with one are none by themselves.
_FUNCTION = frozenset("未没不非待尚将无")
_AHEAD = 120
_FAR = 60
_LONGEST_NAME = 30


class _Sort(StrEnum):
    """What a piece of the words is."""

    NAME = "name"
    DEED = "deed"
    LIGHT = "light"
    WANTED = "wanted"
    FILLER = "filler"
    FIGURE = "figure"
    LEFT = "left"


_AHEAD_OF = (
    (_Sort.WANTED, re.compile(one_of(_WANTED))),
    (_Sort.DEED, re.compile(one_of(_DEEDS))),
    (_Sort.LIGHT, re.compile(one_of(_LIGHT))),
    (_Sort.FILLER, re.compile(_TIME)),
    (_Sort.FILLER, re.compile(one_of(f"{_COUNTING} {_PLACES} {_MANNER} {_SHARES} {_FILLER}"))),
    (_Sort.FILLER, re.compile(_WHO)),
    (_Sort.FILLER, re.compile(_AMONG)),
    (_Sort.FILLER, re.compile(_MARKS)),
)
_BEHIND_OF = (
    (_Sort.DEED, re.compile(one_of(f"{_DEEDS} {_TASK_DONE}"))),
    (_Sort.LIGHT, re.compile(one_of(_LIGHT))),
    (_Sort.FILLER, re.compile(one_of(f"{_BEHIND} {_SHARES}"))),
    (_Sort.FILLER, re.compile(_MARKS)),
)
_Classes = tuple[tuple[_Sort, re.Pattern[str]], ...]
_Piece = tuple[_Sort, str]


def unexplained(
    text: str, start: int, end: int, names: Iterable[str], *, is_share: bool = False
) -> str:
    """The words around the figure at ``text[start:end]`` that nothing explains, else nothing.

    *names* of indicators, task and places, and their parts, are explained. A percentage
    (*is_share*) may be of what is wanted, a count not.
    """
    known = _joined(tuple(names))
    ahead = normalise(text[max(0, start - _AHEAD) : start])
    behind = normalise(text[end : end + _FAR])
    left = [*_before(ahead, known, is_share=is_share), *_after(behind, known)]
    return " ".join(left)


@lru_cache(maxsize=256)
def _joined(names: tuple[str, ...]) -> str:
    return "\n".join(re.sub(r"[\"'()\s]", "", normalise(name)) for name in names)


def _before(ahead: str, names: str, *, is_share: bool) -> Iterator[str]:
    ahead = _INSERTED.sub(r"\1", ahead)
    *earlier, clause = BREAK.split(SENTENCE_END.split(ahead)[-1])
    yield from (each for each in earlier if _CONDITION.search(each))
    pieces = [*_pieces(_own(clause), names, _AHEAD_OF)]
    yield from _left(pieces if not is_share else _without_wanted(pieces))


def takes_back(left: str) -> bool:
    """Whether words that nothing explains take a figure back, or make it hang on something."""
    taken_back = _TAKES_BACK.search(left.replace("要求", ""))
    return taken_back is not None or _CONDITION.search(left) is not None


def _own(clause: str) -> str:
    """Of 新增就业100人、转移就业 what stands behind the figure before."""
    members = clause.split("、")
    first = max((at for at, each in enumerate(members[:-1], 1) if _DIGIT.search(each)), default=0)
    return "、".join(members[first:])


def _after(behind: str, names: str) -> Iterator[str]:
    words, brackets, rest = _parted(behind)
    if words.startswith(" ") and words.strip():
        words, brackets, rest = "", [], f"{words},"
    for inside in brackets:
        yield from _of_bracket(inside, names)
    whole, *parts = _PARTS.split(words, maxsplit=1)
    pieces = [*_pieces(whole, names, _BEHIND_OF)]
    yield from _left(pieces)
    for each in parts:
        yield from _taken_back(each, names)
    following = BREAK.split(rest.lstrip(",;、"))[0]
    is_own = not _DIGIT.search(following) and not _SCHEDULE.search(following)
    if is_own and rest[:1] in ",;、 " and _GOES_ON_OPEN.match(following):
        yield following.strip()


def _parted(behind: str) -> tuple[str, list[str], str]:
    """The words up to the next mark, what stands in brackets among them, and the rest."""
    words, brackets, place = "", list[str](), 0
    while found := _STOP.search(behind, place):
        words += behind[place : found.start()]
        place = found.start()
        bracket = _BRACKET.match(behind, place)
        if bracket is None:
            return words, brackets, behind[place:]
        brackets.append(bracket[1])
        place = bracket.end()
    return words + behind[place:], brackets, ""


def _of_bracket(inside: str, names: str) -> Iterator[str]:
    """Parts with figures of their own say nothing of the whole, unless they take it back.

    A bare number is no part: 1500余个（1523）.
    """
    if _ONLY_NUMBER.fullmatch(inside):
        yield inside
    elif _DIGIT.search(inside):
        yield from _taken_back(inside, names)
    else:
        yield from _left([*_pieces(inside, names, _AHEAD_OF)])


def _taken_back(words: str, names: str) -> Iterator[str]:
    pieces = _pieces(words, names, _AHEAD_OF)
    left = "".join(said for sort, said in pieces if sort is _Sort.LEFT)
    if _TAKES_BACK.search(left):
        yield words


def _left(pieces: list[_Piece]) -> Iterator[str]:
    """What is not known, a light verb without its object, and what is only wanted."""
    after: _Sort | None = None
    is_reached = False
    for at in range(len(pieces) - 1, -1, -1):
        sort, said = pieces[at]
        is_reached = is_reached or sort in (_Sort.DEED, _Sort.LIGHT)
        is_done = is_reached or any(each is _Sort.DEED for each, _ in pieces[max(0, at - 2) : at])
        if sort is _Sort.LEFT:
            yield said
        elif sort is _Sort.LIGHT and _Sort.NAME not in (after, pieces[at - 1][0] if at else None):
            yield said
        elif sort is _Sort.WANTED and not is_done:
            yield said
        if said.strip():
            after = sort


def _without_wanted(pieces: list[_Piece]) -> list[_Piece]:
    return [piece for piece in pieces if piece[0] is not _Sort.WANTED]


def _pieces(words: str, names: str, classes: _Classes) -> Iterator[_Piece]:
    """*words* cut into pieces that are known, so that as few characters as can be are left."""
    size = len(words)
    left = [0] * (size + 1)
    best: list[tuple[_Sort, int]] = [(_Sort.LEFT, size)] * size
    for place in range(size - 1, -1, -1):
        left[place], best[place] = 1 + left[place + 1], (_Sort.LEFT, place + 1)
        for sort, end in _known_at(words, place, names, classes):
            if left[end] < left[place] or (left[end] == left[place] and end > best[place][1]):
                left[place], best[place] = left[end], (sort, end)
    place, begun = 0, 0
    while place < size:
        sort, end = best[place]
        if sort is not _Sort.LEFT:
            if begun < place:
                yield _Sort.LEFT, words[begun:place]
            yield sort, words[place:end]
            begun = end
        place = end
    if begun < size:
        yield _Sort.LEFT, words[begun:]


def _known_at(words: str, place: int, names: str, classes: _Classes) -> Iterator[tuple[_Sort, int]]:
    """Every known piece that begins here; a name also without its last character (光纤|工作)."""
    for sort, each in classes:
        if match := each.match(words, place):
            yield sort, match.end()
    if words.startswith(_BODIES, place) and place > 1 and words[place - 2 : place] in names:
        yield _Sort.FILLER, place + 2
    if words[place] in _ONE_DEED and words[place] in names and words[place + 1 :] in ("", "了"):
        yield _Sort.DEED, len(words)
    if (end := _figure_end(words, place)) > place:
        yield _Sort.FIGURE, end
    if (end := _name_end(words, place, names)) > place:
        yield _Sort.NAME, end
        if end > place + 2:
            yield _Sort.NAME, end - 1


def _figure_end(words: str, place: int) -> int:
    """Where a further figure ends; a length of time is none: 两个月建成300个."""
    found = _FIGURE.match(words, place)
    if found is None:
        return place
    unit = unit_at(words, found.end())
    if unit is None:
        return found.end()
    return place if unit[0].dimension is Dimension.TIME else unit[1]


def _name_end(words: str, place: int, names: str) -> int:
    end = place + 2
    if words[place:end] not in names or len(words) < end:
        return place
    while end < min(len(words), place + _LONGEST_NAME) and words[place : end + 1] in names:
        end += 1
    return place if end == place + 2 and words[place] in _FUNCTION else end
