"""Tells the admins when the coming year's days off are missing: from November on, never daily."""

from datetime import date, datetime

from sqlmodel import Session, select

from handlers.context import Services, tell_member
from models.chat import Chat, single_chats_of
from models.db import Database
from models.member import RoleName, members_with
from models.message import ChatKind, Reply
from models.outbox import Priority, say, was_said
from models.programme import active_programmes
from models.rules.ladder import Policy, is_working_time
from models.rules.zone import local_zone
from models.workday import calendar, years_missing

TEXT = (
    "{year}年放假安排尚未录入，工作日暂按周一至周五推算，法定节假日可能照常提醒。"
    "国务院通知公布后，请管理员在与我的单聊中发“放假”加通知全文，核对后回复“确认”。"
)
_JANUARY = 1


def alert_calendar(database: Database, services: Services, now: datetime) -> int:
    """Owe the word about each missing year, once for its period; returns how many were owed.

    Working hours only: nobody is to be woken by a calendar.
    """
    with database.read() as session:
        today = now.astimezone(local_zone()).date()
        missing = years_missing(session, today)
        if not missing or not is_working_time(now, calendar(session), Policy()):
            return 0
        if all(_is_told(session, services, year, today) for year in missing):
            return 0
    with database.write() as session:
        return sum(_tell(session, services, year, today, now) for year in missing)


def _period(year: int, today: date) -> str:
    """Once in November, once in December; weekly in January of the year itself, then monthly."""
    if today.year == year and today.month == _JANUARY:
        iso = today.isocalendar()
        return f"{iso.year}-W{iso.week:02}"
    return f"{today:%Y-%m}"


def _is_told(session: Session, services: Services, year: int, today: date) -> bool:
    return all(was_said(session, key) for key in _keys(session, services, year, today).values())


def _keys(
    session: Session, services: Services, year: int, today: date
) -> dict[tuple[str, int], str]:
    """What the word is owed under, by member or chat; only of those who can be reached."""
    head = f"calendar:{year}:{_period(year, today)}"
    keys = {("member", id_): f"{head}:member{id_}" for id_ in _admins(session)}
    if (chat := _alarm_chat(session, services)) is not None:
        keys["chat", chat.id or 0] = f"{head}:chat{chat.id}"
    return keys


def _tell(session: Session, services: Services, year: int, today: date, now: datetime) -> int:
    count = 0
    reply = Reply(TEXT.format(year=year))
    for (kind, id_), key in _keys(session, services, year, today).items():
        if was_said(session, key):
            continue
        if kind == "chat":
            count += say(session, id_, reply, key=key, now=now, priority=Priority.ALARM)
        else:
            count += tell_member(session, id_, reply, key=key, now=now)
    return count


def _admins(session: Session) -> list[int]:
    """Every admin with a single chat, of whichever programme, each once."""
    programmes = [None, *(each.id for each in active_programmes(session))]
    ids = dict.fromkeys(
        member.id or 0
        for programme_id in programmes
        for member in members_with(session, RoleName.ADMIN, programme_id)
    )
    return [id_ for id_ in ids if single_chats_of(session, id_)]


def _alarm_chat(session: Session, services: Services) -> Chat | None:
    if not services.alarm_chat:
        return None
    return session.exec(
        select(Chat).where(Chat.name == services.alarm_chat, Chat.kind == ChatKind.GROUP)
    ).first()
