"""What a report may and must hold: the form of one obligation, loaded once a message."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from sqlmodel import Session, col, select

from handlers.reading.headings import Heading, Vocabulary
from handlers.reading.names import Name
from handlers.reading.sections import Part, part_called
from handlers.reporting.content import Extra
from handlers.reporting.extra_rows import (
    ExtraKnown,
    extra_headings,
    extras_asked,
    extras_before,
)
from handlers.standing.matters import Matter, matter_of
from models.area import Area
from models.figure import Figure, Series, accepted_figures
from models.indicator import Indicator, indicators_of, linked_to
from models.obligation import Obligation
from models.programme import Programme
from models.requirement import Requirement
from models.rules.curve import Curve, scheduled
from models.rules.figure_checks import Known, Linked
from models.rules.frozen import from_data
from models.rules.picture import PictureRule
from models.rules.progress import Comparator
from models.rules.rounding import percent_of
from models.rules.unit import unit_called
from models.submission import SubmissionVersion
from models.task import Task, TaskUnit
from models.unit import Unit, UnitKind

COUNTY_SECTION = "县市情况"
_PROGRESS = ("进展情况", ("工作进展", "推进情况", "工作情况", "总体情况"))


@dataclass(frozen=True)
class SectionForm:
    """A part of the text: *required* blocks, *expected* is listed as 未附, others may stay away.

    A *free* one is asked for nowhere: it takes what belongs to no other.
    """

    name: str
    aliases: tuple[str, ...]
    need: str
    minimum: int

    @property
    def is_required(self) -> bool:
        return self.need == "required"

    @property
    def is_expected(self) -> bool:
        return self.need == "expected"

    @property
    def is_free(self) -> bool:
        return self.need == "free"


@dataclass(frozen=True)
class Form:
    """One obligation as a form to fill; *history* are accepted whole-area figures by indicator.

    *linked* are the newest accepted values of indicators that count the same elsewhere.
    *extras* are further lines (阶段, 验收进度, 群众意见), *before* what was accepted on them last.
    *rule* is None where nothing is asked of pictures beyond being readable. *area* is the place
    the whole report is of, *places* are the names of its counties, *others* the further tasks
    that the same units report.
    """

    obligation: Obligation
    programme: Programme
    task: Task
    matter: Matter
    requirement: Requirement
    indicators: tuple[Indicator, ...]
    counties: tuple[Unit, ...]
    sections: tuple[SectionForm, ...]
    rule: PictureRule | None
    history: Mapping[int, tuple[Figure, ...]]
    linked: Mapping[int, Linked]
    extras: tuple[Extra, ...]
    before: Mapping[Extra, ExtraKnown]
    area: str = ""
    places: tuple[str, ...] = ()
    others: tuple[Name, ...] = ()

    @property
    def name(self) -> str:
        """Number and short name of the task or clause."""
        return self.matter.name

    @property
    def covers(self) -> tuple[date, date] | None:
        """The covered period, where the requirement states one."""
        first, last = self.obligation.covers_from, self.obligation.covers_to
        return (first, last) if first and last else None

    @property
    def pictures_needed(self) -> int:
        """How many pictures every report must bring."""
        return self.requirement.pictures

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words that begin a field of this report."""
        county_section = next((s.name for s in self.sections if s.name == COUNTY_SECTION), None)
        return Vocabulary(
            indicators=tuple(
                Heading(str(each.id), (each.name, *each.aliases)) for each in self.indicators
            ),
            sections=tuple(
                Heading(each.name, (each.name, *each.aliases)) for each in self.sections
            ),
            counties=tuple(
                Heading(str(each.id), (each.name, *each.aliases)) for each in self.counties
            ),
            county_section=county_section,
            extras=extra_headings(self.extras),
        )

    @property
    def has_values(self) -> bool:
        """Whether it takes anything that speaks of a day: figures, stages, acceptance, counts."""
        return bool(self.indicators or self.extras)

    @property
    def only_indicator(self) -> Indicator | None:
        """The indicator that 完成数 means, where the task has just one."""
        return self.indicators[0] if len(self.indicators) == 1 else None

    def indicator(self, indicator_id: int | None) -> Indicator | None:
        """The indicator with this id, or None."""
        return next((each for each in self.indicators if each.id == indicator_id), None)

    def field_of(self, indicator: Indicator) -> str:
        """What people call it in this report: 完成数 where there is but one."""
        return "完成数" if self.only_indicator else indicator.name

    def last(self, indicator: Indicator) -> Figure | None:
        """The accepted figure that holds, of any day."""
        history = self.history.get(indicator.id or 0, ())
        return history[-1] if history else None

    def known(self, indicator: Indicator) -> Known:
        """What the checks may compare a figure of this indicator with."""
        last = self.last(indicator)
        return Known(
            unit=base_unit(indicator),
            target=indicator.target,
            history=tuple(each.value for each in self.history.get(indicator.id or 0, ())),
            cumulative=is_amount(indicator),
            last_as_of=last.as_of if last else None,
            linked=self.linked.get(indicator.id or 0),
        )


def base_unit(indicator: Indicator) -> str:
    """The unit in which values are stored: 元 for an indicator that counts in 万元."""
    known = unit_called(indicator.unit)
    return known.unit.name if known else indicator.unit


def is_amount(indicator: Indicator) -> bool:
    """Whether the value grows towards its target, rather than being a level to be held."""
    return not indicator.threshold and indicator.comparator == Comparator.AT_LEAST


def done_percent(indicator: Indicator, value: Decimal | None) -> Decimal | None:
    """Cumulative over target in percent; None for levels, and where either is not known."""
    if value is None or indicator.target is None or not is_amount(indicator):
        return None
    return percent_of(value, indicator.target)


