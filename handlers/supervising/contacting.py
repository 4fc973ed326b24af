"""对接 that stand: under which task, by whose right, corrected and taken back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from handlers.context import Context
from handlers.reading.visits import Days, Visit, read_visit
from handlers.standing.tasks import short_name
from handlers.supervising.contact_text import contact_text, latest
from handlers.supervising.fact_rights import NOT_LEAD, NOT_YOURS, Rights, rights_in
from handlers.supervising.fact_store import facts_of, store
from handlers.supervising.fact_words import days_text
from models.contact import Contact, contact_numbered
from models.errors import Refused
from models.programme import Programme
from models.task import Task
from models.unit import Unit, units_by_id, units_of

LONGEST = 300


@dataclass(frozen=True)
class Place:
    """What a contact is recorded under, and what the speaker may record there."""

    programme: Programme
    task: Task
    units: Sequence[Unit]
    rights: Rights

    @property
    def task_id(self) -> int:
        """The task's id."""
        return self.task.id or 0

    @property
    def refusal(self) -> str:
        """What is said to who has no right here."""
        return NOT_LEAD.format(name=short_name(self.task), what="对接")


def place_of(ctx: Context, programme: Programme, task: Task) -> Place:
    """The task with all that decides whose contacts it takes."""
    units = units_of(ctx.session, programme.area_id)
    return Place(programme, task, units, rights_in(ctx, programme, [task.id or 0]))


def names_of(units: Sequence[Unit]) -> set[str]:
    """Every name and alias of these units."""
    return {name for unit in units for name in (unit.name, *unit.aliases)}


def visit_in(ctx: Context, place: Place, words: str) -> Visit:
    """What *words* say of a visit, read with the names of the area's units."""
    found = read_visit(words, ctx.today, place.programme.year, names_of(place.units))
    for title, text in (("层级", found.who), ("对象", found.whom), ("结果", found.result)):
        if len(text) > LONGEST:
            raise Refused(
                f"{title}有{len(text)}字，一次最多{LONGEST}字，尚未登记。请写简短后整条重发。"
            )
    return found


def local_named(place: Place, name: str) -> Unit | None:
    """The county or park of the label 县市, None where none was named; refused if unknown."""
    unit = place.rights.local_called(name) if name else None
    if name and unit is None:
        raise Refused(f"没有认出县市“{name[:20]}”，未作登记。请写县市或园区的名称后重发。")
    return unit


def refuse_days(ctx: Context, place: Place, days: Sequence[Days]) -> None:
    """Refuse a visit that has not been made yet, or one of a year before the programme's."""
    for each in days:
        shown = days_text(each.on, each.until, ctx.today)
        if latest(each) > ctx.today:
            raise Refused(
                f"对接时间“{shown}”还没有到，尚未登记。请在对接之后登记，或改正日期后重发。"
            )
        if each.on.year < place.programme.year:
            raise Refused(
                f"对接时间“{shown}”不在{place.programme.year}年度，未作登记。"
                f"{place.programme.short_title}登记{place.programme.year}年起的对接，请核对日期后重发。"
            )


def new_row(ctx: Context, task_id: int, unit_id: int | None, visit: Visit, days: Days) -> Contact:
    """A row of the speaker's, not yet stored."""
    return Contact(
        task_id=task_id,
        unit_id=unit_id,
        on=days.on,
        until=days.until,
        who=visit.who,
        whom=visit.whom,
        result=visit.result,
        reported_at=ctx.now,
        reported_by=ctx.speaker.id,
    )


def county_called(ctx: Context, unit_id: int) -> str:
    """The name of a county or park."""
    return units_by_id(ctx.session, [unit_id])[unit_id].name


def text_of(ctx: Context, row: Contact) -> str:
    """The contact in a line, with its county."""
    county = county_called(ctx, row.unit_id) if row.unit_id else ""
    return contact_text(row, county, ctx.today)


@dataclass(frozen=True)
class Known:
    """The contact that stands under *number*, and who recorded it first."""

    number: int
    row: Contact
    place: Place
    reporter: int | None


def changeable(ctx: Context, number: int) -> Known:
    """The contact under *number*; refused where there is none or it is not the speaker's."""
    row = contact_numbered(ctx.session, number)
    if row is None:
        raise Refused(f"没有编号为“对接{number}”的登记。请核对登记时收到的编号。")
    task = ctx.session.get_one(Task, row.task_id)
    place = place_of(ctx, ctx.session.get_one(Programme, task.programme_id), task)
    reporter = ctx.session.get_one(Contact, number).reported_by
    is_reporter = reporter == ctx.speaker.id
    if not place.rights.may_change([place.task_id], row.unit_id, is_reporter=is_reporter):
        raise Refused(NOT_YOURS.format(number=f"对接{number}"))
    if row.withdrawn:
        raise Refused(f"对接{number} 此前已撤回。重新登记请发“对接”加事项和内容。")
    return Known(number, row, place, reporter)


def take_back(ctx: Context, known: Known) -> str:
    """Add the row that takes the contact back and return what is said; nothing is deleted."""
    old = known.row
    row = Contact.model_validate(
        {**old.model_dump(exclude={"id"}), "source": "", "replaces_id": old.id, "withdrawn": True}
    )
    row.reported_at, row.reported_by = ctx.now, ctx.speaker.id
    store(ctx, row, "withdraw_contact", facts_of(old))
    return f"已撤回 对接{known.number} {short_name(known.place.task)}（{text_of(ctx, old)}）。"


def with_old_parts(visit: Visit, old: Contact) -> Visit:
    """*visit* with what it leaves out taken from the contact it corrects."""
    return replace(
        visit,
        who=visit.who or old.who,
        whom=visit.whom or old.whom,
        result=visit.result or old.result,
    )
