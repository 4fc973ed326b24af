"""The demonstration's people on WeCom: what they say comes by one of its doors, and is answered."""

from collections.abc import Sequence
from typing import ClassVar

from bot.demo_stage import Photo
from tests.stages import Said, TwinStage
from tests.twins.courier import Delivery
from tests.twins.wecom import bot_door, frames
from tests.twins.wecom.speech import E, Speech
from tests.twins.wecom.twin import Twin
from tests.wecom import WecomOffice


class SaidToApp:
    """A message in the app's single chat; its answer is a message of its own."""

    def __init__(self, twin: Twin, delivery: Delivery) -> None:
        self._twin, self._delivery = twin, delivery
        assert delivery.answer().status == 200

    def comes_again(self) -> None:
        again = self._twin.app.post(self._delivery.letter, self._delivery.msgid)
        assert again.answer().status == 200

    def ends(self) -> None:
        pass


class SaidToBot:
    """A message to the bot at its address, which is asked for the answer until that is whole."""

    def __init__(self, twin: Twin, exchange: bot_door.Exchange) -> None:
        self._twin, self._exchange = twin, exchange
        assert exchange.answer() is not None

    def comes_again(self) -> None:
        assert self._twin.bot.post(self._exchange.delivery.letter).answer().status == 200

    def ends(self) -> None:
        self._exchange.until_finished()
        assert not self._exchange.is_expired


class SaidToLink:
    """A message to the bot on its connection, where the answer grows by itself."""

    def __init__(self, twin: Twin, exchange: frames.Exchange) -> None:
        self._twin, self._exchange = twin, exchange
        assert not exchange.is_lost
        twin.answers(exchange, 1)

    def comes_again(self) -> None:
        self._twin.linked.repeat(self._exchange)

    def ends(self) -> None:
        said = [each.body for each in self._twin.answers(self._exchange)]
        ends = [each["stream"]["finish"] for each in said if each["msgtype"] == "stream"]
        assert ends == [False] * (len(ends) - 1) + [True]


class WecomStage(TwinStage[Twin]):
    """Lets the demonstration's people speak by WeCom, and time pass at its servers."""

    platform: ClassVar[str] = "wecom"

    def __init__(self, office: WecomOffice) -> None:
        super().__init__(office)
        # An answer is asked for at once: what happens takes no time, as in the practice chat.
        self.twin.bot.poll_every = 0.001


class AppStage(WecomStage):
    """People write to the app; in groups, which no app hears, to the bot at its address."""

    def bring(self, person: str, text: str, group: str, photos: Sequence[Photo]) -> Said:
        """A message has words or one picture: pictures first, as people send them."""
        if group:
            return SaidToBot(self.twin, self.twin.bot.says(person, text, chat=group))
        for photo in photos:
            SaidToApp(self.twin, self.twin.app.shows(person, photo.data, photo.name))
        return SaidToApp(self.twin, self.twin.app.says(person, text))


class BotStage(WecomStage):
    """People write to the bot, which is called at its address."""

    def bring(self, person: str, text: str, group: str, photos: Sequence[Photo]) -> Said:
        """A message may have words and pictures."""
        return SaidToBot(self.twin, _said_to(self.twin.bot, person, text, group, photos))


class LinkStage(WecomStage):
    """People write to the bot on its long connection."""

    def bring(self, person: str, text: str, group: str, photos: Sequence[Photo]) -> Said:
        """A message may have words and pictures."""
        return SaidToLink(self.twin, _said_to(self.twin.linked, person, text, group, photos))


def _said_to(bot: Speech[E], person: str, text: str, group: str, photos: Sequence[Photo]) -> E:
    if not photos:
        return bot.says(person, text, chat=group)
    return bot.mixes(person, text, *(each.data for each in photos), chat=group)
