"""阶段, 验收进度 and 群众意见: what they are called, and their rows, written and read back."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlmodel import Session

from handlers.reading.headings import Heading
from handlers.reporting.content import Extra, ExtraSaid
from models.comment import CommentCount, comments_of_version
from models.figure import Figure, Series, figures_of_version
from models.requirement import Requirement
from models.rules.comments import Counts
from models.rules.progress import Kind
from models.rules.rounding import number_text
from models.task import Task

TITLES = {Extra.STAGE: "阶段", Extra.VERIFIED: "验收进度", Extra.COMMENTS: "群众意见"}
_NAMES = {
    Extra.STAGE: "阶段 当前阶段 目前阶段 现阶段 进度阶段 建设阶段 工程阶段",
    Extra.VERIFIED: "验收进度 验收率 验收完成率 验收情况 系统验收率 线上验收率 验收",
    Extra.COMMENTS: "群众意见建议 群众意见 群众意见办理 群众意见处理 群众评价 意见建议",
}
NOTHING = "无"
#: Stages reached are a count of the task itself, an accepted percentage is its own series.
_SERIES = {Series.REPORTED: Extra.STAGE, Series.VERIFIED: Extra.VERIFIED}


@dataclass(frozen=True)
class ExtraKnown:
    """What was accepted last on a further line, and the day it speaks of."""

    said: ExtraSaid
    as_of: date


def extras_asked(task: Task, requirement: Requirement) -> tuple[Extra, ...]:
    """The further lines that a report on this requirement has, in the order they are shown."""
    asked = {
        Extra.STAGE: task.kind == Kind.MILESTONE and bool(task.stages),
        Extra.VERIFIED: requirement.verified,
        Extra.COMMENTS: requirement.comments,
    }
    return tuple(extra for extra, is_asked in asked.items() if is_asked)


def extra_headings(extras: Iterable[Extra]) -> tuple[Heading, ...]:
    """The words that begin these lines."""
    return tuple(Heading(extra, tuple(_NAMES[extra].split())) for extra in extras)


def extras_before(
    figures: Iterable[Figure], comments: Iterable[CommentCount], first: date, last: date
) -> dict[Extra, ExtraKnown]:
    """What was accepted last between two days, of what was accepted on a task, oldest first."""
    found: dict[Extra, ExtraKnown] = {}
    for figure in figures:
        said = _of_figure(figure)
        if said is not None and first <= figure.as_of <= last:
            found[said.extra] = ExtraKnown(said, figure.as_of)
    for count in comments:
        if first <= count.as_of <= last:
            found[Extra.COMMENTS] = ExtraKnown(_of_count(count), count.as_of)
    return found


def extras_of_version(session: Session, version_id: int) -> tuple[ExtraSaid, ...]:
    """What a stored version says on the further lines."""
    count = comments_of_version(session, version_id)
    return extras_said(figures_of_version(session, version_id), count)


def extras_said(figures: Iterable[Figure], count: CommentCount | None) -> tuple[ExtraSaid, ...]:
    """What one version says on the further lines, of all of its figures and its comments."""
    of_count = [] if count is None else [_of_count(count)]
    return (*(said for said in map(_of_figure, figures) if said is not None), *of_count)


def extra_rows(
    said: Iterable[ExtraSaid], version_id: int | None, task_id: int, as_of: date
) -> Iterator[Figure | CommentCount]:
    """The rows of what could be read; what is not said is not known, and makes no row."""
    series = {extra: each for each, extra in _SERIES.items()}
    for each in said:
        if each.value is None:
            continue
        if each.extra is Extra.COMMENTS:
            yield CommentCount(
                version_id=version_id,
                task_id=task_id,
                as_of=as_of,
                received=int(each.value),
                handled=int(each.handled or 0),
            )
        else:
            yield Figure(
                version_id=version_id,
                task_id=task_id,
                as_of=as_of,
                series=series[each.extra],
                value=each.value,
            )


def _of_figure(figure: Figure) -> ExtraSaid | None:
    extra = _SERIES.get(Series(figure.series))
    if extra is None or figure.indicator_id is not None or figure.unit_id is not None:
        return None
    return ExtraSaid(extra, "", figure.value)


def _of_count(count: CommentCount) -> ExtraSaid:
    return ExtraSaid(Extra.COMMENTS, "", Decimal(count.received), Decimal(count.handled))


def extra_text(said: ExtraSaid, stages: Sequence[str]) -> str:
    """The value as people write it: 主体完工, 100%, 收到12条 办理12条."""
    if said.value is None:
        return said.text
    if said.extra is Extra.STAGE:
        reached = int(said.value)
        return stages[reached - 1] if 0 < reached <= len(stages) else "未启动"
    if said.extra is Extra.VERIFIED:
        return f"{number_text(said.value)}%"
    return counts_of(said).text


def counts_of(said: ExtraSaid) -> Counts:
    """Comments received and handled, as their rules take them."""
    return Counts(int(said.value or 0), int(said.handled or 0))


def changed_extras(
    before: Sequence[ExtraSaid], after: Sequence[ExtraSaid], stages: Sequence[str]
) -> Iterator[str]:
    """What differs between two versions on these lines, old → new."""
    was = {each.extra: extra_text(each, stages) for each in before}
    now = {each.extra: extra_text(each, stages) for each in after}
    for extra in Extra:
        if was.get(extra) != now.get(extra):
            yield f"{TITLES[extra]} {was.get(extra, NOTHING)} → {now.get(extra, NOTHING)}"
