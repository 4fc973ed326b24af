"""How the rows of a small service stand after a fault."""

from sqlmodel import select

from models.inbox import InboxMessage
from models.outbox import OutboxMessage
from tests.hall import Hall


def states(hall: Hall) -> tuple[set[str], set[str]]:
    """The states in which messages and words are."""
    with hall.database.read() as session:
        inbox = session.exec(select(InboxMessage.state).distinct()).all()
        outbox = session.exec(select(OutboxMessage.state).distinct()).all()
    return set(inbox), set(outbox)
