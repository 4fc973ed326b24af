"""What the clock asks takes as many statements after eleven years as after two."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, event

from handlers.registry import discover
from models.audit import Audit
from models.db import Database
from models.figure import Figure
from models.inbox import InboxMessage
from models.obligation import Obligation, ObligationUnit
from models.outbox import OutboxMessage
from models.submission import Submission, SubmissionVersion
from models.tables import METADATA
from scheduler.delivery import Delivery
from scheduler.jobs import RHYTHM, Jobs
from tests.province import MONDAY, Province
from tests.supervising import counted_queries
from tests.talk import Talk


def _statements(database: Database, history: int) -> Mapping[str, int]:
    """How many each question takes when everything is to be said, and when all was said.

    Rows that are written are not counted: SQLite is sent them one by one. Nor is what is let go at
    night, in portions: that is as much as there is.
    """
    with database.write() as session:
        for table in reversed(METADATA.sorted_tables):
            session.execute(delete(table))
        Province(tasks=6, history=history).into(session, discover())
    services = Talk(database, now=MONDAY, empty=True).services
    delivery = Delivery(database, {}, services, lambda: MONDAY)
    jobs = Jobs(database, services, delivery, lambda: MONDAY)
    found = {}
    for when in (MONDAY, MONDAY + timedelta(minutes=1)):
        for name in (*RHYTHM, "delivery"):
            with counted_queries(database) as sent:
                jobs.run(name, when)
            read = [each for each in sent if not each.startswith("INSERT")]
            found[f"{name} {when:%H:%M}"] = len(read)
    return found


def test_no_question_of_the_clock_grows_with_the_years(database: Database) -> None:
    two_years, eleven_years = (_statements(database, history) for history in (1, 10))

    assert eleven_years == two_years
    assert two_years["digests 09:05"] > two_years["digests 09:06"] > 0
    assert two_years["reminders 09:05"] > two_years["reminders 09:06"] > 0


#: Tables whose rows stay for years.
_HISTORY = (Obligation, ObligationUnit, Submission, SubmissionVersion, Figure, InboxMessage)
_HISTORY += (OutboxMessage, Audit)


def test_the_clock_seeks_nothing_among_all_rows_of_years(sqlite: Database) -> None:
    """SQLite says how it would look, however few rows there are."""
    asked: set[tuple[str, Any]] = set()

    def note(_connection: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        if statement.startswith("SELECT"):
            asked.add((statement, values))

    event.listen(sqlite.engine, "before_cursor_execute", note)
    _statements(sqlite, history=1)
    event.remove(sqlite.engine, "before_cursor_execute", note)

    with sqlite.engine.connect() as connection:
        plans = {
            step.detail: statement
            for statement, values in asked
            for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        }
    names = "|".join(str(table.__tablename__) for table in _HISTORY)
    assert not {s: plan for s, plan in plans.items() if re.match(rf"SCAN ({names})\b", s)}
    # Whether a word waits for an older one is asked of its own chat.
    assert "SEARCH outbox_1 USING INDEX ix_outbox_chat_id_state_priority" in " ".join(plans)
