"""What must have come of the demonstration, read from its database: each failure is one line."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, func, select

from models.audience import holders, single_chats
from models.inbox import InboxMessage, InboxState
from models.media import Media
from models.member import RoleName
from models.obligation import OPEN_STATES, Obligation, obligations_due, owing_units
from models.outbox import OutboxMessage, OutboxState
from models.picture import Picture
from models.programme import programme_by_code
from models.rules.order import OrderBasis, OrderState
from models.submission import Submission, SubmissionVersion, submissions_of
from models.supervision_order import SupervisionOrder
from models.task import Task

WEBSITE, LIVELIHOOD = "dajuan-2021", "minsheng-2021"
#: Mid-Autumn was a holiday: whoever owed for the 19th and 20th heard of it on this Saturday.
MAKE_UP_DAY = date(2021, 9, 18)

_FIRST_DUE = date(2021, 8, 25)
_FIRST_DONE = date(2021, 9, 2)
_LATE = ("州1-18", "州1-6")
_HEADS_TOLD = 2
_ORDER_CLOSED = date(2021, 9, 3)
_FIRST_OVER = datetime(2021, 9, 3, tzinfo=ZoneInfo("Asia/Shanghai"))


@dataclass(frozen=True)
class Span:
    """The time that was played."""

    start: datetime
    end: datetime
    zone: ZoneInfo

    def holds(self, day: date) -> bool:
        """Whether *day* was played to its end."""
        return self.start.date() <= day < self.end.date()


def problems(session: Session, span: Span) -> Iterator[str]:
    """What is not as the script means it, for as many days as were played."""
    yield from _unfinished(session, span)
    yield from _digests(session, span)
    if span.holds(date(2021, 8, 20)):
        yield from _once(session)
        yield from _cropped(session)
        yield from _returned(session)
    if span.holds(_FIRST_DONE):
        yield from _first_round(session, span)
        yield from _told_above(session)
    if span.holds(_ORDER_CLOSED):
        yield from _order_closed(session)
    if span.holds(date(2021, 9, 23)):
        yield from _all_reported(session, span)


def _unfinished(session: Session, span: Span) -> Iterator[str]:
    """Nothing may be left in or out, failed or waiting."""
    inbox = _count(session, InboxMessage, InboxMessage.state != InboxState.DONE)
    if inbox:
        yield f"有{inbox}条来信没有办结（dajuan inbox list）"
    outbox = session.exec(
        select(func.count())
        .select_from(OutboxMessage)
        .where(
            col(OutboxMessage.state).in_((OutboxState.FAILED, OutboxState.UNKNOWN))
            | (
                (col(OutboxMessage.state) == OutboxState.WAITING)
                & (col(OutboxMessage.not_before) <= span.end)
            )
        )
    ).one()
    if outbox:
        yield f"有{outbox}条消息没有送达（dajuan outbox list）"


def _count(session: Session, table: type[InboxMessage], condition: bool) -> int:
    return session.exec(select(func.count()).select_from(table).where(condition)).one()


def _digests(session: Session, span: Span) -> Iterator[str]:
    """A ranking for each programme on every Monday at 09:00, with its picture."""
    for code in (WEBSITE, LIVELIHOOD):
        for monday in mondays(span):
            year, week, _ = monday.isocalendar()
            key = f"digest:{code}:weekly_ranking:{year}-W{week:02}:"
            rows = session.exec(
                select(OutboxMessage).where(col(OutboxMessage.key).startswith(key, autoescape=True))
            ).all()
            if not any(row.media_ref() and row.state == OutboxState.SENT for row in rows):
                yield f"{monday:%m-%d} 没有发出 {code} 的每周排名图"


def mondays(span: Span) -> list[date]:
    """The days on which a weekly digest was due."""
    nine = timedelta(hours=9)
    midnight = span.start.astimezone(span.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    days = [midnight + timedelta(days=n) for n in range((span.end - midnight).days + 1)]
    return [
        day.date() for day in days if not day.weekday() and span.start <= day + nine <= span.end
    ]


def _once(session: Session) -> Iterator[str]:
    """The message that came four times made one report."""
    rows = session.exec(
        select(func.count())
        .select_from(SubmissionVersion)
        .join(Submission, col(Submission.id) == col(SubmissionVersion.submission_id))
        .join(Task, col(Task.id) == col(Submission.task_id))
        .where(Task.number == "州1-19", col(SubmissionVersion.as_of) == date(2021, 7, 31))
    ).one()
    if rows != 1:
        yield f"同一条消息收到四次，应记一次报送，实为{rows}次"


def _cropped(session: Session) -> Iterator[str]:
    """省2's picture goes to the editors as its crop."""
    found = session.exec(
        select(Picture.delivered_sha, Media.crop_sha)
        .join(SubmissionVersion, col(SubmissionVersion.id) == col(Picture.version_id))
        .join(Submission, col(Submission.id) == col(SubmissionVersion.submission_id))
        .join(Task, col(Task.id) == col(Submission.task_id))
        .join(Media, col(Media.sha) == col(Picture.media_sha))
        .where(Task.number == "省2")
    ).first()
    if found is None or found[0] != found[1]:
        yield "省2 的图片应采用裁剪图"


