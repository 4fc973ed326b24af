"""Cards of a matter that was decided meanwhile: by whom, how, too late, and on what trouble."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import col, select
from structlog.testing import capture_logs

from bot.queues import drop_word, retry_word
from models.card import close_cards
from models.db import Database
from models.errors import Refused
from models.member import Account, RoleName
from models.outbox import OutboxMessage, OutboxState, begin_send, claim_due
from scheduler.delivery import CLAIM, Delivery
from tests.bot.wecom.test_buttons import ADMIN, LONG, POLICE, REPORT, Hands
from tests.factories import a_member
from tests.twins.record import Bubble
from tests.twins.wecom.corp import Member
from tests.wecom import WecomOffice

OTHER = "管理员乙"
UPDATE = "message/update_template_card"
HOUR = 3600
CORRECTED = "更正 1\n完成数：3700个"


def add_admin(office: WecomOffice) -> Hands:
    """An office of two admins, each of whom has looked at report #1."""
    with office.house.database.write() as session:
        member = a_member(session, OTHER, (RoleName.ADMIN, None))
        account = session.exec(select(Account).where(Account.member_id == member.id)).one()
        account.platform = "wecom"
    office.twin.corp.join([Member(OTHER, OTHER)])
    hands = Hands(office, "app")
    hands.says(POLICE, REPORT)
    hands.says(ADMIN, "查看 1")
    hands.says(OTHER, "查看 1")
    return hands


@pytest.fixture
def two(office: WecomOffice) -> Hands:
    return add_admin(office)


@pytest.fixture
def either_two(either_office: WecomOffice) -> Hands:
    return add_admin(either_office)


def card_of(hands: Hands, person: str) -> Bubble:
    """The last card that *person* got."""
    return hands.cards(person)[-1]


def reads(card: Bubble) -> str:
    """What stands in the place of a card's buttons; empty while they can be tapped."""
    button = card.body.get("button", "")
    return button if isinstance(button, str) else str(button["replace_name"])


def closings(database: Database) -> list[OutboxMessage]:
    with database.read() as session:
        wanted = select(OutboxMessage).where(col(OutboxMessage.key).startswith("close:"))
        return list(session.exec(wanted.order_by(col(OutboxMessage.id))).all())


def codes(database: Database) -> list[str]:
    with database.read() as session:
        wanted = select(OutboxMessage.code).where(OutboxMessage.code != "")
        return list(session.exec(wanted).all())


def updates(hands: Hands) -> int:
    return hands.office.twin.record.tries[UPDATE]


def test_21_what_one_admin_passes_by_a_tap_is_passed_on_the_others_card(either_two: Hands) -> None:
    others, before = card_of(either_two, OTHER), either_two.reads(OTHER)

    own = either_two.taps(ADMIN, "通过")

    assert reads(others) == "已通过"
    assert reads(own) == "已选：通过"
    assert either_two.reads(OTHER) == before
    [done] = closings(either_two.office.house.database)
    assert (done.state, done.code, done.sent_at) == (OutboxState.SENT, "", None)


def test_21_what_is_passed_by_words_is_passed_on_every_card(two: Hands) -> None:
    cards = [card_of(two, ADMIN), card_of(two, OTHER)]

    two.says(ADMIN, "通过 1")

    assert [reads(each) for each in cards] == ["已通过", "已通过"]
    assert codes(two.office.house.database) == []


def test_21_what_is_sent_back_says_so_once_the_reason_is_told(two: Hands) -> None:
    cards = [card_of(two, ADMIN), card_of(two, OTHER)]

    two.taps(ADMIN, "退回")
    assert [reads(each) for each in cards] == ["已选：退回", ""]
    two.says(ADMIN, "图片有水印，请换原图")

    assert [reads(each) for each in cards] == ["已退回", "已退回"]


