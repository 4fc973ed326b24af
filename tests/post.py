"""An outbox that owes words to groups, and a platform in memory that takes or refuses them."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlmodel import col, select

from handlers.context import Services
from handlers.registry import Registry
from models.chat import ChatPurpose
from models.db import Database
from models.message import Reply
from models.outbox import OutboxMessage, Priority, say
from scheduler.delivery import Delivery
from scheduler.routing import Pace, Parcel
from tests.conftest import SHANGHAI, at
from tests.factories import a_group
from tests.talk import ADDRESSES, MediaShelf

NOW = at("2021-09-18T09:00")


class FakeSender:
    """A platform in memory; *troubles* says what happens at the next tries, None for success."""

    def __init__(
        self, name: str = "sandbox", *, platform: str = "", knows_keys: bool = False
    ) -> None:
        self.name = name
        self.platform = platform or name
        self.reaches_people = True
        self.paces: tuple[Pace, ...] = ()
        self.knows_keys = knows_keys
        self.said: list[tuple[str, str]] = []
        self.keys: list[str] = []
        self.troubles: list[BaseException | None] = []
        self.refuses_files = False
        self.before: Callable[[Parcel], None] = lambda parcel: None

    def can_carry(self, address: str, parcel: Parcel) -> bool:
        return not (self.refuses_files and parcel.data is not None)

    def knows(self, parcel: Parcel) -> bool:
        return self.knows_keys

    def send(self, address: str, parcel: Parcel) -> str:
        self.before(parcel)
        self.keys.append(parcel.key)
        trouble = self.troubles.pop(0) if self.troubles else None
        if trouble is not None:
            raise trouble
        self.said.append((address, parcel.text or parcel.name))
        return "taken"

    @property
    def texts(self) -> list[str]:
        return [text for _, text in self.said]


class Post:
    """An outbox with two groups, an operator and one delivery, at a time the test sets."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = NOW
        self.sender = FakeSender()
        self.shelf = MediaShelf()
        self.chance: Callable[[], float] = lambda: 0
        with database.write() as session:
            self.group = a_group(session, "联络员群").id or 0
            self.other = a_group(session, "领导群", ChatPurpose.LEADERS).id or 0
            self.alarms = a_group(session, "运维群").id or 0

    def delivery(self, *senders: FakeSender, database: Database | None = None) -> Delivery:
        services = Services(self.shelf, Registry(), SHANGHAI, ADDRESSES, alarm_chat="运维群")
        known = {each.name: each for each in senders or (self.sender,)}
        return Delivery(
            database or self.database, known, services, lambda: self.now, chance=self.chance
        )

    def deliver(self, **later: float) -> int:
        self.now += timedelta(**later)
        return self.delivery().deliver_due()

    def owe(
        self,
        text: str,
        *,
        chat: int | None = None,
        priority: Priority = Priority.BULK,
        now: datetime = NOW,
    ) -> None:
        with self.database.write() as session:
            reply = Reply(text)
            say(session, chat or self.group, reply, key=text, now=now, priority=priority)

    def row(self, text: str) -> OutboxMessage:
        with self.database.read() as session:
            return session.exec(select(OutboxMessage).where(OutboxMessage.text == text)).one()

    def alarm_texts(self) -> list[str]:
        with self.database.read() as session:
            query = select(OutboxMessage.text).where(OutboxMessage.chat_id == self.alarms)
            return list(session.exec(query.order_by(col(OutboxMessage.id))).all())
