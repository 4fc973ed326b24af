"""The manifest of a period's content: every item, what is missing, every picture, a note to read.

Whatever is counted here is counted from the same items, so that the sheets and the note agree.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from handlers.exports.gaps import ABSENT, Gap, absence_of, state_of
from handlers.exports.items import Item, Items, period_of
from handlers.exports.sheet import Cell, Column, Look, Sheet, Shown
from handlers.exports.shots import Shot, name_of
from handlers.reporting.texts import due_text
from handlers.supervising.texts import DEMO
from models.rules.zone import local_zone
from models.submission import AnswerKind

_SAME = "同交付图"
_LOST = "文件取不到"
_ITEM_COLUMNS = (
    Column("序号", 6, centred=True),
    Column("编号", 9, centred=True),
    Column("事项", 36),
    Column("主题", 14),
    Column("责任单位", 18),
    Column("报送期间", 15, centred=True),
    Column("截止", 10, centred=True),
    Column("审核状态", 16, centred=True),
    Column("收录", 7, centred=True),
    Column("数据截至", 12, centred=True),
    Column("图片", 7, centred=True),
    Column("缺项", 36),
    Column("备注", 36),
    Column("文件夹", 36),
)
_GAP_COLUMNS = (
    Column("序号", 6, centred=True),
    Column("编号", 9, centred=True),
    Column("事项", 36),
    Column("责任单位", 18),
    Column("类别", 10, centred=True),
    Column("缺什么", 40),
)
_SHOT_COLUMNS = (
    Column("图号", 6, centred=True),
    Column("标题", 28),
    Column("拍摄时间", 12, centred=True),
    Column("地点", 28),
    Column("交付图", 36),
    Column("尺寸（像素）", 13, centred=True),
    Column("原图", 36),
)


@dataclass
class Collected:
    """What was written of a round: its pictures, and everything that is missing, by item."""

    items: Items
    shots: list[Shot] = field(default_factory=list)
    _gaps: dict[int, list[Gap]] = field(default_factory=dict)

    def lacks(self, gaps: Iterable[Gap]) -> None:
        """Something is missing."""
        for gap in gaps:
            self._gaps.setdefault(gap.item.place, []).append(gap)

    @property
    def gaps(self) -> list[Gap]:
        """Everything that is missing, item by item."""
        return [gap for item in self.items.items for gap in self.gaps_of(item)]

    @property
    def mark(self) -> str:
        """演示数据 where the programme is a demonstration."""
        return DEMO if self.items.items[0].duty.programme.demo else ""

    def gaps_of(self, item: Item) -> list[Gap]:
        """What is missing of one item."""
        return self._gaps.get(item.place, [])

    def summary(self) -> str:
        """2021年8月：应报39件，收录31件；待审2件，已退回1件，未报5件。"""
        waived = sum(item.is_waived for item in self.items.items)
        absent = [absence_of(item) for item in self.items.items]
        parts = [f"{kind}{n}件" for kind in ABSENT if (n := absent.count(kind))]
        parts += [f"免报{waived}件"] if waived else []
        head = f"{self.items.period}：应报{len(self.items.items) - waived}件"
        return (
            f"{head}，收录{len(self.items.accepted)}件{'；' if parts else ''}{'，'.join(parts)}。"
        )

    def pictures(self) -> str:
        """图片12张（交付图12张、原图10张）。"""
        delivered = sum(bool(shot.delivered) for shot in self.shots)
        original = sum(bool(shot.original) for shot in self.shots)
        same = sum(shot.same and bool(shot.delivered) for shot in self.shots)
        more = f"，另有{same}张原图即交付图" if same else ""
        return f"图片{len(self.shots)}张（交付图{delivered}张、原图{original}张{more}）。"


def item_sheet(found: Collected, *, folders: bool) -> Sheet:
    """Every item of the round, what was taken in and what was not."""
    columns = _ITEM_COLUMNS if folders else _ITEM_COLUMNS[:-1]
    rows = (_item_row(found, item)[: len(columns)] for item in found.items.items)
    title, notes = _title(found, "清单"), [found.summary(), found.pictures()]
    return Sheet("清单", title, notes, columns, rows, frozen=3, mark=found.mark)


def gap_sheet(found: Collected) -> Sheet:
    """Everything that is missing, a row each."""
    rows = (
        (gap.item.place, gap.item.number, gap.item.short, gap.item.units, gap.kind.value, gap.text)
        for gap in found.gaps
    )
    title = _title(found, "缺项")
    return Sheet("缺项", title, [], _GAP_COLUMNS, rows, frozen=2, empty="没有缺项", mark=found.mark)


def shot_sheet(found: Collected) -> Sheet:
    """Every picture with its caption and its files, of all items."""
    columns = (Column("编号", 9, centred=True), *_SHOT_COLUMNS)
    rows = ((shot.item.number, *_shot_row(shot, whole=True)) for shot in found.shots)
    title = _title(found, "图片说明")
    return Sheet("图片说明", title, [], columns, rows, frozen=2, empty="没有图片", mark=found.mark)


def captions_of(item: Item, shots: Sequence[Shot], mark: str) -> Sheet:
    """The pictures of one item with their captions, for its own folder."""
    rows = (_shot_row(shot, whole=False) for shot in shots)
    title = f"{item.number} {item.short} 图片说明"
    return Sheet("图片说明", title, [], _SHOT_COLUMNS, rows, mark=mark)


def note_lines(found: Collected, about: Sequence[str]) -> Iterator[str]:
    """What a reader should know before opening anything; *about* explains the folders."""
    if found.mark:
        yield f"【{found.mark}】"
    yield _title(found, "说明")
    yield found.summary()
    yield found.pictures()
    yield ""
    yield from about
    yield "只收录已通过审核的报送；更正待审的，收录原已通过的版本。"
    yield ""
    if not found.gaps:
        yield "没有缺项。"
        return
    yield "缺项："
    for item in found.items.items:
        if missing := missing_text(found, item):
            yield f"{item.place}. {item.number} {item.short}（{item.units}）：{missing}"


def missing_text(found: Collected, item: Item) -> str:
    """Everything that is missing of an item, in one line."""
    return "；".join(
        f"{kind}：{some}" if (some := " ".join("、".join(texts).split())) != kind else kind
        for kind, texts in _by_kind(found.gaps_of(item)).items()
    )


def _by_kind(gaps: Iterable[Gap]) -> dict[str, list[str]]:
    texts: dict[str, list[str]] = {}
    for gap in gaps:
        texts.setdefault(gap.kind.value, []).append(gap.text)
    return texts


def _title(found: Collected, what: str) -> str:
    programme = found.items.items[0].duty.programme
    return f"{programme.short_title}{found.items.period}{what}"


def _item_row(found: Collected, item: Item) -> Sequence[Cell]:
    duty, version = item.duty, item.version
    return (
        item.place,
        item.number,
        item.title,
        duty.task.theme,
        item.units,
        period_of(item),
        due_text(duty.obligation.effective_due, local_zone()),
        state_of(item),
        _taken(item),
        version.as_of if version else None,
        len(item.pictures) if version else None,
        missing_text(found, item),
        "；".join(_remarks(item)),
        found.items.folder(item) if version else "",
    )


def _taken(item: Item) -> Cell:
    if item.version is not None:
        return Shown("是", Look.GOOD)
    return Shown("免报", Look.QUIET) if item.is_waived else Shown("否", Look.BAD)


def _remarks(item: Item) -> Iterator[str]:
    """Why it was let off, that nothing changed, and what was confirmed or remarked on arrival."""
    if item.is_waived and item.duty.obligation.waiver_reason:
        yield f"免报原因：{item.duty.obligation.waiver_reason}"
    if item.version is None:
        return
    if item.version.kind == AnswerKind.NIL:
        yield "本期无变化"
    for each in item.version.confirmed:
        if text := each.get("note") or each.get("text"):
            yield str(text)


def _shot_row(shot: Shot, *, whole: bool) -> Sequence[Cell]:
    picture = shot.picture
    paths = [path if whole else name_of(path) for path in (shot.delivered, shot.original)]
    return (
        shot.number,
        picture.title,
        picture.taken_on,
        picture.place,
        paths[0] or _LOST,
        shot.size_text,
        _SAME if shot.same else paths[1] or _LOST,
    )
