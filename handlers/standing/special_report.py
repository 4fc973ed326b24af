"""What a special report says at a day, as JSON data: items, acceptance, 动态, comments."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from handlers.reporting.texts import day_text
from handlers.standing.policy import (
    activity_policy,
    comment_policy,
    status_policy,
    verification_policy,
)
from handlers.standing.tasks import IndicatorStanding, Standing, TaskStanding, standing
from handlers.standing.words import Words, words_of
from models.activity import Activity, activities_of
from models.comment import CommentCount, accepted_comments
from models.note import NoteKind
from models.programme import Programme
from models.project import Project, projects_of
from models.rules.activity import Matrix, Published, activity_matrix, months_between
from models.rules.comments import Counts
from models.rules.progress import Source
from models.rules.rounding import half_up, number_text, percent_of
from models.rules.status import Standing as Mark
from models.rules.unit import amount_text
from models.rules.verification import (
    ItemVerification,
    Pair,
    Verdict,
    Verification,
    verification,
)

Data = dict[str, Any]
#: The source joins the two levels that set an item: 省实事、湘潭市实事.
_AND = "、"
TICK = "√"


@dataclass(frozen=True)
class _State:
    standing: Standing
    words: Mapping[int, Words]
    verified: Verification | None
    verdicts: Mapping[str, ItemVerification]
    day: date

    @property
    def tasks(self) -> Sequence[TaskStanding]:
        return self.standing.tasks


def special_report_data(session: Session, programme: Programme, data_date: date) -> Data:
    """Everything that the special report at *data_date* prints, frozen; decimals are text."""
    found = standing(session, programme, data_date)
    ids = [each.task.id or 0 for each in found.tasks]
    verified = _verified(found)
    verdicts = {each.pair.name: each for each in verified.items} if verified else {}
    state = _State(found, words_of(session, ids, data_date), verified, verdicts, data_date)
    bands = list(_bands(state))
    return {
        "short": programme.short_title,
        "year": data_date.year,
        "month": data_date.month,
        "day": data_date.isoformat(),
        "counts": _counts(state, bands),
        "bands": bands,
        "acceptance": _acceptance(state),
        "matrix": _matrix(session, state),
        "comments": _comments(session, state),
        "drafts": _drafts(state, bands),
        "notes": list(_remarks(state)),
    }


def _verified(found: Standing) -> Verification | None:
    """Acceptance against progress, of the items that can be measured."""
    policy = verification_policy(found.programme)
    if policy is None:
        return None
    pairs = (Pair(e.task.number, e.progress.done, e.verified) for e in found.tasks)
    return verification(pairs, policy, found.data_date)


def _bands(state: _State) -> Iterator[Data]:
    """The items by status in the order of the policy, those without data last."""
    labels = {band.label: band.standing for band in status_policy(state.standing.programme).bands}
    for label in (*labels, None):
        own = [each for each in state.tasks if each.progress.status == label]
        if own or label is not None:
            yield {
                "label": label or "暂无数据",
                "behind": label is not None and labels[label] is Mark.BEHIND,
                "count": len(own),
                "titles": [_name(each) for each in own],
                "items": [_item(each, state) for each in own],
            }


def _item(each: TaskStanding, state: _State) -> Data:
    task, progress = each.task, each.progress
    verdict = state.verdicts.get(task.number)
    return {
        "number": task.number,
        "theme": task.theme,
        "lead": [unit.name for unit in each.leads],
        "goals": [_goal(one) for one in each.indicators if one.indicator.target is not None],
        "said": list(_said(each, state)),
        "done": _percent(progress.done),
        "stated": progress.source is Source.STATED,
        "judged": progress.judgement.reason if progress.judgement else None,
        "verified": _percent(each.verified),
        "gap": _percent(verdict.gap) if verdict else None,
        "wide": verdict is not None and verdict.verdict is Verdict.TOO_WIDE,
    }


def _goal(one: IndicatorStanding) -> str:
    indicator = one.indicator
    least = "不低于" if indicator.threshold else ""
    return f"{least}{_amount(indicator.target or Decimal(0), indicator.unit)}"


def _said(each: TaskStanding, state: _State) -> Iterator[str]:
    """Figures, the stage of works, and what was said of them."""
    for one in each.indicators:
        if one.value is not None:
            name = one.indicator.name if len(each.indicators) > 1 else ""
            is_old = one.as_of is not None and one.as_of < state.day.replace(day=1)
            since = f"（截至{day_text(one.as_of)}）" if one.as_of and is_old else ""
            yield f"{name}完成{_amount(one.value, one.indicator.unit)}{since}"
    if each.stage:
        yield f"已到“{each.stage}”阶段"
    yield from state.words[each.task.id or 0][NoteKind.PROGRESS]


def _amount(value: Decimal, unit: str) -> str:
    return amount_text(value, unit).replace(" ", "")


def _percent(value: Decimal | None) -> str | None:
    return None if value is None else str(half_up(value, 2))


def _counts(state: _State, bands: Sequence[Data]) -> Data:
    """How many items in all, and of each level; one that two levels set counts for both."""
    themes = [each.task.theme.split(_AND) for each in state.tasks]
    names = list(dict.fromkeys(name for found in themes for name in found))
    if not all(names):
        names = []
    leads = {unit.id for each in state.tasks for unit in each.leads}
    return {
        "items": len(state.tasks),
        "themes": [
            {"name": name, "count": sum(name in found for found in themes)} for name in names
        ],
        "listed": sum(map(len, themes)),
        "shared": sum(map(len, themes)) - len(themes),
        "units": len(leads),
        "statuses": [{"label": each["label"], "count": each["count"]} for each in bands],
    }


def _acceptance(state: _State) -> Data | None:
    """How many items keep the distance between progress and acceptance, and what is asked."""
    found = state.verified
    if found is None:
        return None
    named = {each.task.number: _name(each) for each in state.tasks}
    return {
        "known": sum(each.pair.verified is not None for each in found.items),
        "kept": found.counts[Verdict.KEPT],
        "wide": found.counts[Verdict.TOO_WIDE],
        "unknown": sum(each.gap is None for each in found.items),
        "holding": found.holding.text if found.holding else None,
        "coming": found.coming.text if found.coming else None,
        "named": [named[each.pair.name] for each in found.of(Verdict.TOO_WIDE)],
    }


def _matrix(session: Session, state: _State) -> Data | None:
    """Projects by months, √ where something was published; None where nobody asks for it."""
    policy = activity_policy(state.standing.programme)
    projects = projects_of(session, state.standing.programme.id or 0)
    if policy is None or not projects:
        return None
    first = policy.since or date(state.day.year, 1, 1)
    months = months_between(max(first, date(state.day.year, 1, 1)), state.day)
    matrix = activity_matrix(
        [each.name for each in projects], months, _published(session, state, projects, months)
    )
    lacking = {each.project for each in matrix.missing(policy, state.day)}
    return {
        "months": [f"{month.month}月" for month in months],
        "monthly": policy.monthly,
        "rows": list(_rows(matrix, state, projects)),
        "totals": [
            {"month": f"{month.month}月", "count": count}
            for month, count in zip(months, matrix.projects_per_month, strict=True)
        ],
        "lacking": len(lacking),
        "projects": len(projects),
    }


def _published(
    session: Session, state: _State, projects: Sequence[Project], months: Sequence[date]
) -> Iterator[Published]:
    ids = [each.task.id or 0 for each in state.tasks]
    by_id = {project.id: project.name for project in projects}
    by_task = {each.task.id: each.task.project for each in state.tasks}
    for found in activities_of(session, ids, [project.id or 0 for project in projects]):
        row: Activity = found.row
        name = by_id.get(row.project_id) or by_task.get(row.task_id) or ""
        if name in by_id.values() and row.month in months:
            yield Published(name, row.month)


def _rows(matrix: Matrix, state: _State, projects: Sequence[Project]) -> Iterator[Data]:
    leads: dict[str, list[str]] = defaultdict(list)
    for each in state.tasks:
        leads[each.task.project] += [unit.name for unit in each.leads]
    for row, project in zip(matrix.rows, projects, strict=True):
        yield {
            "name": project.name,
            "lead": list(dict.fromkeys(leads[project.name])),
            "ticks": [
                {"month": f"{month.month}月", "tick": TICK if ticked else ""}
                for month, ticked in zip(matrix.months, row.ticks, strict=True)
            ],
            "count": sum(row.ticks),
        }


def _comments(session: Session, state: _State) -> Data | None:
    """Comments of citizens since January by item; None where nobody reported any."""
    last: dict[int, CommentCount] = {}
    for row in accepted_comments(session, [e.task.id or 0 for e in state.tasks], state.day):
        last[row.task_id] = row
    if not last:
        return None
    counts = Counts(
        sum(each.received for each in last.values()), sum(each.handled for each in last.values())
    )
    rate = percent_of(counts.handled, counts.received)
    waiting = [
        _name(each)
        for each in state.tasks
        if (own := last.get(each.task.id or 0)) is not None and own.received > own.handled
    ]
    return {
        "received": counts.received,
        "handled": counts.handled,
        "open": counts.open,
        "rate": _percent(rate),
        "asked": number_text(comment_policy(state.standing.programme).handled),
        "waiting": waiting,
    }


def _drafts(state: _State, bands: Sequence[Data]) -> dict[str, str]:
    """Words to begin with; they name items, no figures."""
    behind = [title for band in bands if band["behind"] for title in band["titles"]]
    problems = [
        f"{_name(each)}：{'；'.join(text.rstrip('。；') for text in said)}。"
        for each in state.tasks
        if (said := state.words[each.task.id or 0][NoteKind.PROBLEM])
    ]
    follow = f"请责任单位对{_AND.join(behind)}倒排工期，按月调度。" if behind else ""
    return {"problems": "\n".join(problems), "highlights": "", "next": follow}


def _name(each: TaskStanding) -> str:
    return each.task.aliases[0] if each.task.aliases else each.task.title


def _remarks(state: _State) -> Iterator[str]:
    silent = [each.task.number for each in state.tasks if each.progress.status is None]
    unknown = [e.pair.name for e in state.verified.items if e.gap is None] if state.verified else []
    for numbers, what in ((silent, "没有数据"), (unknown, "没有验收率，差距未知")):
        if numbers:
            more = f"等{len(numbers)}项" if len(numbers) > 6 else ""
            yield f"{_AND.join(numbers[:6])}{more}{what}"
