"""The demonstration's people on DingTalk: what they say comes to the robot, and is answered."""

from collections.abc import Sequence
from typing import ClassVar

from bot.demo_stage import BOT, Photo
from tests.stages import Said, TwinStage
from tests.twins import record
from tests.twins.courier import Delivery
from tests.twins.dingtalk.frames import Carried
from tests.twins.dingtalk.record import Bubble
from tests.twins.dingtalk.speech import E, Speech
from tests.twins.dingtalk.twin import Twin


class Called:
    """A message that the robot was called with at its address."""

    def __init__(self, twin: Twin, delivery: Delivery) -> None:
        self._twin, self._delivery = twin, delivery
        assert delivery.answer().status == 200

    def comes_again(self) -> None:
        assert self._twin.robot.post(self._delivery.letter).answer().status == 200

    def ends(self) -> None:
        """Its answer is messages of their own."""


class Framed:
    """A message that came to the robot on the stream."""

    def __init__(self, twin: Twin, carried: Carried) -> None:
        self._twin, self._carried = twin, carried
        assert carried.answer().code == 200

    def comes_again(self) -> None:
        assert self._twin.linked.repeat(self._carried).answer().code == 200

    def ends(self) -> None:
        """Its answer is messages of their own."""


class DingTalkStage(TwinStage[Twin]):
    """Lets the demonstration's people speak by DingTalk, and time pass at its servers."""

    platform: ClassVar[str] = "dingtalk"
    #: Whether choices are offered as cards of the office's own.
    has_cards: ClassVar[bool] = False

    def group(self, chat: str) -> str:
        """The conversationId of a group: all begin alike."""
        return group_id(chat)

    def reads(self, bubble: record.Bubble) -> str:
        """Words to be tapped stand below the others; a card's are among its own."""
        links = bubble.links if isinstance(bubble, Bubble) else ()
        return "".join((super().reads(bubble), *links))


class CalledStage(DingTalkStage):
    """People write to the robot, which is called at its address."""

    def bring(self, person: str, text: str, group: str, photos: Sequence[Photo]) -> Said:
        return Called(self.twin, _said_to(self.twin.robot, person, text, group, photos))


class StreamStage(DingTalkStage):
    """People write to the robot, which hears by the stream, taps on its cards as well."""

    has_cards: ClassVar[bool] = True

    def bring(self, person: str, text: str, group: str, photos: Sequence[Photo]) -> Said:
        return Framed(self.twin, _said_to(self.twin.linked, person, text, group, photos))


def group_id(chat: str) -> str:
    """What DingTalk calls a group of the demonstration."""
    return f"cid-{chat}=="


def _said_to(robot: Speech[E], person: str, text: str, group: str, photos: Sequence[Photo]) -> E:
    """A message may have words and pictures; the name of the robot in front is taken off."""
    if group:
        text = text.removeprefix(f"@{BOT} ")
    if not photos:
        return robot.says(person, text, group)
    return robot.mixes(person, text, *(each.data for each in photos), chat=group)
