"""专项: one piece of supervised work, its year and its policies."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, Session, SQLModel, col, select


class Programme(SQLModel, table=True):
    """One programme; *policy* holds what differs from the defaults, by name of the policy.

    *amended* holds what an admin changed in chat, which no load of the programme undoes. *demo*
    marks everything it sends as 演示数据.
    """

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    area_id: int = Field(foreign_key="area.id", index=True)
    title: str
    short_title: str
    year: int
    default_day: int | None = None
    policy: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    amended: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    fingerprint: str = ""
    loaded_at: datetime
    active: bool = True
    demo: bool = False

    def stated(self, policy: str) -> dict[str, Any] | None:
        """What holds of a policy beside its defaults: an admin's word, else the definition's."""
        found: dict[str, Any] | None = self.amended.get(policy) or self.policy.get(policy)
        return found

    def amend(self, policy: str, stated: dict[str, Any] | None) -> None:
        """Let an admin's word hold for a policy; None lets the definition's hold again."""
        others = {name: value for name, value in self.amended.items() if name != policy}
        self.amended = others if stated is None else {**others, policy: stated}


def programme_by_code(session: Session, code: str) -> Programme | None:
    """The programme with this code, or None."""
    return session.exec(select(Programme).where(Programme.code == code)).first()


def active_programmes(session: Session) -> Sequence[Programme]:
    """Programmes in which reports are owed, oldest first."""
    return session.exec(
        select(Programme).where(col(Programme.active)).order_by(col(Programme.id))
    ).all()
