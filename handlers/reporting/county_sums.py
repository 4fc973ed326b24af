"""The figures of the counties as they are echoed, and by how much almost all of them fall short."""

from decimal import Decimal

from handlers.reporting.content import Content, FigureSaid, with_figures
from handlers.reporting.form import Form, base_unit, is_amount
from models.indicator import Indicator
from models.rules.unit import amount_text

#: Where more counties are left out only some were meant to be told.
_MOST_ABSENT = 2
_FEWEST = 2


def with_sums(before: Content, content: Content, form: Form) -> Content:
    """*content* with the sum of all counties, to be confirmed, where the whole was not told.

    It is offered once: to the message that changed a county's figure.
    """
    if not any(each.unit_id for each in content.figures if each not in before.figures):
        return content
    sums = (_sum(content, form, each) for each in form.indicators if is_amount(each))
    return with_figures(content, (said for said in sums if said is not None))


def _sum(content: Content, form: Form, indicator: Indicator) -> FigureSaid | None:
    indicator_id = indicator.id or 0
    parts = [content.figure(indicator_id, unit.id) for unit in form.counties]
    values: list[Decimal] = [
        said.value for said in parts if said and said.value is not None and said.is_sure
    ]
    is_known = content.figure(indicator_id) is not None
    if is_known or len(values) < max(len(parts), _FEWEST):
        return None
    text = f"{len(values)}个县市相加"
    unit = base_unit(indicator)
    return FigureSaid(
        indicator_id, text, value=sum(values, Decimal(0)), unit=unit, is_sure=False, source=text
    )


def counties_said(form: Form, content: Content) -> str:
    """Every county with its figure; empty where none is told."""
    named = [
        f"{unit.name}{'' if form.only_indicator else each.name}"
        f"{amount_text(said.value, base_unit(each))}"
        for unit in form.counties
        for each in form.indicators
        if (said := content.figure(each.id or 0, unit.id)) and said.value is not None
    ]
    short = "".join(_short(form, content, each) for each in form.indicators)
    return f"县市数据{len(named)}项：{'、'.join(named)}{short}" if named else ""


def _short(form: Form, content: Content, indicator: Indicator) -> str:
    """Which of them is missing, where the others do not make up the whole without it."""
    indicator_id = indicator.id or 0
    whole = content.figure(indicator_id)
    values: list[Decimal] = []
    absent = []
    for unit in form.counties:
        said = content.figure(indicator_id, unit.id)
        if said is None or said.value is None:
            absent.append(unit.name)
        else:
            values.append(said.value)
    if whole is None or whole.value is None or not 0 < len(absent) <= _MOST_ABSENT:
        return ""
    gap = whole.value - sum(values)
    if not values or gap <= 0 or not is_amount(indicator):
        return ""
    name = "" if form.only_indicator else indicator.name
    return f"（{name}缺{'、'.join(absent)}，比总数少{amount_text(gap, base_unit(indicator))}）"
