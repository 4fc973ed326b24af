"""Which reports somebody asked more time for, or to be let off, and no admin has answered."""

from collections.abc import Sequence

from sqlmodel import Session

from handlers.standing.duties import DutyStanding
from handlers.standing.merging import are_one
from models.exception_request import requests_open


def unanswered(session: Session, owed: Sequence[DutyStanding]) -> frozenset[int]:
    """Those of *owed* about which a wish waits, with what the same report meets; one query."""
    if not owed:
        return frozenset()
    asked = {row.obligation_id for row in requests_open(session, [each.id for each in owed])}
    first = [each for each in owed if each.id in asked]
    along = {each.id for each in owed if any(are_one(other, each) for other in first)}
    return frozenset(asked | along)
