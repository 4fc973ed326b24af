"""What a few words say of one indicator: its figure, a share beside it, how sure both are."""

import re
from collections.abc import Sequence
from dataclasses import replace

from handlers.reading.counted_places import counted_place
from handlers.reading.denied import is_undone, is_withdrawn
from handlers.reading.doubts import is_doubted
from handlers.reading.explained import unexplained
from handlers.reading.normalise import command_key, name_key, normalise
from handlers.reading.partial import is_limited
from handlers.reading.quantity import Problem, Quantity, Unreadable, read_quantity
from handlers.reading.slashed import slashed
from handlers.reading.steps import is_preparing
from handlers.reading.timing import day_of, is_on_top, timing_of
from handlers.reporting.content import (
    CHANGE_THIS,
    Chosen,
    Content,
    FigureSaid,
    StatedSaid,
)
from handlers.reporting.counted import is_broken, is_other_unit
from handlers.reporting.form import Form, base_unit, is_amount
from handlers.reporting.own_words import known_names, known_words, names_of
from models.indicator import Indicator
from models.rules.unit import amount_text, unit_called

Taken = tuple[FigureSaid, StatedSaid | None, str]

_SAME = frozenset(("无变化", "同上期", "同上月", "同上", "没有变化", "不变"))
_MARK = re.compile(rf"[（(][^（）()]*{CHANGE_THIS}[^（）()]*[）)]?")
#: What may stand before a bare figure, and what behind it.
_LEAD = re.compile(
    r"(?:刚才|刚刚|前面|上面|那个|不对|不是|[报填弄搞发]?错了|写错了?|有误|更正|应该|应当|应|改|为|成|是|到|有|了|的|数|量|[全我][州市县]|目前|现在|现|截至|截止|已经|已|累计"
    r"|共计|总计|合计|一共|总共|共|总|实际|实|完成|建成|安装|新?装|做|办理|办|建|达|约|大概|大约|差不多|可能|估计|好像|大致|近|这[个次]|那|[,:;。、\s])*"
)
_TAIL = re.compile(r"(?:左右|上下|多|余|的样子|吧|吗|了|哈|哦|啊|呢|嘛|才对|对|[,;。!?、~\s])*")
_SAYING = re.compile("[一-龥]")
_TIME = re.compile(
    r"(?:截[至止]到?)?(?:\d{4}年)?(?:\d{1,2}月(?:份|底|末|\d{1,2}[日号])?|[上下]半年|[一二三四]季度)"
)
_MISREAD = re.compile(r"[lIoO](?=[lIoO]?[0-9])|(?<=[0-9])[lIoO]")
_LETTER = re.compile("[A-Za-z]")
_LONGEST_ANSWER = 200
_LONGEST_DENIED = 20
_OBJECT = 8


def figure_said(
    text: str, indicator: Indicator, form: Form, before: str = "", *, is_whole: bool = True
) -> Taken:
    """What *text* says of an indicator: its figure, a percentage beside it, and what is left.

    A value in a unit of another kind is kept with that unit, so that the check can name it.
    *before* is what stands in its line ahead of it (7月份完成数：). *is_whole*: it is of the whole
    area, so that in 1500/6000个 the second is the task.
    """
    indicator_id = indicator.id or 0
    if _is_old(text, indicator, form):
        return FigureSaid(indicator_id, text.strip(), problem=Problem.UNCHANGED), None, ""
    text = _MARK.sub("", text).strip()
    if command_key(text) in _SAME and (last := form.last(indicator)):
        return FigureSaid(indicator_id, text, None, last.value, base_unit(indicator)), None, ""
    if is_whole and (taken := _out_of(text, indicator, form, before)) is not None:
        return taken
    read = read_quantity(text, indicator.unit)
    if isinstance(read, Unreadable) and (misread := _unscanned(text)) != text:
        said, stated, rest = figure_said(misread, indicator, form, before)
        return replace(said, text=text, is_sure=False, source=f"{before}{text}"), stated, rest
    if isinstance(read, Unreadable) and read.problem is Problem.WRONG_UNIT:
        foreign = read_quantity(text)
        read = foreign if isinstance(foreign, Quantity) else read
    if isinstance(read, Unreadable):
        return FigureSaid(indicator_id, text, problem=read.problem), None, ""
    is_field = before.strip()[-1:] in ("", ":", "：")
    if (is_field and is_undone(text[read.span[1] :])) or is_withdrawn(text, read.span[1]):
        return FigureSaid(indicator_id, text, problem=Problem.MISSING), None, ""
    said = FigureSaid(indicator_id, text, None, read.value, read.unit, read.approximate)
    said = _judged(said, read.span, before, indicator, form)
    stated, rest = _share_beside(read, text, indicator, form)
    return said, stated, "" if rest in said.source else rest


