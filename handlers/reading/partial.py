"""What makes a figure one of a part, or no figure yet, though its own words do not say so."""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from handlers.reading.marks import CLAUSE_END, SENTENCE_END
from handlers.reading.normalise import normalise
from handlers.reading.prose.plans import EXPECTED, LATER, NEXT, WISHED

_OTHERS = r"(?:其[余他它]|另外|别的|剩余|余下|剩下)"
_DATA = r"(?:数据?|数字|数目|报表|台账|材料|统计表?)"
#: Of other years or of others, or counted twice.
_NOT_OWN = (
    "(?:结转|上年|上一?年度?|去年|前年|往年|历年|以前年度|旧年|跨年|遗留|重复"
    "|今年的|本年的|外[县州市省])"
)
_REPORTED = (
    r"(?:上报|报送|报来|报上来|报齐|报全|报(?![废警名销])|收齐|收集|收到|收全|收上|统计|汇总|纳入|计入|算入|列入|计|算(?!数)"
    r"|含|包括|包含|录入|反馈|提供|到齐|回复|回传|传来|交来|上来)"
)
#: Said in any clause of the figure's sentence.
_LIMITED = re.compile(
    # others are told later or by somebody else, or not yet
    rf"{_OTHERS}的?[^,;\d]{{0,4}}(?:县|市|区(?!别)|乡镇?|镇|州|村|单位|部门|地方|各地|两地|类|部位|部分|街道|标段|人群|对象)"
    r"[^,;]{0,8}(?:数[据字]?|未[报统收]|没|另|核|[上补填]报|统计|汇总|收|齐|缺|由|暂)"
    rf"|(?:未|没有?|暂不|暂缓|不)(?:能|曾|及时|予|予以|全部?|完全|来得及|[进作做]行|有)?{_REPORTED}"
    rf"|(?:尚待|还待|有待|待|等)(?:上?报|收齐|汇总|统计|补报|并入|合并)"
    rf"|(?:另行?|单独|分开|随后|稍后|后续|以后|过后|明天|下周|下月)再?(?:统计|汇总|上报|补报|补上|填报|报送|报(?!销)|计|补充|提供|列)"
    r"|由[^,;\d]{1,14}(?:统计|负责|上报|汇总|填报|报送|掌握)"
    r"|(?:正在|还在|仍在|尚在)(?:核对|统计|汇总|收集|催报|催收|催|补报|清点|收)"
    rf"|{_DATA}[^,;\d]{{0,5}}(?:未|没|缺|滞后|空缺|不全|不齐|不完整|还差|待)|缺[报数]|漏[报统]|空缺"
    # only some are counted
    rf"|(?:仅|只|暂|仅仅|目前)(?:统计|汇总|收到|收齐|涵盖|覆盖|限于?|是部分|含|包括|包含|算|报了|计)了?"
    r"|(?:仅|只)(?:是|为|有|指)[^,;\d]{2,14}(?:数据?|数字|部分|情况|范围|口径|两地|两县|三县|县市?|市)(?:$|的)"
    r"|(?:仅|只)(?:是|为|有|指)?(?:部分|其中|\d|[一两二三四五六七])[^,;\d]{0,6}(?:县市?|乡镇|地|单位|部门|村)"
    r"|(?<![扣解拆清免消废去排革删根])除(?:了|去)?[^,;\d]{1,24}?(?:以外|之外|外)"
    r"|(?:不是|并非|不代表)[^,;\d]{0,4}(?:全州|全部|总数|全量|最终|实际)|部分县|部分乡|个别县"
    # it is a plan, an estimate, or not the real one
    r"|(?:这|此|以上|上述|该数|均|都|系|属)(?:数据?|数字|个|些)?(?:均|都|只|仅|还)?(?:是|为|系|属于?)?[^,;\d]{0,4}"
    r"(?:计划|规划|预[计估测]|目标|设计|任务|估[计算]|概算|测算|推算|理论|初步|不完全|暂|意向|签约|合同|往年|去年|上年|部分)[^,;\d]{0,2}(?:数|值|量|$)"
    r"|实际(?:数[据字]?|值|情况|完成数?|完成情况)?(?:另|以|待|还|尚|未|要|需|没|稍后)"
    # it holds what was done in other years
    rf"|(?:含|包括|包含|其中|里[面头边]|当中|之中|这里)[^,;]{{0,12}}{_NOT_OWN}"
    rf"|有[约近]?\d[^,;]{{0,8}}?(?:不?[是属]于?|为|系)[^,;]{{0,6}}{_NOT_OWN}"
    # something is yet to be taken off
    r"|(?<!已)(?<!已经)(?<!已全部)(?<!已予)(?:扣[掉除减]|剔[除掉出去]|刨[除掉去开]|核减|扣下来|减[掉去]|除去)(?!物价|价格|隐患)"
    r"|(?:不|没)(?:能|该|应|可以?|作)?(?:计|算)(?:入|进|在内|作)?(?:今年|本[年期]|进[去来]|的|$)"
)
#: Said behind a figure of which nothing says that it is over.
_AHEAD_OF_IT = re.compile(
    rf"(?:目前|现|均|都|全部|将|拟|也)*(?:计划|拟|将|要|准备|安排|争取|待|{EXPECTED}|{WISHED}|{LATER}|{NEXT}"
    r"|下[个]?[月周季]|下半年|明年|年底|年内|\d{1,2}月(?:底|中旬|上旬|下旬|份)?(?:前|起|开始)|后续|陆续|分批|即将)"
)
_REST = re.compile("任务|剩余|其余|余下|全年|目标|所有|收尾|剩下")
_OVER = re.compile(
    r"已|完成|建成|累计|实现|达到?|建好|装好|修[好通]|办结|竣工|完工|通车|投[用产]|受理|办理|新增|增加|改好|做好|到位|安装了|做了|改了|装了|办了|共"
)
_WHOLE = re.compile("全[州市县省区]|[八8]县市|各县市")
_SECTION = re.compile(
    r"(?:^|[,;。!?\n\s])(?:工作)?(?:措施|做法|成效|问题|困难|存在的?问题|下一?步[^,;:。]{0,6}|建议|主要做法|原因)(?:就?是|有|为|[:\s])"
)
_GOES_ON = re.compile(
    rf"\s*(?:注|备注|说明)?[:\s(]*(?:{_OTHERS}|其中|里[面头边]|当中|[要须需得应]|以上|上述|这|此|该|数据|数字|实际|不含|未含|未包括|不包括|仅|只|除)"
)
#: A line that plainly speaks of the figures above it, wherever it stands.
_OF_ABOVE = re.compile(
    r"(?:[(*※:\s]|注|备注|说明)*(?:以上|上述|上面|前述|(?:这|此|该|本)(?:个|些|项)?(?:数据?|数字|表|情况)"
    r"|(?:注|备注|说明)[:\s])"
)
_BUT = re.compile("仅|只|未|没|缺|差|除|不含|不包|不算|另报|暂")
_FIGURE = re.compile(r"\d[\d,.]*(?!\d|[年月日号.:/-])")
#: 第二期5所中芙蓉镇学校已建成: five are those of which one is told.
_OUT_OF = re.compile(
    r"[^\d,;。、]{0,10}?(?<![集其年城途建])中(?![心学小医专职央型级期药草国介院队型等高转共])"
)
#: 全年1800件的任务已办1026件: so many of what is wanted.
_OF_WANTED = re.compile(
    r"\d[\d,.]*万?[一-龥]{1,2}的?(?:年度|全年)?(?:任务|目标|计划)(?:数|中)?(?:已经?|现已|目前已|累计已?)[一-龥]{1,4}$"
)
#: A count of what is besides the whole is not the cumulative figure.
_BESIDES = re.compile(r"另有|另外|还有|剩余|比[上去]|(?:尚?余|[还尚仅]?剩|结余)下?(?=约?\d|约?$)")
#: 其中 holds to the sentence's end, unless the whole is spoken of again.
_OF_WHICH = re.compile(r"其中(?!.*(?:累计|全[州市县省区]|合计|总计|共))")
_BRACKETED = re.compile(r"\([^()]*\)")
_WHOLE_INSIDE = re.compile("累计|共|合计|总计|年内|以来")
_FAR = 160
_LONGEST_LINE = 60
_CHINESE = "一-龥"
#: What joins the members of a list.
_JOINT = re.compile("、|以及|[及和与]")
_LIST = re.compile(rf"[{_CHINESE}]{{2,12}}(?:(?:、|以及|[及和与])[{_CHINESE}]{{2,12}})+")
_VERBS = re.compile(
    "^(?:完成|实施|实现|建设|新建|改建|建成|提高|提升|推进|增加|办理|开展|开工|开工建设|改造|康复|救助|加强)+"
)
_DEEDS = re.compile(
    "(?:完成|建设|新建|改建|改造|扩建|提质|检查|筛查|培训|救助|补贴|开工|实施|工程|项目)+$"
)


