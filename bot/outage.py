"""What operators hear once the database is back: calls that waited on disk, calls nobody kept."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from bot.spool import SPOOL
from bot.webhooks import Door
from handlers.alarms import raise_alarm
from handlers.context import Services
from models.db import Database

log = structlog.get_logger()

_ONCE = "同一情况今天不再告警。"
#: What waited no longer was late by a busy moment, of which nobody need hear.
WORTH_TELLING = timedelta(seconds=10)


class Outage:
    """Takes in what waited on disk, and tells of it: each matter once a day.

    What could not be told, since the database went away again, is told at the next round.
    """

    def __init__(
        self,
        door: Door,
        database: Database,
        services: Services,
        clock: Callable[[], datetime],
    ) -> None:
        self._door = door
        self._database = database
        self._services = services
        self._clock = clock
        self._taken_in = 0
        self._put_aside = 0

    def take_in(self) -> int:
        """Bring the calls on disk into the inbox; returns how many."""
        before = self._door.spooled()["refused"]
        since = self._door.waits_since()
        count = self._door.take_in_spooled()
        if since is not None and self._clock() - since >= WORTH_TELLING:
            self._taken_in += count
        self._put_aside += max(self._door.spooled()["refused"] - before, 0)
        turned_away = len(self._door.turned_away)
        if self._taken_in or self._put_aside or turned_away:
            try:
                with self._database.write() as session:
                    self._tell(session, turned_away)
            except SQLAlchemyError as error:
                log.warning("outage not told", reason=type(error).__name__)
            else:
                self._taken_in = self._put_aside = 0
                for _ in range(turned_away):
                    self._door.turned_away.popleft()
        return count

    def _tell(self, session: Session, turned_away: int) -> None:
        now = self._clock()
        day = now.astimezone(self._services.zone).date()
        for matter, text in self._news(turned_away).items():
            key = f"outage:{matter}:{day}"
            raise_alarm(session, self._services, f"{text}{_ONCE}", key=key, now=now)

    def _news(self, turned_away: int) -> dict[str, str]:
        news = dict[str, str]()
        if self._taken_in:
            news["late"] = (
                f"数据库曾不能写入（被锁、已停或磁盘已满），期间收到的{self._taken_in}条消息"
                "先存在本机磁盘上，现已补收，照常办理，无需重发。"
            )
        if self._put_aside:
            news["refused"] = (
                f"磁盘上暂存的{self._put_aside}条消息不能收入：是伪造的，或来自现在没有接的平台。"
                f"请查看 {SPOOL} 中的 .refused 文件。"
            )
        if turned_away:
            news["lost"] = (
                f"数据库和磁盘曾都不能写入，有{turned_away}次来件没有存下，已请平台重发。"
                "平台只重发几次：请提醒这段时间发过消息、没有收到回复的人重发。"
            )
        return news
