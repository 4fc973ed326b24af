"""Packages of a period in tests: dajuan-2021, reports on its items, and the zip read again."""

import io
import zipfile
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import BinaryIO

from docx import Document as open_word
from openpyxl import load_workbook
from sqlmodel import Session, select

from handlers.context import ExportContext
from handlers.exports.contract import Exported, ExportKind
from handlers.reporting.intake import take_in
from handlers.standing.rounds import Round, month_round
from models.db import Database
from models.figure import Figure
from models.indicator import Indicator
from models.media import keep_media
from models.obligation import Obligation, ObligationState
from models.picture import Picture
from models.programme import programme_by_code
from models.programmes.files import read_definition
from models.programmes.loader import load
from models.submission import Submission, SubmissionState, SubmissionVersion
from models.unit import Unit
from tests.factories import a_member
from tests.supervising import LOADED, hand_in, obligation_of
from tests.talk import Talk

AUGUST = month_round(date(2021, 8, 1))
#: What is said of a picture: title, day, place.
Caption = tuple[str, date | None, str]


def the_column(database: Database, *, demo: bool = False) -> Talk:
    """dajuan-2021 as it is printed: 39 items of 22 units, all of them due on 25 August."""
    talk = Talk(database, empty=True)
    with database.write() as session:
        load(session, read_definition("dajuan-2021"), LOADED, demo=demo)
        a_member(session, "联络员甲")
    return talk


def report(
    talk: Talk,
    number: str,
    values: Mapping[str, str] | None = None,
    sections: Mapping[str, str] | None = None,
    *,
    pictures: Iterable[tuple[bytes, Caption]] = (),
    counties: Mapping[str, str] | None = None,
    accepted: bool = True,
) -> int:
    """A report on *number* that came in now, with all that stands in it; returns its number."""
    report_id = hand_in(talk, number, values, accepted=accepted)
    with talk.database.write() as session:
        version = version_of(session, report_id)
        version.sections = dict(sections or {})
        for place, (data, caption) in enumerate(pictures, start=1):
            _picture(talk, session, version, place, data, caption)
        _counties(session, version, counties or {})
    return report_id


def version_of(session: Session, report_id: int) -> SubmissionVersion:
    return session.exec(
        select(SubmissionVersion).where(SubmissionVersion.submission_id == report_id)
    ).one()


def _picture(
    talk: Talk,
    session: Session,
    version: SubmissionVersion,
    place: int,
    data: bytes,
    caption: Caption,
) -> None:
    media = take_in(data, f"图片{place}.jpg", talk.shelf, talk.now)
    sha, delivered = media.sha, media.crop_sha or media.stored_sha
    keep_media(session, [media])
    title, taken_on, where = caption
    session.add(
        Picture(
            version_id=version.id or 0,
            position=place,
            media_sha=sha,
            delivered_sha=delivered,
            title=title,
            taken_on=taken_on,
            place=where,
        )
    )


def _counties(session: Session, version: SubmissionVersion, counties: Mapping[str, str]) -> None:
    task_id = session.get_one(Submission, version.submission_id).task_id
    indicator = session.exec(select(Indicator).where(Indicator.task_id == task_id)).first()
    units = {unit.name: unit.id for unit in session.exec(select(Unit)).all()}
    for name, value in counties.items():
        session.add(
            Figure(
                version_id=version.id,
                task_id=task_id,
                indicator_id=indicator.id if indicator else None,
                unit_id=units[name],
                as_of=version.as_of or LOADED.date(),
                value=Decimal(value),
            )
        )


def send_back(talk: Talk, report_id: int, reason: str) -> None:
    """An admin returned a report."""
    with talk.database.write() as session:
        row = session.get_one(Submission, report_id)
        row.state, row.return_reason, row.returns = SubmissionState.RETURNED, reason, 1
        session.get_one(Obligation, row.obligation_id).state = ObligationState.RETURNED


def let_off(talk: Talk, number: str, reason: str) -> None:
    """An admin let the units of *number* off in August."""
    with talk.database.write() as session:
        obligation = obligation_of(session, number)
        obligation.state, obligation.waiver_reason = ObligationState.WAIVED, reason


def written(talk: Talk, kind: ExportKind, wanted: Round | None = AUGUST) -> tuple[bytes, Exported]:
    """The file of an export of dajuan-2021 at the talk's time, and what is told of it."""
    file = io.BytesIO()
    told = write(talk, kind, file, wanted)
    return file.getvalue(), told


def write(talk: Talk, kind: ExportKind, out: BinaryIO, wanted: Round | None = AUGUST) -> Exported:
    """The same into any stream."""
    with talk.database.read() as session:
        programme = programme_by_code(session, "dajuan-2021")
        assert programme is not None
        asked = ExportContext(session, talk.now, talk.services, [programme], wanted)
        return kind.write(asked, out)


class Opened:
    """A package read again with the tools that people open it with."""

    def __init__(self, data: bytes) -> None:
        self.zip = zipfile.ZipFile(io.BytesIO(data))
        self.names = self.zip.namelist()

    def one(self, part: str) -> str:
        """The only path that contains *part*."""
        [path] = [name for name in self.names if part in name]
        return path

    def text(self, part: str) -> str:
        """A text file; its mark and its line ends are Windows'."""
        data = self.zip.read(self.one(part))
        assert data.startswith(b"\xef\xbb\xbf")
        assert data.count(b"\n") == data.count(b"\r\n")
        return data.decode("utf-8-sig").replace("\r\n", "\n")

    def word(self, part: str) -> list[str]:
        """The paragraphs of a Word file and the cells of its tables, row by row."""
        file = open_word(io.BytesIO(self.zip.read(self.one(part))))
        rows = ["　".join(cell.text for cell in row.cells) for t in file.tables for row in t.rows]
        return [each for each in (*(p.text for p in file.paragraphs), *rows) if each]

    def rows(self, book: str, sheet: str, first: str) -> list[dict[str, object]]:
        """The rows of a sheet under the heading that begins with *first*; formulas are refused."""
        found = load_workbook(io.BytesIO(self.zip.read(self.one(book))))[sheet]
        assert all(cell.data_type != "f" for row in found.iter_rows() for cell in row)
        rows = [[cell.value for cell in row] for row in found.iter_rows()]
        head = next(at for at, row in enumerate(rows) if row[0] == first)
        titles = [str(each) for each in rows[head]]
        full = [row for row in rows[head + 1 :] if row[1] is not None]
        return [dict(zip(titles, row, strict=True)) for row in full]

    def cell(self, book: str, sheet: str, place: str) -> object:
        """One cell of a sheet."""
        found = load_workbook(io.BytesIO(self.zip.read(self.one(book))))
        return found[sheet][place].value
