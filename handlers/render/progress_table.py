"""Progress of a programme's projects against the schedule, as plain data for a picture."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from handlers.render.signs import UNKNOWN, Meaning, Meanings, Sign, meanings_of, sign_of
from handlers.standing.policy import status_policy
from handlers.standing.tasks import IndicatorStanding, Standing, TaskStanding, short_name
from models.rules.progress import NOT_UPDATED, Source
from models.rules.rounding import HUNDRED, NOT_APPLICABLE, percent_text
from models.rules.unit import amount_text

NO_FIGURES = "尚无通过的数据"
NOT_JUDGED = "数据不全，暂不能判定"
IN_WORDS = "文字报送"
MET, NOT_MET = "达标", "未达标"
JUDGED = "评定"
STATED = "自报"
#: Lead units that are named under a project; of more, their number is said.
MOST_LEADS = 4


@dataclass(frozen=True)
class ProgressRow:
    """One project: its percentage and schedule as bar and mark, its status as sign and word.

    *printed* is the percentage as the rules print it, *figures* what it is made of; *tags* stand
    behind the status. None: no bar, no mark.
    """

    name: str
    percent: Decimal | None
    printed: str
    scheduled: Decimal | None
    sign: Sign
    status: str
    note: str = ""
    figures: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class ProgressGroup:
    """Projects under a heading, with how many they are."""

    heading: str
    rows: tuple[ProgressRow, ...]
    count: str = ""


@dataclass(frozen=True)
class ProgressTable:
    """All that stands in the picture; *scheduled* explains the mark on the bars."""

    title: str
    subtitle: str
    groups: tuple[ProgressGroup, ...]
    meanings: Meanings
    scheduled: str
    below: str = ""
    footer: str = ""
    mark: str | None = None


def progress_table(
    state: Standing,
    *,
    title: str,
    subtitle: str,
    with_leads: bool = True,
    footer: str = "",
    mark: str | None = None,
) -> ProgressTable:
    """Every project of a programme in printed order, by its theme; lead units on demand."""
    return ProgressTable(
        title=title,
        subtitle=subtitle,
        groups=tuple(_groups(state, with_leads=with_leads)),
        meanings=_meanings(state),
        scheduled=_schedule(state),
        below=_below(state),
        footer=footer,
        mark=mark,
    )


def _meanings(state: Standing) -> Meanings:
    """The statuses with how many have each; what has none is not judged, or told in words."""
    found = Counter(each.progress.status for each in state.tasks if each.progress.status)
    meanings = meanings_of(status_policy(state.programme), found)
    none = [each for each in state.tasks if each.progress.status is None]
    told = sum(not _is_measured(each) for each in none)
    counts = (("未判定", len(none) - told), (IN_WORDS, told))
    words = "、".join(f"{word} {count}项" for word, count in counts if count)
    return (*meanings, *([Meaning(UNKNOWN, words)] if words else []))


def _is_measured(each: TaskStanding) -> bool:
    return each.has_target or each.progress.done is not None


def _groups(state: Standing, *, with_leads: bool) -> Iterator[ProgressGroup]:
    for theme in dict.fromkeys(each.task.theme for each in state.tasks):
        rows = tuple(
            _row(each, with_leads=with_leads) for each in state.tasks if each.task.theme == theme
        )
        yield ProgressGroup(theme, rows, f"共 {len(rows)} 项")


def _row(each: TaskStanding, *, with_leads: bool) -> ProgressRow:
    progress, is_measured = each.progress, _is_measured(each)
    return ProgressRow(
        name=short_name(each.task),
        percent=progress.done,
        printed=_printed(each),
        scheduled=progress.scheduled if is_measured else None,
        sign=sign_of(progress.band.standing if progress.band else None),
        status=progress.status or _why_none(each, is_measured=is_measured),
        note=_leads(each) if with_leads else "",
        figures=_figures(each),
        tags=tuple(_tags(each)),
    )


def _leads(each: TaskStanding) -> str:
    names = [unit.name for unit in each.leads]
    many = f"等{len(names)}个单位" if len(names) > MOST_LEADS else ""
    return f"{'、'.join(names[:MOST_LEADS])}{many}"


def _printed(each: TaskStanding) -> str:
    """The percentage; a task of thresholds alone is up to standard or not."""
    progress = each.progress
    levels = [one.met for one in progress.indicators]
    if levels and None not in levels and progress.source is Source.COMPUTED:
        return MET if all(levels) else NOT_MET
    return percent_text(progress.done)


def _why_none(each: TaskStanding, *, is_measured: bool) -> str:
    if each.progress.done is not None:
        return NOT_JUDGED
    return NO_FIGURES if is_measured else IN_WORDS


def _tags(each: TaskStanding) -> Iterator[str]:
    progress = each.progress
    if progress.judged:
        yield JUDGED
    if progress.source is Source.STATED:
        yield STATED
    if progress.is_stale:
        yield NOT_UPDATED


def _figures(each: TaskStanding) -> str:
    """What the percentage is made of: value and target, of several indicators the lowest."""
    if each.stage:
        return f"已到“{each.stage}”阶段"
    known = [one for one in each.indicators if one.value is not None and one.progress is not None]
    if not known:
        return ""
    lowest, count = min(known, key=_counted), len(each.indicators)
    if count == 1:
        return _amounts(lowest)
    if _printed(each) == MET:
        return f"{count}项标准全部达到"
    return f"{count}项中最低：{lowest.indicator.name}{_amounts(lowest)}"


def _counted(one: IndicatorStanding) -> Decimal:
    counted = one.progress.counted if one.progress else None
    return HUNDRED if counted is None else counted


def _amounts(one: IndicatorStanding) -> str:
    row = one.indicator
    value = NOT_APPLICABLE if one.value is None else amount_text(one.value, row.unit)
    return value if row.target is None else f"{value}，目标{amount_text(row.target, row.unit)}"


def _schedule(state: Standing) -> str:
    """The mark on the bars, with its percentage where all projects share one."""
    due = {percent_text(each.progress.scheduled) for each in filter(_is_measured, state.tasks)}
    if not due:
        return ""
    return f"序时进度 {due.pop()}" if len(due) == 1 else "序时进度（各项不同）"


def _below(state: Standing) -> str:
    told = {tag for each in state.tasks for tag in _tags(each)}
    words = {
        JUDGED: "标“评定”的状态由人工评定",
        STATED: "标“自报”的进度由单位自报",
        NOT_UPDATED: "标“未更新”的是以前月份的数据",
    }
    said = "；".join(text for tag, text in words.items() if tag in told)
    return f"{said}。" if said else ""
