"""A sentence that says what was wrong in a report, as the line of it that puts that right."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from handlers.reading.misstated import LONGEST, Said, day_put_right, is_day, said_wrong_in
from handlers.reading.quantity import Quantity, read_quantity
from handlers.reporting.content import Content
from handlers.reporting.form import Form, base_unit
from handlers.reporting.texts import day_text
from models.indicator import Indicator
from models.rules.unit import amount_text


@dataclass(frozen=True)
class Doubted:
    """The report without what its writer says is wrong, and how that read and is called."""

    content: Content
    was: str
    field: str


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
    said = said_wrong_in(text, _task_names(form))
    if said is None or said.right or not said.is_wrong:
        return None
    if said.is_of_day:
        if content.as_of is None:
            return None
        return Doubted(replace(content, as_of=None), day_text(content.as_of), "截至")
    if section := _section(content, said, form):
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
    if len(line) > 2 * LONGEST:
        return line
    if day := day_put_right(line):
        return f"截至：{day}"
    said = said_wrong_in(line, _task_names(form))
    if said is None or len(said.right) != 1:
        return line
    [right] = said.right
    if is_day(right):
        return f"截至：{right}" if said.is_of_day or not said.what else line
    if county := _county(said, form):
        return f"{county}：{right}"
    indicator = _indicator(content, said, form)
    if indicator is None:
        return line
    return f"{form.field_of(indicator)}：{'好像' if said.is_hedged else ''}{right}"


def _indicator(content: Content, said: Said, form: Form) -> Indicator | None:
    """The indicator whose figure is meant: the one named, whose figure was wrong, or the only."""
    for each in form.indicators:
        if said.means(_names(each, form)):
            return each
    if not said.is_of_done:
        return None
    meant = [each for each in form.indicators if _has(content, each, said.wrong)]
    return meant[0] if len(meant) == 1 else form.only_indicator


def _names(indicator: Indicator, form: Form) -> Iterator[str]:
    yield from (indicator.name, *indicator.aliases, form.field_of(indicator))


def _task_names(form: Form) -> set[str]:
    task = form.task
    return {form.matter.number, form.matter.label, task.number, task.title, *task.aliases}


def _county(said: Said, form: Form) -> str:
    meant = (each.name for each in form.counties if said.means((each.name, *each.aliases)))
    return next(meant, "")


def _section(content: Content, said: Said, form: Form) -> str:
    written = (each for each in form.sections if content.section(each.name))
    return next((e.name for e in written if said.means((e.name, *e.aliases))), "")


def _has(content: Content, indicator: Indicator, wrong: tuple[str, ...]) -> bool:
    said = content.figure(indicator.id or 0)
    read = (read_quantity(each, indicator.unit) for each in wrong)
    values = [each.value for each in read if isinstance(each, Quantity)]
    return said is not None and said.value is not None and said.value in values
