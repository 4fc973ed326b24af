"""Tokens of the read API from the command line: given out once, listed, revoked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from models.api_client import (
    ApiClient,
    ApiScope,
    client_named,
    clients,
    hashed,
    new_token,
    scopes,
)
from models.audit import record
from models.errors import Refused
from models.programme import Programme

#: A line of a list holds the name.
LONGEST_NAME = 60


def add_token(session: Session, name: str, codes: Sequence[str], now: datetime) -> str:
    """A new token of the system *name* for these programmes; it can never be shown again.

    A name whose token was revoked gets another one. Raises Refused naming what is wrong.
    """
    ids = _programme_ids(session, codes)
    name = _name(name)
    client = client_named(session, name)
    if client is not None and client.revoked_at is None:
        raise Refused(f"{name!r} has a token: `dajuan token revoke` it first, or take another name")
    token = new_token()
    if client is None:
        client = ApiClient(name=name, token_hash=hashed(token), made_at=now)
    client.token_hash, client.made_at, client.revoked_at = hashed(token), now, None
    session.add(client)
    session.flush()
    _give(session, client.id or 0, ids)
    _record(session, client, "add", now, {"name": name, "programmes": list(codes)})
    return token


def revoke_token(session: Session, name: str, now: datetime) -> None:
    """The token of the system *name* opens nothing any more; Refused where it has none."""
    client = client_named(session, name.strip())
    if client is None or client.revoked_at is not None:
        raise Refused(f"{name!r} has no token: see `dajuan token list`")
    client.revoked_at = now
    session.add(client)
    _record(session, client, "revoke", now, {"name": client.name})


def tokens_data(session: Session, zone: ZoneInfo) -> list[dict[str, Any]]:
    """Every system that has or had a token, with its programmes, never the token; two queries."""
    codes = scopes(session)
    return [
        {
            "name": each.name,
            "programmes": codes.get(each.id or 0, []),
            "made_at": _local(each.made_at, zone),
            "revoked_at": each.revoked_at and _local(each.revoked_at, zone),
        }
        for each in clients(session)
    ]


def _local(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).isoformat(timespec="minutes")


def _programme_ids(session: Session, codes: Sequence[str]) -> list[int]:
    known = dict(
        session.exec(
            select(Programme.code, Programme.id).where(col(Programme.code).in_(codes))
        ).all()
    )
    for code in codes:
        if code not in known:
            raise Refused(f"there is no programme {code!r}: load it with `dajuan load {code}`")
    return [known[code] or 0 for code in dict.fromkeys(codes)]


def _name(name: str) -> str:
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Refused(f"a name has 1 to {LONGEST_NAME} characters in one line, such as 督查平台")
    return name


def _give(session: Session, client_id: int, programme_ids: Sequence[int]) -> None:
    """Exactly these programmes may be read with the token."""
    for scope in session.exec(select(ApiScope).where(ApiScope.client_id == client_id)).all():
        session.delete(scope)
    session.flush()
    session.add_all(ApiScope(client_id=client_id, programme_id=each) for each in programme_ids)


def _record(
    session: Session, client: ApiClient, action: str, now: datetime, after: dict[str, Any]
) -> None:
    record(
        session,
        at=now,
        member_id=None,
        action=action,
        table="api_client",
        row=client.id or 0,
        after=after,
    )
