"""Cards of a matter that was decided meanwhile: by whom, how, too late, and on what trouble."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import col, select
from structlog.testing import capture_logs

from models.card import about_report, close_cards
from models.chat import Door
from models.db import Database
from models.member import Account, RoleName
from models.message import Choice, Reply
from models.outbox import OutboxMessage, OutboxState, say
from tests.bot.dingtalk.card_hands import (
    ADMIN,
    GROUP,
    POLICE,
    REPORT,
    UPDATE,
    CardHands,
    labels,
    stands,
    with_cards,
)
from tests.factories import a_member
from tests.twins.dingtalk.corp import Member

OTHER = "管理员乙"
HOUR = 3600
CORRECTED = "更正 1\n完成数：3700个"


def add_admin(hands: CardHands) -> CardHands:
    """An office of two admins, each of whom has looked at report #1."""
    office = hands.office
    with office.house.database.write() as session:
        member = a_member(session, OTHER, (RoleName.ADMIN, None))
        account = session.exec(select(Account).where(Account.member_id == member.id)).one()
        account.platform = "dingtalk"
    office.twin.corp.join([Member(OTHER, OTHER)])
    hands.says(POLICE, REPORT)
    hands.says(ADMIN, "查看 1")
    hands.says(OTHER, "查看 1")
    return hands


@pytest.fixture
def two(sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CardHands]:
    with with_cards(sqlite, tmp_path, monkeypatch) as hands:
        yield add_admin(hands)
        assert hands.office.twin.complaints == []


def closings(hands: CardHands) -> list[OutboxMessage]:
    with hands.office.house.database.read() as session:
        wanted = select(OutboxMessage).where(col(OutboxMessage.key).startswith("close:"))
        return list(session.exec(wanted.order_by(col(OutboxMessage.id))).all())


def codes(hands: CardHands) -> list[str]:
    with hands.office.house.database.read() as session:
        wanted = select(OutboxMessage.code).where(OutboxMessage.code != "")
        return list(session.exec(wanted).all())


def updates(hands: CardHands) -> int:
    return hands.office.twin.record.tries[UPDATE]


@pytest.mark.parametrize("stream", [False, True], ids=["http", "stream"])
def test_31_what_one_admin_passes_by_a_tap_is_passed_on_the_others_card(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, stream: bool
) -> None:
    with with_cards(database, tmp_path, monkeypatch, stream=stream) as hands:
        two = add_admin(hands)
        own, others, before = two.card(ADMIN), two.card(OTHER), two.reads(OTHER)

        two.taps(ADMIN, own, "通过")

        assert [stands(own), stands(others)] == ["已选：通过", "已通过"]
        assert labels(others) == []
        assert two.reads(OTHER) == before, "closing a card calls nobody"
        [done] = closings(two)
        assert (done.state, done.code, done.sent_at) == (OutboxState.SENT, "", None)
        assert two.office.twin.complaints == []


def test_31_what_is_passed_by_words_is_passed_on_every_card(two: CardHands) -> None:
    cards = [two.card(ADMIN), two.card(OTHER)]

    two.says(ADMIN, "通过 1")

    assert [stands(each) for each in cards] == ["已通过", "已通过"]
    assert codes(two) == []


def test_31_what_is_sent_back_says_so_once_the_reason_is_told(two: CardHands) -> None:
    cards = [two.card(ADMIN), two.card(OTHER)]

    two.taps(ADMIN, cards[0], "退回")
    assert [stands(each) for each in cards] == ["已选：退回", ""]
    two.says(ADMIN, "图片有水印，请换原图")

    assert [stands(each) for each in cards] == ["已退回", "已退回"]


@pytest.mark.parametrize(("words", "label"), [(CORRECTED, "已有更正"), ("撤回 1", "已撤回")])
def test_31_what_the_liaison_does_shows_on_the_cards(
    two: CardHands, words: str, label: str
) -> None:
    cards = [two.card(ADMIN), two.card(OTHER)]

    two.says(POLICE, words)

    assert [stands(each) for each in cards] == [label, label]


