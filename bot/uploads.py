"""The upload form: words, pictures and files that enter the inbox as the member's message."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from fastapi import Request
from sqlmodel import Session, col, func, select
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from bot.pages import LARGEST_FILE, MOST_FILES
from bot.platforms.base import new_request_id, without_nul
from bot.storing import Arrival, store
from handlers.context import speaker_of
from handlers.reading.limits import LONGEST
from handlers.reading.normalise import folded
from handlers.reporting.intake import take_in
from models.chat import Door, doors_of
from models.errors import MediaUnavailable, Refused
from models.inbox import UPLOADED, InboxMessage, find_message
from models.link import Link, LinkKind
from models.media import Media, keep_media
from models.member import RoleName, member_at
from models.message import Attachment, ChatKind, IncomingMessage

if TYPE_CHECKING:
    from bot.app import House

#: One link takes so many messages: it lives two hours, and a disk is not endless.
MOST_MESSAGES = 20
MEGABYTE = 1_000_000
#: As many words as a message in chat may have.
MOST_WORDS = LONGEST
#: What a form holds besides files.
_FIELDS = ("once", "words")
_MOST_BYTES = MOST_FILES * LARGEST_FILE + MEGABYTE
#: Seconds for which a form may take to arrive: 180 MB over a poor line.
_PATIENCE = 1800
_ONCE = re.compile("[0-9a-f]{24}")
_LENGTH = re.compile("[0-9]{1,12}")
#: Where a browser says that a form was sent from; a page of another site may not send ours.
_OWN_SITE = ("same-origin", "none")


class NotTaken(Refused):
    """What came is not taken; the text says what to do instead, *status* is the browser's.

    *words* are those that were written, so that nobody has to write them again.
    """

    def __init__(self, status: int, text: str, words: str = "") -> None:
        super().__init__(text)
        self.status = status
        self.words = words


@dataclass(frozen=True)
class Sent:
    """One filled-in form: *once* is the same when a browser sends it again."""

    once: str
    files: tuple[tuple[str, bytes], ...]
    words: str = ""


@dataclass(frozen=True)
class Taken:
    """What a form brought: so many files, and whether words came with them."""

    files: int
    has_words: bool


def new_once() -> str:
    """What tells one form from another."""
    return secrets.token_hex(12)


def may_upload(session: Session, link: Link, today: date) -> Door | None:
    """The door of the chat for which *link* speaks, while its member may report; else None."""
    if link.kind != LinkKind.UPLOAD or link.chat_id is None:
        return None
    for door in doors_of(session, link.chat_id):
        member = member_at(session, door.platform, door.address)
        if member is None or member.id != link.member_id:
            continue
        # Who stands in for a liaison uploads for them, as they report for them in chat.
        if speaker_of(session, member, today).has(RoleName.LIAISON):
            return door
    return None


async def take_form(web: Request, house: House, link_id: int, turn: asyncio.Semaphore) -> Taken:
    """Store what a form brings, when it is its *turn*.

    Until then its files lie on the disk: memory holds those of a few forms only. Raises NotTaken.
    """
    _check_head(web)
    try:
        async with (
            asyncio.timeout(_PATIENCE) as patience,
            web.form(max_files=MOST_FILES, max_fields=len(_FIELDS)) as form,
            turn,
        ):
            patience.reschedule(None)
            return await _taken(form, house, link_id)
    except TimeoutError as error:
        text = "上传太久，文件未接收。请换网络好的地方，分几次上传。"
        raise NotTaken(408, text) from error
    except HTTPException as error:
        text = f"没有读到内容：文件超过{MOST_FILES}个，或文字太长。请重新选择，分几次上传。"
        raise NotTaken(400, text) from error
    except ClientDisconnect as error:
        raise NotTaken(400, "上传中断，文件未接收。请重新上传。") from error


async def _taken(form: FormData, house: House, link_id: int) -> Taken:
    words = _words(form)
    try:
        return await asyncio.to_thread(take, house, link_id, await _sent(form, words))
    except NotTaken as refused:
        raise NotTaken(refused.status, refused.text, words) from refused
    except MediaUnavailable as error:  # the store is full or away
        raise NotTaken(503, "暂时无法保存，文件未接收。请稍后再传。", words) from error


def _check_head(web: Request) -> None:
    """Refuse what is seen from its head alone, before any of it is read."""
    if web.headers.get("sec-fetch-site", "none") not in _OWN_SITE:
        raise NotTaken(403, "请从聊天里的上传链接打开本页再上传。")
    length = web.headers.get("content-length", "")
    if not _LENGTH.fullmatch(length) or int(length) > _MOST_BYTES:
        each = LARGEST_FILE // MEGABYTE
        limits = f"合计不超过{MOST_FILES * each}MB，每个不超过{each}MB"
        text = f"这次选的文件太多或太大，未接收：{limits}。请分几次上传。"
        raise NotTaken(413, text)


def _words(form: FormData) -> str:
    """What was written, with the line ends of a chat."""
    words = form.get("words")
    return without_nul(folded(words)).strip() if isinstance(words, str) else ""


async def _sent(form: FormData, words: str) -> Sent:
    once = form.get("once")
    if not isinstance(once, str) or not _ONCE.fullmatch(once):
        raise NotTaken(400, "页面已经过时，请重新选择文件后上传。")
    if len(words) > MOST_WORDS:
        text = f"文字有{len(words)}字，一次最多{MOST_WORDS}字，未接收。请删减，或分几次上传。"
        raise NotTaken(413, text)
    files = [each for each in form.getlist("files") if isinstance(each, UploadFile)]
    return Sent(once, tuple([await _read(file) for file in files if file.filename]), words)


async def _read(file: UploadFile) -> tuple[str, bytes]:
    name = without_nul(file.filename or "文件")[-200:]
    if (file.size or 0) > LARGEST_FILE:
        most = LARGEST_FILE // MEGABYTE
        raise NotTaken(413, f"“{name[-40:]}”超过{most}MB，请压缩后再传；其余文件也未接收。")
    return name, await file.read()


def take(house: House, link_id: int, sent: Sent) -> Taken:
    """Store what was sent as one message of the member.

    The files are inspected before, as those of a chat are; a form that comes twice counts once.
    """
    if not (sent.files or sent.words):
        raise NotTaken(400, "还没有写文字，也还没有选择文件。请填好后再点“上传”。")
    services, now = house.services, house.clock()
    today = now.astimezone(services.zone).date()
    rows = [take_in(data, name, services.media, now, services.texts) for name, data in sent.files]
    with house.database.write() as session:
        link = session.get_one(Link, link_id)
        door = may_upload(session, link, today) if link.is_open(now) else None
        if door is None:
            raise NotTaken(410, "链接刚刚失效，文件未接收。请在聊天里再发“上传”取新链接。")
        if _sent_before(session, door, link_id) >= MOST_MESSAGES:
            raise NotTaken(429, "这个链接已上传多次。请在聊天里再发“上传”取新链接。")
        keep_media(session, rows)
        _store(session, house, door, link_id, sent, rows)
    house.wake()
    return Taken(len(sent.files), bool(sent.words))


def _sent_before(session: Session, door: Door, link_id: int) -> int:
    return session.exec(
        select(func.count(col(InboxMessage.id))).where(
            InboxMessage.platform == door.platform,
            InboxMessage.sender_id == door.address,
            col(InboxMessage.message_id).startswith(_prefix(link_id)),
        )
    ).one()


def _prefix(link_id: int) -> str:
    return f"{UPLOADED}{link_id}:"


def _store(
    session: Session, house: House, door: Door, link_id: int, sent: Sent, rows: Sequence[Media]
) -> None:
    """The inbox row with its media at hand: there is nothing to be fetched from the platform."""
    message = IncomingMessage(
        platform=door.platform,
        message_id=f"{_prefix(link_id)}{sent.once}",
        sender_id=door.address,
        chat_id=door.address,
        chat_kind=ChatKind.SINGLE,
        text=sent.words,
        sent_at=house.clock(),
        attachments=tuple(
            Attachment(f"{sent.once}/{at}", name, row.mime.startswith("image/"))
            for at, ((name, _), row) in enumerate(zip(sent.files, rows, strict=True))
        ),
    )
    raw = json.dumps([row.sha for row in rows]).encode()
    [is_new] = store(session, [Arrival(message, raw, house.clock(), new_request_id())])
    if not is_new:
        return
    kept = find_message(session, message.platform, message.message_id)
    if kept is not None:
        pairs = zip(message.attachments, rows, strict=True)
        kept.media = {each.ref: {"sha": row.sha} for each, row in pairs}
        kept.media_done = True