def scheduled_percent(form: Form, indicator: Indicator, day: date) -> Decimal:
    """What should be done of the indicator by *day*."""
    curve = from_data(Curve, indicator.curve) if indicator.curve else Curve()
    return scheduled(day, curve, form.programme.year)


def form_of(session: Session, obligation: Obligation, besides: int | None = None) -> Form:
    """The form of an obligation; figures of report *besides*, now corrected, are no history."""
    task = session.get_one(Task, obligation.task_id)
    requirement = session.get_one(Requirement, obligation.requirement_id)
    programme = session.get_one(Programme, obligation.programme_id)
    indicators = indicators_of(session, [task.id or 0])[task.id or 0]
    counties = _counties(session, programme)
    return Form(
        obligation=obligation,
        programme=programme,
        task=task,
        matter=matter_of(session, obligation),
        requirement=requirement,
        indicators=tuple(indicators),
        counties=counties if requirement.county_figures else (),
        sections=_sections(requirement),
        rule=picture_rule(requirement, programme),
        history=_history(session, task, programme, obligation.covers_to, besides),
        linked=_linked(session, indicators, obligation),
        extras=extras_asked(task, requirement),
        before=_extras_before(session, task, programme, obligation.covers_to, besides),
        area=session.get_one(Area, programme.area_id).name,
        places=tuple(name for each in counties for name in (each.name, *each.aliases)),
        others=tuple(_others(session, task)),
    )


def _others(session: Session, task: Task) -> Iterator[Name]:
    """The other tasks of the programme in which the same units have a part."""
    own = select(TaskUnit.unit_id).where(TaskUnit.task_id == task.id)
    rows = session.exec(
        select(Task)
        .join(TaskUnit, col(TaskUnit.task_id) == col(Task.id))
        .where(
            Task.programme_id == task.programme_id,
            Task.id != task.id,
            col(Task.active),
            col(TaskUnit.unit_id).in_(own),
        )
        .order_by(col(Task.position), col(Task.id))
    ).all()
    for each in {row.id: row for row in rows}.values():
        yield Name(str(each.id), each.number, each.title, tuple(each.aliases))


def _linked(
    session: Session, indicators: Sequence[Indicator], obligation: Obligation
) -> dict[int, Linked]:
    until = obligation.covers_to or obligation.due.date()
    found: dict[int, Linked] = {}
    for indicator in indicators:
        for other, task in linked_to(session, indicator.id or 0):
            for each in accepted_figures(session, [task.id or 0], until):
                of_year = each.as_of.year == until.year
                if each.indicator_id != other.id or each.series != Series.REPORTED or not of_year:
                    continue
                newest = found.get(indicator.id or 0)
                if newest is None or newest.as_of <= each.as_of:
                    found[indicator.id or 0] = Linked(each.value, each.as_of, task.number)
    return found


def _counties(session: Session, programme: Programme) -> tuple[Unit, ...]:
    counties = (Unit.area_id == programme.area_id, Unit.kind == UnitKind.COUNTY)
    rows = session.exec(select(Unit).where(*counties).order_by(col(Unit.position), col(Unit.id)))
    return tuple(rows.all())


def _sections(requirement: Requirement) -> tuple[SectionForm, ...]:
    """The sections of a requirement, and a free one for the progress where none speaks of it."""
    found = tuple(_section(each) for each in requirement.sections)
    if any(part_called((e.name, *e.aliases)) is Part.PROGRESS for e in found):
        return found
    name, aliases = _PROGRESS
    taken = {word for each in found for word in (each.name, *each.aliases)}
    free = tuple(alias for alias in aliases if alias not in taken)
    return (*found, SectionForm(name, free, "free", 1))


def _section(stored: Mapping[str, Any]) -> SectionForm:
    need = stored.get("need") or ("required" if stored.get("required") else "optional")
    aliases = tuple(stored.get("aliases", ()))
    return SectionForm(stored["name"], aliases, need, int(stored.get("minimum", 1)))


def picture_rule(requirement: Requirement, programme: Programme) -> PictureRule | None:
    """The requirement's rule over the programme's; None where neither says anything."""
    stated = {**programme.policy.get("pictures", {}), **requirement.picture_rule}
    names = {each.name for each in fields(PictureRule)}
    chosen = {name: value for name, value in stated.items() if name in names}
    if not chosen and not requirement.pictures:
        return None
    return PictureRule(**chosen)


def _history(
    session: Session,
    task: Task,
    programme: Programme,
    until: date | None,
    besides: int | None,
) -> dict[int, tuple[Figure, ...]]:
    """Accepted figures up to the end of the period: a later one is no past of a late report."""
    last_day = until or date(programme.year, 12, 31)
    own = set() if besides is None else _versions(session, besides)
    by_day: dict[int, dict[date, Figure]] = {}
    for each in accepted_figures(session, [task.id or 0], last_day):
        counts = each.series == Series.REPORTED and each.as_of.year == programme.year
        if counts and each.indicator_id is not None and each.version_id not in own:
            by_day.setdefault(each.indicator_id, {})[each.as_of] = each
    return {key: tuple(days.values()) for key, days in by_day.items()}


def _extras_before(
    session: Session, task: Task, programme: Programme, until: date | None, besides: int | None
) -> dict[Extra, ExtraKnown]:
    """What was accepted last on the further lines, within the year and up to the period's end."""
    first, last = date(programme.year, 1, 1), until or date(programme.year, 12, 31)
    own = set() if besides is None else _versions(session, besides)
    return extras_before(session, task.id or 0, first, last, own)


def _versions(session: Session, submission_id: int) -> set[int | None]:
    rows = session.exec(
        select(SubmissionVersion.id).where(col(SubmissionVersion.submission_id) == submission_id)
    ).all()
    return set(rows)
