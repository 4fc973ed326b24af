"""Pictures sent before any report: they wait for the report that comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from handlers.reading.limits import LONGEST
from models.errors import Refused
from models.rules.frozen import from_data, to_data
from models.rules.picture_rule import PictureRule
from models.setting import WAITING_PICTURES, Setting, keep_setting, name_of_member, setting

#: How long pictures wait for their report.
LIFE = timedelta(hours=24)
#: How many may wait: for which report is not known yet, so the default rule's number counts.
MOST = PictureRule().most


@dataclass(frozen=True)
class Waiting:
    """Pictures without a report, by address, their captions, and when the last one came."""

    shas: tuple[str, ...]
    texts: tuple[str, ...]
    last_at: datetime


def waiting_pictures(session: Session, member_id: int, now: datetime) -> Waiting | None:
    """The pictures that wait for the member's next report; None when there are none."""
    stored = setting(session, _name(member_id))
    if not stored:
        return None
    waiting = from_data(Waiting, stored)
    return waiting if now - waiting.last_at < LIFE else None


def let_wait(
    session: Session, member_id: int, shas: Sequence[str], text: str, now: datetime
) -> tuple[Waiting, int]:
    """Add pictures, and what was written with them, to those that wait.

    Returns also how many were too many to be kept. Raises Refused, and keeps nothing of the
    message, where more would wait to be read than one message may hold.
    """
    earlier = waiting_pictures(session, member_id, now) or Waiting((), (), now)
    texts = (*earlier.texts, text) if text.strip() else earlier.texts
    _refuse_overlong(texts, len(earlier.shas))
    every = tuple(dict.fromkeys([*earlier.shas, *shas]))
    waiting = Waiting(every[:MOST], texts, now)
    keep_setting(session, _name(member_id), to_data(waiting))
    return waiting, len(every) - len(waiting.shas)


def _refuse_overlong(texts: Sequence[str], pictures: int) -> None:
    length = sum(map(len, texts))
    if len(texts) > 1 and length > LONGEST:
        with_them = f"{pictures}张图片和说明" if pictures else "图片说明"
        raise Refused(
            f"等待报送的图片说明连同这一条共{length}字，最多{LONGEST}字，这一条没有记下，已有的仍保留。"
            f"请先发“报送”加任务编号，{with_them}会附在其中；不用了请发“取消”。"
        )


def take_waiting(session: Session, member_id: int, now: datetime) -> Waiting:
    """The pictures that waited; they wait no longer."""
    row = session.get(Setting, _name(member_id))
    if row is None:
        return Waiting((), (), now)
    waiting = waiting_pictures(session, member_id, now)
    session.delete(row)
    session.flush()
    return waiting or Waiting((), (), now)


def forget_waiting(session: Session, now: datetime) -> int:
    """Forget what waited too long, of everybody; returns of how many people."""
    rows = session.exec(
        select(Setting).where(col(Setting.name).startswith(f"{WAITING_PICTURES}:"))
    ).all()
    old = [row for row in rows if now - from_data(Waiting, row.value).last_at >= LIFE]
    for row in old:
        session.delete(row)
    return len(old)


def _name(member_id: int) -> str:
    return name_of_member(WAITING_PICTURES, member_id)
