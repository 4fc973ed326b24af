"""The workbook to fill in with all that a liaison owes now, last values beside it."""

from collections.abc import Iterator, Sequence

from handlers.context import Context
from handlers.reporting.choose import owed_now
from handlers.reporting.extra_rows import TITLES
from handlers.reporting.form import Form, base_unit
from handlers.reporting.naming import entry_of
from handlers.reporting.texts import day_text
from handlers.standing.duties import DutyStanding
from handlers.standing.merging import merged
from models.indicator import Indicator
from models.member import RoleName
from models.programmes.workbook.report_form import FormRow, report_form
from models.rules.unit import amount_text

NAME = "报送表.xlsx"
_NUMBER, _TITLE, _UNIT, _INDICATOR = "任务编号", "任务名称", "报送单位", "指标"
_MEASURE, _LAST, _AS_OF, _DONE, _RATE = "计量单位", "上次数", "截至", "完成数", "完成率"
_FILLED = (_NUMBER, _TITLE, _UNIT, _INDICATOR, _MEASURE, _LAST)
#: A task of this kind is measured by what its unit states of it.
_STATED = "stated"


def own_form(context: Context) -> bytes | None:
    """The file with a row for each figure that is owed; None where nothing is."""
    owed = merged(owed_now(context))
    if not owed:
        return None
    forms = [(duty, context.forms.of(duty.obligation)) for duty in owed]
    rows = [row for duty, form in forms for row in _rows(context, duty, form, owed)]
    return report_form(_headers(context, [form for _, form in forms]), _FILLED, rows)


def _headers(context: Context, forms: Sequence[Form]) -> list[str]:
    """What anybody's report here may hold: sections and further lines last."""
    several = len(context.speaker.unit_ids(RoleName.LIAISON)) > 1
    headers = [_NUMBER, _TITLE, *([_UNIT] if several else []), _INDICATOR, _MEASURE, _LAST]
    headers += [_AS_OF, _DONE]
    if any(form.task.kind == _STATED for form in forms):
        headers.append(_RATE)
    headers += [TITLES[extra] for form in forms for extra in form.extras]
    headers += [section.name for form in forms for section in form.sections]
    return list(dict.fromkeys(headers))


def _rows(
    context: Context, duty: DutyStanding, form: Form, owed: Sequence[DutyStanding]
) -> Iterator[FormRow]:
    """A row for each indicator; the first takes what is said of the task as a whole."""
    head = {_NUMBER: entry_of(duty.matter, duty.programme, owed), _TITLE: _title(form)}
    if len(context.speaker.unit_ids(RoleName.LIAISON)) > 1:
        head[_UNIT] = duty.units[0].name if duty.requirement.each else ""
    if form.has_values and form.covers:
        head[_AS_OF] = day_text(form.covers[1])
    whole = {section.name: "" for section in form.sections}
    whole |= {TITLES[extra]: "" for extra in form.extras}
    if form.task.kind == _STATED:
        whole[_RATE] = ""
    first, *more = form.indicators or (None,)
    yield FormRow(head | whole | (_figure(form, first) if first else {}))
    for indicator in more:
        if indicator is not None:
            yield FormRow(head | _figure(form, indicator))


def _figure(form: Form, indicator: Indicator) -> dict[str, str]:
    last = form.last(indicator)
    shown = ""
    if last is not None:
        shown = f"{amount_text(last.value, base_unit(indicator))}（{day_text(last.as_of)}）"
    return {
        _INDICATOR: indicator.name,
        _MEASURE: indicator.unit,
        _LAST: shown,
        _DONE: "",
    }


def _title(form: Form) -> str:
    return form.name.removeprefix(form.matter.label).strip()
