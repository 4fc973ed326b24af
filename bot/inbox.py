"""Answers stored messages, each once, with what came along and in their sender's order."""

import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from bot.burst import MOST_MESSAGES, Burst, burst_of, message_of
from bot.platforms.base import Platform
from handlers import phrases
from handlers.alarms import raise_alarm
from handlers.books import brings_programme, keep_book
from handlers.context import Services
from handlers.dispatch import answer, owe_calm_word
from handlers.reporting.intake import as_sent, take_in
from models.db import Database, is_away
from models.errors import MediaUnavailable
from models.inbox import (
    InboxMessage,
    InboxState,
    locked_new_message,
    next_messages,
    unfinished_of_sender,
)
from models.media import Media, keep_media, media_by_sha
from models.member import account_of
from models.message import Attachment, IncomingMessage
from models.outbox import CAUSED_BY

log = structlog.get_logger()

#: How often a picture or file is fetched before the person is told that it failed.
FETCH_TRIES = 4
#: How often when it was fetched, and our own store is away: the operator has a quarter of an hour,
#: in which nobody need send anything again.
STORE_TRIES = 20
#: How often the answer to a message is tried when the database, not the message, is at fault.
DATABASE_TRIES = 20
#: How often when another transaction wrote the same at once (a chat's first two messages), or the
#: media store was away: the next try finds what the other wrote.
OTHER_TRIES = 4
BATCH = 20


class _StoreAway(MediaUnavailable):
    """It was fetched, and our own store did not take it."""


