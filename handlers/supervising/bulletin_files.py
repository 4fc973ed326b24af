"""A bulletin's document, its Word file in our layout or the customer's, and its check."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from handlers.context import Services
from handlers.registry import BulletinKind
from handlers.render.document import (
    MIME,
    Disagreement,
    Document,
)
from handlers.render.legible import legible
from handlers.render.stale import stale_figures
from handlers.supervising.mastheads import Masthead, number_line
from handlers.supervising.texts import DEMO, issue_text
from models.bulletin import Bulletin, BulletinState, template_for
from models.errors import Refused
from models.media import Media, keep_media
from models.message import MediaRef
from models.programme import Programme
from models.rules.frozen import from_data

_DRAFT = "草稿"
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\s]+')


@dataclass(frozen=True)
class Made:
    """A Word file with what keeps it from being issued, and what an admin should look at."""

    file: MediaRef
    faults: tuple[Disagreement, ...]
    notes: tuple[str, ...]


def kind_of(services: Services, row: Bulletin) -> BulletinKind:
    """The kind of a stored document; refused where this version no longer makes it."""
    kind = services.registry.bulletins.get(row.kind)
    if kind is None:
        raise Refused("这种文件在当前版本中已不再生成，请联系运维人员。")
    return kind


def words_of(row: Bulletin) -> dict[str, str]:
    """The words of the editable blocks: the admin's, else the last issue's, else proposed ones."""
    if row.state == BulletinState.ISSUED:
        return dict(row.texts)
    return {**row.snapshot.get("drafts", {}), **row.snapshot.get("carried", {}), **row.texts}


def document_of(
    kind: BulletinKind, programme: Programme, row: Bulletin, zone: ZoneInfo
) -> Document:
    """The whole document, of nothing but the row: an issued one can be made again any time."""
    built = kind.build(row.snapshot, words_of(row))
    masthead = from_data(Masthead, row.snapshot.get("masthead", {}))
    fallback = f"{programme.short_title}{kind.title}"
    draft = "" if row.state == BulletinState.ISSUED else _DRAFT
    return replace(
        built,
        number=number_line(masthead, fallback, row.year, row.number),
        addressee=masthead.addressee or built.addressee,
        signature=masthead.signature or built.signature,
        issued_on=row.issued_at.astimezone(zone).date() if row.issued_at else None,
        mark="　".join(filter(None, (DEMO if programme.demo else "", draft))),
    )


def made(session: Session, services: Services, row: Bulletin, now: datetime) -> Made:
    """Write the document's file anew, keep it as the row's, read it again and check it."""
    # The writer of Word files would cost every start 0.2 s.
    from handlers.render.word import word_file
    from handlers.render.word_check import check_word
    from handlers.render.word_template import check_filled, filled_template

    programme = session.get_one(Programme, row.programme_id)
    kind = kind_of(services, row)
    document = document_of(kind, programme, row, services.zone)
    row.title = "".join(document.title)
    template = template_for(session, row.programme_id, row.kind)
    if template is None:
        data = word_file(document)
        faults = check_word(data, document, row.snapshot)
    else:
        blank = services.media.get(template.media_sha or "")
        data = filled_template(blank, document)
        faults = check_filled(data, document, row.snapshot, blank)
    file = services.keep(data, file_name(programme, kind, row), MIME, marked=True)
    keep_media(session, [_media(file, len(data), now)])
    row.media_sha = file.sha
    session.add(row)
    session.flush()
    old, notes = _numbers_in_words(document, row)
    return Made(file, (*faults, *old), (*row.snapshot.get("notes", ()), *notes))


def file_of(services: Services, session: Session, row: Bulletin) -> MediaRef:
    """The stored file of a document, under the name people see."""
    programme = session.get_one(Programme, row.programme_id)
    name = file_name(programme, kind_of(services, row), row)
    return MediaRef(row.media_sha or "", name, MIME, marked=True)


def file_name(programme: Programme, kind: BulletinKind, row: Bulletin) -> str:
    """重点民生实事通报2021年8月第1号.docx."""
    number = f"第{row.number}号" if row.number else f"（{_DRAFT}）"
    about = "" if row.corrects_id else row.subject
    name = f"{programme.short_title}{kind.title}{about}{issue_text(row.period)}{number}"
    return f"{_NOT_IN_NAMES.sub('', legible(name))[:80]}.docx"


def _media(file: MediaRef, size: int, now: datetime) -> Media:
    return Media(
        sha=file.sha,
        stored_sha=file.sha,
        name=file.name,
        mime=file.mime,
        size=size,
        created_at=now,
    )


def _numbers_in_words(
    document: Document, row: Bulletin
) -> tuple[tuple[Disagreement, ...], tuple[str, ...]]:
    """Figures in people's words that the data do not hold: last issue's block, new ones are told.

    What nobody looked at since the last issue would go out a month old; what an admin wrote for
    this one may well say more than the data.
    """
    old, notes = [], []
    carried = row.snapshot.get("carried", {})
    for each in document.editable():
        is_old = each.key in carried and each.key not in row.texts
        if is_old:
            notes.append(f"“{each.title}”沿用上期文字，请核对")
        strange = "、".join(stale_figures(each.text, row.snapshot))
        if not strange:
            continue
        if is_old:
            text = f"沿用上期的“{strange}”不在本期数据中，请发“通报 修改 {each.title} ……”改写"
            old.append(Disagreement(each.title, text))
        elif each.key in row.texts:
            notes.append(f"“{each.title}”中的“{strange}”不在本期数据中，请核对")
    return tuple(old), tuple(notes)
