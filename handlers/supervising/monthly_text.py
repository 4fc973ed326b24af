"""The words of a month's summary: statuses, what changed against the last one, what came in."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from handlers.reading.harmless import harmless
from handlers.standing.duties import DutyStanding
from handlers.standing.policy import status_policy
from handlers.standing.ranks import is_behind
from handlers.standing.tasks import Standing, TaskStanding, short_name
from handlers.supervising.owing import counts
from handlers.supervising.progress_text import is_told
from models.rules.printed import Printed
from models.rules.rounding import percent_text

#: Tasks that a line names.
MOST = 3
UNKNOWN = "暂无数据或不能判定"
IN_WORDS = "以文字报送"


@dataclass(frozen=True)
class Month:
    """What a summary printed: every task's status by its number, and all the values of its text."""

    statuses: dict[str, str] = field(default_factory=dict)
    printed: Printed = field(default_factory=Printed)


def month_of(state: Standing, owed: Sequence[DutyStanding]) -> Month:
    """A programme at its data date, as it is frozen when the summary goes out."""
    known = {e.task.number: e.progress.status for e in state.tasks if e.progress.status}
    named = {
        short_name(
            each.task
        ): f"{percent_text(each.progress.done)} {each.progress.status or UNKNOWN}"
        for each in state.tasks
        if not is_told(each)
    }
    return Month(known, Printed({**status_counts(state), **_reports(owed)}, named))


def status_counts(state: Standing) -> dict[str, str]:
    """How many tasks have which status, by its label in the order of the policy."""
    found = Counter(each.progress.status for each in state.tasks)
    labels = dict.fromkeys(band.label for band in status_policy(state.programme).bands)
    counted = {label: f"{found[label]}项" for label in labels}
    unknown = sum(each.progress.status is None and not is_told(each) for each in state.tasks)
    return {**counted, **({UNKNOWN: f"{unknown}项"} if unknown else {})}


def _reports(owed: Sequence[DutyStanding]) -> dict[str, str]:
    """How the reports that were due stand; empty where none was."""
    found = counts(owed)
    if not found.expected:
        return {}
    share = percent_text(found.rate)
    never = f"，已截止未报{found.closed}件" if found.closed else ""
    return {
        "报送": f"应报{found.expected}件，按时{found.on_time}件，逾期报送{found.late}件，"
        f"未报{found.missing}件{never}，报送率{share}"
    }


def status_line(state: Standing) -> str:
    """状态：共20项，达到省定验收标准3项，…; the parts add up to the whole."""
    told = sum(map(is_told, state.tasks))
    in_words = {IN_WORDS: f"{told}项"} if told else {}
    counted = {**status_counts(state), **in_words}
    shown = [f"{label}{count}" for label, count in counted.items() if told < len(state.tasks)]
    parts = shown or [f"{IN_WORDS}，不计完成率"]
    return f"状态：共{len(state.tasks)}项，{'，'.join(parts)}"


def laggards_line(state: Standing, *, named: bool) -> str:
    """The tasks that lag, the weakest first, with their leads; without names only how many."""
    behind = sorted(filter(is_behind, state.tasks), key=lambda each: each.progress.done or 0)
    if not behind:
        return "滞后：无" if any(e.progress.band for e in state.tasks) else "滞后：暂无可判定的数据"
    listed = "、".join(map(_named, behind[:MOST])) + ("等" if len(behind) > MOST else "")
    return f"滞后：{len(behind)}项{f'，{listed}' if named else ''}"


def _named(each: TaskStanding) -> str:
    leads = "、".join(harmless(unit.name) for unit in each.leads)
    done = percent_text(each.progress.done)
    return f"{short_name(each.task)} {done}{f'（{leads}）' if leads else ''}"


def changes_line(state: Standing, before: Mapping[str, str] | None, *, named: bool) -> str:
    """较上期：转为工作相对滞后2项（新7 …）, by the status that tasks have now."""
    if before is None:
        return "较上期：首次小结，暂无对比"
    return f"较上期：{'；'.join(_changes(state, before, named=named)) or '各项状态没有变化'}"


def _changes(state: Standing, before: Mapping[str, str], *, named: bool) -> Iterator[str]:
    moved = [e for e in state.tasks if e.progress.status != before.get(e.task.number)]
    for label in dict.fromkeys(band.label for band in status_policy(state.programme).bands):
        theirs = [each for each in moved if each.progress.status == label]
        names = "、".join(short_name(each.task) for each in theirs[:MOST])
        who = f"（{names}{'等' if len(theirs) > MOST else ''}）" if named else ""
        if theirs:
            yield f"转为“{label}”{len(theirs)}项{who}"
