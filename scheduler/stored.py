"""The media store as a door of its own: while it is away, words with pictures or files wait."""

from dataclasses import replace
from datetime import datetime

from handlers.context import MediaStore
from models.errors import DeliveryError, MediaUnavailable, Shut
from scheduler.closed import ClosedDoors
from scheduler.errand import Errand

#: What it is called among the doors that are closed.
STORE = "media store"


class StoreAway(DeliveryError):
    """The media store answers nothing at the moment, whatever is asked for."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, retryable=True, shut=Shut.AWAY)


def fill(errand: Errand, store: MediaStore, closed: ClosedDoors, now: datetime) -> None:
    """Put the picture or file of *errand* into its parcel; of what has none nothing is asked.

    Raises StoreAway where it should wait, DeliveryError where the store has it no more.
    """
    media = errand.rows[0].media_ref()
    if media is None:
        return
    if why := closed.why(STORE, now):
        raise StoreAway(str(why))
    try:
        data = store.get(media.sha)
    except MediaUnavailable as error:
        if not error.retryable:
            errand.has_opened = closed.open(STORE, now)
            raise DeliveryError(str(error), retryable=False) from error
        away = StoreAway(str(error))
        errand.is_news = closed.close(STORE, away, now)
        raise away from error
    errand.has_opened = closed.open(STORE, now)
    errand.parcel = replace(
        errand.parcel, data=data, name=media.name, mime=media.mime, marked=media.marked
    )
