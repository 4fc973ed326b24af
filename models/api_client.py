"""Other systems that may read: a token each, for named programmes, revocable."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, select

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


def scope_of(session: Session, client_id: int) -> Sequence[int]:
    """The programmes that a client may read, by id."""
    return session.exec(
        select(ApiScope.programme_id)
        .where(ApiScope.client_id == client_id)
        .order_by(col(ApiScope.programme_id))
    ).all()
