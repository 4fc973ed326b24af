"""阶段, 验收进度 and 群众意见 in a report: read, checked, echoed, and listed in the template."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from handlers.reading.names import Name, find
from handlers.reading.normalise import command_key, name_key, normalise
from handlers.reading.numerals import read_number
from handlers.reading.shares_and_counts import Unclear, read_counts, read_rate
from handlers.reporting.content import CHANGE_THIS, Content, Extra, ExtraSaid
from handlers.reporting.extra_rows import TITLES, changed_extras, counts_of, extra_text
from handlers.reporting.form import Form
from handlers.standing.policy import comment_policy
from models.rules.comments import CommentPolicy, Counts, check_comments, comment_state
from models.rules.figure_checks import CONFIRM_WITH_REASON
from models.rules.finding import Code, Finding, Level, error
from models.rules.progress import stage_percent
from models.rules.rounding import HUNDRED, number_text, percent_text

_BLANKS = {Extra.STAGE: "", Extra.VERIFIED: "（%）", Extra.COMMENTS: "（收到、办理条数）"}
_MARK = re.compile(rf"[（(][^（）()]*{CHANGE_THIS}[^（）()]*[）)]?")
_NOT_YET = re.compile("正在|尚未|还未|还没|未|拟|即将|将|准备|计划|中$|过程")
_ORDINAL = re.compile(
    r"第?\s*([0-9]{1,2}|[一二三四五六七八九十]{1,2})\s*(?:个?阶段|/\s*[0-9]{1,2})?"
)


def read_extra(extra: Extra, text: str, form: Form) -> ExtraSaid | None:
    """What *text* says on this line; None where it is left empty or as the template had it."""
    plain = _MARK.sub("", text).strip(" ，,；;。")
    if not command_key(plain):
        return None
    said = ExtraSaid(extra, plain)
    if extra is Extra.STAGE:
        return replace(said, value=reached_stage(plain, tuple(form.task.stages)))
    if extra is Extra.VERIFIED:
        rate = read_rate(plain)
        return said if isinstance(rate, Unclear) else replace(said, value=rate)
    counts = read_counts(plain)
    if isinstance(counts, Unclear):
        return said
    return replace(said, value=Decimal(counts.received), handled=Decimal(counts.handled))


def bare_stage(text: str, form: Form) -> ExtraSaid | None:
    """A stage's own name alone, which needs no 阶段： before it."""
    if Extra.STAGE not in form.extras:
        return None
    key = name_key(text)
    if all(key != name_key(stage) for stage in form.task.stages):
        return None
    return read_extra(Extra.STAGE, text, form)


def reached_stage(text: str, stages: tuple[str, ...]) -> Decimal | None:
    """How many stages are reached; None where no single one is meant, or it is under way."""
    keys = [name_key(stage) for stage in stages]
    written = name_key(text)
    if written in keys:
        return Decimal(keys.index(written) + 1)
    number = _ORDINAL.fullmatch(normalise(text).strip())
    place = read_number(number[1]) if number else None
    if place is not None and 0 <= place <= len(stages):
        return place
    if _NOT_YET.search(normalise(text)):
        return None
    inside = [at for at, key in enumerate(keys, 1) if key in written]
    if inside:
        return Decimal(inside[0]) if len(inside) == 1 else None
    best = find(text, [Name(str(at), "", stage) for at, stage in enumerate(stages, 1)]).best
    return Decimal(best.key) if best else None


def extra_findings(form: Form, content: Content) -> Iterator[Finding]:
    """What is wrong or strange on the further lines, with a line to send instead."""
    for extra in form.extras:
        said = content.extra(extra)
        if said is None:
            continue
        if said.value is None:
            yield _unreadable(said, form)
        elif extra is Extra.COMMENTS:
            yield from _comment_findings(said, form)
        else:
            yield from _level_findings(said, form)


def _unreadable(said: ExtraSaid, form: Form) -> Finding:
    title = TITLES[said.extra]
    stages = "、".join(form.task.stages)
    expected, example = {
        Extra.STAGE: (
            f"已完成到的阶段（{stages}）之一",
            _likely(said.text, form.task.stages),
        ),
        Extra.VERIFIED: ("0%至100%的一个百分数", "××%"),
        Extra.COMMENTS: ("年初以来累计的收到数和办理数", "收到××条 办理××条"),
    }[said.extra]
    send, why = f"修改 {title} {example}", _why(said)
    return error(Code.UNREADABLE, title, said.text, expected, send, why)


