"""A question in between: until when, how much, what was last time. It is answered, not counted."""

from collections.abc import Iterator

from handlers.context import Context
from handlers.reading.normalise import normalise
from handlers.reading.report_questions import Asked, asked_of_report
from handlers.reporting.choose import owed_now
from handlers.reporting.form import Form, base_unit, is_amount
from handlers.reporting.naming import own_tasks_in
from handlers.reporting.outcomes import needs
from handlers.reporting.texts import day_text, due_text, heading
from handlers.reporting.work import Work, examined
from models.message import Reply
from models.rules.unit import amount_text

_MOST = 3


def question_answered(context: Context, text: str, work: Work | None) -> Reply | None:
    """The answer to a short question about the open report, or about what is owed; else None."""
    asked = asked_of_report(text)
    if asked is None:
        return None
    forms = [work.form] if work else [*_owed_forms(context, normalise(text).strip())]
    lines = [line for form in forms for line in _lines(context, form, asked)]
    if work and lines:
        if lacking := needs(examined(work)[1].points):
            lines.append(f"正在填报，{lacking}。")
    return Reply("\n".join(lines)) if lines else None


def waits(work: Work) -> Reply:
    """The short answer to somebody who asks for time."""
    lacking = needs(examined(work)[1].points)
    due = due_text(work.form.obligation.effective_due, work.context.services.zone)
    kept = f"好的，{work.form.name} 已填的内容保留，{due}截止。"
    return Reply(f"{kept}现{lacking}，直接发来即可。" if lacking else kept)


def _owed_forms(context: Context, text: str) -> Iterator[Form]:
    """Of what is owed now that which the question names, or the first few."""
    owed, named = owed_now(context), own_tasks_in(context, text)
    meant = [each for each in owed if each.task in named] or owed
    yield from (context.forms.of(each.obligation) for each in meant[:_MOST])


def _lines(context: Context, form: Form, asked: Asked) -> Iterator[str]:
    if asked in (Asked.DUE, Asked.LATER):
        due = form.obligation.effective_due
        zone = context.services.zone
        left = (due.astimezone(zone).date() - context.today).days
        how_far = f"还有{left}天" if left > 0 else "今天截止" if left == 0 else "已过期，仍可补报"
        order = f"延期 {form.matter.number} 日期 原因"
        how = f"需要延期，请发“{order}”，由管理员答复；答复前截止时间不变。"
        later = how if asked is Asked.LATER else ""
        yield f"{form.name}：{due_text(due, zone)}截止，{how_far}。{later}"
        return
    yield heading(form, context.services.zone)
    if asked is Asked.HOW_MUCH and form.covers and form.indicators:
        yield f"请报年初至{day_text(form.covers[1])}的累计数，以实际完成为准。"
    for each in form.indicators:
        unit, last, said = base_unit(each), form.last(each), "还没有通过的数据"
        if last is not None:
            said = f"上次通过{amount_text(last.value, unit)}（{day_text(last.as_of)}）"
        if each.target is not None:
            called = "年度目标" if is_amount(each) else "标准"
            said += f"，{called}{amount_text(each.target, unit)}"
        yield f"{form.field_of(each)}：{said}"
