"""Pictures and files for the bot's long connection: sent ahead in pieces, known by an id."""

import hashlib
from collections.abc import Callable

from bot.wecom.body import Body
from bot.wecom.frames import PIECE, UPLOAD_BEGIN, UPLOAD_END, UPLOAD_PIECE, pieces
from models.errors import DeliveryError
from scheduler.routing import Parcel

Ask = Callable[[str, Body], Body]


class Uploads:
    """Uploads by one connection; for one thread at a time."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        #: The platform's page counts pieces from 1, its own client from 0: the server decides.
        self._first = 0

    def upload(self, kind: str, parcel: Parcel) -> str:
        """The id of what a parcel carries, good for three days; raises DeliveryError."""
        data = parcel.data or b""
        begin = {
            "type": kind,
            "filename": parcel.name,
            "total_size": len(data),
            "total_chunks": -(-len(data) // PIECE),
            "md5": hashlib.md5(data, usedforsecurity=False).hexdigest(),
        }
        number = {"upload_id": str(self._ask(UPLOAD_BEGIN, begin)["upload_id"])}
        try:
            self._send_pieces(number, data)
        except DeliveryError as error:
            if error.unknown or error.retryable or self._first:
                raise
            self._first = 1
            try:
                self._send_pieces(number, data)
            except DeliveryError:
                self._first = 0
                raise
        return str(self._ask(UPLOAD_END, number)["media_id"])

    def _send_pieces(self, number: Body, data: bytes) -> None:
        for each in pieces(data, self._first):
            self._ask(UPLOAD_PIECE, number | each)
