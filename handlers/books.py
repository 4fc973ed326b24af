"""The programme in a workbook, read when it comes, so that nobody waits in a transaction for it."""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from pathlib import PurePath
from typing import TYPE_CHECKING

from pydantic import TypeAdapter
from sqlmodel import Session

from handlers.context import MediaStore, speaker_of
from handlers.reporting.sheets import LARGEST, is_workbook
from models.errors import Problem, ProgrammeError
from models.media import Media
from models.member import RoleName, member_at
from models.message import IncomingMessage

if TYPE_CHECKING:
    from models.programmes.workbook import Book

#: The same bytes may come again under a name that is nobody else's business.
_UNNAMED = "工作簿"


def brings_programme(session: Session, message: IncomingMessage, media: Media) -> bool:
    """Whether a file of this message is a workbook whose sender may load programmes."""
    if not is_workbook(media):
        return False
    member = member_at(session, message.platform, message.sender_id)
    return member is not None and speaker_of(session, member).has(RoleName.ADMIN)


def keep_book(media: Media, store: MediaStore) -> None:
    """Read a workbook that an admin has just sent; keep its programme, or what is wrong in it."""
    if is_workbook(media) and media.size <= LARGEST:
        kept = _read(store.get(media.stored_sha), media.name)
        media.book_sha = store.put(_kept().dump_json(kept))


def book_of(media: Media, store: MediaStore) -> "Book":
    """The programme in the workbook; ProgrammeError names each place that is wrong."""
    if media.book_sha:
        problems, book = _kept().validate_json(store.get(media.book_sha))
    else:  # whoever sent it was no admin then
        problems, book = _read(store.get(media.stored_sha), media.name)
    if book is None:
        raise ProgrammeError(_called(problems, media.name))
    return replace(
        book,
        assumed=tuple(_called(book.assumed, media.name)),
        not_understood=tuple(_called(book.not_understood, media.name)),
    )


def _read(data: bytes, name: str) -> "tuple[list[Problem], Book | None]":
    """What is wrong, or the programme; the places in it bear no file's name yet."""
    from models.programmes.workbook import read_workbook  # its library costs a start 0.1 s

    try:
        return [], read_workbook(data, _UNNAMED + PurePath(name.lower()).suffix)
    except ProgrammeError as error:
        return list(error.problems), None


def _called(problems: Iterable[Problem], name: str) -> list[Problem]:
    """The places under the name that this sender gave the file."""
    unnamed = f"《{_UNNAMED}{PurePath(name.lower()).suffix}》"
    return [replace(each, where=each.where.replace(unnamed, f"《{name}》", 1)) for each in problems]


@lru_cache(maxsize=1)
def _kept() -> "TypeAdapter[tuple[list[Problem], Book | None]]":
    from models.programmes.workbook import Book

    return TypeAdapter(tuple[list[Problem], Book | None])
