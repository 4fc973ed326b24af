"""动态 and 对接 as they are stored: what the trail keeps of each row, and the act that made it."""

from collections.abc import Mapping
from typing import Any

from handlers.context import Context
from models.activity import Activity
from models.contact import Contact

_KEPT = {
    Activity: {"month", "kind", "title", "link"},
    Contact: {"on", "until", "who", "whom", "result", "unit_id"},
}


def facts_of(row: Activity | Contact) -> dict[str, Any]:
    """What the trail keeps of a row."""
    return row.model_dump(mode="json", include=_KEPT[type(row)])


def store(ctx: Context, row: Activity | Contact, action: str, before: Mapping[str, Any]) -> None:
    """Add the row with its act; the act names the message, so that a recall finds the row."""
    ctx.session.add(row)
    ctx.session.flush()
    after = {} if row.withdrawn else facts_of(row)
    ctx.record(
        action,
        str(row.__tablename__),
        row.id or 0,
        before=dict(before),
        after={**after, "messages": [ctx.inbox_id]},
    )