def _returned(session: Session) -> Iterator[str]:
    """州1-4 was returned once and came back as a second version."""
    found = session.exec(
        select(Submission.returns, Submission.version)
        .join(Task, col(Task.id) == col(Submission.task_id))
        .where(Task.number == "州1-4")
        .order_by(col(Submission.id))
    ).first()
    if found != (1, 2):
        yield "州1-4 应退回1次并更正为第2版"


def _told_above(session: Session) -> Iterator[str]:
    """After two overdue working days two unit heads heard of it; after five, the admin."""
    keys = session.exec(
        select(OutboxMessage.key).where(
            col(OutboxMessage.key).contains(":head:", autoescape=True),
            col(OutboxMessage.key).startswith("remind:"),
            col(OutboxMessage.created_at) < _FIRST_OVER,
        )
    ).all()
    if len(keys) != _HEADS_TOLD:
        yield f"8月25日一期逾期应提醒单位负责人{_HEADS_TOLD}次，实为{len(keys)}次"
    orders = session.exec(
        select(SupervisionOrder.basis).where(col(SupervisionOrder.made_at) < _FIRST_OVER)
    ).all()
    late = [basis for basis in orders if basis == OrderBasis.OVERDUE]
    if len(late) != 1:
        yield f"8月25日一期逾期应建议督办1件，实为{len(late)}件"


def _order_closed(session: Session) -> Iterator[str]:
    """The one order that was issued was answered and closed."""
    states = session.exec(
        select(SupervisionOrder.state).where(col(SupervisionOrder.number).is_not(None))
    ).all()
    if list(states) != [OrderState.CLOSED]:
        yield f"督办单应发出1件并已销号，实为：{'、'.join(states) or '无'}"


def _first_round(session: Session, span: Span) -> Iterator[str]:
    """39 reports were due on 25 August; all came, two of them late."""
    rows = _due_on(session, WEBSITE, (_FIRST_DUE,), span.zone)
    reports = submissions_of(session, [row.id or 0 for row in rows])
    if len(rows) != 39 or len(reports) != 39:
        yield f"8月25日应报39件、实报39件，实为应报{len(rows)}件、报送{len(reports)}件"
    dues = {row.id: row.due for row in rows}
    numbers = _numbers(session, [row.task_id for row in rows])
    late = {
        numbers[each.task_id]
        for each in reports.values()
        if each.first_received_at > dues[each.obligation_id]
    }
    if late != set(_LATE):
        yield f"8月25日一期应有{'、'.join(_LATE)}逾期，实为{'、'.join(sorted(late)) or '无'}"


def _all_reported(session: Session, span: Span) -> Iterator[str]:
    """35 reports were due on 19 and 20 September, 20 on the 10th; all came."""
    wanted = (
        (WEBSITE, (date(2021, 9, 19), date(2021, 9, 20)), 35),
        (LIVELIHOOD, (date(2021, 9, 10),), 20),
    )
    for code, days, count in wanted:
        rows = _due_on(session, code, days, span.zone)
        reports = submissions_of(session, [row.id or 0 for row in rows])
        if (len(rows), len(reports)) != (count, count):
            yield f"{code} 9月应报{count}件，实为应报{len(rows)}件、报送{len(reports)}件"


def _numbers(session: Session, task_ids: Collection[int]) -> dict[int, str]:
    rows = session.exec(select(Task.id, Task.number).where(col(Task.id).in_(task_ids))).all()
    return {id_ or 0: number for id_, number in rows}


def _due_on(
    session: Session, code: str, days: Collection[date], zone: ZoneInfo
) -> list[Obligation]:
    programme = programme_by_code(session, code)
    if programme is None:
        return []
    first = datetime.combine(min(days), datetime.min.time(), zone)
    last = datetime.combine(max(days), datetime.max.time(), zone)
    return list(obligations_due(session, programme.id or 0, first, last))


def owing_for_the_holiday(session: Session, zone: ZoneInfo) -> set[int]:
    """The chats of the liaisons who owe a report for 19 or 20 September at this moment."""
    days = (date(2021, 9, 19), date(2021, 9, 20))
    rows = [row for row in _due_on(session, WEBSITE, days, zone) if row.state in OPEN_STATES]
    owing = owing_units(session, [row.id or 0 for row in rows])
    units = {unit for each in owing.values() for unit in each}
    people = [each for each in holders(session, (RoleName.LIAISON,)) if each.unit_id in units]
    return set(single_chats(session, {each.member_id for each in people}).values())


def reminded_between(session: Session, since: datetime, until: datetime) -> set[int]:
    """The chats that a reminder was sent to in this time."""
    rows = session.exec(
        select(OutboxMessage.chat_id).where(
            col(OutboxMessage.key).startswith("remind"),
            col(OutboxMessage.sent_at) >= since,
            col(OutboxMessage.sent_at) <= until,
        )
    ).all()
    return set(rows)