def _why(said: ExtraSaid) -> str:
    """Why nothing was taken from the line."""
    if said.extra is Extra.STAGE:
        return "不能对应一个阶段"
    read = read_rate(said.text) if said.extra is Extra.VERIFIED else read_counts(said.text)
    return read.why if isinstance(read, Unclear) else ""


def _likely(text: str, stages: Sequence[str]) -> str:
    """The stage to offer: of several the first, of one that is under way the one before it."""
    named = [at for at, stage in enumerate(stages) if stage in text]
    at = named[0] if len(named) > 1 else named[0] - 1 if named else 0
    return stages[max(at, 0)] if stages else ""


def _level_findings(said: ExtraSaid, form: Form) -> Iterator[Finding]:
    """A percentage out of range, and what fell below what was accepted last."""
    value, title = said.value or Decimal(0), TITLES[said.extra]
    if said.extra is Extra.VERIFIED and not 0 <= value <= HUNDRED:
        send = f"修改 {title} 100%"
        yield error(Code.UNREADABLE, title, said.text, "0%至100%", send, "超出范围")
        return
    before = form.before.get(said.extra)
    if before is None or before.said.value is None or value >= before.said.value:
        return
    was, now = extra_text(before.said, form.task.stages), extra_text(said, form.task.stages)
    send = f"修改 {title} {was}"
    text = f"{title}{now}低于上次通过的{was}。请发“{send}”；无误请发“{CONFIRM_WITH_REASON}”。"
    expected = f"不低于上次的{was}"
    yield Finding(Code.FALLING, title, Level.WARNING, now, expected, send, True, text)


def _comment_findings(said: ExtraSaid, form: Form) -> Iterator[Finding]:
    before = form.before.get(Extra.COMMENTS)
    earlier = () if before is None else (counts_of(before.said),)
    yield from check_comments(counts_of(said), earlier)


def echo(form: Form, content: Content) -> Iterator[str]:
    """Each line that was read, with the percentage it amounts to."""
    for extra in form.extras:
        said = content.extra(extra)
        if said is not None and said.value is not None:
            value = extra_text(said, form.task.stages)
            yield f"{TITLES[extra]}：{value}{_amounts_to(said, form)}"


def _amounts_to(said: ExtraSaid, form: Form) -> str:
    value = said.value or Decimal(0)
    if said.extra is Extra.STAGE:
        stages = tuple(form.task.stages)
        share = percent_text(stage_percent(stages, value))
        return f"（{number_text(value)}/{len(stages)}，{share}）"
    if said.extra is Extra.COMMENTS:
        return _rate(counts_of(said), comment_policy(form.programme))
    return ""


def _rate(counts: Counts, policy: CommentPolicy) -> str:
    """The share that was handled, and whether it is enough; nothing where none came in."""
    state = comment_state([counts], policy=policy)
    if state is None or state.rate is None or counts.open < 0:
        return ""
    short = "" if state.kept else f"，未达{percent_text(policy.handled, 0)}"
    return f"，办理率{percent_text(state.rate)}{short}"


def absent_extras(form: Form, content: Content) -> tuple[str, ...]:
    """The further lines that were left out: not known, which is not 0."""
    return tuple(TITLES[extra] for extra in form.extras if content.extra(extra) is None)


def extra_lines(form: Form, content: Content | None = None) -> Iterator[str]:
    """The lines to fill in: with what *content* says, else with what was accepted last."""
    for extra in form.extras:
        known = form.before.get(extra)
        said = content.extra(extra) if content else None
        if said is not None:
            yield f"{TITLES[extra]}：{extra_text(said, form.task.stages)}"
        elif known is not None and content is None:
            day = f"{known.as_of.month}月{known.as_of.day}日"
            value = extra_text(known.said, form.task.stages)
            yield f"{TITLES[extra]}：{value}（{day}数，{CHANGE_THIS}）"
        else:
            yield f"{TITLES[extra]}{_BLANKS[extra]}："


def extra_notes(form: Form) -> Iterator[str]:
    """What must be known to fill the lines in: the stages by their names."""
    if Extra.STAGE in form.extras:
        yield f"阶段请写已完成到的一个：{'、'.join(form.task.stages)}。"


def extra_changes(before: Content, after: Content, form: Form) -> Iterator[str]:
    """What a new version changes on these lines."""
    return changed_extras(before.extras, after.extras, form.task.stages)
