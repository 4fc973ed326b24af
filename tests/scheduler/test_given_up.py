"""What becomes of an answer that no door takes: whom it is for decides who hears of it."""

import pytest
from sqlmodel import Session

from models.chat import chat_at
from models.db import Database
from models.errors import DeliveryError
from models.inbox import InboxMessage, InboxState
from models.message import ChatKind, MessageKind, Reply
from models.outbox import OutboxState, say
from tests.post import NOW, Post

GONE = DeliveryError("回复时限已过", retryable=False, elsewhere=True)
LOST = DeliveryError("等待回应超时", retryable=True, unknown=True)


@pytest.fixture
def post(sqlite: Database) -> Post:
    """What does not depend on the engine is tried on one."""
    return Post(sqlite)


def owe_answer(session: Session, kind: MessageKind) -> None:
    """Somebody wrote, and is owed an answer."""
    asked = InboxMessage(
        platform="sandbox",
        message_id="m1",
        sender_id="某人",
        chat_id="某人",
        received_at=NOW,
        raw=b"",
        message={"via": "sandbox", "kind": kind, "chat_kind": ChatKind.SINGLE},
        state=InboxState.DONE,
    )
    session.add(asked)
    session.flush()
    chat = chat_at(session, "sandbox", "某人", ChatKind.SINGLE, NOW)
    say(session, chat.id or 0, Reply("您好"), key="r", now=NOW, reply_to=asked.id)


@pytest.mark.parametrize("error", [GONE, LOST], ids=["refused", "unknown"])
@pytest.mark.parametrize(
    ("kind", "is_told"), [(MessageKind.TEXT, True), (MessageKind.OUTSIDER, False)]
)
def test_an_operator_hears_of_it_unless_it_was_for_somebody_outside(
    post: Post, error: DeliveryError, kind: MessageKind, is_told: bool
) -> None:
    post.sender.troubles = [error]
    with post.database.write() as session:
        owe_answer(session, kind)

    post.deliver()

    assert (post.row("您好").state == OutboxState.DROPPED) is not is_told
    assert bool(post.alarm_texts()) is is_told


def test_an_outsider_is_asked_for_again_where_nobody_answered(post: Post) -> None:
    """Only what is given up is dropped."""
    post.sender.troubles = [DeliveryError("系统繁忙", retryable=True)]
    with post.database.write() as session:
        owe_answer(session, MessageKind.OUTSIDER)

    post.deliver()
    post.deliver(seconds=10)

    assert post.row("您好").state == OutboxState.SENT