def is_limited(text: str, start: int, end: int, places: Sequence[str]) -> bool:
    """Whether a clause beside the figure at ``text[start:end]`` takes its wholeness away.

    其余县市数据还没收齐, 除保靖外, 农村部分由卫健部门统计, 这是计划数. *places* are the
    counties: one that a clause ahead names without a figure is what the figure is of.
    """
    before = SENTENCE_END.split(normalise(text[max(0, start - _FAR) : start]))[-1]
    *earlier, own = CLAUSE_END.split(before)
    behind, following = _behind(normalise(text[end : end + _FAR]), places)
    first, *later = CLAUSE_END.split(behind)
    if any(map(_LIMITED.search, (*earlier, own + "0" + first, *later))):
        return True
    if any(map(_LIMITED.search, following)):
        return True
    if not _OVER.search(own + first) and _is_to_come(later):
        return True
    return not _WHOLE.search(own) and _is_of_some(earlier, places)


def limits_above(line: str, places: Sequence[str], *, is_apart: bool) -> bool:
    """Whether a *line* takes the wholeness of the figures above it away: 以上仅为两地数据.

    One that stands *is_apart* from all fields need not point to them: 永顺县数据未报.
    """
    plain = normalise(line).strip()
    if len(plain) > _LONGEST_LINE or not (is_apart or _OF_ABOVE.match(plain)):
        return False
    is_of_some = _BUT.search(plain) and any(each and each in plain for each in places)
    return bool(is_of_some) or any(map(_LIMITED.search, CLAUSE_END.split(plain.rstrip("。)"))))


