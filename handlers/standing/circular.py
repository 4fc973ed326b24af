"""What a month's circular says, as JSON data: projects, counties, counts, first drafts of words."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from handlers.standing.county_lines import (
    CountyStanding,
    county_standings,
    last_of_counties,
)
from handlers.standing.policy import status_policy
from handlers.standing.tasks import IndicatorStanding, Standing, TaskStanding, standing
from models.figure import Figure, Series
from models.note import Note, NoteKind, notes_of
from models.obligation import Obligation
from models.programme import Programme
from models.programmes.issued import CIRCULAR, CountyLine, issued_snapshot
from models.rules.progress import Source
from models.rules.rounding import HUNDRED, half_up, number_text, percent_of
from models.rules.status import Standing as Mark
from models.rules.status import StatusPolicy
from models.rules.unit import amount_text
from models.snapshot import Snapshot
from models.submission import Submission, SubmissionVersion
from models.unit import Unit, UnitKind

Data = dict[str, Any]
_PROBLEMS = ("问题", "困难")
#: A section of a report is proposed for the circular up to its first sentence end behind this.
_LONGEST_PROBLEM = 80
_MOST_NAMED = 6


def circular_data(session: Session, programme: Programme, data_date: date) -> Data:
    """Everything that the circular at *data_date* prints, frozen; decimals are text, rounded."""
    state = standing(session, programme, data_date)
    notes = _notes(session, state)
    reported = _reported_problems(session, state)
    tasks = [_task(each, state, notes, reported) for each in state.tasks]
    _add_county_figures(session, state, tasks)
    labels = _labels(status_policy(programme))
    counties = list(_counties(session, state, labels))
    return {
        "short": programme.short_title,
        "year": data_date.year,
        "month": data_date.month,
        "day": data_date.isoformat(),
        "counts": _counts(tasks, labels),
        "tasks": tasks,
        "counties": counties,
        "drafts": _drafts(state, notes, reported),
        "notes": list(_remarks(state)),
    }


def _remarks(state: Standing) -> Iterator[str]:
    """What an admin should know before issuing; nothing of it is printed."""
    counted = [each for each in state.tasks if each.has_target]
    silent = [each.task.number for each in counted if each.progress.done is None]
    older = [each.task.number for each in counted if each.progress.is_stale]
    for numbers, what in ((silent, "没有数据"), (older, "没有本期数据，沿用以前的")):
        if numbers:
            more = f"等{len(numbers)}项" if len(numbers) > _MOST_NAMED else ""
            yield f"{'、'.join(numbers[:_MOST_NAMED])}{more}{what}"


def _labels(policy: StatusPolicy) -> dict[str, str]:
    """What each label means, in the order of the policy."""
    return {band.label: band.standing.value for band in policy.bands}


def _counts(tasks: Sequence[Data], labels: Mapping[str, str]) -> Data:
    statuses = [each["status"] for each in tasks if each["counted"]]
    return {
        "tasks": len(tasks),
        "statuses": [{"label": each, "count": statuses.count(each)} for each in labels],
        "unknown": statuses.count(None),
        "uncounted": len(tasks) - len(statuses),
    }


def _task(
    each: TaskStanding, state: Standing, notes: Sequence[Note], reported: Mapping[int, list[str]]
) -> Data:
    """One project; one without target or percentage is only reported on, not *counted*."""
    task, progress = each.task, each.progress
    own = [note for note in notes if note.task_id == task.id and note.kind == NoteKind.PROGRESS]
    judgement = progress.judgement
    return {
        "number": task.number,
        "theme": task.theme,
        "title": task.title.replace("“", "‘").replace("”", "’"),
        "name": task.aliases[0] if task.aliases else task.title,
        "lead": [unit.name for unit in each.leads],
        "indicators": [_indicator(one, state.data_date) for one in each.indicators],
        "done": _percent(progress.done),
        "stated": progress.source is Source.STATED,
        "scheduled": _percent(progress.scheduled) if each.has_target else None,
        "status": progress.status,
        "counted": each.has_target or progress.band is not None,
        "reported": task.id in reported,
        "behind": progress.band is not None and progress.band.standing is Mark.BEHIND,
        "judged": judgement.reason if judgement else None,
        "stage": each.stage or None,
        "notes": [note.text for note in own],
    }


def _indicator(one: IndicatorStanding, data_date: date) -> Data:
    indicator, progress = one.indicator, one.progress
    is_late = one.as_of is not None and one.as_of < data_date
    return {
        "id": indicator.id,
        "name": indicator.name,
        "amount": _amount(one.value, indicator.unit),
        "goal": _amount(indicator.target, indicator.unit),
        "percent": _percent(progress.percent) if progress else None,
        "met": progress.met if progress else None,
        "as_of": one.as_of.isoformat() if one.as_of and is_late else None,
        "counties": [],
    }


def _amount(value: Decimal | None, unit: str) -> str | None:
    """583元/月: chat parts figure and unit there, a document does not."""
    return None if value is None else amount_text(value, unit).replace(" ", "")


def _percent(value: Decimal | None) -> str | None:
    return None if value is None else str(half_up(value, 2))


def _add_county_figures(session: Session, state: Standing, tasks: Sequence[Data]) -> None:
    """What the counties are said to have done of each indicator, under that indicator."""
    values = last_of_counties(session, state, Series.REPORTED)
    stated = last_of_counties(session, state, Series.STATED)
    units = [unit for unit in state.units if unit.kind == UnitKind.COUNTY]
    for task, data in zip(state.tasks, tasks, strict=True):
        for one, frozen in zip(task.indicators, data["indicators"], strict=True):
            key = one.indicator.id
            frozen["counties"] = [
                _county_figure(unit, one, values.get((key, unit.id)), stated.get((key, unit.id)))
                for unit in units
                if (key, unit.id) in values or (key, unit.id) in stated
            ]


def _county_figure(
    unit: Unit, one: IndicatorStanding, value: Figure | None, stated: Figure | None
) -> Data:
    return {
        "unit": unit.name,
        "amount": _amount(value.value if value else None, one.indicator.unit),
        # As it was printed or reported: 243, not 243.00.
        "stated": None if stated is None else number_text(half_up(stated.value, 2)),
    }


def _counties(session: Session, state: Standing, labels: Mapping[str, str]) -> Iterator[Data]:
    """The counties' lines as issued at this very day, else made of their accepted figures.

    Where no county figure was accepted there is nothing to say of the counties.
    """
    issued = issued_lines(session, state)
    if issued:
        yield from (_issued(line, labels) for line in issued)
        return
    counties = county_standings(session, state)
    if any(share.value is not None for each in counties for share in each.shares):
        yield from (_computed(each, labels) for each in counties)


def issued_lines(session: Session, state: Standing) -> tuple[CountyLine, ...]:
    """The counties' lines of the document issued on the data date of *state*; else none."""
    row = session.exec(
        select(Snapshot)
        .where(
            Snapshot.programme_id == state.programme.id,
            Snapshot.kind == CIRCULAR,
            Snapshot.data_date == state.data_date,
        )
        .order_by(col(Snapshot.edition).desc())
        .limit(1)
    ).first()
    return () if row is None else issued_snapshot(row).counties


