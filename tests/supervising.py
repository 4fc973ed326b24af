"""What tests of supervising begin with: reachable people, handed-in reports, the whole demo."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from sqlalchemy import event
from sqlmodel import Session, col, select

from handlers.schedules import seed_schedules
from models.chat import chat_at
from models.db import Database, open_database
from models.figure import Figure
from models.indicator import Indicator
from models.member import Account
from models.message import ChatKind
from models.obligation import Obligation, ObligationState, ObligationUnit
from models.outbox import OutboxMessage
from models.programme import active_programmes
from models.programmes.files import read_definition, read_roster
from models.programmes.loader import load
from models.programmes.people import load_roster
from models.submission import Submission, SubmissionState, SubmissionVersion
from models.task import Task
from tests.conftest import at
from tests.talk import Talk

LOADED = at("2021-08-16T08:00")


def with_open_chats(talk: Talk) -> Talk:
    """Everybody has written to the bot before, so that each can be reached."""
    with talk.database.write() as session:
        for account in session.exec(select(Account).order_by(col(Account.id))).all():
            chat_at(session, account.platform, account.user_id, ChatKind.SINGLE, talk.now)
    return talk


def obligation_of(session: Session, number: str, month: int = 8) -> Obligation:
    """The obligation of task *number* that is due in *month* of 2021."""
    rows = session.exec(
        select(Obligation)
        .join(Task, col(Task.id) == col(Obligation.task_id))
        .where(Task.number == number)
        .order_by(col(Obligation.due))
    ).all()
    return next(row for row in rows if row.due.astimezone(LOADED.tzinfo).month == month)


def hand_in(
    talk: Talk,
    number: str,
    values: Mapping[str, str] | None = None,
    *,
    month: int = 8,
    accepted: bool = False,
) -> int:
    """A report on task *number* that came in now, with these values; returns its number."""
    with talk.database.write() as session:
        obligation = obligation_of(session, number, month)
        return _hand_in(session, obligation, values or {}, talk.now, accepted=accepted)


def _hand_in(
    session: Session,
    obligation: Obligation,
    values: Mapping[str, str],
    now: datetime,
    *,
    accepted: bool,
) -> int:
    unit_id = session.exec(
        select(ObligationUnit.unit_id).where(ObligationUnit.obligation_id == obligation.id)
    ).first()
    member = session.exec(select(Account.member_id).order_by(col(Account.id))).first()
    report = Submission(
        obligation_id=obligation.id or 0,
        task_id=obligation.task_id,
        unit_id=unit_id or 0,
        member_id=member or 0,
        state=SubmissionState.ACCEPTED if accepted else SubmissionState.SUBMITTED,
        accepted_version=1 if accepted else None,
        first_received_at=now,
    )
    session.add(report)
    session.flush()
    as_of = obligation.covers_to or date(2021, 7, 31)
    version = SubmissionVersion(
        submission_id=report.id or 0, version=1, member_id=member or 0, received_at=now, as_of=as_of
    )
    session.add(version)
    session.flush()
    indicators = session.exec(select(Indicator).where(Indicator.task_id == obligation.task_id))
    ids = {each.name: each.id for each in indicators}
    for name, value in values.items():
        session.add(
            Figure(
                version_id=version.id,
                task_id=obligation.task_id,
                indicator_id=ids[name],
                as_of=as_of,
                value=Decimal(value),
                accepted_at=now if accepted else None,
            )
        )
    obligation.state = ObligationState.ACCEPTED if accepted else ObligationState.SUBMITTED
    return report.id or 0


def hand_in_all(talk: Talk, due: date, besides: frozenset[str]) -> None:
    """Reports came in now for everything due on *due*, except for the tasks in *besides*."""
    with talk.database.write() as session:
        rows = session.exec(
            select(Obligation, Task.number).join(Task, col(Task.id) == col(Obligation.task_id))
        ).all()
        for obligation, number in rows:
            if obligation.due.astimezone(LOADED.tzinfo).date() == due and number not in besides:
                _hand_in(session, obligation, {}, talk.now, accepted=False)


@cache
def _loaded(template: Path) -> Path:
    """Both programmes of 2021 with the demo's people, loaded once for all tests."""
    path = Path(mkdtemp(prefix="dajuan-full-")) / "full.db"
    shutil.copy(template, path)
    database = open_database(f"sqlite:///{path}")
    with database.write() as session:
        for code in ("dajuan-2021", "minsheng-2021"):
            load(session, read_definition(code), LOADED, demo=True)
        load_roster(session, read_roster(), LOADED)
    database.dispose()
    return path


@contextmanager
def the_whole_demo(template: Path, folder: Path, now: datetime = LOADED) -> Iterator[Talk]:
    """39 items and 20 projects with 22 units' people, on a copy in *folder*."""
    path = folder / "full.db"
    shutil.copy(_loaded(template), path)
    database = open_database(f"sqlite:///{path}")
    try:
        yield Talk(database, now=now, empty=True)
    finally:
        database.dispose()


def seed_digests(talk: Talk) -> None:
    """Every programme gets its default digests."""
    with talk.database.write() as session:
        for programme in active_programmes(session):
            seed_schedules(session, programme, talk.services.registry)


def outbox(database: Database, prefix: str) -> list[OutboxMessage]:
    """Everything owed under keys that begin with *prefix*, oldest first."""
    with database.read() as session:
        return list(
            session.exec(
                select(OutboxMessage)
                .where(col(OutboxMessage.key).startswith(prefix))
                .order_by(col(OutboxMessage.id))
            ).all()
        )


@contextmanager
def counted_queries(database: Database) -> Iterator[list[str]]:
    """Every statement sent within the block."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