def _out_of(text: str, indicator: Indicator, form: Form, before: str) -> Taken | None:
    """1500/6000个: the first is done, the second the task; asked where that is another one."""
    parts = slashed(text) if is_amount(indicator) else None
    whole = read_quantity(parts.whole, indicator.unit) if parts else None
    if parts is None or not isinstance(whole, Quantity):
        return None
    said, stated, rest = figure_said(parts.done, indicator, form, before)
    unit, target = base_unit(indicator), indicator.target
    is_known = target == whole.value
    if said.value is None or said.value > whole.value or not (parts.unit or is_known):
        return None
    known = "" if is_known or target is None else f"，下达的是{amount_text(target, unit)}"
    source = f"{text}，{amount_text(whole.value, unit)}读作任务数{known}"
    return replace(said, text=text, is_sure=said.is_sure and is_known, source=source), stated, rest


def _is_old(text: str, indicator: Indicator, form: Form) -> bool:
    """Whether the template's own value came back under its 请改为最新, of an earlier day."""
    mark = _MARK.search(text)
    if mark is None:
        return False
    read = read_quantity(_MARK.sub("", text), indicator.unit)
    last, linked = form.last(indicator), form.linked.get(indicator.id or 0)
    filled = [each.value for each in (last, linked) if each is not None]
    end = form.covers and f"{form.covers[1].month}月{form.covers[1].day}日"
    is_now = end is not None and normalise(mark[0]).startswith(f"({end}")
    return isinstance(read, Quantity) and read.value in filled and not is_now


def _share_beside(
    read: Quantity, text: str, indicator: Indicator, form: Form
) -> tuple[StatedSaid | None, str]:
    """The percentage beside a figure, and the rest; one of something else belongs to the rest."""
    if read.percent is None or read.percent_span is None:
        return None, read.rest
    if words := unexplained(text, *read.percent_span, known_words(form), is_share=True):
        start, end = read.percent_span
        return None, f"{read.rest} {words}{text[start:end]}".strip()
    return StatedSaid(indicator.id or 0, text, read.percent), read.rest


def _unscanned(text: str) -> str:
    """l7l0个 with the figures that a scan took for letters."""
    return text if _LETTER.search(_MISREAD.sub("", text)) else _MISREAD.sub(_as_figure, text)


def _as_figure(letter: re.Match[str]) -> str:
    return "0" if letter[0] in "oO" else "1"


def _judged(
    said: FigureSaid, span: tuple[int, int], before: str, indicator: Indicator, form: Form
) -> FigureSaid:
    """The figure with the day its words name; to be asked about where they leave it open."""
    text, ahead = said.text, normalise(f"{before} {said.text[: span[0]]}")
    is_open = is_doubted(text, *span) or not _is_lead(text[: span[0]], indicator)
    start, end = span
    end += counted_place(normalise(text[end : end + _OBJECT]), form.task.title)
    is_open = is_open or bool(unexplained(text, start, end, known_names(form)))
    is_open = is_open or is_limited(text, *span, form.places)
    is_open = is_open or is_broken(said.value, indicator)
    is_open = is_open or is_other_unit(text[span[0] : span[1]], indicator.unit, form.task.title)
    if is_amount(indicator):
        asked = "".join((form.task.title, *names_of(indicator)))
        timing = timing_of(ahead, form.programme.year)
        is_other = timing.is_part or timing.is_event or is_on_top(ahead, asked)
        is_open = is_open or is_other or is_preparing(ahead, asked)
        said = replace(said, day=day_of(timing, form.programme.year))
    return replace(said, is_sure=not is_open, source=f"{before}{text}" if is_open else "")


