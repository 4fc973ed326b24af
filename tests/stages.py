"""The demonstration's people on a platform: what they say comes by its door, and is answered."""

from collections.abc import Sequence
from typing import Any, Generic, Protocol, TypeVar

from sqlmodel import col, func, select

from bot.demo_stage import Photo, Stage, Transcript
from bot.platforms.sandbox import SINGLE
from models.chat import Door
from models.outbox import OutboxMessage
from tests.connected import Office
from tests.twins.record import Bubble
from tests.twins.stand_in import StandIn

T = TypeVar("T", bound=StandIn)


class Said(Protocol):
    """One thing that was said, taken in by the service."""

    def comes_again(self) -> None:
        """The same message once more, as from a platform that heard nothing."""

    def ends(self) -> None:
        """Return once its answer grows no more."""


class TwinStage(Stage, Generic[T]):
    """Lets the demonstration's people speak by a platform, and time pass at its servers."""

    def __init__(self, office: Office[T]) -> None:
        super().__init__(office.house, Transcript(office.house, lambda line: None))
        self.twin = office.twin

    def say(
        self,
        person: str,
        text: str,
        *,
        chat: str = SINGLE,
        photos: Sequence[Photo] = (),
        times: int = 1,
    ) -> str:
        """Send one message, *times* over as a platform does that hears nothing; the answers."""
        before, group = self._words(), "" if chat == SINGLE else self.group(chat)
        said = self.bring(person, text, group, photos)
        # What is secret is read before it is sent: then nothing of it is kept.
        self.house.inbox.handle_due(may_wait=False)
        answers = self._answers(before, {person, group or person})
        self.house.work_off()
        said.ends()
        for _ in range(times - 1):
            said.comes_again()
            self.house.work_off()
        return "\n".join(answers)

    def group(self, chat: str) -> str:
        """What the platform calls a group of the demonstration."""
        return chat

    def bring(self, person: str, text: str, group: str, photos: Sequence[Photo]) -> Said:
        """Bring what somebody says, in a *group* or alone with the service, to its door."""
        raise NotImplementedError

    def reads(self, bubble: Bubble) -> str:
        """All that stands in a message as a client shows it, in its order."""
        return _texts(bubble.body)

    def _words(self) -> int:
        with self.house.database.read() as session:
            return session.exec(select(func.max(OutboxMessage.id))).one() or 0

    def _answers(self, after: int, addresses: set[str]) -> list[str]:
        with self.house.database.read() as session:
            chats = select(Door.chat_id).where(col(Door.address).in_(addresses))
            rows = session.exec(
                select(OutboxMessage)
                .where(col(OutboxMessage.id) > after, col(OutboxMessage.chat_id).in_(chats))
                .order_by(col(OutboxMessage.id))
            ).all()
        return [row.text or "[图片]" for row in rows]


def _texts(body: Any) -> str:
    if isinstance(body, dict):
        return "".join(
            _texts(each) for name, each in body.items() if name not in ("key", "task_id")
        )
    if isinstance(body, list):
        return "".join(map(_texts, body))
    return body if isinstance(body, str) else ""
