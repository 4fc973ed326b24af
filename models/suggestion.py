"""建议: what people told the office about the bot or the work, for the admins."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class Suggestion(SQLModel, table=True):
    """One suggestion."""

    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="member.id")
    text: str
    made_at: datetime
