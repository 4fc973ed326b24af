"""Published rankings and issued documents of a programme, page by page, the newest first."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from handlers.standing.ranks import RANKING, thawed
from handlers.standing.readable import Key, Page, Span, cut
from models.bulletin import Bulletin, BulletinState
from models.programme import Programme
from models.rules.ranking import PartScore, Ranking, Row
from models.rules.rounding import half_up, number_text
from models.snapshot import Snapshot


def rankings_page(session: Session, programme: Programme, span: Span, zone: ZoneInfo) -> Page:
    """The published rankings with every edition of each; two queries.

    A published ranking never changes, but a later edition of its period may replace it.
    """
    later = aliased(Snapshot)
    newest = (
        select(func.max(later.edition))
        .where(
            col(later.programme_id) == programme.id,
            col(later.kind) == RANKING,
            col(later.period) == col(Snapshot.period),
        )
        .scalar_subquery()
    )
    query = (
        select(Snapshot.id, col(Snapshot.edition) == newest)
        .where(Snapshot.programme_id == programme.id, Snapshot.kind == RANKING)
        .order_by(col(Snapshot.id).desc())
        .limit(span.most + 1)
    )
    if span.after is not None:
        query = query.where(col(Snapshot.id) < span.after.id)
    found = [(id_ or 0, bool(holds)) for id_, holds in session.exec(query).all()]
    shown, more = cut(found, span.most)
    last = Key("", shown[-1][0]) if more else None
    return Page(tuple(shown), lambda: _rankings(session, shown, zone), last)


def _rankings(
    session: Session, shown: Sequence[tuple[int, bool]], zone: ZoneInfo
) -> list[dict[str, Any]]:
    wanted = [id_ for id_, _ in shown]
    rows = session.exec(select(Snapshot).where(col(Snapshot.id).in_(wanted))).all()
    by_id = {row.id: row for row in rows}
    return [_ranking(by_id[id_], holds, zone) for id_, holds in shown]


def _ranking(row: Snapshot, holds: bool, zone: ZoneInfo) -> dict[str, Any]:
    ranking: Ranking = thawed(row).ranking
    return {
        "id": row.id,
        "period": row.period,
        "edition": row.edition,
        "holds": holds,
        "data_date": row.data_date,
        "published_at": row.published_at.astimezone(zone),
        "recipe": [
            {"name": each.name, "weight": number_text(each.weight), "how": each.how}
            for each in ranking.recipe.parts
        ],
        "rows": [_place(each) for each in ranking.rows],
    }


def _place(row: Row) -> dict[str, Any]:
    return {
        "unit": row.unit,
        "group": row.group,
        "rank": row.rank,
        "of": row.size,
        "score": _points(row.score),
        "previous_rank": row.previous_rank,
        "parts": [_part(each) for each in row.parts],
    }


def _part(part: PartScore) -> dict[str, Any]:
    return {
        "name": part.name,
        "value": _points(part.value),
        "weight": number_text(part.weight),
        "detail": part.detail,
    }


def _points(value: Decimal | None) -> str | None:
    """As pictures and tables print it."""
    return None if value is None else str(half_up(value, 2))


def bulletins_page(
    session: Session,
    programme: Programme,
    kinds: Mapping[str, str],
    base: str,
    span: Span,
    zone: ZoneInfo,
) -> Page:
    """The issued documents by time of issue, letters to single units left out; one query.

    *kinds* are the titles of the kinds of documents by name, *base* is where their files stand.
    """
    query = (
        select(Bulletin)
        .where(Bulletin.programme_id == programme.id, *_IS_PUBLIC)
        .order_by(col(Bulletin.issued_at).desc(), col(Bulletin.id).desc())
        .limit(span.most + 1)
    )
    if span.after is not None:
        at, issued = datetime.fromisoformat(span.after.at), col(Bulletin.issued_at)
        earlier = (issued == at) & (col(Bulletin.id) < span.after.id)
        query = query.where((issued < at) | earlier)
    shown, more = cut(session.exec(query).all(), span.most)
    rows = [{**_bulletin(each, kinds, zone), "file": f"{base}/{each.id}/file"} for each in shown]
    last = Key(_issued(shown[-1]).isoformat(), shown[-1].id or 0) if more else None
    return Page(tuple(map(repr, rows)), lambda: rows, last)


_IS_PUBLIC = (
    col(Bulletin.state) == BulletinState.ISSUED,
    col(Bulletin.media_sha).is_not(None),
    # A letter speaks to one unit; what corrects a document has a subject as well.
    (col(Bulletin.subject) == "") | col(Bulletin.corrects_id).is_not(None),
)


def public_bulletin(session: Session, programme: Programme, number: int) -> Bulletin | None:
    """The issued document with this id that anybody who reads the programme may have, or None."""
    return session.exec(
        select(Bulletin).where(
            Bulletin.id == number, Bulletin.programme_id == programme.id, *_IS_PUBLIC
        )
    ).first()


def _issued(row: Bulletin) -> datetime:
    return row.issued_at or row.drafted_at


def _bulletin(row: Bulletin, kinds: Mapping[str, str], zone: ZoneInfo) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "kind_title": kinds.get(row.kind),
        "title": row.title,
        "year": row.year,
        "number": row.number,
        "period": row.period,
        "data_date": row.data_date,
        "issued_at": _issued(row).astimezone(zone),
        "corrects": row.corrects_id,
        "sha256": row.media_sha,
    }
