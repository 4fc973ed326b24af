"""What the enterprise robot says: by the API, to people and to groups, whichever way it hears."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import PurePath

from bot.dingtalk.api import Api
from bot.dingtalk.body import PLATFORM
from bot.dingtalk.cards import Cards, is_card
from bot.dingtalk.media import LARGEST_UPLOAD, PICTURES
from bot.dingtalk.meter import Meter, Pool
from bot.dingtalk.people import Recipient, is_outsider, recipient
from bot.dingtalk.recall import WITHIN, recall
from bot.dingtalk.words import LARGEST, for_api, worded
from bot.media_ids import MediaIds
from bot.pictures import as_taken
from bot.platforms.base import Fetched
from models.chat import is_group_at
from models.db import Database
from models.errors import DeliveryError
from models.member import spelled
from models.message import Attachment
from models.rules.quota import is_scarce
from scheduler.closed import is_of_door
from scheduler.routing import Pace, Parcel, Receipt

NAME = "dingtalk"
#: Larger pictures are drawn again: one page says 20 MB, the list of errors 1 MB.
LARGEST_PICTURE = 1_000_000
#: What a message can carry as a file; all else is opened as a page.
FILES = frozenset(("xlsx", "pdf", "zip", "rar", "doc", "docx"))
_DRAWN_AGAIN = "image/jpeg"


class Speaking:
    """The enterprise robot's speech; a class that hears inherits it."""

    name = NAME
    platform = PLATFORM
    reaches_people = True
    #: The platform counts calls of the whole office, not words to one chat.
    paces: tuple[Pace, ...] = ()
    largest = LARGEST
    recalls_within = WITHIN

    def __init__(
        self,
        api: Api,
        cards: Cards,
        database: Database,
        meter: Meter,
        clock: Callable[[], datetime],
    ) -> None:
        self._api = api
        self._cards = cards
        self._database = database
        self._meter = meter
        self._media = MediaIds(self._upload, clock)

    def fetch(self, attachment: Attachment) -> Fetched:
        """The picture or file behind a download code."""
        return self._api.download(attachment.ref)

    def can_carry(self, address: str, parcel: Parcel) -> bool:
        """Texts to whoever has an id; pictures that can be read, files of the kinds it takes."""
        if is_outsider(address):
            return False
        if parcel.data is None:
            return True
        if parcel.is_picture:
            return as_taken(parcel.data, parcel.mime, PICTURES, LARGEST_PICTURE) is not None
        return _kind_of(parcel.name) in FILES and 0 < len(parcel.data) <= LARGEST_UPLOAD

    def knows(self, parcel: Parcel) -> bool:
        """The same words twice are said twice."""
        return False

    def offers(self, parcel: Parcel) -> bool:
        """Whether it is a card while calls are not scarce: then answers in place cost none."""
        return self._cards.can_show(parcel) and not is_scarce(self.strain())

    def strain(self) -> float:
        """How much of the month's calls is used up."""
        return self._meter.strain(Pool.API)

    def send(self, address: str, parcel: Parcel) -> str:
        """Say it to a person or a group; the key by which it can be taken back.

        Raises DeliveryError.
        """
        return self.send_card(address, parcel).answer

    def send_card(self, address: str, parcel: Parcel) -> Receipt:
        """As `send`; choices as a card where it can show them, which is known by its id."""
        with self._database.read() as session:
            to = recipient(session, address, parcel)
        if card := self._cards.show(to, parcel):
            return Receipt(card, card)
        return Receipt(self._send(to, parcel))

    def close_card(self, code: str, label: str) -> None:
        """Show *label* in the place of the card's buttons; raises DeliveryError."""
        self._cards.close(code, label)

    def send_to_many(
        self, addresses: Sequence[str], parcel: Parcel
    ) -> Mapping[str, str | DeliveryError]:
        """By address of a person what `send` would return or raise, in one call for twenty."""
        with self._database.read() as session:
            ids = spelled(session, PLATFORM, addresses)
        key, param = self._message(parcel, alone=True)
        answers = self._api.say_to_people(ids, key, param)
        return {address: answers[each] for address, each in zip(addresses, ids, strict=True)}

    def recall(self, said: Mapping[str, str]) -> Mapping[str, DeliveryError | None]:
        """By the key of each message None where it stands there no more, else why it does.

        *said* holds the address of each.
        """
        cards = {key for key in said if is_card(key)}
        with self._database.read() as session:
            groups = {e for e in set(said.values()) if is_group_at(session, PLATFORM, e)}
        keys = {
            key: address if address in groups else ""
            for key, address in said.items()
            if key not in cards
        }
        return {**recall(self._api, keys), **self._cards.take_back(cards)}

    def _send(self, to: Recipient, parcel: Parcel) -> str:
        key, param = self._message(parcel, alone=not to.is_group)
        try:
            return self._said(to, key, param)
        except DeliveryError as error:
            if parcel.data is not None and not (error.unknown or is_of_door(error)):
                self._media.forget(_media_kind(parcel), parcel)  # what was uploaded may be gone
            raise

    def _said(self, to: Recipient, key: str, param: Mapping[str, str]) -> str:
        if to.is_group:
            return self._api.say_to_group(to.id, key, param)
        answer = self._api.say_to_people([to.id], key, param)[to.id]
        if isinstance(answer, DeliveryError):
            raise answer
        return answer

    def _message(self, parcel: Parcel, *, alone: bool) -> tuple[str, dict[str, str]]:
        if parcel.data is None:
            return for_api(worded(parcel, alone=alone))
        media_id = self._media.of(_media_kind(parcel), parcel)
        if parcel.is_picture:
            return "sampleImageMsg", {"photoURL": media_id}
        kind = _kind_of(parcel.name)
        return "sampleFile", {"mediaId": media_id, "fileName": parcel.name, "fileType": kind}

    def _upload(self, kind: str, parcel: Parcel) -> str:
        taken = _as_taken(parcel) if parcel.is_picture else parcel
        return self._api.upload(kind, taken.name, taken.data or b"", taken.mime)


def _as_taken(parcel: Parcel) -> Parcel:
    """The picture as it is taken, drawn again where it would not be.

    Raises DeliveryError where it cannot be read.
    """
    data = as_taken(parcel.data or b"", parcel.mime, PICTURES, LARGEST_PICTURE)
    if data is None:
        raise DeliveryError("图片打不开，不能显示", retryable=False, elsewhere=True)
    mime = parcel.mime if data is parcel.data else _DRAWN_AGAIN
    name = f"{PurePath(parcel.name).stem}.{PICTURES[mime]}"
    return replace(parcel, data=data, name=name, mime=mime)


def _media_kind(parcel: Parcel) -> str:
    return "image" if parcel.is_picture else "file"


def _kind_of(name: str) -> str:
    """What the end of a file's name says it is."""
    return PurePath(name).suffix.removeprefix(".").lower()