class InboxWorker:
    """Answers stored messages, each once and in its sender's order.

    *make_way* waits a moment where others are about to be acknowledged; *is_ending* tells that no
    further message may be begun: there is no end to them while other replicas take calls.
    """

    def __init__(
        self,
        database: Database,
        platforms: Mapping[str, Platform],
        services: Services,
        clock: Callable[[], datetime],
        after: Callable[[], None],
        make_way: Callable[[], None] = lambda: None,
        is_ending: Callable[[], bool] = lambda: False,
    ) -> None:
        self._database = database
        self._platforms = platforms
        self._services = services
        self._clock = clock
        self._after = after
        self._make_way = make_way
        self._is_ending = is_ending
        self._one_at_a_time = threading.Lock()

    def handle_due(self, *, may_wait: bool = True) -> int:
        """Handle everything that is due; returns how many messages were looked at.

        With *may_wait* pictures after which more may follow are left for a later round.
        """
        left, count = set[int | None](), 0
        with self._one_at_a_time:
            # A row that another replica holds, or that waits for more pictures, stays new: looked
            # at once, then left.
            while not self._is_ending() and (rows := self._due(left)):
                left.update(row.id for row in rows if not self._handle(row, may_wait))
                count += len(rows)
                self._after()
        return count

    def _due(self, left: set[int | None]) -> list[InboxMessage]:
        with self._database.read() as session:
            return list(next_messages(session, self._clock(), BATCH, left))

    def _handle(self, row: InboxMessage, may_wait: bool) -> bool:
        """Whether it is done with."""
        if self._is_ending():
            return False
        self._make_way()
        bound = structlog.contextvars.bound_contextvars(
            platform=row.platform, message_id=row.message_id, request_id=row.request_id
        )
        with bound:
            try:
                return self._has_all_media(row) and self._answer(row, may_wait)
            except Exception as error:
                if row.attempts + 1 < _tries(error):
                    self._try_again(row, error)
                else:  # a fault: the message is kept, the people are told
                    log.exception("message failed")
                    self._fail(row, error)
                return False

    def _has_all_media(self, first: InboxMessage) -> bool:
        """Fetch what came with the message and with those that it is answered with.

        Media addresses live minutes, so nothing is left for later; False when a later try is due.
        """
        with self._database.read() as session:
            rows = unfinished_of_sender(session, first, MOST_MESSAGES)
        now = self._clock()
        waiting = [row for row in burst_of(rows or [first], now).rows if not row.media_done]
        due = [row for row in waiting if row.is_due(now)]
        return len([row for row in due if self._fetch_media(row)]) == len(waiting)

    def _answer(self, row: InboxMessage, may_wait: bool) -> bool:
        """All effects of one message, and that it is done, in one transaction; whether it is.

        Pictures that came one after another are one message. While the first of them is locked
        no other replica takes the others.
        """
        now = self._clock()
        with self._database.write() as session:
            first = locked_new_message(session, row.id)
            if first is None:
                return False
            burst = burst_of(unfinished_of_sender(session, first, MOST_MESSAGES), now)
            if (burst.is_open and may_wait) or not all(each.media_done for each in burst.rows):
                return False
            self._answer_burst(session, burst, now)
        log.info("message handled")
        return True

    def _answer_burst(self, session: Session, burst: Burst, now: datetime) -> None:
        media, failed = _media_of(session, burst)
        if burst.answered:
            *earlier, last = burst.answered
            session.info[CAUSED_BY] = last.request_id
            ids = [each.id or 0 for each in earlier]
            answer(burst.message, last, session, now, self._services, media, failed, ids)
        for each in burst.rows:
            each.state, each.handled_at = InboxState.DONE, now

    def _fetch_media(self, row: InboxMessage) -> bool:
        """Fetch what came along and keep it; False when a later try is needed."""
        message = message_of(row)
        platform = self._platforms[message.door]
        found: dict[str, Any] = dict(row.media)
        if not self._is_known(message):
            # Whoever is not bound is only told how to bind: nothing of theirs is opened.
            self._keep_media(row, [], found, again=False)
            return True
        rows: list[Media] = []
        again = False
        for attachment in message.attachments:
            if attachment.ref in found:
                continue
            try:
                media = self._take_in(platform, attachment, message)
            except MediaUnavailable as error:
                is_ours = isinstance(error, _StoreAway)
                if is_ours:
                    self._tell_of_store(error)
                if error.retryable and row.attempts + 1 < (STORE_TRIES if is_ours else FETCH_TRIES):
                    again = True
                else:
                    found[attachment.ref] = {"error": str(error)}
                continue
            rows.append(media)
            found[attachment.ref] = {"sha": media.sha, "name": media.name}
        self._keep_media(row, rows, found, again)
        return not again

    def _is_known(self, message: IncomingMessage) -> bool:
        with self._database.read() as session:
            return account_of(session, message.platform, message.sender_id) is not None

    def _take_in(
        self, platform: Platform, attachment: Attachment, message: IncomingMessage
    ) -> Media:
        """The row of what came along; an admin's workbook is read as a programme as well."""
        fetched = platform.fetch(attachment)
        name, services = fetched.name or attachment.name, self._services
        try:
            media = take_in(fetched.data, name, services.media, self._clock(), services.texts)
            with self._database.read() as session:
                is_programme = brings_programme(session, message, media)
            if is_programme:
                keep_book(media, services.media)
        except MediaUnavailable as error:
            raise _StoreAway(str(error), retryable=error.retryable) from error
        return media

    def _tell_of_store(self, error: MediaUnavailable) -> None:
        """People wait for it, and would send in vain what they are asked to send again."""
        now = self._clock()
        text = (
            f"{error}。请检查 MEDIA_URL 所指的存储（dajuan doctor）。带图片和文件的消息先留着，"
            "一刻钟内恢复的自动办理，无需重发；更晚的会请本人重发。同一情况今天不再告警。"
        )
        key = f"store:{now.astimezone(self._services.zone).date()}"
        with self._database.write() as session:
            raise_alarm(session, self._services, text, key=key, now=now)

    def _keep_media(
        self, row: InboxMessage, rows: list[Media], found: dict[str, Any], again: bool
    ) -> None:
        with self._database.write() as session:
            keep_media(session, rows)
            current = session.get_one(InboxMessage, row.id)
            current.media, current.media_done = found, not again
            if again:
                current.attempts += 1
                pause = min(60, 5 * current.attempts)
                current.not_before = self._clock() + timedelta(seconds=pause)

    def _try_again(self, row: InboxMessage, error: Exception) -> None:
        """Not the message's fault: keep it for later, without troubling anyone."""
        log.warning("message put off", reason=type(error).__name__)
        with self._database.write() as session:
            current = session.get_one(InboxMessage, row.id)
            current.attempts += 1
            current.not_before = self._clock() + timedelta(seconds=min(60, 2**current.attempts))

    def _fail(self, row: InboxMessage, error: Exception) -> None:
        """Keep the message, and those that it was to be answered with, for the operator."""
        now = self._clock()
        with self._database.write() as session:
            first = locked_new_message(session, row.id)
            if first is None:
                return
            failed = burst_of(unfinished_of_sender(session, first, MOST_MESSAGES), now).rows
            for current in failed:
                current.state, current.attempts = InboxState.FAILED, current.attempts + 1
                current.error = _where(error)
            current = failed[-1]
            session.info[CAUSED_BY] = current.request_id
            owe_calm_word(session, message_of(current), current, phrases.FAULT, now)
            text = (
                f"消息 {current.id} 处理失败（{current.error}）。"
                f"修复后请用 dajuan inbox retry {current.id} 继续办理。"
            )
            key = f"inbox:{current.id}:{current.attempts}"
            raise_alarm(session, self._services, text, key=key, now=now)


def _tries(error: Exception) -> int:
    """How often a message is tried that failed like this; 0 for a fault in the program."""
    if is_away(error):
        return DATABASE_TRIES
    passes = isinstance(error, MediaUnavailable) and error.retryable
    return OTHER_TRIES if passes or isinstance(error, IntegrityError) else 0


def _media_of(session: Session, burst: Burst) -> tuple[list[Media], list[str]]:
    """The stored pictures and files of these messages in order, and why others are missing."""
    fetched = {ref: kept for row in burst.rows for ref, kept in row.media.items()}
    found = [(each, fetched.get(each.ref, {})) for each in burst.message.attachments]
    by_sha = media_by_sha(session, [kept["sha"] for _, kept in found if "sha" in kept])
    stored = [
        as_sent(by_sha[kept["sha"]], each.name or kept.get("name", ""))
        for each, kept in found
        if "sha" in kept
    ]
    return stored, [kept["error"] for _, kept in found if "error" in kept]


def _where(error: Exception) -> str:
    """Kind and place of a fault, never its text: that may quote what a person wrote."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    if last is None:
        return type(error).__name__
    code = last.tb_frame.f_code
    return f"{type(error).__name__} @ {code.co_name}:{last.tb_lineno}"
