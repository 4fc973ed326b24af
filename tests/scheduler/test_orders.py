"""Supervision orders by the clock: offered once, merged, reminded of, told above, let go."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from models.db import Database
from models.member import Member, RoleName
from models.obligation import ObligationState
from models.outbox import OutboxState
from models.programme import Programme
from models.rules.order import OrderBasis, OrderState
from models.supervision_order import OrderStep, StepKind, SupervisionOrder
from models.unit import Unit
from scheduler.moment import Moment
from scheduler.orders import scan_orders
from scheduler.reminders import remind
from tests.conftest import at
from tests.factories import a_member
from tests.stores import fresh_sqlite
from tests.supervising import (
    counted_queries,
    hand_in,
    obligation_of,
    outbox,
    the_whole_demo,
    with_open_chats,
)
from tests.talk import Talk

ADMIN, POLICE, BOTH, HEAD = "管理员甲", "州公安局联络员", "联络员甲", "州公安局负责人"
OFFERED = "2021-09-01T09:00"
AUGUST = ("省2", "州3-1", "州1-3", "州1-5", "州1-7", "州1-12", "州1-13", "州1-14")


@pytest.fixture
def talk(tmp_path: Path, sqlite_template: Path) -> Iterator[Talk]:
    with fresh_sqlite(sqlite_template, tmp_path) as database:
        yield _with_head(Talk(database))


def _with_head(talk: Talk) -> Talk:
    with talk.database.write() as session:
        unit = session.exec(select(Unit).where(Unit.name == "州公安局")).one()
        a_member(session, HEAD, (RoleName.UNIT_HEAD, unit))
    return with_open_chats(talk)


def run(talk: Talk, when: str) -> int:
    talk.set_clock(when)
    return remind(talk.database, talk.services, at(when))


def only_one_owes(talk: Talk, number: str = "州1-7") -> None:
    """Whatever was due in August came in, but for this task."""
    for each in {"省2", "州3-1", "州1-3", "州1-5", "州1-7", "州1-12", "州1-13", "州1-14"} - {
        number
    }:
        hand_in(talk, each)


def order(talk: Talk) -> SupervisionOrder:
    with talk.database.read() as session:
        return session.exec(select(SupervisionOrder).order_by(SupervisionOrder.id.desc())).first()


def offers(talk: Talk) -> list[SupervisionOrder]:
    with talk.database.read() as session:
        return list(session.exec(select(SupervisionOrder)).all())


def fresh(talk: Talk, who: str, before: int) -> list[str]:
    return talk.heard(who)[before:]


def test_after_five_working_days_the_admin_is_offered_an_order_once(database: Database) -> None:
    talk = _with_head(Talk(database))
    only_one_owes(talk)
    before = len(talk.heard(ADMIN))
    heard = []
    for day in ("2021-08-31", "2021-09-01", "2021-09-02", "2021-09-03"):
        run(talk, f"{day}T09:00")
        run(talk, f"{day}T09:02")
        heard.append(len(fresh(talk, ADMIN, before)))

    assert heard == [0, 1, 1, 1]
    assert fresh(talk, ADMIN, before) == [
        "【督办建议】以下事项建议督办：\n"
        "建议1 州公安局 州1-7 雪亮工程（答卷专栏）：1—7月情况应于8月25日前报送，逾期未报\n"
        "同意请发“督办 同意 1”，后面可写期限和要求；不办不用回复，情况消除后建议自动失效。\n"
        "再次提醒请发“催报 州公安局”。"
    ]


def test_what_was_offered_is_issued_with_or_without_words(talk: Talk) -> None:
    run(talk, OFFERED)
    ids = {each.task_id: each.id for each in offers(talk)}

    plain = talk.say(ADMIN, f"督办 同意 {min(ids.values())}")[0]
    worded = talk.say(ADMIN, f"督办 同意 {max(ids.values())} 9月30日 补报并说明原因")[0]

    assert "已发出督办1 州发改委 省2" in plain
    assert "要求：尽快补报，并说明逾期原因\n期限：9月8日前办结，还有5个工作日" in plain
    assert "要求：补报并说明原因\n期限：9月30日前办结" in worded


def test_several_offers_are_agreed_to_with_one_message(talk: Talk) -> None:
    run(talk, OFFERED)
    before = len(talk.heard("州交通运输局联络员"))

    answer = talk.say(ADMIN, "督办 同意 4 8")[0]

    assert answer.count("已发出") == 2
    assert len(fresh(talk, "州交通运输局联络员", before)) == 1
    assert "已发为督办1，未重复发出" in talk.say(ADMIN, "督办 同意 4")[0]


def test_of_a_joint_report_the_admin_says_which_unit(talk: Talk) -> None:
    run(talk, OFFERED)
    asked = talk.say(ADMIN, "督办 同意 3")[0]
    wrong = talk.say(ADMIN, "督办 同意 3 州妇联")[0]
    named = talk.say(ADMIN, "督办 同意 3 州文旅广电局 9月30日 补报")[0]

    assert asked.endswith("请回复序号：\n1. 州人社局\n2. 州文旅广电局")
    assert "承担单位是州人社局、州文旅广电局，没有“州妇联”" in wrong
    assert "已发出督办1 州文旅广电局 州1-3" in named


def test_an_offer_lapses_when_the_report_comes_in(talk: Talk) -> None:
    only_one_owes(talk)
    run(talk, OFFERED)
    talk.set_clock("2021-09-01T10:00")
    hand_in(talk, "州1-7")

    answer = talk.say(ADMIN, "督办 同意 1")[0]
    run(talk, "2021-09-02T09:00")

    assert "情况已消除，建议失效，未发出督办单" in answer
    assert order(talk).state == OrderState.DROPPED


def test_an_offer_that_nobody_answers_goes_with_its_case(talk: Talk) -> None:
    only_one_owes(talk)
    run(talk, OFFERED)
    with talk.database.write() as session:
        obligation_of(session, "州1-7").state = ObligationState.WAIVED
    run(talk, "2021-09-02T09:00")

    assert order(talk).state == OrderState.DROPPED
    assert "目前没有待定的督办建议" in talk.say(ADMIN, "督办 建议")[0]


def test_what_was_declined_is_not_offered_again(talk: Talk) -> None:
    only_one_owes(talk)
    run(talk, OFFERED)
    talk.say(ADMIN, "督办 不办 1 已电话说明")
    before = len(talk.heard(ADMIN))
    run(talk, "2021-09-02T09:00")

    assert fresh(talk, ADMIN, before) == []
    assert [each.state for each in offers(talk)] == [OrderState.DROPPED]


def test_a_red_light_by_new_figures_is_offered_with_them(talk: Talk) -> None:
    """28.50 % at the end of July against 58.33 %: red; half of what the schedule asks."""
    for each in ("省2", "州3-1", "州1-3", "州1-5", "州1-12", "州1-13", "州1-14"):
        hand_in(talk, each)
    hand_in(talk, "州1-7", {"乡村公共部位安防设备": "1710"}, accepted=True)
    run(talk, "2021-08-27T09:00")
    on_friday = offers(talk)
    run(talk, "2021-08-30T09:00")
    run(talk, "2021-08-31T09:00")

    assert on_friday == []
    [offer] = offers(talk)
    assert (offer.basis, offer.state) == (OrderBasis.RED, OrderState.OFFERED)
    assert offer.problem == "截至7月31日完成28.50%，序时进度58.33%，工作进度相对滞后"
    assert "催报" not in talk.heard(ADMIN)[-1]


def test_old_figures_are_no_red_light(talk: Talk) -> None:
    hand_in(talk, "州1-7", {"乡村公共部位安防设备": "1710"}, accepted=True)
    run(talk, "2021-09-22T09:00")

    assert not [each for each in offers(talk) if each.basis == OrderBasis.RED]


def test_a_second_return_is_offered_before_anything_is_overdue(talk: Talk) -> None:
    number = hand_in(talk, "州1-7")
    talk.say(ADMIN, f"退回 {number} 图片有水印")
    run(talk, "2021-08-23T09:00")
    once = offers(talk)
    talk.say(POLICE, f"更正 {number}\n截至：7月31日\n完成数：4000个\n措施：逐村安装，按月调度")
    talk.say(ADMIN, f"退回 {number} 数据与台账不符")
    run(talk, "2021-08-24T09:00")

    assert once == []
    [offer] = offers(talk)
    assert offer.problem == "1—7月情况已退回2次，最近一次原因：数据与台账不符"


def test_orders_join_the_reminders_of_reports(talk: Talk) -> None:
    talk.set_clock("2021-08-20T10:00")
    talk.say(ADMIN, "督办 州1-7 8月26日 报送点位清单")
    heard = {}
    for day in ("23", "24", "25", "26", "27", "30"):
        before = len(talk.heard(POLICE))
        run(talk, f"2021-08-{day}T09:00")
        heard[day] = fresh(talk, POLICE, before)

    assert {day: len(texts) for day, texts in heard.items()} == dict.fromkeys(
        ("23", "25", "26", "27", "30"), 1
    ) | {"24": 0}
    assert "报送请发“报送 州1-7”" in heard["25"][0]
    assert "【督办提醒】您好，以下督办单请按期办结：\n督办1 州公安局 州1-7" in heard["25"][0]
    assert "8月26日前办结，还有1个工作日" in heard["25"][0]
    assert "今天（8月26日）前办结" in heard["26"][0]
    assert "以下督办单已逾期，请尽快办结" in heard["27"][0]


def test_an_order_alone_is_reminded_of_and_an_answered_one_is_not(talk: Talk) -> None:
    for each in ("州1-7", "州1-13"):
        hand_in(talk, each)
    talk.set_clock("2021-08-23T10:00")
    talk.say(ADMIN, "督办 州1-7 8月26日 报送点位清单")
    before = len(talk.heard(POLICE))
    run(talk, "2021-08-25T09:00")
    [reminder] = fresh(talk, POLICE, before)
    talk.say(POLICE, "督办1 点位清单已附")
    before = len(talk.heard(POLICE))
    run(talk, "2021-08-26T09:00")

    assert reminder.startswith("【督办提醒】您好")
    assert fresh(talk, POLICE, before) == []


def test_who_answers_while_the_reminder_waits_does_not_get_it(database: Database) -> None:
    talk = _with_head(Talk(database))
    for each in ("州1-7", "州1-13"):
        hand_in(talk, each)
    talk.set_clock("2021-08-23T10:00")
    talk.say(ADMIN, "督办 州1-7 8月26日 报送点位清单")
    run(talk, "2021-08-25T09:00")
    talk.set_clock("2021-08-25T09:01")
    talk.say(POLICE, "督办1 点位清单已附")
    run(talk, "2021-08-25T09:02")

    states = {row.state for row in outbox(talk.database, "remind:2021-08-25:0900")}
    with talk.database.read() as session:
        member = session.exec(select(Member.id).where(Member.name == POLICE)).one()
    [row] = [
        row
        for row in outbox(talk.database, "remind:2021-08-25:0900")
        if row.key.endswith(f"member{member}:0")
    ]
    assert row.state == OutboxState.DROPPED
    assert OutboxState.WAITING in states
    assert "（未发送）" in talk.say(ADMIN, "督办1")[0]


def test_an_overdue_order_goes_up_once_to_the_head_and_once_to_the_admin(talk: Talk) -> None:
    for each in AUGUST:
        hand_in(talk, each)
    talk.set_clock("2021-08-23T10:00")
    talk.say(ADMIN, "督办 州1-7 8月25日 报送点位清单")
    before = {who: len(talk.heard(who)) for who in (HEAD, ADMIN)}
    told = {}
    for day in ("08-26", "08-27", "08-30", "08-31", "09-01", "09-02"):
        run(talk, f"2021-{day}T09:00")
        told[day] = tuple(len(fresh(talk, who, before[who])) for who in (HEAD, ADMIN))

    assert told == {
        "08-26": (0, 0), "08-27": (1, 0), "08-30": (1, 0),
        "08-31": (1, 0), "09-01": (1, 1), "09-02": (1, 1),
    }  # fmt: skip
    assert "请督促联络员尽快办结" in talk.heard(HEAD)[-1]
    assert talk.heard(ADMIN)[-1].startswith("【督办逾期】以下督办单逾期未答复")


def test_after_an_extension_the_clock_begins_anew(talk: Talk) -> None:
    for each in ("州1-7", "州1-13"):
        hand_in(talk, each)
    talk.set_clock("2021-08-20T10:00")
    talk.say(ADMIN, "督办 州1-7 8月25日 报送点位清单")
    talk.say(ADMIN, "督办1 延期 8月31日 汛期")
    before = len(talk.heard(POLICE))
    run(talk, "2021-08-25T09:00")
    on_the_old_day = fresh(talk, POLICE, before)
    run(talk, "2021-08-31T09:00")

    assert on_the_old_day == []
    assert "今天（8月31日）前办结" in talk.heard(POLICE)[-1]


def test_the_report_itself_answers_the_order_about_it(talk: Talk) -> None:
    only_one_owes(talk)
    run(talk, OFFERED)
    talk.say(ADMIN, "督办 同意 1")
    notice = talk.heard(POLICE)[-1]
    talk.set_clock("2021-09-06T10:00")
    hand_in(talk, "州1-7")
    before = len(talk.heard(POLICE))
    run(talk, "2021-09-07T09:00")

    assert "报送后自动转复核，不用另报" in notice
    assert order(talk).state == OrderState.ANSWERED
    assert not [text for text in fresh(talk, POLICE, before) if "督办" in text]


def test_every_notice_is_noted_on_the_order(talk: Talk) -> None:
    talk.set_clock("2021-08-20T10:00")
    talk.say(ADMIN, "督办 州1-7 8月26日 报送点位清单")
    run(talk, "2021-08-23T09:00")
    with talk.database.read() as session:
        steps = session.exec(select(OrderStep).order_by(OrderStep.id)).all()
    told = [step for step in steps if step.kind in (StepKind.TOLD, StepKind.REMINDED)]
    keys = {row.key.removesuffix(":0") for row in outbox(talk.database, "")}

    assert [step.kind for step in told] == [StepKind.TOLD] * 3 + [StepKind.REMINDED] * 2
    assert {step.key for step in told} <= keys


def test_a_policy_sets_the_returns_the_days_and_the_steps(talk: Talk) -> None:
    with talk.database.write() as session:
        for programme in session.exec(select(Programme)).all():
            stated = {"before_days": [4], "reply_days": 10, "returns": 1}
            programme.policy = {**programme.policy, "orders": stated}
    number = hand_in(talk, "州1-7")
    talk.say(ADMIN, f"退回 {number} 图片有水印")
    run(talk, "2021-08-23T09:00")

    answer = talk.say(ADMIN, "督办 同意 1")[0]

    assert "期限：9月6日前办结，还有10个工作日" in answer


def test_the_morning_s_scan_takes_a_fixed_number_of_queries(
    talk: Talk, tmp_path: Path, sqlite_template: Path
) -> None:
    """The same for 8 cases and for 39, each of which is then an offer."""
    counts = {}
    folder = tmp_path / "whole"
    folder.mkdir()
    with the_whole_demo(sqlite_template, folder) as demo:
        for each in (talk, demo):
            with each.database.read() as session:
                moment = Moment.at(session, each.services, at(OFFERED))
            with counted_queries(each.database) as seen:
                scan_orders(each.database, moment)
            counts[len(offers(each))] = sum(one.lstrip().startswith("SELECT") for one in seen)

    assert list(counts) == [8, 39]
    assert len(set(counts.values())) == 1, counts


def test_the_scan_looks_once_a_day(talk: Talk) -> None:
    run(talk, OFFERED)
    with counted_queries(talk.database) as seen:
        run(talk, "2021-09-01T09:10")

    assert not any("FROM figure" in one for one in seen)


def test_of_a_finished_year_nothing_is_offered_and_what_was_is_let_go(talk: Talk) -> None:
    run(talk, OFFERED)
    offered = offers(talk)
    before = len(talk.heard(ADMIN))
    run(talk, "2022-04-06T09:00")

    assert {each.state for each in offered} == {OrderState.OFFERED}
    assert {each.id: each.state for each in offers(talk)} == {
        each.id: OrderState.DROPPED for each in offered
    }
    with talk.database.read() as session:
        dropped = session.exec(select(OrderStep).where(OrderStep.kind == StepKind.DROPPED)).all()
    assert {each.text for each in dropped} == {"专项年度已结束"}
    assert len(dropped) == len(offered)
    assert fresh(talk, ADMIN, before) == []
