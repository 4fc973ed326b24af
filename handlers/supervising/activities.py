"""动态 that stand: whose they are, corrected and taken back."""

from dataclasses import dataclass

from handlers.context import Context
from handlers.supervising.activity_text import activity_text
from handlers.supervising.fact_rights import NOT_YOURS
from handlers.supervising.fact_store import facts_of, store
from handlers.supervising.publishing import Topic, may_record, topic_of
from models.activity import Activity, activity_numbered
from models.errors import Refused


@dataclass(frozen=True)
class Known:
    """The item that stands under *number*, and who recorded it first."""

    number: int
    row: Activity
    topic: Topic
    reporter: int | None


def changeable(ctx: Context, number: int) -> Known:
    """The item under *number*; refused where there is none or it is not the speaker's."""
    row = activity_numbered(ctx.session, number)
    if row is None:
        raise Refused(f"没有编号为“动态{number}”的登记。请核对登记时收到的编号。")
    topic = topic_of(ctx, row)
    if not may_record(ctx, topic):  # a number anybody can guess: what it is about is not said
        raise Refused(NOT_YOURS.format(number=f"动态{number}"))
    if row.withdrawn:
        raise Refused(f"动态{number} 此前已撤回。重新登记请发“动态”加任务、标题和链接。")
    return Known(number, row, topic, ctx.session.get_one(Activity, number).reported_by)


def copy_of(ctx: Context, old: Activity) -> Activity:
    """A further row of the same item; what an issued document ticked becomes the reporter's."""
    return Activity(
        task_id=old.task_id,
        project_id=old.project_id,
        unit_id=old.unit_id,
        month=old.month,
        kind=old.kind,
        title=old.title,
        link=old.link,
        replaces_id=old.id,
        reported_at=ctx.now,
        reported_by=ctx.speaker.id,
    )


def take_back(ctx: Context, known: Known) -> str:
    """Add the row that takes the item back and return what is said; nothing is deleted."""
    row = copy_of(ctx, known.row)
    row.withdrawn = True
    store(ctx, row, "withdraw_activity", facts_of(known.row))
    return (
        f"已撤回 动态{known.number} {known.topic.name}（{activity_text(known.row, ctx.today)}）。"
    )