def _issued(line: CountyLine, labels: Mapping[str, str]) -> Data:
    counted = {
        Mark.COMPLETED.value: line.completed,
        Mark.ON_TRACK.value: line.on_track,
        Mark.BEHIND.value: line.behind,
    }
    return {
        "unit": line.unit,
        "items": line.items,
        "indicators": line.indicators,
        "statuses": [
            {"label": label, "count": counted.pop(mark, 0), "behind": mark == Mark.BEHIND}
            for label, mark in labels.items()
        ],
        "unknown": 0,
        "behind": line.behind,
        "named": list(line.named),
    }


def _computed(county: CountyStanding, labels: Mapping[str, str]) -> Data:
    found = [share.band.label if share.band else None for share in county.shares]
    behind = [
        share.indicator
        for share in county.shares
        if share.band is not None and share.band.standing is Mark.BEHIND
    ]
    return {
        "unit": county.unit.name,
        "items": county.items,
        "indicators": len(county.shares),
        "statuses": [
            {"label": label, "count": found.count(label), "behind": mark == Mark.BEHIND}
            for label, mark in labels.items()
        ],
        "unknown": found.count(None),
        "behind": len(behind),
        "named": behind,
    }


def _notes(session: Session, state: Standing) -> list[Note]:
    """The short facts that speak of this very data date."""
    ids = [each.task.id or 0 for each in state.tasks]
    found = notes_of(session, ids, state.data_date)
    return [note for note in found if note.as_of == state.data_date]


