"""Documents that the bot made and that name a person who is erased: they are withdrawn."""

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime

from sqlmodel import Session, col, select, update

from handlers.context import MediaStore
from models.bulletin import Bulletin
from models.db import Database
from models.errors import MediaUnavailable
from models.link import Link
from models.outbox import OutboxMessage

#: A package holds documents, which are archives again.
_DEEPEST = 2
#: What one document may grow to while it is looked through.
_MOST_BYTES = 64 * 1024 * 1024


def files_naming(database: Database, media: MediaStore, name: str) -> frozenset[str]:
    """The documents sent to people that name *name*; issued documents are the record and none."""
    with database.read() as session:
        issued = set(session.exec(select(Bulletin.media_sha)).all())
        sent = set(_sent(session)) - issued
    return frozenset(sha for sha in sent if _holds(_bytes(media, sha), _forms(name), _DEEPEST))


def _forms(name: str) -> tuple[bytes, ...]:
    """The name as texts have it, and as XML may spell it."""
    return name.encode(), name.encode("ascii", "xmlcharrefreplace")


def _sent(session: Session) -> Iterator[str]:
    for ref in session.exec(select(OutboxMessage.media)).all():
        if ref and not ref["mime"].startswith("image/"):
            yield ref["sha"]
    for sha in session.exec(select(Link.media_sha).distinct()).all():
        if sha:
            yield sha


def _bytes(media: MediaStore, sha: str) -> bytes:
    try:
        return media.get(sha)
    except MediaUnavailable:
        return b""


def _holds(data: bytes, forms: tuple[bytes, ...], depth: int) -> bool:
    """Whether a text, or a part of an archive such as Word and Excel files are, has the name."""
    if any(each in data for each in forms):
        return True
    if not depth or not zipfile.is_zipfile(io.BytesIO(data)):
        return False
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return any(
            _holds(part.filename.encode() + archive.read(part), forms, depth - 1)
            for part in archive.infolist()
            if part.file_size <= _MOST_BYTES
        )


def withdraw(session: Session, shas: frozenset[str], now: datetime) -> int:
    """Let nobody open these any more; their bytes go with the next night. Returns how many rows."""
    rows = [
        row
        for row in session.exec(select(OutboxMessage).where(col(OutboxMessage.media).is_not(None)))
        if row.media and row.media["sha"] in shas
    ]
    for row in rows:
        row.media = None
    links = session.exec(
        update(Link)
        .where(col(Link.media_sha).in_(shas))
        .values(media_sha=None, name="", revoked_at=now)
    )
    session.flush()
    return len(rows) + links.rowcount
