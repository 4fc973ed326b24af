"""What people do with cards of DingTalk: they read them, tap their buttons, and write beside."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.platforms.dingtalk import DingTalk
from bot.platforms.dingtalk_stream import DingTalkStream
from models.db import Database
from models.submission import Submission
from tests.dingtalk import DingTalkOffice, open_dingtalk
from tests.twins.dingtalk.cards import Card
from tests.twins.dingtalk.record import Bubble as Said
from tests.twins.record import Bubble

POLICE, ADMIN = "州公安局联络员", "管理员甲"
GROUP = "cidGroup/+=="
REPORT = "报送 州1-7\n截至：7月31日\n完成数：3600个\n措施：分片包干，逐村安装调试。"
TEMPLATE = "0b7d7f2c-8a3e-4a52-9d0a-2f6f1f2f3c11.schema"
CREATE, UPDATE = "card/instances/createAndDeliver", "card/instances"
REGISTER = "card/callbacks/register"


@dataclass
class CardHands:
    """The people of an office whose administrator has drawn the card."""

    office: DingTalkOffice

    @property
    def robot(self) -> DingTalk | DingTalkStream:
        found = self.office.house.platforms["dingtalk"]
        assert isinstance(found, DingTalk | DingTalkStream)
        return found

    def says(self, person: str, *parts: str | bytes) -> None:
        speech = self.office.speech
        if len(parts) == 1 and isinstance(parts[0], str):
            speech.says(person, parts[0]).answer()
        else:
            speech.mixes(person, *parts).answer()
        self.office.works()

    def cards(self, chat: str) -> list[Bubble]:
        return [each for each in self.office.twin.seen(chat) if each.door == "card"]

    def card(self, chat: str) -> Bubble:
        """The newest card in a chat."""
        return self.cards(chat)[-1]

    def of(self, bubble: Bubble) -> Card:
        """The servers' own card behind what is seen of it."""
        every = self.office.twin.cards.all.values()
        return next(c for c in every if any(b is bubble for _, b in c.bubbles))

    def taps(self, person: str, bubble: Bubble, label: str) -> None:
        """A tap on the button of this label, also on one that is no longer to be seen."""
        params = self.of(bubble).params
        at = next(n for n in "123456" if params[f"b{n}"] == label)
        self.hands_back(person, self.of(bubble).track, params[f"w{at}"])

    def hands_back(self, person: str, track: str, words: str) -> None:
        self.office.speech.taps(person, track, {"words": words}).answer()
        self.office.works()

    def reads(self, person: str) -> list[str]:
        """Every word that *person* sees beside cards, oldest first."""
        return [e.text for e in self.office.twin.seen(person) if e.door != "card"]

    def links(self, person: str) -> list[str]:
        """What can be tapped in the newest word of *person*'s in which anything can; no card's."""
        seen = (each for each in self.office.twin.seen(person) if isinstance(each, Said))
        return [list(each.links) for each in seen if each.links][-1]

    def report(self, number: int = 1) -> Submission:
        with self.office.house.database.read() as session:
            return session.get_one(Submission, number)


def labels(card: Bubble) -> list[str]:
    """What the buttons of a card say that is open; none where something was chosen or decided."""
    params = params_of(card)
    if params["status"] or params.get("chosen"):
        return []
    return [params[f"b{n}"] for n in "123456" if params[f"b{n}"]]


def stands(card: Bubble) -> str:
    """What stands in the place of the buttons: what was decided, else what was tapped."""
    params = params_of(card)
    return params["status"] or params.get("chosen", "")


def params_of(card: Bubble) -> dict[str, str]:
    found: dict[str, str] = card.body["params"]
    return found


@contextmanager
def with_cards(
    database: Database, folder: Path, monkeypatch: pytest.MonkeyPatch, *, stream: bool = False
) -> Iterator[CardHands]:
    """An office whose choices are offered as cards."""
    monkeypatch.setenv("DINGTALK_CARD_TEMPLATE", TEMPLATE)
    with open_dingtalk(database, folder, monkeypatch, stream=stream) as office:
        office.twin.cards.templates[TEMPLATE] = True
        yield CardHands(office)
