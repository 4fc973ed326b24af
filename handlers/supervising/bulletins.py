"""The life of a bulletin: drafted from frozen data, words changed, issued once under a number."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, select

from handlers.context import BulletinContext, Services
from handlers.registry import BulletinKind, Registry
from handlers.render.document import Document
from handlers.render.legible import legible
from handlers.supervising.bulletin_files import Made, document_of, kind_of, made, words_of
from handlers.supervising.mastheads import Masthead, masthead_of
from models.audit import record
from models.bulletin import Bulletin, BulletinState, bulletin_about, last_issued, next_number
from models.errors import Refused
from models.programme import Programme
from models.rules.frozen import to_data
from models.unit import Unit

#: A block of a document is a page at most.
LONGEST_BLOCK = 2000
_ENDS = frozenset("。！？；：…….!?;:”’）》")


@dataclass(frozen=True)
class Issue:
    """What is to be drafted: a kind of document on a period, about a unit or a document."""

    programme: Programme
    kind: BulletinKind
    period: str
    data_date: date
    unit: Unit | None = None
    corrects: Bulletin | None = None

    @property
    def subject(self) -> str:
        """What tells it from others of its kind and period."""
        if self.unit is not None:
            return self.unit.name
        return f"更正{self.corrects.id}" if self.corrects is not None else ""


@dataclass(frozen=True)
class Desk:
    """Who works on documents, and when."""

    session: Session
    services: Services
    now: datetime
    member_id: int | None


def kinds_for(registry: Registry, session: Session, programme: Programme) -> Sequence[BulletinKind]:
    """The kinds that `通报` makes for a programme, the one that is meant without a name first."""
    found = [
        kind
        for kind in registry.bulletins.values()
        if not kind.by_hand and kind.serves(session, programme)
    ]
    return sorted(found, key=lambda kind: kind.general)


def signature_of(registry: Registry, session: Session, programme: Programme) -> str:
    """Who signs for a programme: as on its usual kind of document."""
    return masthead_of(session, programme, kinds_for(registry, session, programme)[0]).signature


def _masthead(desk: Desk, issue: Issue) -> Masthead:
    """As set for the kind; letters and corrections are signed as the usual kind is."""
    session, programme, kind = desk.session, issue.programme, issue.kind
    own = masthead_of(session, programme, kind)
    if own.signature or not kind.by_hand:
        return own
    usual = signature_of(desk.services.registry, session, programme)
    return replace(own, signature=usual)


def draft(desk: Desk, issue: Issue) -> tuple[Bulletin, Made]:
    """The draft of an issue, made new or of the present data again; its words stay.

    Refused where it was issued already: what was issued is only ever corrected.
    """
    session, programme = desk.session, issue.programme
    _lock(session, programme)
    about = (session, programme.id or 0, issue.kind.name, issue.period, issue.subject)
    if (done := bulletin_about(*about, BulletinState.ISSUED)) is not None:
        raise Refused(
            f"这一期{issue.kind.title}已签发（{done.year}年第{done.number}号），不再改动。"
            f"查看请发“通报 {done.number}号”，数据有误请发“更正说明 {done.number}号”。"
        )
    row = bulletin_about(*about, BulletinState.DRAFT)
    if row is None:
        row = Bulletin(
            programme_id=programme.id or 0,
            kind=issue.kind.name,
            period=issue.period,
            subject=issue.subject,
            data_date=issue.data_date,
            year=_year(desk),
            corrects_id=issue.corrects.id if issue.corrects else None,
            drafted_at=desk.now,
            drafted_by=desk.member_id,
        )
    row.data_date = issue.data_date
    row.snapshot = frozen(desk, issue)
    return row, _kept(desk, row)


def changed_words(desk: Desk, row: Bulletin, title: str, text: str) -> Made:
    """The draft with one block's words replaced; refused naming the blocks it has."""
    programme = desk.session.get_one(Programme, row.programme_id)
    _lock(desk.session, programme)
    _refuse_unless_draft(desk, row)
    kind = kind_of(desk.services, row)
    blocks = list(document_of(kind, programme, row, desk.services.zone).editable())
    fitting = [each for each in blocks if each.title == title]
    fitting = fitting or [each for each in blocks if each.title in title or title in each.title]
    if len(fitting) != 1:
        titles = "、".join(each.title for each in blocks)
        can = f"可改的有：{titles}" if titles else "这份文件没有可改的文字"
        raise Refused(f"没有“{title[:20]}”这一块。{can}。")
    words = legible(text).strip()
    if len(words) > LONGEST_BLOCK:
        raise Refused(f"一块最多{LONGEST_BLOCK}字，现为{len(words)}字，请缩短后重发。")
    row.texts = {**row.texts, fitting[0].key: _ended(words)}
    return _kept(desk, row)


def _ended(words: str) -> str:
    """With its full stop: chat takes a last one for manners, a document does not."""
    return words if not words or words[-1] in _ENDS else f"{words}。"


def dropped(desk: Desk, row: Bulletin) -> None:
    """The draft withdrawn; it never gets a number."""
    _lock(desk.session, desk.session.get_one(Programme, row.programme_id))
    _refuse_unless_draft(desk, row)
    row.state = BulletinState.DROPPED
    desk.session.add(row)
    _audit(desk, row, "作废通报")