def _drafts(
    state: Standing, notes: Sequence[Note], reported: Mapping[int, list[str]]
) -> dict[str, str]:
    """Words to begin with where no earlier issue has any; they name projects, no figures."""
    problems = _problems(state, notes, reported)
    behind = [_name(each) for each in state.tasks if _is(each, Mark.BEHIND)]
    done = [_name(each) for each in state.tasks if _is(each, Mark.COMPLETED)]
    ahead = [_name(each) for each in state.tasks if _is(each, Mark.ON_TRACK) and _is_ahead(each)]
    features = [
        f"已完成年度目标的项目：{'、'.join(done)}。" if done else "",
        f"超序时进度的项目：{'、'.join(ahead)}。" if ahead else "",
    ]
    following = f"请牵头单位对{'、'.join(behind)}逐项明确完成时限和责任人，按月调度。"
    return {
        "features": "\n".join(filter(None, features)),
        "problems": "\n".join(problems),
        "next": following if behind else "",
    }


def _name(each: TaskStanding) -> str:
    return each.task.aliases[0] if each.task.aliases else each.task.title


def _is(each: TaskStanding, mark: Mark) -> bool:
    return each.progress.band is not None and each.progress.band.standing is mark


def _is_ahead(each: TaskStanding) -> bool:
    """Half as much again as scheduled: what is worth a word."""
    progress = each.progress
    if progress.done is None or progress.judged:
        return False
    ratio = percent_of(progress.done, progress.scheduled)
    return ratio is not None and ratio >= HUNDRED * 3 / 2


def _problems(
    state: Standing, notes: Sequence[Note], reported: Mapping[int, list[str]]
) -> list[str]:
    """What stands in the way of each project that lags, as its reports and notes say."""
    found = []
    for each in filter(lambda one: _is(one, Mark.BEHIND), state.tasks):
        own = [n.text for n in notes if n.task_id == each.task.id and n.kind == NoteKind.PROBLEM]
        own += reported.get(each.task.id or 0, [])
        if own:
            found.append(f"{_name(each)}：{'；'.join(text.rstrip('。；') for text in own)}。")
    return found


def _reported_problems(session: Session, state: Standing) -> dict[int, list[str]]:
    """Every task with an accepted report on this very data date, and its problems: one query."""
    rows = session.exec(
        select(Submission.task_id, SubmissionVersion.sections)
        .join(SubmissionVersion, col(SubmissionVersion.submission_id) == col(Submission.id))
        .join(Obligation, col(Obligation.id) == col(Submission.obligation_id))
        .where(
            Obligation.programme_id == state.programme.id,
            col(SubmissionVersion.version) == col(Submission.accepted_version),
            SubmissionVersion.as_of == state.data_date,
        )
        .order_by(col(Submission.id))
    ).all()
    found: dict[int, list[str]] = {}
    for task_id, sections in rows:
        said = (text for name, text in sections.items() if any(w in name for w in _PROBLEMS))
        found.setdefault(task_id, []).extend(_short(text) for text in said if text)
    return found


def _short(text: str) -> str:
    """Its first sentences in one line."""
    line = " ".join(text.split())
    if len(line) <= _LONGEST_PROBLEM:
        return line
    end = line.rfind("。", 0, _LONGEST_PROBLEM)
    return line[: end + 1] if end > 0 else f"{line[:_LONGEST_PROBLEM]}……"
