"""What is missing, item by item, before a period's content is whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from handlers.exports.items import Item
from handlers.reading.harmless import shown
from handlers.reporting.form import section_forms
from handlers.supervising.texts import state_title
from models.figure import Series
from models.picture import Picture
from models.rules.checks import is_filler
from models.rules.finding import DEFAULT_CHECKS
from models.submission import AnswerKind, SubmissionVersion

_FEW = 10


class GapKind(StrEnum):
    """What is missing."""

    UNREPORTED = "未报"
    UNREVIEWED = "待审"
    RETURNED = "已退回"
    TEXT = "文字"
    FIGURE = "数据"
    PICTURE = "图片"
    CAPTION = "图片说明"


#: What keeps a whole item out, in the order in which it is counted.
ABSENT = (GapKind.UNREVIEWED, GapKind.RETURNED, GapKind.UNREPORTED)


@dataclass(frozen=True)
class Gap:
    """One thing that is missing of an item."""

    item: Item
    kind: GapKind
    text: str


def state_of(item: Item) -> str:
    """How the item stands, in people's words."""
    duty = item.duty
    if duty.obligation.history and duty.is_missing and not item.is_waived:
        return "载入前已到期"
    return state_title(duty.duty, duty.state, closed=duty.is_closed)


def absence_of(item: Item) -> GapKind | None:
    """Why the whole item is not taken in; None where it is, or where it was let off."""
    if item.version is not None or item.is_waived:
        return None
    if item.duty.awaits_review:
        return GapKind.UNREVIEWED
    return GapKind.RETURNED if item.duty.is_returned else GapKind.UNREPORTED


def gaps_of(item: Item) -> Iterator[Gap]:
    """Everything that is missing of the item, whatever its pictures turn out to be.

    S1's rule for pictures: as many as the item asks for, each with title, exact time and place.
    """
    if (absence := absence_of(item)) is not None:
        yield Gap(item, absence, _why_absent(item, absence))
    if item.version is None:
        return
    if item.version.kind == AnswerKind.REPORT:
        yield from _texts(item, item.version)
    yield from _figures(item)
    yield from picture_gaps(item)


def picture_gaps(item: Item) -> Iterator[Gap]:
    """What is missing of its pictures alone; of an absent item only where it must bring some."""
    needed = item.duty.requirement.pictures
    if (absence := absence_of(item)) is not None and needed:
        yield Gap(item, absence, _why_absent(item, absence))
    if item.version is None:
        return
    if needed > len(item.pictures):
        yield Gap(item, GapKind.PICTURE, f"缺{needed - len(item.pictures)}张")
    yield from _captions(item)


def _why_absent(item: Item, absence: GapKind) -> str:
    if absence is GapKind.UNREVIEWED:
        return "已报送，通过审核后收录"
    if absence is GapKind.RETURNED and item.duty.submission is not None:
        return item.duty.submission.return_reason
    return state_of(item)


def _texts(item: Item, version: SubmissionVersion) -> Iterator[Gap]:
    for form in section_forms(item.duty.requirement):
        is_wanted = form.is_required or form.is_expected
        text = version.sections.get(form.name, "")
        if is_wanted and is_filler(text, DEFAULT_CHECKS.fillers):
            said = f"（只写了“{shown(text, _FEW)}”）" if text.strip() else ""
            yield Gap(item, GapKind.TEXT, f"{form.name}{said}")


def _figures(item: Item) -> Iterator[Gap]:
    whole = {
        row.indicator_id
        for row in item.figures
        if row.unit_id is None and row.series == Series.REPORTED
    }
    for indicator in item.indicators:
        if indicator.id not in whole:
            yield Gap(item, GapKind.FIGURE, indicator.name)


def _captions(item: Item) -> Iterator[Gap]:
    for number, (picture, _) in enumerate(item.pictures, start=1):
        if lacking := "、".join(_lacking(picture)):
            yield Gap(item, GapKind.CAPTION, f"图{number}缺{lacking}")


def _lacking(picture: Picture) -> Iterator[str]:
    if not picture.title.strip():
        yield "标题"
    if picture.taken_on is None:
        yield "时间"
    if not picture.place.strip():
        yield "地点"
