"""Numbered lists: what was shown last, so that a number in the next message means its entry."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from handlers.context import Context
from handlers.reading.normalise import normalise
from models.errors import Refused
from models.listing import Listing, forget_listing, keep_listing, listing_of

#: A number picks from the last list only while the list is still on the screen.
LISTING_LIFE = timedelta(hours=12)
_PAGE = re.compile(r"(?:^|\s)第?\s*(?P<page>\d{1,3})\s*页$")


def keep_list(ctx: Context, template: str, entries: Sequence[str]) -> None:
    """Remember the list being shown; a bare number will repeat *template* with that entry.

    A template without a place for it is no list, but an order that waits for words.
    """
    keep_listing(ctx.session, ctx.speaker.id, template, entries, ctx.now)


def keep_numbers(ctx: Context, template: str) -> None:
    """Remember that lines with their own numbers (#128) are shown: a bare 128 means that one.

    Such a list has no places of its own, so that one number never means two reports.
    """
    keep_list(ctx, template, [])


def shown_list(session: Session, member_id: int, now: datetime) -> Listing | None:
    """The list that a number still picks from, or None."""
    row = listing_of(session, member_id)
    is_list = row is not None and "{}" in row.template
    return row if row is not None and is_list and now - row.shown_at <= LISTING_LIFE else None


def forget_list(session: Session, member_id: int) -> None:
    """A question asked after a list makes a bare number an answer again."""
    forget_listing(session, member_id)


def forget_offer(session: Session, member_id: int) -> None:
    """What alone was offered is done, or overtaken: a number says it no more."""
    row = listing_of(session, member_id)
    if row is not None and len(row.entries) == 1:
        forget_listing(session, member_id)


def entry_called(ctx: Context, text: str) -> str | None:
    """What a number in a command stands for: that entry of the list last shown, or None."""
    wanted = text.strip()
    if not wanted.isdecimal() or len(wanted) > 3:
        return None
    row = shown_list(ctx.session, ctx.speaker.id, ctx.now)
    if row is None or not 1 <= int(wanted) <= len(row.entries):
        return None
    return str(row.entries[int(wanted) - 1])


def page_asked(text: str) -> tuple[str, int]:
    """What stands before 第2页, and the page; the first where none is named."""
    plain = normalise(text).strip()
    found = _PAGE.search(plain)
    if found is None:
        return text.strip(), 1
    return plain[: found.start()].strip(), int(found["page"])


def page_of(page: int, count: int, size: int, what: str) -> slice:
    """The places shown on a page of *count* things; refused where there is no such page."""
    pages = max(-(-count // size), 1)
    if not 1 <= page <= pages:
        raise Refused(f"{what}，分{pages}页，没有第{page}页。请发第1至{pages}页。")
    return slice((page - 1) * size, min(page * size, count))
