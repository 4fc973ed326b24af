"""Which process of an office holds the bot's connection: WeCom takes one, so a lease decides."""

import os
import socket
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import uuid4

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.wecom.body import NAME
from models.db import Database
from models.lease import Lease
from models.setting import keep_setting
from scheduler.lease import holds_lease, release_lease

log = structlog.get_logger()

#: A dead owner is replaced after this, once another process asks: under 60 s.
SPAN = timedelta(seconds=30)
RENEWED_EVERY = 7.5
#: Whoever waits for it asks more often, which writes nothing: what people say while nobody is
#: connected is brought to nobody.
ASKED_EVERY = RENEWED_EVERY / 4
#: The name of the setting in which the owner notes how the connection stands.
LINK_NOTE = "wecom_bot_link"


class Hold(StrEnum):
    """Whose the lease is: *taken* anew, *kept* without a gap, another's, or not to be learned."""

    TAKEN = "taken"
    KEPT = "kept"
    OTHERS = "others"
    UNKNOWN = "unknown"


class Standing(StrEnum):
    """How the connection stands."""

    CONNECTED = "connected"
    LOST = "lost"
    HALTED = "halted"


class Ownership:
    """The lease of the bot's connection, as one process asks for it."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        # Machine and process tell an operator where to look.
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex}"
        self._until: datetime | None = None
        self._noted: tuple[Standing, str] | None = None

    @property
    def is_current(self) -> bool:
        """Whether nobody else can have the lease, by what was last learned."""
        return self._until is not None and self._clock() < self._until

    def renew(self) -> Hold:
        """Take or renew it."""
        now = self._clock()
        try:
            is_mine = holds_lease(self._database, self._owner, now, NAME, SPAN)
        except SQLAlchemyError as error:
            log.warning("lease not renewed", lease=NAME, reason=type(error).__name__)
            return Hold.UNKNOWN
        if not is_mine:
            self._until = self._noted = None
            return Hold.OTHERS
        was_kept = self._until is not None and now < self._until
        self._noted = self._noted if was_kept else None
        self._until = now + SPAN
        return Hold.KEPT if was_kept else Hold.TAKEN

    def note(self, standing: Standing, why: str = "") -> None:
        """Keep since when the connection stands so, for other processes to read.

        Only an owner's word counts: one that was displaced must not overwrite its successor's.
        """
        if self._noted == (standing, why):
            return
        value = {
            "standing": standing.value,
            "why": why,
            "since": self._clock().isoformat(),
            "owner": self._owner,
        }
        with self._database.write() as session:
            lease = session.get(Lease, NAME)
            if lease is not None and lease.owner == self._owner:
                keep_setting(session, LINK_NOTE, value)
                self._noted = (standing, why)

    def release(self) -> None:
        """Hand it back, so that the next process need not wait for its end."""
        self._until = None
        try:
            release_lease(self._database, self._owner, NAME)
        except SQLAlchemyError:  # then it runs out by itself
            log.exception("lease not handed back", lease=NAME)
