"""写错了，是1710不是1701: a sentence that says what was wrong, as the line that puts it right."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from handlers.reading.normalise import command_key, normalise
from handlers.reading.quantity import Quantity, read_quantity
from handlers.reporting.content import Content
from handlers.reporting.form import Form, base_unit
from handlers.reporting.texts import day_text
from models.indicator import Indicator
from models.rules.unit import amount_text

#: A longer line tells of the work: there 不是 and 改为 put nothing right.
_LONGEST = 60
_WRONG = (
    r"(?:[写打填报弄搞发输说算录看抄记]|统计|录入|填写|输入)(?:的|得)?(?:全|都|又|好像)?[错反]了?"
    r"|搞混了?|错了|有误|有错|不对|不准确?"
)
_INSTEAD = (
    r"应该?[是为]|应当[是为]|(?:更改|更正|调整|修改|变更|订正|改)(?:[为成到是]|正?为)"
    r"|正确的?(?:数字?)?[是为]"
)
_MARK = re.compile(rf"{_WRONG}|{_INSTEAD}")
#: 1701改1710, 是1710不是1701.
_SWAPPED = re.compile(
    r"\d\D{0,3}[改换]\d|[写打填报弄搞输录]成了?\D{0,2}\d|不是\D{0,3}\d|是\d[^,;。]{0,8}不是"
)
_DAY = r"(?:\d{4}年)?\d{1,2}月(?:\d{1,2}[日号]|份?[底末])"
_NUMERAL = r"(?:\d+(?:,\d{3})*(?:\.\d+)?|[一二两三四五六七八九十][一二两三四五六七八九十百千万零]+)"
_UNIT = (
    r"平方米|公里|千米|人次|万元|亿元|公顷|[个套户人名件所元亩座项家床张次处台位条吨米]"
    r"|千瓦时?|个百分点|%"
)
_COUNT = rf"(?:大?约|近)?{_NUMERAL}[万亿]?(?:{_UNIT})?"
_EITHER = rf"(?:{_DAY}|{_COUNT})"
_VALUE = re.compile(_EITHER)
#: What was wrong: 不是1701, 1701改1710, 写成1701了, 从1701.
_NOT = re.compile(
    rf"(?:不是|并非|[写打填报弄搞输录]成了?|从)\s*(?P<a>{_EITHER})"
    rf"|(?P<b>{_EITHER})\s*(?=不对|错了|[写打填报]错|有误|是错的|要?[改换]|更正|调整|修改|订正|变更)"
)
_FILLERS = re.compile(
    r"(?P<kept>完成[数量]*|累计完成|成效|对比分析|点评)|不好意思|对不起|抱歉|麻烦|请|帮我?|哎呀?|[哦噢啊呀嗯吧哈了]|那个|这个|这里|那里|刚刚?才?|刚才|上面|前面|之前"
    r"|上一?[条次个]|还有|另外|[也都又]|其实|实际|而是|不是|并非|应该?|应当|正确的?|[是为成到改换从把将要得]|我们?|[您你]|一下"
    r"|报送|上报|[写打填报发送](?=的)|的|里面?|中|[这那]一?项|数字|数据|数值|有个|有一处|[错对]|才对"
    r"|更正|订正|修改|更改|调整|变更|[,:;。、!?~\s“”\"'()]"
)
#: 好像是1701: the right figure is not sure either.
_HEDGE = re.compile("好像|大概|可能|估计|似乎|也许|差不多|记得")
_WRONG_WORDS = re.compile(_WRONG)
_DAYS = frozenset(
    "日期 截至日期 截止日期 截至 截止 截至时间 截止时间 时间 统计时间 数据时间".split()
)
_DONE = frozenset("完成 完成数 完成量 完成数量 累计 累计完成 数 数量 总数 指标 任务 进展".split())
_DAY_TOLD = re.compile(
    r"\s*(?:还有|另外|对了|补充|哦|噢)?[\s,:]*(?:截[至止](?:日期|时间)|统计时间|数据时间)\s*"
    rf"(?:应该|应当|应|改)?[是为到成]\s*(?P<day>{_DAY})[\s。!的了哈吧]*"
)


@dataclass(frozen=True)
class _Said:
    """What a sentence puts right: of *what*, the values said to be wrong, and the right ones."""

    what: str
    wrong: tuple[str, ...]
    right: tuple[str, ...]


@dataclass(frozen=True)
class Doubted:
    """The report without what its writer says is wrong, and how that read and is called."""

    content: Content
    was: str
    field: str


def corrects(text: str) -> bool:
    """Whether *text* says that something was written wrongly: it is never part of a report."""
    plain = normalise(text).strip()
    if not plain or len(plain) > _LONGEST or "\n" in plain:
        return False
    return _MARK.search(plain) is not None or _SWAPPED.search(plain) is not None


def put_right(content: Content, text: str, form: Form) -> str:
    """*text* with every line that says what is right instead as the line of that field.

    Where nothing was said before, a line among others puts nothing right: 应该是1715 below
    全州一共1710个吧 is one of two figures.
    """
    if content.says_nothing and "\n" in text.strip():
        return text
    return "\n".join(_line(content, line, form) for line in text.split("\n"))


def doubted(content: Content, text: str, form: Form) -> Doubted | None:
    """What *text* says is wrong without saying what is right; None where that is not known."""
    said = _said(normalise(text).strip(), form) if corrects(text) else None
    if said is None or said.right or not _WRONG_WORDS.search(normalise(text)):
        return None
    if said.what in _DAYS:
        if content.as_of is None:
            return None
        return Doubted(replace(content, as_of=None), day_text(content.as_of), "截至")
    if section := _section(content, said.what, form):
        left = tuple(each for each in content.sections if each.name != section)
        return Doubted(replace(content, sections=left), content.section(section)[:20], section)
    indicator = _indicator(content, said, form)
    was = content.figure(indicator.id or 0) if indicator else None
    if indicator is None or was is None or was.value is None:
        return None
    figures = tuple(each for each in content.figures if each is not was)
    shown = amount_text(was.value, base_unit(indicator))
    return Doubted(replace(content, figures=figures), shown, form.field_of(indicator))


def _line(content: Content, line: str, form: Form) -> str:
    if len(line) > 2 * _LONGEST:
        return line
    plain = normalise(line).strip()
    if told := _DAY_TOLD.fullmatch(plain):
        return f"截至：{told['day']}"
    said = _said(plain, form) if corrects(plain) else None
    if said is None or len(said.right) != 1:
        return line
    [right] = said.right
    if re.fullmatch(_DAY, right):
        return f"截至：{right}" if said.what in _DAYS or not said.what else line
    if county := _county(said.what, form):
        return f"{county}：{right}"
    indicator = _indicator(content, said, form)
    if indicator is None:
        return line
    hedge = "好像" if _HEDGE.search(plain) else ""
    return f"{form.field_of(indicator)}：{hedge}{right}"


def _said(plain: str, form: Form) -> _Said:
    for name in sorted(_task_names(form), key=len, reverse=True):
        plain = plain.replace(normalise(name), " ")
    wrong = tuple(found["a"] or found["b"] for found in _NOT.finditer(plain))
    rest = _NOT.sub(" ", plain)
    right = tuple(found[0] for found in _VALUE.finditer(rest))
    rest = _HEDGE.sub("", rest)
    what = _FILLERS.sub(_kept, _WRONG_WORDS.sub("", _VALUE.sub("", rest)))
    return _Said(command_key(what), wrong, right)


def _kept(found: re.Match[str]) -> str:
    return found["kept"] or ""


def _indicator(content: Content, said: _Said, form: Form) -> Indicator | None:
    """The indicator whose figure is meant: the one named, whose figure was wrong, or the only."""
    for each in form.indicators:
        if said.what and said.what in map(command_key, _names(each, form)):
            return each
    if said.what and said.what not in _DONE:
        return None
    meant = [each for each in form.indicators if _has(content, each, said.wrong)]
    return meant[0] if len(meant) == 1 else form.only_indicator


def _names(indicator: Indicator, form: Form) -> Iterator[str]:
    yield from (indicator.name, *indicator.aliases, form.field_of(indicator))


def _task_names(form: Form) -> set[str]:
    task = form.task
    return {form.matter.number, form.matter.label, task.number, task.title, *task.aliases}


def _county(what: str, form: Form) -> str:
    called = ((each.name, (each.name, *each.aliases)) for each in form.counties)
    names = (name for name, known in called if what and what in map(command_key, known))
    return next(names, "")


def _section(content: Content, what: str, form: Form) -> str:
    written = (each for each in form.sections if content.section(each.name))
    keys = ((e.name, [command_key(n) for n in (e.name, *e.aliases)]) for e in written)
    return next((name for name, known in keys if what and what in known), "")


def _has(content: Content, indicator: Indicator, wrong: tuple[str, ...]) -> bool:
    said = content.figure(indicator.id or 0)
    read = (read_quantity(each, indicator.unit) for each in wrong)
    values = [each.value for each in read if isinstance(each, Quantity)]
    return said is not None and said.value is not None and said.value in values
