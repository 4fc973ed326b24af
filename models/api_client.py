"""Other systems that may read: a token each, for named programmes, revocable."""

import hashlib
import secrets
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, select

from models.programme import Programme

#: Tells a token from other secrets wherever one is found.
PREFIX = "dajuan_"


class ApiClient(SQLModel, table=True):
    """One client of the read API; of its token only the SHA-256 is kept."""

    __tablename__ = "api_client"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    token_hash: str = Field(unique=True)
    made_at: datetime
    revoked_at: datetime | None = None


class ApiScope(SQLModel, table=True):
    """A programme that a client may read."""

    __tablename__ = "api_scope"

    client_id: int = Field(primary_key=True, foreign_key="api_client.id")
    programme_id: int = Field(primary_key=True, foreign_key="programme.id")


def new_token() -> str:
    """A token with 256 random bits; it is shown once and kept nowhere."""
    return PREFIX + secrets.token_urlsafe(32)


def hashed(token: str) -> str:
    """What is kept of a token. Random bits need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def client_with(session: Session, token: str) -> ApiClient | None:
    """The client that *token* belongs to; None where there is none or it was revoked."""
    return session.exec(
        select(ApiClient).where(
            ApiClient.token_hash == hashed(token), col(ApiClient.revoked_at).is_(None)
        )
    ).first()


def client_named(session: Session, name: str) -> ApiClient | None:
    """The client of this name, revoked or not, or None."""
    return session.exec(select(ApiClient).where(ApiClient.name == name)).first()


def clients(session: Session) -> Sequence[ApiClient]:
    """Every client, revoked ones included, the oldest first."""
    return session.exec(select(ApiClient).order_by(col(ApiClient.id))).all()


def scopes(session: Session) -> dict[int, list[str]]:
    """The codes of the programmes that each client may read, by the client's id, in one query."""
    found: dict[int, list[str]] = defaultdict(list)
    for client_id, code in session.exec(
        select(ApiScope.client_id, Programme.code)
        .join(Programme, col(Programme.id) == col(ApiScope.programme_id))
        .order_by(col(Programme.id))
    ).all():
        found[client_id].append(code)
    return found


def open_to(session: Session, client_id: int, code: str) -> Programme | None:
    """The active programme with this code, if the client may read it."""
    return session.exec(
        select(Programme)
        .join(ApiScope, col(ApiScope.programme_id) == col(Programme.id))
        .where(
            ApiScope.client_id == client_id, Programme.code == code, col(Programme.active).is_(True)
        )
    ).first()