@dataclass(frozen=True)
class Issued:
    """What came of issuing: the file, or why not yet.

    *changes* are the data that were accepted anew since the draft: it was made of them again.
    """

    made: Made
    changes: tuple[str, ...] = ()


def issued(desk: Desk, row: Bulletin) -> Issued:
    """Issue a draft under the next number of its year, frozen from now on.

    Two admins take turns at the programme's row: the second one is told that it is done. Not
    issued while its check finds anything, or where data changed since somebody looked at it.
    """
    session = desk.session
    programme = session.get_one(Programme, row.programme_id)
    _lock(session, programme)
    _refuse_unless_draft(desk, row)
    if changes := _refreshed(desk, row, programme):
        return Issued(_kept(desk, row), changes)
    checked = made(session, desk.services, row, desk.now)
    if checked.faults:
        return Issued(checked)
    row.year = _year(desk)
    row.number = next_number(session, row.programme_id, row.kind, row.year)
    written = sorted({*row.snapshot["carried"], *row.texts})
    row.texts = words_of(row)
    row.snapshot = {**row.snapshot, "written": written}
    row.state, row.issued_at, row.issued_by = BulletinState.ISSUED, desk.now, desk.member_id
    _audit(desk, row, "签发通报")
    final = _kept(desk, row)
    if final.faults:
        raise Refused(f"签发时自检发现问题，未签发：{final.faults[0]}。改好后请再发“签发”。")
    return Issued(final)


def _lock(session: Session, programme: Programme) -> None:
    """One at a time drafts and issues for a programme; SQLite's writers take turns anyway.

    Rows that only refer to the programme are written meanwhile.
    """
    locked = select(Programme.id).where(Programme.id == programme.id)
    session.exec(locked.with_for_update(key_share=True)).one()


def _refuse_unless_draft(desk: Desk, row: Bulletin) -> None:
    desk.session.refresh(row)
    if row.state == BulletinState.ISSUED:
        raise Refused(
            f"这份文件已签发（{row.year}年第{row.number}号），不再改动。"
            f"查看请发“通报 {row.number}号”，数据有误请发“更正说明 {row.number}号”。"
        )
    if row.state == BulletinState.DROPPED:
        raise Refused("这份草稿已作废，请重新起草，例如“通报 8月”。")


def _year(desk: Desk) -> int:
    return desk.now.astimezone(desk.services.zone).year


def _kept(desk: Desk, row: Bulletin) -> Made:
    desk.session.add(row)
    desk.session.flush()
    return made(desk.session, desk.services, row, desk.now)


def frozen(desk: Desk, issue: Issue) -> dict[str, Any]:
    """The content with what the life of a document adds: masthead, the last issue's words.

    It went through JSON, as it will come back from its row.
    """
    session, programme, kind = desk.session, issue.programme, issue.kind
    context = BulletinContext(
        session=session,
        now=desk.now,
        services=desk.services,
        programme=programme,
        period=issue.period,
        data_date=issue.data_date,
        unit=issue.unit,
        corrects=issue.corrects,
    )
    content = json.loads(json.dumps(kind.content(context), ensure_ascii=False))
    last = last_issued(session, programme.id or 0, kind.name)
    return {
        **content,
        "masthead": to_data(_masthead(desk, issue)),
        # A letter to one unit is no draft of the next one's.
        "carried": _written(last) if last and not kind.by_hand else {},
    }


def _written(last: Bulletin) -> dict[str, str]:
    """The words that people wrote for the last issue; what was proposed is proposed anew."""
    return {key: last.texts[key] for key in last.snapshot.get("written", ()) if key in last.texts}


def _refreshed(desk: Desk, row: Bulletin, programme: Programme) -> tuple[str, ...]:
    """Freeze the draft anew where the data changed since; returns what changed, old → new."""
    kind = kind_of(desk.services, row)
    corrects = desk.session.get(Bulletin, row.corrects_id) if row.corrects_id else None
    unit = None
    if row.subject and corrects is None:
        unit = desk.session.exec(
            select(Unit).where(Unit.area_id == programme.area_id, Unit.name == row.subject)
        ).first()
    issue = Issue(programme, kind, row.period, row.data_date, unit, corrects)
    fresh = frozen(desk, issue)
    if fresh == row.snapshot:
        return ()
    zone = desk.services.zone
    old = _shown(document_of(kind, programme, row, zone))
    row.snapshot = fresh
    new = _shown(document_of(kind, programme, row, zone))
    changes = [
        f"{place}：{old[at][0]} → {text}"
        for at, (text, place) in new.items()
        if at in old and old[at][0] != text
    ]
    return tuple(changes) or ("文字或名单有变化",)


def _shown(document: Document) -> dict[str, tuple[str, str]]:
    """Each datum by its place in the snapshot, with its text and where it is first printed."""
    from handlers.render.word_check import data_of  # would cost every start 0.2 s

    found: dict[str, tuple[str, str]] = {}
    for datum, place in data_of(document):
        found.setdefault(datum.at, (datum.text, place))
    return found


def _audit(desk: Desk, row: Bulletin, action: str) -> None:
    desk.session.add(row)
    desk.session.flush()
    record(
        desk.session,
        at=desk.now,
        member_id=desk.member_id,
        action=action,
        table="bulletin",
        row=row.id or 0,
        after={"kind": row.kind, "period": row.period, "year": row.year, "number": row.number},
    )
