"""Whom an address means at DingTalk: a person, by the letters of their id, or a group."""

from dataclasses import dataclass

from sqlmodel import Session

from bot.dingtalk.body import OUTSIDER, PLATFORM
from models.chat import is_group_at
from models.inbox import find_message
from models.member import spelled
from scheduler.routing import Parcel


@dataclass(frozen=True)
class Recipient:
    """Where a word goes: *id* as it stands on the wire."""

    id: str
    is_group: bool


def is_outsider(address: str) -> bool:
    """Whether only the address in their own message leads there: they have no id here."""
    return address.startswith(OUTSIDER)


def recipient(session: Session, address: str, parcel: Parcel) -> Recipient:
    """Who or what is found at *address*: ids compare without regard to case here, not there.

    Whoever is answered is found by the letters in which their message came.
    """
    if is_group_at(session, PLATFORM, address):
        return Recipient(address, is_group=True)
    asked = find_message(session, PLATFORM, parcel.answers) if parcel.answers else None
    if asked is not None and asked.sender_id.casefold() == address.casefold():
        return Recipient(asked.sender_id, is_group=False)
    return Recipient(spelled(session, PLATFORM, [address])[0], is_group=False)
