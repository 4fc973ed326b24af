"""What a report may and must hold: the form of one obligation."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any

from handlers.reading.headings import Heading, Vocabulary
from handlers.reading.names import Name
from handlers.reading.sections import Part, part_called
from handlers.reporting.content import Extra
from handlers.reporting.extra_rows import (
    ExtraKnown,
    extra_headings,
)
from handlers.standing.matters import Matter
from models.figure import Figure
from models.indicator import Indicator
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
from models.task import Task
from models.unit import Unit

COUNTY_SECTION = "县市情况"
_PROGRESS = ("进展情况", ("工作进展", "推进情况", "工作情况", "总体情况"))


class Need(StrEnum):
    """How much a section is wanted: required blocks, expected is listed as 未附.

    A free one is asked for nowhere: it takes what belongs to no other.
    """

    REQUIRED = "required"
    EXPECTED = "expected"
    OPTIONAL = "optional"
    FREE = "free"


@dataclass(frozen=True)
class SectionForm:
    """A part of the text, and how much it is wanted."""

    name: str
    aliases: tuple[str, ...]
    need: Need
    minimum: int

    @property
    def is_required(self) -> bool:
        return self.need is Need.REQUIRED

    @property
    def is_expected(self) -> bool:
        return self.need is Need.EXPECTED

    @property
    def is_optional(self) -> bool:
        return self.need is Need.OPTIONAL

    @property
    def is_free(self) -> bool:
        return self.need is Need.FREE


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


def section_forms(requirement: Requirement) -> tuple[SectionForm, ...]:
    """The sections of a requirement, and a free one for the progress where none speaks of it."""
    found = tuple(_section(each) for each in requirement.sections)
    if any(part_called((e.name, *e.aliases)) is Part.PROGRESS for e in found):
        return found
    name, aliases = _PROGRESS
    taken = {word for each in found for word in (each.name, *each.aliases)}
    free = tuple(alias for alias in aliases if alias not in taken)
    return (*found, SectionForm(name, free, Need.FREE, 1))


def _section(stored: Mapping[str, Any]) -> SectionForm:
    aliases = tuple(stored.get("aliases", ()))
    return SectionForm(stored["name"], aliases, need_of(stored), int(stored.get("minimum", 1)))


def need_of(stored: Mapping[str, Any]) -> Need:
    """How much a section is wanted, as a requirement stores it."""
    return Need(stored.get("need") or (Need.REQUIRED if stored.get("required") else Need.OPTIONAL))


def picture_rule(requirement: Requirement, programme: Programme) -> PictureRule | None:
    """The requirement's rule over the programme's; None where neither says anything."""
    stated = {**programme.policy.get("pictures", {}), **requirement.picture_rule}
    names = {each.name for each in fields(PictureRule)}
    chosen = {name: value for name, value in stated.items() if name in names}
    if not chosen and not requirement.pictures:
        return None
    return PictureRule(**chosen)