@pytest.mark.parametrize(("words", "label"), [(CORRECTED, "已有更正"), ("撤回 1", "已撤回")])
def test_21_what_the_liaison_does_shows_on_the_cards(two: Hands, words: str, label: str) -> None:
    cards = [card_of(two, ADMIN), card_of(two, OTHER)]

    two.says(POLICE, words)

    assert [reads(each) for each in cards] == [label, label]


def test_21_the_card_of_the_new_version_is_another_and_is_closed_by_itself(two: Hands) -> None:
    two.says(POLICE, CORRECTED)
    two.says(OTHER, "查看 1")
    new = card_of(two, OTHER)
    assert reads(new) == ""

    two.says(ADMIN, "通过 1")

    assert reads(new) == "已通过"
    assert updates(two) == 3


def test_21_the_buttons_below_a_long_word_are_closed_too(two: Hands) -> None:
    two.says(POLICE, f"更正 1\n{LONG.partition(chr(10))[2]}")
    two.says(OTHER, "查看 1")

    two.says(ADMIN, "通过 1")

    assert [reads(each) for each in two.cards(OTHER)] == ["已有更正", "已通过"]


@pytest.mark.parametrize(
    ("person", "words", "label"),
    [
        (ADMIN, "同意 1", "已同意"),
        (ADMIN, "不同意 1 请按期报送", "未同意"),
        (POLICE, "延期 撤回 新7", "已撤回"),
    ],
)
def test_21_a_wish_that_is_answered_shows_on_the_cards(
    two: Hands, person: str, words: str, label: str
) -> None:
    two.office.twin.clock.forward(23 * 24 * HOUR)
    two.says(POLICE, "延期 新7 9月27日 数据没汇总完")
    two.office.forward(60)
    asked = card_of(two, OTHER)
    assert "【申请1】" in asked.body["main_title"]["title"] + asked.body.get("sub_title_text", "")

    two.says(person, words)
    two.office.forward(60)

    assert reads(asked) == label


def test_21_a_draft_that_is_issued_shows_on_the_cards(two: Hands) -> None:
    two.office.twin.clock.forward(23 * 24 * HOUR)
    two.says(ADMIN, "通报 重点民生实事 8月")
    two.says(OTHER, "通报 重点民生实事 8月")
    cards = [card_of(two, ADMIN), card_of(two, OTHER)]
    assert [each.body["button_list"][0]["text"] for each in cards] == ["签发", "签发"]

    two.taps(OTHER, "签发")

    assert [reads(each) for each in cards] == ["已签发", "已选：签发"]


def test_21_after_three_days_no_card_is_tried(two: Hands) -> None:
    two.office.twin.clock.forward(72 * HOUR + 60)

    two.says(ADMIN, "通过 1")

    assert updates(two) == 0
    assert closings(two.office.house.database) == []


def test_21_a_code_is_used_once_whatever_is_decided_next(two: Hands) -> None:
    two.says(ADMIN, "退回 1 图片有水印")
    two.says(ADMIN, "退回 1 图片有水印，请换原图")
    two.says(POLICE, CORRECTED)
    two.says(OTHER, "通过 1")

    assert updates(two) == 2
    assert [reads(each) for each in two.cards(OTHER)] == ["已退回"]


def test_21_a_code_that_is_refused_ends_quietly(two: Hands) -> None:
    kept = codes(two.office.house.database)
    two.office.twin.faults.answer(UPDATE, 40058, times=None)
    before = two.reads(OTHER)

    with capture_logs() as logs:
        two.says(ADMIN, "通过 1")
        two.office.forward(HOUR)

    assert updates(two) == 2
    done = closings(two.office.house.database)
    assert [(each.state, each.code) for each in done] == [(OutboxState.DROPPED, "")] * 2
    assert two.reads(OTHER) == before
    assert not any("待发消息" in each for each in two.reads(ADMIN))
    told = [each for each in logs if each["event"] == "card not closed"]
    assert [each["log_level"] for each in told] == ["info", "info"]
    assert len(kept) == 2
    assert not any(code in str(each.values()) for each in told for code in kept)