def _behind(behind: str, places: Sequence[str]) -> tuple[str, list[str]]:
    """The rest of the sentence, and the clauses of the next where it goes on about the figure."""
    if section := _SECTION.search(behind):
        behind = behind[: section.start()]
    rest, *more = SENTENCE_END.split(behind)
    begins = more[0] if more else ""
    is_on = _GOES_ON.match(begins) or any(begins.startswith(each) for each in places if each)
    return rest, CLAUSE_END.split(begins) if is_on else []


def _is_to_come(later: Sequence[str]) -> bool:
    """安防设备3205个，计划10月底前完成; 计划年底前完成全年任务 is of the rest."""
    following = [*takewhile(lambda each: not _counted(each), later)]
    return bool(following) and bool(
        _AHEAD_OF_IT.match(following[0]) and not _REST.search(following[0])
    )


def _counted(clause: str) -> bool:
    return _FIGURE.search(clause) is not None


def _is_of_some(earlier: Sequence[str], places: Sequence[str]) -> bool:
    """吉首、花垣两地，建成1386个: the clause right ahead names counties and counts nothing."""
    last = earlier[-1] if earlier else ""
    return not _counted(last) and any(each and each in last for each in places)


def is_besides(clause: str) -> bool:
    """Whether a *clause* up to a figure says that it counts what is besides the whole."""
    return _BESIDES.search(clause) is not None


def is_of_which(said: str) -> bool:
    """Whether a sentence up to a figure says that it is a part of the figure before it."""
    open_words = _BRACKETED.sub("", said)
    if _OF_WHICH.search(open_words):
        return True
    _, bracket, inside = open_words.rpartition("(")
    return bool(bracket) and _WHOLE_INSIDE.search(inside) is None


def is_out_of(after: str) -> bool:
    """Whether *after* a figure goes on with some of what it counts."""
    return _OUT_OF.match(after) is not None


def is_of_wanted(clause: str) -> bool:
    """Whether a *clause* up to a figure says of how many wanted it is what is done."""
    return _OF_WANTED.search(clause) is not None


def names_part(words: str, title: str, names: Sequence[str]) -> bool:
    """Whether *words* name only some of what the *title* of a task with one indicator lists.

    旅游路 of 旅游路、资源路、产业路; 农村妇女 or 低保妇女 of 农村及城镇低保适龄妇女. *names* are
    what all of it is called.
    """
    plain, own = normalise(words), "\n".join(map(normalise, names))
    return any(_is_some(plain, members, tail, own) for members, tail in _lists(title))


def _is_some(words: str, members: Sequence[str], shared: Sequence[str], own: str) -> bool:
    """*own* is what all of it is called: its words (中医药服务 beside 有服务) name no member."""
    telling = [[pair for pair in _pairs(each) if pair not in own] for each in members]
    named = [any(pair in words for pair in pairs) for pairs in telling if pairs]
    said = named if any(named) else [each in words for each in shared]
    return any(said) and not all(said)


def _lists(title: str) -> Iterator[tuple[list[str], list[str]]]:
    """The members of every list of a title, each by its own words, and what all share."""
    for found in _LIST.finditer(normalise(title)):
        first, *rest = _JOINT.split(found[0])
        members = [_VERBS.sub("", first)[-max(map(len, rest)) :], *rest]
        if any(len(each) < 2 or each.startswith("以") for each in members):
            continue
        common = _common_end(members)
        if common:
            yield [each[: -len(common)] or each for each in members], []
            continue
        size = min(map(len, members[:-1]))
        last, tail = members[-1][:size], _DEEDS.sub("", members[-1][size:])
        shared = [tail[at : at + 2] for at in range(0, len(tail) - 3, 2)]
        yield [*members[:-1], last], shared


def _common_end(members: Sequence[str]) -> str:
    size = 0
    while size < min(map(len, members)) - 1 and len({e[-size - 1 :] for e in members}) == 1:
        size += 1
    return members[0][len(members[0]) - size :]


def _pairs(member: str) -> Iterator[str]:
    yield from (member[at : at + 2] for at in range(max(1, len(member) - 1)))
