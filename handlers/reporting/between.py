"""A question in between: until when, how much, what was last time. It is answered, not counted."""

import re
from collections.abc import Iterator

from handlers.context import Context
from handlers.reading.normalise import normalise
from handlers.reporting.choose import owed_now
from handlers.reporting.form import Form, base_unit, is_amount
from handlers.reporting.naming import own_tasks_in
from handlers.reporting.outcomes import needs
from handlers.reporting.texts import day_text, due_text, heading
from handlers.reporting.work import Work, examined
from models.message import Reply
from models.rules.unit import amount_text

_WHEN = r"(?:什么|啥)时[候间]|几[号时]|哪[一]?[天日]|何时|多[久长]|几天"
_DUE = re.compile(
    rf"(?:截止|到期|期限|最[晚迟]|报|交).{{0,8}}(?:{_WHEN})"
    rf"|(?:{_WHEN}).{{0,6}}(?:截止|到期|结束|要?报|要?交)|还[有剩]{{1,2}}(?:几|多少)天"
)
_LAST = re.compile(
    r"(?:上个?月|上[一]?[期次回]|之前|以前|\d{1,2}月份?).{0,8}(?:多少|几[个户人公]|什么数|哪个数|数据?是?什么)"
)
_HOW_MUCH = re.compile(
    r"(?:报|填|写|目标|任务数?|指标).{0,4}(?:多少|什么数|哪个数|几[个户人公])|多少(?:合适|才[行对])"
)
_LATER = re.compile(r"(?:能|可).{0,8}(?:晚|迟|延|缓|宽限).{0,4}(?:天|日|期|报|吗|行)|延期[吗么?]")
_LONGEST = 30
_MOST = 3


def question_answered(context: Context, text: str, work: Work | None) -> Reply | None:
    """The answer to a short question about the open report, or about what is owed; else None."""
    plain = normalise(text).strip()
    kinds = (_LATER, _DUE, _LAST, _HOW_MUCH)
    asked = next((kind for kind in kinds if kind.search(plain)), None)
    if asked is None or len(plain) > _LONGEST or "\n" in plain:
        return None
    forms = [work.form] if work else [*_owed_forms(context, plain)]
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


def _lines(context: Context, form: Form, asked: re.Pattern[str]) -> Iterator[str]:
    if asked in (_DUE, _LATER):
        due = form.obligation.effective_due
        zone = context.services.zone
        left = (due.astimezone(zone).date() - context.today).days
        how_far = f"还有{left}天" if left > 0 else "今天截止" if left == 0 else "已过期，仍可补报"
        later = "确需延期请联系管理员。" if asked is _LATER else ""
        yield f"{form.name}：{due_text(due, zone)}截止，{how_far}。{later}"
        return
    yield heading(form, context.services.zone)
    if asked is _HOW_MUCH and form.covers and form.indicators:
        yield f"请报年初至{day_text(form.covers[1])}的累计数，以实际完成为准。"
    for each in form.indicators:
        unit, last, said = base_unit(each), form.last(each), "还没有通过的数据"
        if last is not None:
            said = f"上次通过{amount_text(last.value, unit)}（{day_text(last.as_of)}）"
        if each.target is not None:
            called = "年度目标" if is_amount(each) else "标准"
            said += f"，{called}{amount_text(each.target, unit)}"
        yield f"{form.field_of(each)}：{said}"