def test_21_where_wecom_is_busy_a_card_is_closed_later_and_words_go_before(two: Hands) -> None:
    card = card_of(two, OTHER)
    two.office.twin.faults.answer(UPDATE, -1, times=None)
    two.says(ADMIN, "通过 1")
    two.says(OTHER, "待审")
    assert two.reads(OTHER)[-1] == "目前没有待审的报送。"
    assert reads(card) == ""

    two.office.twin.faults.clear()
    two.office.forward(60)

    assert reads(card) == "已通过"


def test_21_where_wecom_stays_busy_a_card_is_left_alone_quietly(two: Hands) -> None:
    two.office.twin.faults.answer(UPDATE, -1, times=None)
    two.says(ADMIN, "通过 1")
    for _ in range(8):
        two.office.forward(15 * 60)

    done = closings(two.office.house.database)
    assert [(each.state, each.attempts) for each in done] == [(OutboxState.DROPPED, 4)] * 2
    assert codes(two.office.house.database) == []
    assert not any("待发消息" in each for each in two.reads(ADMIN))


def test_21_an_answer_that_is_lost_costs_a_card_nothing(two: Hands) -> None:
    house = two.office.house
    cards = [card_of(two, ADMIN), card_of(two, OTHER)]
    two.office.twin.faults.hang_up(UPDATE, acted=True)
    two.says(ADMIN, "通过 1")
    assert [reads(each) for each in cards] == ["已通过", "已通过"]

    two.office.forward(HOUR)

    assert updates(two) == 3
    assert {each.state for each in closings(house.database)} == {"sent", "dropped"}
    assert not any("待发消息" in each for each in two.reads(ADMIN))


def test_21_a_card_whose_process_died_is_closed_by_the_next(either_two: Hands) -> None:
    house = either_two.office.house
    cards = [card_of(either_two, ADMIN), card_of(either_two, OTHER)]
    with house.database.write() as session:
        close_cards(session, ["report:1"], "已通过", house.clock())
    with house.database.write() as session:
        claimed = claim_due(session, house.clock(), 8, CLAIM)
    with house.database.write() as session:
        for each in claimed:
            begin_send(session, each, house.clock(), CLAIM)

    either_two.office.works()
    assert updates(either_two) == 0
    either_two.office.forward(CLAIM.total_seconds() + 1)

    assert updates(either_two) == 2
    assert [reads(each) for each in cards] == ["已通过", "已通过"]


def test_21_two_hands_at_once_close_each_card_once(either_two: Hands) -> None:
    house = either_two.office.house
    now = house.clock()

    def decide(_: int) -> None:
        with house.database.write() as session:
            close_cards(session, ["report:1"], "已通过", now)

    def deliver(_: int) -> int:
        senders, services = house.platforms, house.services
        return Delivery(house.database, senders, services, house.clock, hands=4).deliver_due(now)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(decide, range(4)))
        list(pool.map(deliver, range(4)))

    assert updates(either_two) == 2
    assert [each.state for each in closings(house.database)] == [OutboxState.SENT] * 2


def test_21_an_operator_cannot_have_a_closing_said_as_a_word(two: Hands) -> None:
    house = two.office.house
    with house.database.write() as session:
        close_cards(session, ["report:1"], "已通过", house.clock())
    one, other = (each.id or 0 for each in closings(house.database))
    with house.database.write() as session:
        drop_word(session, one, house.clock())
    for number in (one, other):
        with pytest.raises(Refused), house.database.write() as session:
            retry_word(session, number, house.clock())

    assert [each.code != "" for each in closings(house.database)] == [False, True]


def test_21_closed_cards_are_no_words_of_a_pace(two: Hands) -> None:
    house = two.office.house
    two.says(ADMIN, "通过 1")
    since = house.clock() - timedelta(minutes=1)
    with house.database.read() as session:
        sent = session.exec(select(OutboxMessage).where(col(OutboxMessage.sent_at) >= since)).all()

    assert not any(each.is_closing for each in sent)
