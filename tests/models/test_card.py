"""What closing costs: a decision is waited for, whoever has looked at the matter."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from models.card import LIFE, about_report, close_cards
from models.chat import chat_at
from models.db import Database
from models.message import ChatKind, Choice, Reply
from models.outbox import CAUSED_BY, OutboxMessage, OutboxState, say
from tests.handlers.test_reporting_many import counted
from tests.talk import MORNING

CARD = Reply("#1 待审", choices=(Choice("通过", "通过 1"),), about=about_report(1))


def show(session: Session, count: int) -> None:
    """Cards about report #1 as they stand once they were sent, each a minute older."""
    chat = chat_at(session, "wecom", "管理员甲", ChatKind.SINGLE, MORNING)
    for at in range(count):
        say(session, chat.id or 0, CARD, key=f"card{at}", now=MORNING)
        row = session.get_one(OutboxMessage, at + 1)
        row.state, row.platform, row.code = OutboxState.SENT, "wecom_app", f"code {at}"
        row.sent_at = MORNING - timedelta(minutes=at)


def cost(database: Database, about: str) -> int:
    with database.write() as session, counted(database) as said:
        close_cards(session, [about], "已通过", MORNING)
        session.commit()
    return sum(not each.startswith("BEGIN") for each in said)


@pytest.mark.parametrize("cards", [1, 20])
def test_closing_costs_three_statements_and_one_where_nobody_looked(
    database: Database, cards: int
) -> None:
    with database.write() as session:
        show(session, cards)

    assert cost(database, about_report(2)) == 1
    assert cost(database, about_report(1)) == 3
    assert cost(database, about_report(1)) == 1


@pytest.mark.parametrize(("passed", "owed"), [(LIFE - timedelta(minutes=2), 2), (LIFE, 0)])
def test_a_card_can_be_closed_for_three_days(
    database: Database, passed: timedelta, owed: int
) -> None:
    with database.write() as session:
        show(session, 2)
        close_cards(session, [about_report(1)], "已通过", MORNING + passed)
        rows = [session.get(OutboxMessage, number) for number in (3, 4)]

    assert sum(row is not None for row in rows) == owed


def test_what_closes_a_card_has_the_id_of_the_call_that_decided(sqlite: Database) -> None:
    with sqlite.write() as session:
        show(session, 1)
        session.info[CAUSED_BY] = "3f9c21d07a4e"
        close_cards(session, [about_report(1)], "已通过", MORNING)
        numbers = [session.get_one(OutboxMessage, number).request_id for number in (1, 2)]

    assert numbers == ["", "3f9c21d07a4e"]
