"""Ids of cards (outTrackId): one for each word, known to nobody else, and read without a query."""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass

from models.errors import BadRequest

#: How the id of every card of ours begins.
PREFIX = "dajuan_"
#: No length is documented; what is longer stays a text.
LONGEST = 128
_SIGNED = 16
#: So many letters of a signature stand before the words of a button.
_SEAL = 12
_PURPOSE = "dingtalk cards"


@dataclass(frozen=True)
class Track:
    """The word behind a card, by its key, and the group in which it stands, if in one."""

    key: str
    group: str = ""


class Tracks:
    """Makes and reads the ids of one installation's cards, by the installation's *secret*."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def of(self, track: Track) -> str:
        """The id of a word's card, the same at every try."""
        told = base64.urlsafe_b64encode(f"{track.group} {track.key}".encode()).decode().rstrip("=")
        return f"{PREFIX}{told}.{self._sign(told)}"

    def read(self, said: str) -> Track:
        """What an id means; raises BadRequest (403) for one that was not made here."""
        told, _, sign = said.removeprefix(PREFIX).partition(".")
        if not hmac.compare_digest(sign.encode(errors="replace"), self._sign(told).encode()):
            raise BadRequest("a card of somebody else", status=403)
        try:
            text = base64.urlsafe_b64decode(told + "=" * (-len(told) % 4)).decode()
        except (binascii.Error, ValueError) as error:
            raise BadRequest("a card of somebody else", status=403) from error
        group, _, key = text.partition(" ")
        return Track(key, group)

    def sealed(self, track: str, words: str) -> str:
        """What a button of this card hands back: its words, which nobody else can put there.

        A call is signed by its time alone: whoever saw one could else make a card say anything.
        """
        return f"{self._sign(f'{track} {words}')[:_SEAL]} {words}"

    def opened(self, track: str, said: str) -> str:
        """The words; raises BadRequest (403) where this card has no button that says them."""
        words = said.partition(" ")[2]
        wanted = self.sealed(track, words).encode(errors="replace")
        if not hmac.compare_digest(said.encode(errors="replace"), wanted):
            raise BadRequest("words that the card does not offer", status=403)
        return words

    def derived(self, purpose: str) -> str:
        """A secret for one *purpose*, which tells nothing of the installation's own."""
        said = f"{_PURPOSE}: {purpose}".encode()
        return hmac.new(self._secret.encode(), said, hashlib.sha256).hexdigest()

    def _sign(self, told: str) -> str:
        digest = hmac.digest(self.derived("id").encode(), told.encode(errors="replace"), "sha256")
        return base64.urlsafe_b64encode(digest[:_SIGNED]).decode().rstrip("=")
