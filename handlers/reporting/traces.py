"""Which messages a report was made from, as its audit trail keeps them."""

from collections.abc import Iterable

from sqlmodel import Session, col, select

from models.audit import Audit
from models.submission import Submission


def messages_of(session: Session, reports: Iterable[Submission]) -> dict[int, dict[int, set[int]]]:
    """The inbox rows behind each version of each of these reports, in one query."""
    found: dict[int, dict[int, set[int]]] = {each.id or 0: {} for each in reports}
    if not found:
        return found
    acts = session.exec(
        select(Audit)
        .where(Audit.table == "submission", col(Audit.row).in_(found))
        .order_by(col(Audit.id))
    ).all()
    for act in acts:
        if "messages" in act.after:
            found[act.row][act.after["version"]] = set(act.after["messages"])
    return found
