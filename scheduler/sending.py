"""Hands words to a platform: one by one, or one text to several people in a single call."""

from collections.abc import Sequence

import structlog

from models.errors import DeliveryError
from scheduler.errand import Errand, Said
from scheduler.routing import CardDoor, ManyDoor, Receipt, Route

log = structlog.get_logger()


def sent(way: Route, errand: Errand) -> Receipt:
    """Send; when nobody knows whether it went out, only a platform that knows keys is asked again.

    Raises DeliveryError. Any other exception out of a platform's file is such a case too: the
    request may have left before the fault.
    """
    errand.tried_by = way.sender.name
    try:
        return _said(way, errand)
    except DeliveryError as error:
        if not error.unknown:
            raise
        raise DeliveryError(
            str(error), retryable=way.sender.knows(errand.parcel), unknown=True, shut=error.shut
        ) from error
    except Exception as error:
        log.exception("delivery broke", key=errand.parcel.key)
        raise DeliveryError(
            "程序故障", retryable=way.sender.knows(errand.parcel), unknown=True
        ) from error


def say_together(group: Sequence[tuple[Route, Errand]]) -> None:
    """Say one text to several people, each by their way to the same door, in a single call.

    What came of it stands in each errand; where the call's outcome is unknown, all of theirs are.
    """
    way, errand = group[0]
    assert isinstance(way.sender, ManyDoor)
    try:
        results = way.sender.send_to_many([each.address for each, _ in group], errand.parcel)
    except DeliveryError as error:
        results = {each.address: error for each, _ in group}
    except Exception:
        log.exception("delivery broke", key=errand.parcel.key)
        results = {}
    lost = DeliveryError("没有收到发给此人的结果", retryable=False, unknown=True)
    for each, errand in group:
        errand.said = Said(each, results.get(each.address, lost))


def _said(way: Route, errand: Errand) -> Receipt:
    if errand.said and errand.is_said_by(way):
        return errand.said.receipt()
    if isinstance(way.sender, CardDoor):
        return way.sender.send_card(way.address, errand.parcel)
    return Receipt(way.sender.send(way.address, errand.parcel))