def bare_figure(content: Content, text: str, form: Form) -> Taken | None:
    """1710个, 已装1710个 where one figure is still missing, or only one can be said anew."""
    indicator = _meant(content, form)
    if indicator is None or len(text) > _LONGEST_ANSWER:
        return None
    taken = figure_said(text, indicator, form)
    if taken[0].value is None:
        return taken if _is_denied(content, taken[0], indicator) else None
    return taken if _is_only_answer(taken, text, indicator, form) else None


def _is_denied(content: Content, said: FigureSaid, indicator: Indicator) -> bool:
    """Whether a short answer gives what is not done (1500个未通电) where what is done is asked."""
    before = content.figure(indicator.id or 0)
    is_asked = (before is None or before.value is None) and len(said.text) <= _LONGEST_DENIED
    is_counted = unit_called(indicator.unit) and indicator.unit in normalise(said.text)
    return said.problem == Problem.MISSING and is_asked and bool(is_counted)


def _meant(content: Content, form: Form) -> Indicator | None:
    """The one indicator without a figure, else the one whose figure is asked about, or the only."""
    known = {i.id: content.figure(i.id or 0) for i in form.indicators}
    missing = [i for i in form.indicators if (s := known[i.id]) is None or s.value is None]
    unsure = [i for i in form.indicators if (s := known[i.id]) is not None and not s.is_sure]
    for found in (missing, unsure, form.indicators):
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _is_lead(ahead: str, indicator: Indicator) -> bool:
    """Whether the words before a figure say nothing, or a part of the indicator's name."""
    rest = _rest_of(ahead)
    named = any(rest in name_key(name) for name in names_of(indicator))
    is_said = _SAYING.search(rest) is not None
    return not is_said or _TIME.fullmatch(rest) is not None or (len(rest) > 1 and named)


def _rest_of(ahead: str) -> str:
    plain = _TIME.sub("", normalise(ahead))
    lead = _LEAD.match(plain)
    return name_key(plain[lead.end() :] if lead else plain)


def _is_only_answer(taken: Taken, text: str, indicator: Indicator, form: Form) -> bool:
    """Whether the words around a figure say nothing, or what no other indicator is called."""
    parts = slashed(text)
    text = parts.done if parts else text
    read = read_quantity(text, indicator.unit)
    if isinstance(read, Unreadable):
        return False
    start, end = read.span
    rest = _rest_of(text[:start])
    others = (i for i in form.indicators if i is not indicator and i.unit == indicator.unit)
    is_other = rest and any(rest in name_key(name) for i in others for name in names_of(i))
    is_end = not read.rest or _TAIL.fullmatch(normalise(text[end:])) is not None
    return is_end and not is_other and _is_lead(text[:start], indicator)


def one_of(said: Sequence[FigureSaid]) -> FigureSaid:
    """Several figures for one indicator as the question which of them; equal ones as one."""
    values = {each.value: each for each in said if each.value is not None}
    if len(values) < 2:
        return said[-1]
    choices = tuple(
        Chosen(e.text, e.value, e.unit, e.source or e.text, e.approximate, e.day)
        for e in values.values()
        if e.value is not None
    )
    text = "、".join(each.text for each in choices)
    return replace(
        FigureSaid(said[0].indicator_id, text, said[0].unit_id, problem=Problem.SEVERAL),
        choices=choices,
    )
