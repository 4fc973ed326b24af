"""Numbered lists: what was shown last, so that a number in the next message means its entry."""

from collections.abc import Sequence

from sqlmodel import Session

from handlers.context import Context
from handlers.dispatch import LISTING_LIFE
from models.listing import Listing, listing_of


def keep_list(ctx: Context, template: str, entries: Sequence[str]) -> None:
    """Remember the list being shown; a bare number will repeat *template* with that entry."""
    session: Session = ctx.session
    row = listing_of(session, ctx.speaker.id)
    if row is None:
        row = Listing(member_id=ctx.speaker.id, template=template, shown_at=ctx.now)
        session.add(row)
    row.template, row.entries, row.shown_at = template, list(entries), ctx.now
    session.flush()


def keep_numbers(ctx: Context, template: str) -> None:
    """Remember that lines with their own numbers (#128) are shown: a bare 128 means that one.

    Such a list has no places of its own, so that one number never means two reports.
    """
    keep_list(ctx, template, [])


def entry_called(ctx: Context, text: str) -> str | None:
    """What a number in a command stands for: that entry of the list last shown, or None."""
    wanted = text.strip()
    if not wanted.isdecimal() or len(wanted) > 3:
        return None
    row = listing_of(ctx.session, ctx.speaker.id)
    if row is None or ctx.now - row.shown_at > LISTING_LIFE:
        return None
    if not 1 <= int(wanted) <= len(row.entries):
        return None
    return str(row.entries[int(wanted) - 1])
