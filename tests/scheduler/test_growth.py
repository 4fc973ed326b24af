"""What the clock asks takes as many statements after eleven years as after two."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import delete

from handlers.registry import discover
from models.db import Database
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
