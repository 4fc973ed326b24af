"""One message through the sandbox from the command line, and what is said because of it."""

import mimetypes
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from pydantic import ValidationError
from sqlmodel import Session, col, func, select

from bot.cli_house import fail, refuse_half_characters
from bot.platforms.base import Request
from bot.platforms.sandbox import NAME, Body, Upload
from models.chat import Chat, Door
from models.inbox import InboxState, find_message
from models.member import Account, Member
from models.outbox import OutboxMessage
from models.sandbox_message import sandbox_message

if TYPE_CHECKING:
    from bot.app import House

#: How long to wait for a service that runs on the same database and took the message first.
PATIENCE_SECONDS = 10.0


def say_once(
    house: "House",
    account: str,
    chat: str,
    text: str,
    pictures: Sequence[Path],
    moment: datetime | None,
) -> list[str]:
    """Send, handle and deliver one message; returns the replies to it, one a line group."""
    refuse_half_characters(account, chat, text)
    if moment is not None:
        house.set_clock(moment)
    uploads = [_upload(house, path) for path in pictures]
    try:
        body = Body(id=uuid4().hex, person=account, chat=chat, text=text, uploads=uploads)
    except ValidationError as error:
        wrong = error.errors()[0]
        fail(f"{wrong['loc'][0]}: {wrong['msg']}", 2)
    answer = house.door.accept(NAME, Request("POST", {}, {}, body.model_dump_json().encode()))
    if answer.status >= 500:
        fail("the message could not be stored, neither in the database nor in the spool")
    house.work_off()
    return _replies(house, body.id)


def _upload(house: "House", path: Path) -> Upload:
    try:
        data = path.read_bytes()
    except OSError as error:
        fail(f"{path}: {error.strerror}")
    mime = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    sha = house.services.media.put(data)
    return Upload(sha=sha, name=path.name, mime=mime, size=len(data))


def _replies(house: "House", message_id: str) -> list[str]:
    """What was owed in answer to the message, once it is handled."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        with house.database.read() as session:
            row = find_message(session, NAME, message_id)
            if row is None:
                return []
            if row.state != InboxState.NEW or time.monotonic() > deadline:
                words = session.exec(
                    select(OutboxMessage)
                    .where(OutboxMessage.reply_to == row.id)
                    .order_by(col(OutboxMessage.id))
                ).all()
                return [_sent_text(session, word) for word in words]
        time.sleep(0.05)


def _sent_text(session: Session, word: OutboxMessage) -> str:
    """A word as the practice chat received it: a secret one is kept nowhere else."""
    line = sandbox_message(session, f"out:{word.key}")
    return line.text if line is not None and line.text else word_text(word)


def newest_word(house: "House") -> int:
    """The number of the newest word owed to anyone."""
    with house.database.read() as session:
        return session.exec(select(func.max(OutboxMessage.id))).one() or 0


def words_since(house: "House", number: int) -> list[str]:
    """The words owed after *number*, each with the group or the person that it goes to."""
    with house.database.read() as session:
        rows = session.exec(
            select(OutboxMessage, Chat)
            .join(Chat, col(Chat.id) == col(OutboxMessage.chat_id))
            .where(col(OutboxMessage.id) > number)
            .order_by(col(OutboxMessage.id))
        ).all()
        people = _people(session)
        return [
            f"→ {chat.name or people.get(chat.id or 0, '')}\n{word_text(word)}"
            for word, chat in rows
        ]


def _people(session: Session) -> dict[int, str]:
    """Whose single chat is whose."""
    rows = session.exec(
        select(Door.chat_id, Member.name)
        .join(
            Account,
            (col(Account.platform) == col(Door.platform))
            & (col(Account.user_id) == col(Door.address)),
        )
        .join(Member, col(Member.id) == col(Account.member_id))
    ).all()
    return dict(rows)


def word_text(word: OutboxMessage) -> str:
    """A word as text: itself, or the name of the picture or file."""
    media = word.media_ref()
    if media is None:
        return word.text
    return f"[{'图片' if media.mime.startswith('image/') else '文件'}] {media.name}"
