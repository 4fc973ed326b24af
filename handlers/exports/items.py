"""What a round of reports brought, item by item: the versions that count, figures and pictures."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from handlers.context import ExportContext
from handlers.exports.names import safe_name
from handlers.reporting.content import ExtraSaid
from handlers.reporting.extra_rows import extras_said
from handlers.reporting.texts import period_text
from handlers.standing.duties import DutyFilter, DutyStanding, duties
from handlers.standing.merging import merged
from handlers.standing.rounds import Round, current_round
from handlers.supervising.texts import full_day_text
from models.comment import comments_of_versions
from models.errors import Refused
from models.figure import Figure, figures_of_versions
from models.indicator import Indicator, indicators_of
from models.media import Media, media_by_sha
from models.picture import Picture, pictures_of_versions
from models.rules.clause import short_text
from models.rules.reporting import State
from models.submission import SubmissionVersion, accepted_versions
from models.unit import Unit, units_by_id

#: So many characters of an item's name stand in paths and lists.
_SHORT = 24


@dataclass(frozen=True)
class Item:
    """One report that is asked for; *version* is the accepted one, None while there is none.

    *place* is its place among those of the round, from 1. *pictures* come with the rows of what
    was received.
    """

    place: int
    duty: DutyStanding
    indicators: Sequence[Indicator]
    version: SubmissionVersion | None = None
    figures: Sequence[Figure] = ()
    extras: tuple[ExtraSaid, ...] = ()
    pictures: tuple[tuple[Picture, Media], ...] = ()

    @property
    def number(self) -> str:
        """What is typed to report it: 州1-7."""
        return self.duty.number

    @property
    def title(self) -> str:
        """What has to be done, in full."""
        clause = self.duty.matter.clause
        return clause.text if clause else self.duty.task.title

    @property
    def short(self) -> str:
        """A few words for it."""
        task = self.duty.task
        is_whole = not self.duty.matter.place
        return task.aliases[0] if is_whole and task.aliases else short_text(self.title, _SHORT)

    @property
    def units(self) -> str:
        """Who owes it."""
        return "、".join(unit.name for unit in self.duty.units)

    @property
    def is_waived(self) -> bool:
        """Whether it was let off, and nothing accepted holds."""
        return self.version is None and self.duty.state is State.WAIVED

    @property
    def file_name(self) -> str:
        """What its files are called: 州1-7_雪亮工程."""
        return f"{safe_name(self.number, 12)}_{safe_name(self.short, _SHORT)}"


@dataclass(frozen=True)
class Items:
    """All items of a round in printed order; *units* are the counties that figures speak of."""

    round: Round
    items: tuple[Item, ...]
    units: Mapping[int, Unit]

    @property
    def period(self) -> str:
        """The round with its year: 2021年8月."""
        return f"{self.round.first.year}年{self.round.name}"

    @property
    def accepted(self) -> list[Item]:
        """Those of which a version counts."""
        return [item for item in self.items if item.version is not None]

    def folder(self, item: Item) -> str:
        """Where the item's files lie: 16_州1-7_雪亮工程_州公安局, in the order of the list."""
        place = str(item.place).zfill(max(len(str(len(self.items))), 2))
        first = item.duty.units[0].name if item.duty.units else ""
        more = "等" if len(item.duty.units) > 1 else ""
        return "_".join(
            filter(None, (place, item.file_name, first and safe_name(first, 14) + more))
        )


def period_of(item: Item) -> str:
    """What its report covers, with the year: 2021年1—8月."""
    first, last = item.duty.duty.covers or (None, None)
    if first is None or last is None:
        return period_text(item.duty.obligation)
    if first.year != last.year:
        return f"{full_day_text(first)}至{full_day_text(last)}"
    return f"{last.year}年{period_text(item.duty.obligation)}"


def items_of(ctx: ExportContext) -> Items:
    """The items of the round that is asked for, else of the present one.

    As many queries for one item as for all. Refused where nothing is asked for in the round.
    """
    wanted = _round(ctx)
    standing = _asked(ctx, wanted)
    if not standing:
        raise _nothing_asked(ctx, wanted)
    items = tuple(_with_reports(ctx.session, standing))
    return Items(wanted, items, _counties(ctx.session, items))


def _with_reports(session: Session, standing: Sequence[DutyStanding]) -> Iterator[Item]:
    reports = accepted_versions(session, _submission_ids(standing))
    ids = [version.id or 0 for version in reports.values()]
    figures, pictures = figures_of_versions(session, ids), _pictures(session, ids)
    comments = comments_of_versions(session, ids)
    indicators = indicators_of(session, {each.task.id or 0 for each in standing})
    for place, duty in enumerate(standing, start=1):
        own = indicators[duty.task.id or 0]
        version = reports.get(duty.submission.id or 0) if duty.submission else None
        of = version.id or 0 if version else 0
        said = extras_said(figures.get(of, ()), comments.get(of))
        yield Item(place, duty, own, version, figures.get(of, ()), said, pictures.get(of, ()))


def _round(ctx: ExportContext) -> Round:
    if (found := ctx.round or _present(ctx)) is None:
        raise Refused(f"“{ctx.programme.short_title}”还没有报送期次，没有可导出的内容。")
    return found


def _present(ctx: ExportContext) -> Round | None:
    return current_round(ctx.session, ctx.programme.id or 0, ctx.now, ctx.services.zone)


def _nothing_asked(ctx: ExportContext, wanted: Round) -> Refused:
    present = _present(ctx)
    instead = f"请换一个期次，例如“{present.name}”。" if present else "没有可导出的内容。"
    year = wanted.first.year
    return Refused(f"“{ctx.programme.short_title}”{year}年{wanted.name}没有要报的事项，{instead}")


def _asked(ctx: ExportContext, wanted: Round) -> list[DutyStanding]:
    """What is asked for in the round, each piece of work once, as the programme prints it."""
    zone = ctx.services.zone
    fits = DutyFilter(
        programme_ids=(ctx.programme.id or 0,), since=wanted.starts(zone), until=wanted.ends(zone)
    )
    found = [each for each in duties(ctx.session, fits, ctx.now, zone) if not each.is_dropped]
    return sorted(merged(found), key=_printed)


def _printed(each: DutyStanding) -> tuple[int, int, int, int]:
    return each.task.position, each.task.id or 0, each.matter.place, each.id


def _submission_ids(standing: Iterable[DutyStanding]) -> list[int]:
    return [each.submission.id or 0 for each in standing if each.submission is not None]


def _pictures(
    session: Session, version_ids: Sequence[int]
) -> dict[int, tuple[tuple[Picture, Media], ...]]:
    found = pictures_of_versions(session, version_ids)
    shas = {picture.media_sha for pictures in found.values() for picture in pictures}
    media = media_by_sha(session, sorted(shas))
    return {
        version_id: tuple((picture, media[picture.media_sha]) for picture in pictures)
        for version_id, pictures in found.items()
    }


def _counties(session: Session, items: Iterable[Item]) -> dict[int, Unit]:
    ids = {each.unit_id for item in items for each in item.figures}
    return units_by_id(session, [each for each in ids if each is not None])