def test_31_a_card_in_a_group_is_closed_for_all_once_it_is_decided_alone(two: CardHands) -> None:
    two.office.says(ADMIN, "进度", GROUP)
    house = two.office.house
    with house.database.write() as session:
        chat = session.exec(select(Door.chat_id).where(Door.address == GROUP)).one()
        choices = (Choice("通过", "通过 1 〔第1版〕"), Choice("退回", "退回 1"))
        reply = Reply("待审1件", choices=choices, about=about_report(1))
        say(session, chat, reply, key="group", now=house.clock())
    two.office.works()
    together = two.card(GROUP)

    two.taps(OTHER, together, "通过")
    assert "“通过”请在与我的单聊中发送" in two.reads(GROUP)[-1], "others read what is decided there"
    assert labels(together) == ["通过", "退回"]
    two.taps(OTHER, two.card(OTHER), "通过")

    assert stands(together) == "已通过"
    assert two.of(together).private == {OTHER: {"chosen": "已选：通过"}}
    assert stands(two.card(ADMIN)) == "已通过"


def test_31_after_three_days_no_card_is_tried(two: CardHands) -> None:
    two.office.twin.clock.forward(72 * HOUR + 60)

    two.says(ADMIN, "通过 1")

    assert updates(two) == 0
    assert closings(two) == []


def test_31_a_card_is_closed_once_whatever_is_decided_next(two: CardHands) -> None:
    two.says(ADMIN, "退回 1 图片有水印")
    two.says(ADMIN, "退回 1 图片有水印，请换原图")
    two.says(POLICE, CORRECTED)
    two.says(OTHER, "通过 1")

    assert updates(two) == 2
    assert stands(two.card(OTHER)) == "已退回"


def test_31_a_card_that_cannot_be_closed_ends_quietly(two: CardHands) -> None:
    kept = codes(two)
    two.office.twin.faults.answer(UPDATE, "param.cardNotExist", times=None)
    before = two.reads(OTHER)

    with capture_logs() as logs:
        two.says(ADMIN, "通过 1")
        two.office.forward(HOUR)

    assert updates(two) == 2
    assert [(e.state, e.code) for e in closings(two)] == [(OutboxState.DROPPED, "")] * 2
    assert two.reads(OTHER) == before
    assert not any("待发消息" in each for each in two.reads(ADMIN))
    told = [each for each in logs if each["event"] == "card not closed"]
    assert [each["log_level"] for each in told] == ["info", "info"]
    assert len(kept) == 2
    assert not any(code in str(logs) for code in kept)


def test_31_where_dingtalk_is_busy_a_card_is_closed_later_and_words_go_before(
    two: CardHands,
) -> None:
    card = two.card(OTHER)
    two.office.twin.faults.answer(UPDATE, "system.error", times=None)
    two.says(ADMIN, "通过 1")
    two.says(OTHER, "待审")
    assert two.reads(OTHER)[-1] == "目前没有待审的报送。"
    assert stands(card) == ""

    two.office.twin.faults.clear()
    two.office.forward(60)

    assert stands(card) == "已通过"


def test_31_an_answer_that_is_lost_costs_a_card_nothing(two: CardHands) -> None:
    cards = [two.card(ADMIN), two.card(OTHER)]
    two.office.twin.faults.hang_up(UPDATE, acted=True)
    two.says(ADMIN, "通过 1")
    assert [stands(each) for each in cards] == ["已通过", "已通过"]

    two.office.forward(HOUR)

    assert {each.state for each in closings(two)} == {OutboxState.SENT}
    assert not any("待发消息" in each for each in two.reads(ADMIN))


def test_31_a_card_is_closed_though_the_template_is_set_no_more(two: CardHands) -> None:
    cards = two.robot._cards
    cards._template = ""
    shown = two.card(OTHER)
    with two.office.house.database.write() as session:
        close_cards(session, [about_report(1)], "已通过", two.office.house.clock())

    two.office.works()

    assert stands(shown) == "已通过"
