"""A tap on a button of a card, as its callback tells: at the robot's address or on its stream."""

import hashlib
import json
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from bot.dingtalk.body import LONGEST_ID, PLATFORM, TO_THE_ROBOT, Word
from bot.dingtalk.content import record, word
from bot.dingtalk.settings import DingTalkSettings
from bot.dingtalk.tracks import Tracks
from bot.json_object import read_object
from bot.taken import taken
from models.errors import BadRequest
from models.message import ChatKind, IncomingMessage

#: How the numbers of taps begin.
CARD = "card:"
#: The parameter in which each button of the template hands back its words.
WORDS = "words"
#: What the one who tapped sees in the place of the buttons: a private variable of the template.
CHOSEN = "chosen"


class _Callback(BaseModel):
    """The callback; `content` is called `value` on one page."""

    model_config = ConfigDict(alias_generator=to_camel, extra="ignore", frozen=True)

    out_track_id: Word = ""
    corp_id: Word = ""
    user_id: Word = ""
    content: Any = None
    value: Any = None

    @property
    def said(self) -> str:
        """What the button hands back; empty where it was given nothing."""
        told = self.content or self.value
        found = record(read_object(told) if isinstance(told, str) else told)
        params = record(record(found.get("cardPrivateData")).get("params"))
        return word(params.get(WORDS)).strip()


def tap_in(
    raw: bytes | str, tracks: Tracks, settings: DingTalkSettings, received_at: datetime
) -> IncomingMessage:
    """The words of the button as a message of whoever tapped, in the chat of the card.

    The same button counts once for a person, whether tapped or told of again: callbacks have no
    number, and a card has nothing to tap where it was. Raises BadRequest for another
    organisation's people, for cards of others and for words that no button has.
    """
    found = _Callback.model_validate(read_object(raw))
    track, person = tracks.read(found.out_track_id), found.user_id.strip()
    if found.corp_id != settings.dingtalk_corp_id:
        raise BadRequest("for another organisation", status=403)
    if not found.said or not 0 < len(person) <= LONGEST_ID:
        raise BadRequest("a tap that says nothing, or of nobody")
    words = tracks.opened(found.out_track_id, found.said)
    told = json.dumps([found.out_track_id, person.casefold(), words])
    return IncomingMessage(
        platform=PLATFORM,
        message_id=CARD + hashlib.sha256(told.encode()).hexdigest()[:32],
        sender_id=person,
        chat_id=track.group or person,
        chat_kind=ChatKind.GROUP if track.group else ChatKind.SINGLE,
        text=words,
        sent_at=received_at,
        # In a group the others see only by its closing that something was chosen.
        tapped="" if track.group else track.key,
        single_chat=TO_THE_ROBOT if track.group else "",
    )


def shown_after(raw: bytes | str) -> bytes:
    """What the callback is answered with: the card shows to whoever tapped what was chosen."""
    words = _Callback.model_validate(read_object(raw)).said.partition(" ")[2]
    told = {
        "userPrivateData": {"cardParamMap": {CHOSEN: taken(words)}},
        "cardUpdateOptions": {"updatePrivateDataByKey": True},
    }
    return json.dumps(told, ensure_ascii=False).encode()
