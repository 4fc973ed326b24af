"""One task: its indicators and their year, who does what, what was reported, counties, pictures."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from handlers.board.chart import Chart, chart_of
from handlers.board.counties import KIND_WORDS, county_kind, local_units, schedule_of
from handlers.board.look import Look
from handlers.board.pictures import Shown, pictures_of_task
from handlers.board.reader import readable_tasks
from handlers.board.rows import Bar, DutyRow, Mark, TaskRow, bar_of, duty_row, task_row
from handlers.reading.harmless import harmless
from handlers.standing.counties import CountyFigure, figures_by_county
from handlers.standing.duties import DutyStanding
from handlers.standing.facts import Facts, Told, facts_of
from handlers.standing.ranks import is_behind
from handlers.standing.reported import newest_period
from handlers.standing.tasks import IndicatorStanding, TaskStanding, standing
from handlers.supervising.facts_text import fact_lines
from handlers.supervising.progress_text import indicator_text, reported_text
from handlers.supervising.texts import full_day_text
from models.figure import accepted_figures
from models.note import NoteKind
from models.rules.rounding import percent_text
from models.rules.unit import amount_text

_SECTIONS = {NoteKind.PROGRESS: "进展", NoteKind.PROBLEM: "问题"}
#: Stands for an indicator whose name would name a unit.
UNNAMED = "指标"
#: Reports that are listed, the newest first.
_FEW = 14
#: More of a section is cut: the report itself is read in chat.
_LONGEST = 1200


@dataclass(frozen=True)
class IndicatorRow:
    """One indicator in words and as a bar, its year as lines."""

    said: str
    bar: Bar | None
    chart: Chart | None


@dataclass(frozen=True)
class CountyShare:
    """The indicator in one county; *unit_id* is 0 where the reader may not open its page."""

    unit_id: int
    unit: str
    indicator: str
    said: str
    percent: str
    mark: Mark


@dataclass(frozen=True)
class Section:
    """What was last said of progress or of problems, and the day it speaks of."""

    title: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class TaskPage:
    """All of it; what does not apply is empty."""

    row: TaskRow
    title: str
    day: date
    scheduled: str
    leads: str
    supporting: str
    indicators: tuple[IndicatorRow, ...]
    notes: tuple[str, ...]
    facts: tuple[str, ...]
    sections: tuple[Section, ...]
    counties: tuple[CountyShare, ...]
    duties: tuple[DutyRow, ...]
    pictures: tuple[Shown, ...]


def task(look: Look) -> TaskPage | None:
    """The task asked for, judged at its own newest day as in chat; None where it is none."""
    known = look.standing.task(look.wanted.id)
    if known is None or not readable_tasks(look.session, look.reader, [look.wanted.id]):
        return None
    newest = standing(look.session, look.programme, look.day, until=look.today)
    each = newest.task(look.wanted.id) or known
    day = max(look.day, each.as_of or look.day)
    owed = look.owed_of(look.wanted.id)
    facts = facts_of(look.session, look.programme, each.task, look.today)
    name, title = task_row(look, each).name, harmless(each.task.title)
    is_told_by_name = name == each.task.number or name.endswith(title)
    return TaskPage(
        row=task_row(look, each, newest_period(owed, look.today) if look.named else None),
        title="" if is_told_by_name or _is_secret(look, title, each) else title,
        day=day,
        scheduled=_scheduled(each),
        leads="、".join(unit.name for unit in each.leads) if look.named else "",
        supporting="、".join(unit.name for unit in each.supporting) if look.named else "",
        indicators=tuple(_indicators(look, each, day)),
        notes=tuple(_notes(look, each)),
        facts=tuple(_facts(look, each, facts, day, owed)),
        sections=tuple(_sections(facts.notes)) if look.named else (),
        counties=tuple(_counties(look, each)),
        duties=tuple(_duties(look, owed)) if look.named else (),
        pictures=pictures_of_task(look, each.task),
    )


def _scheduled(each: TaskStanding) -> str:
    """How far it should be, where no bar says so besides how far it is."""
    is_due = each.has_target and each.progress.done is None
    return f"序时进度{percent_text(each.progress.scheduled)}" if is_due else ""


def _is_secret(look: Look, text: str, each: TaskStanding) -> bool:
    """Whether the words would name a unit beside what lags, where nobody is to be named."""
    return not look.named and is_behind(each) and look.names.stand_in(text)


def _indicators(look: Look, each: TaskStanding, day: date) -> Iterator[IndicatorRow]:
    figures = accepted_figures(look.session, [each.task.id or 0], day)
    for one in each.indicators:
        said, name = indicator_text(one), one.indicator.name
        is_secret = _is_secret(look, name, each)
        yield IndicatorRow(
            said=said.replace(name, UNNAMED, 1) if is_secret else said,
            bar=_indicator_bar(one),
            chart=None if is_secret else chart_of(one, figures, look.programme.year),
        )


def _indicator_bar(one: IndicatorStanding) -> Bar | None:
    if one.progress is None or one.progress.percent is None:
        return None
    percent, due = one.progress.percent, one.progress.scheduled
    kind = "done" if percent >= 100 else "track" if percent >= due else "behind"
    return bar_of(percent, due, kind)


def _notes(look: Look, each: TaskStanding) -> Iterator[str]:
    """How the percentage came about; reasons that people wrote only where units are named."""
    for note in each.progress.notes:
        if note.startswith("尚无数据"):
            continue  # the indicator's own line says so
        if look.named:
            yield note
        elif not each.progress.judged and not look.names.stand_in(note):
            yield note


def _facts(
    look: Look, each: TaskStanding, facts: Facts, day: date, owed: Sequence[DutyStanding]
) -> Iterator[str]:
    """The lines of `进度` besides what has a place of its own here."""
    shown = replace(facts, notes={})
    if not look.named:
        shown = replace(shown, clause_notes={}, contacts=[])
    lines = fact_lines(
        each, shown, look.programme, day, look.today, _clause_states(look, owed), named=look.named
    )
    yield from (line for line in lines if look.named or not look.names.stand_in(line))


def _clause_states(look: Look, owed: Sequence[DutyStanding]) -> Mapping[int, str]:
    """How the reports on each of several clauses stand, by clause."""
    of_clause: dict[int, list[DutyStanding]] = {}
    for each in owed:
        if each.matter.clause_id is not None and each.matter.place:
            of_clause.setdefault(each.matter.clause_id, []).append(each)
    found = {id_: newest_period(theirs, look.today) for id_, theirs in of_clause.items()}
    return {id_: reported_text(each, look.zone) for id_, each in found.items() if each}


def _sections(notes: Mapping[NoteKind, Told]) -> Iterator[Section]:
    for kind, title in _SECTIONS.items():
        if (told := notes.get(kind)) is not None:
            texts = tuple(_cut(text) for text in told.texts)
            yield Section(f"{title}（{full_day_text(told.as_of)}）", texts)


def _cut(text: str) -> str:
    return f"{text[:_LONGEST]}……" if len(text) > _LONGEST else text


def _duties(look: Look, owed: Sequence[DutyStanding]) -> Iterator[DutyRow]:
    """What has begun or is due next, the newest first."""
    dropped = [each for each in owed if not each.is_dropped]
    ahead = [each for each in dropped if each.duty.deadline > look.now]
    behind = [each for each in dropped if each.duty.deadline <= look.now]
    next_due = {each.duty.deadline for each in ahead[:1]}
    shown = [*(e for e in ahead if e.duty.deadline in next_due or not e.is_missing), *behind]
    ordered = sorted(shown, key=lambda each: each.duty.deadline, reverse=True)
    yield from (_own_row(look, each) for each in ordered[:_FEW])


def _own_row(look: Look, each: DutyStanding) -> DutyRow:
    """A report where everybody knows of which task: by its clause, else by its period."""
    row = replace(duty_row(look, each), task_id=0)
    return row if each.matter.place else replace(row, name=row.when, when="", units="")


def _counties(look: Look, each: TaskStanding) -> Iterator[CountyShare]:
    """Every county's part, for who reads it all and for the units that lead the task."""
    own = look.reader.unit_ids
    leads = own is None or any(unit.id in own for unit in each.leads)
    if not look.named or not leads or not each.indicators:
        return
    units = local_units(look.standing.units)
    found = figures_by_county(look.session, look.programme, units, look.day, each.task.id)
    schedule = schedule_of(look)
    for unit in units:
        for one in found[unit.id or 0]:
            kind = county_kind(one, schedule)
            yield CountyShare(
                unit_id=(unit.id or 0) if look.reader.reads_unit(unit.id) else 0,
                unit=unit.name,
                indicator=one.indicator.name if len(each.indicators) > 1 else "",
                said=_share_said(one),
                percent=percent_text(one.percent),
                mark=Mark(KIND_WORDS[kind], kind),
            )


def _share_said(one: CountyFigure) -> str:
    unit = one.indicator.unit
    value = "—" if one.value is None else amount_text(one.value, unit)
    return value if one.target is None else f"{value} / {amount_text(one.target, unit)}"
