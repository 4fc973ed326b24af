"""状态, 未报, 催报: who owes what on the due day, in numbers that agree."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import col, select, update

from models.audit import Audit
from models.chat import Chat
from models.member import Member, RoleName
from models.outbox import CLOSING, OutboxMessage, OutboxState
from models.requirement import Requirement
from models.task import Task
from models.unit import Unit
from tests.conftest import at
from tests.factories import a_member
from tests.stores import fresh_sqlite
from tests.supervising import (
    counted_queries,
    hand_in,
    hand_in_all,
    outbox,
    the_whole_demo,
    with_open_chats,
)
from tests.talk import Talk

DUE = date(2021, 8, 25)
#: Seven of 39 are missing on the due day, three of them of one liaison's two units.
MISSING = frozenset({"省1", "州1-7", "州1-8", "州1-17", "州1-13", "州2", "州9"})


@pytest.fixture
def talk(tmp_path: Path, sqlite_template: Path) -> Iterator[Talk]:
    """The small programmes, everybody within reach, on a Friday morning."""
    with fresh_sqlite(sqlite_template, tmp_path) as database:
        yield with_open_chats(Talk(database))


@pytest.fixture
def due_day(tmp_path: Path, sqlite_template: Path) -> Iterator[Talk]:
    """dajuan-2021 on 25 August: 32 of 39 reports are in, three of them were sent back."""
    with the_whole_demo(sqlite_template, tmp_path, at("2021-08-25T10:00")) as talk:
        hand_in_all(talk, DUE, MISSING)
        yield talk


def test_status_missing_and_chase_agree_on_the_due_day(due_day: Talk) -> None:
    status = due_day.say("管理员甲", "状态 答卷专栏")[0]
    missing = due_day.say("管理员甲", "未报 答卷专栏")[0]
    chased = due_day.say("管理员甲", "催报 答卷专栏")[0]

    assert "应报39件" in status
    assert "已报32件：按时32件，逾期报送0件" in status
    assert "未报7件" in status
    assert "待审32件" in status
    assert "未报7件，涉及7个单位" in missing
    assert {n for n in MISSING if n in missing} == MISSING
    assert "涉及7件" in chased


def test_three_returned_reports_are_counted_listed_and_chased(due_day: Talk) -> None:
    for number in (1, 2, 3):
        due_day.say("管理员甲", f"退回 {number} 图片有水印")

    assert "退回待重报3件" in due_day.say("管理员甲", "状态 答卷专栏 8月")[0]
    assert "未报7件，退回待重报3件" in due_day.say("管理员甲", "未报 答卷专栏")[0]
    assert "涉及10件" in due_day.say("管理员甲", "催报 答卷专栏")[0]


def test_the_next_morning_the_missing_ones_are_overdue(due_day: Talk) -> None:
    due_day.set_clock("2021-08-26T09:00")
    hand_in(due_day, "州9")

    status = due_day.say("管理员甲", "状态 答卷专栏")[0]

    assert "按时32件，逾期报送1件" in status
    assert "未报6件（其中逾期6件）" in status


def test_a_round_is_named_by_month_or_day(due_day: Talk) -> None:
    due_day.set_clock("2021-09-16T09:00")

    assert "应报35件" in due_day.say("管理员甲", "状态 答卷专栏")[0]
    assert "另有往期未报7件" in due_day.say("管理员甲", "状态 答卷专栏")[0]
    assert "应报39件" in due_day.say("管理员甲", "状态 8月 答卷专栏")[0]
    assert "应报9件" in due_day.say("管理员甲", "状态 答卷专栏 9月19日")[0]
    assert "应报26件" in due_day.say("管理员甲", "状态 答卷专栏 2021-09-20")[0]


def test_what_the_next_due_time_closed_is_no_longer_asked_for(due_day: Talk) -> None:
    due_day.set_clock("2021-09-22T09:30")

    missing = "\n".join(due_day.say("管理员甲", "未报 答卷专栏"))

    assert "省1 省重点民生实事（8月25日" not in missing
    assert "省1 省重点民生实事（9月19日已逾期）" in missing
    assert "另有往期已截止未报6件，名单请发“未报 已截止”。" in missing


def test_what_was_never_reported_is_counted_alike_and_can_be_listed(due_day: Talk) -> None:
    due_day.set_clock("2021-09-22T09:30")

    then = due_day.say("管理员甲", "状态 答卷专栏 8月")[0]
    now = due_day.say("管理员甲", "状态 答卷专栏")[0]
    listed = due_day.say("管理员甲", "未报 答卷专栏 已截止")[0]
    of_august = due_day.say("管理员甲", "未报 答卷专栏 8月")[0]

    # Six have a following month; 州2 is reported by the quarter and can still be.
    assert "未报1件（其中逾期1件）\n已截止未报6件\n" in then
    assert "另有往期未报1件\n另有往期已截止未报6件" in now
    assert listed.startswith("【答卷专栏】已截止未报6件，涉及5个单位")
    assert "省1 省重点民生实事（8月25日已截止未报）" in listed
    assert of_august.startswith("【答卷专栏】未报1件，已截止未报6件，涉及")
    assert due_day.say("管理员甲", "未报 8月")
    assert "州1-7 雪亮工程（1—7月，8月25日已截止未报）" in due_day.say("管理员甲", "4")[0]


@pytest.mark.parametrize(
    "when", ["2021-08-20T09:00", "2021-08-26T09:00", "2021-09-16T09:00", "2021-09-22T09:30"]
)
def test_status_and_missing_say_the_same_at_any_time(due_day: Talk, when: str) -> None:
    due_day.say("管理员甲", "退回 1 图片有水印")
    due_day.set_clock(when)

    status = due_day.say("管理员甲", "状态 答卷专栏")[0]
    missing = due_day.say("管理员甲", "未报 答卷专栏")[0].splitlines()[0]

    assert number(missing, "】未报") == number(status, "\n未报") + number(status, "往期未报")
    back = number(status, "，退回待重报") + number(status, "往期退回未重报")
    assert number(missing, "退回待重报") == back == 1


def number(text: str, word: str) -> int:
    found = re.search(rf"{word}(\d+)件", text)
    return int(found[1]) if found else 0


def test_the_numbers_of_a_status_explain_each_other(due_day: Talk) -> None:
    for report in (1, 2, 3):
        due_day.say("管理员甲", f"退回 {report} 图片有水印")
    due_day.say("管理员甲", "通过 4 5")

    assert due_day.say("管理员甲", "状态 答卷专栏")[0].splitlines()[1:] == [
        "应报39件",
        "已报32件：按时32件，逾期报送0件",
        "　其中已通过2件，待审27件，退回待重报3件",
        "未报7件",
        "报送率74.36%（29/39，退回待重报的3件不计）",
    ]


def test_an_open_correction_stands_beside_the_accepted_report(talk: Talk) -> None:
    talk.say("州公安局联络员", "报送 州1-7\n截至：7月31日\n完成数：3600个\n措施：逐村安装调试。")
    talk.say("管理员甲", "通过 1")
    talk.say("州公安局联络员", "更正 1\n完成数：3650个")
    waits = talk.say("管理员甲", "状态 答卷专栏")[0]
    talk.say("管理员甲", "退回 1 与台账不符")
    returned = talk.say("管理员甲", "状态 答卷专栏")[0]
    missing = talk.say("管理员甲", "未报 答卷专栏")[0]

    assert "其中已通过1件，待审0件，退回待重报0件" in waits
    assert "已通过的另有更正待审1件" in waits
    assert "其中已通过1件，待审0件，退回待重报0件" in returned
    assert "已通过的另有更正已退回1件" in returned
    assert "更正已退回1件" in missing
    assert "州1-7 雪亮工程（更正已退回）" in missing


def test_all_that_a_unit_owes_is_listed_by_its_number_or_name(talk: Talk) -> None:
    listed = talk.say("管理员甲", "未报 答卷专栏")[0]
    place = next(line.split(".")[0] for line in listed.splitlines() if "州交通运输局" in line)

    by_name = talk.say("管理员甲", "未报 州交通运输局")[0]

    assert by_name.splitlines() == [
        "州交通运输局",
        "【答卷专栏】",
        "州1-5 农村公路安防设施（1—7月，8月25日截止）",
        "州1-14 农村公路提质改造（1—7月，8月25日截止）",
    ]
    talk.say("管理员甲", "未报 答卷专栏")
    assert talk.say("管理员甲", place)[0] == by_name
    assert talk.say("领导甲", "未报 龙山县") == ["龙山县没有未报的事项。"]


def test_a_unit_head_reads_the_own_units_only(talk: Talk) -> None:
    with talk.database.write() as session:
        unit = session.exec(select(Unit).where(Unit.name == "州公安局")).one()
        a_member(session, "州公安局负责人", (RoleName.UNIT_HEAD, unit))

    status = talk.say("州公安局负责人", "状态 答卷专栏")[0]
    missing = talk.say("州公安局负责人", "未报")[0]

    assert status.startswith("【答卷专栏】本单位8月截止的报送\n应报1件\n")
    assert "州1-7 雪亮工程" in missing
    assert "州妇联" not in missing
    assert "催报" not in missing
    assert "不是您单位" in talk.say("州公安局负责人", "未报 州妇联")[0]
    assert "仅限" in talk.say("州公安局负责人", "催报")[0]


def test_an_unknown_programme_or_period_is_answered_with_what_can_be_said(talk: Talk) -> None:
    assert "答卷专栏、重点民生实事" in talk.say("管理员甲", "状态 第八期")[0]


def test_the_number_of_queries_does_not_grow_with_the_tasks(due_day: Talk) -> None:
    with counted_queries(due_day.database) as small:
        due_day.say("管理员甲", "未报 重点民生实事")
    with counted_queries(due_day.database) as large:
        due_day.say("管理员甲", "未报 答卷专栏")

    assert len(large) == len(small)


def test_a_chase_lists_everything_a_person_owes_in_one_message(due_day: Talk) -> None:
    due_day.say("管理员甲", "催报 答卷专栏")

    (told,) = [text for text in due_day.heard("联络员甲") if text.startswith("【催报】")]

    assert [n for n in ("州1-8", "州1-13", "州1-17") if n in told] == ["州1-8", "州1-13", "州1-17"]
    assert "今天截止" in told
    assert "报送 州1-8" in told


def test_a_person_is_chased_once_a_day_whoever_asks(talk: Talk) -> None:
    first = talk.say("管理员甲", "催报 州公安局")[0]
    second = talk.say("管理员甲", "催报 全部")[0]
    talk.set_clock("2021-08-23T09:00")
    next_day = talk.say("管理员甲", "催报 州公安局")[0]

    assert first.startswith("已催报2人")
    assert "今天已催过2人，未重复发送：州公安局联络员、联络员甲" in second
    assert next_day.startswith("已催报2人")


def test_who_does_not_get_what_is_sent_is_named(talk: Talk) -> None:
    """Nobody is taken for chased who has not seen the last word either, until one gets through."""
    talk.say("管理员甲", "催报 州公安局")
    _end_chases(talk, OutboxState.FAILED, "member")
    _close_cards(talk)
    same_day = talk.say("管理员甲", "催报 州公安局")[0]
    talk.set_clock("2021-08-23T09:00")
    next_day = talk.say("管理员甲", "催报 州公安局")[0]
    _end_chases(talk, OutboxState.SENT, "chase:2021-08-23:")
    talk.set_clock("2021-08-24T09:00")

    told = "其中2人上一次的消息没有送达：州公安局联络员、联络员甲。请电话联系，并请运维人员核对。"
    assert same_day.endswith(told)
    assert next_day.endswith(told)
    assert "没有送达" not in talk.say("管理员甲", "催报 州公安局")[0]


def _end_chases(talk: Talk, state: OutboxState, part: str) -> None:
    with talk.database.write() as session:
        session.exec(
            update(OutboxMessage)
            .where(
                col(OutboxMessage.key).startswith("chase:"), col(OutboxMessage.key).contains(part)
            )
            .values(state=state)
        )


def _close_cards(talk: Talk) -> None:
    """Whoever was chased holds a card that is closed since: that is no word."""
    with talk.database.write() as session:
        chased = select(OutboxMessage).where(col(OutboxMessage.key).startswith("chase:"))
        for row in session.exec(chased).all():
            session.add(
                OutboxMessage(
                    key=f"{CLOSING}{row.id}",
                    chat_id=row.chat_id,
                    text="已通过",
                    state=OutboxState.SENT,
                    created_at=row.created_at,
                    not_before=row.created_at,
                )
            )


def test_a_chase_of_all_leaves_out_what_is_due_in_weeks(talk: Talk) -> None:
    everybody = talk.say("管理员甲", "催报")[0]
    talk.set_clock("2021-08-23T10:00")
    early = talk.say("管理员甲", "催报 重点民生实事")[0]

    assert "涉及8件" in everybody
    assert "另有2件离截止尚远，未催" in everybody
    assert not any("9月10日" in text for text in talk.heard("州妇联联络员"))
    assert "涉及2件" in early


def test_a_chase_of_one_unit_leaves_its_partner_in_peace(talk: Talk) -> None:
    answer = talk.say("管理员甲", "催报 州人社局")[0]

    assert answer == "已催报1人，涉及1件：州人社局联络员。"


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("催报 州1-7", "已催报2人，涉及1件：州公安局联络员、联络员甲。"),
        ("催报 公安局", "已催报2人，涉及2件：州公安局联络员、联络员甲。"),
        ("催报 雪亮工程", "您指的是哪一项？请回复序号："),
        ("催报 龙山县", "目前没有需要催报的事项。"),
    ],
    ids=["task", "unit", "of-two-programmes", "owes-nothing"],
)
def test_a_chase_names_a_unit_or_a_task(talk: Talk, words: str, answer: str) -> None:
    assert talk.say("管理员甲", words)[0].startswith(answer)


@pytest.mark.parametrize("words", ["催 州公安局", "催报 公安局", "催一下 州公安局"])
def test_a_chase_has_short_words_too(talk: Talk, words: str) -> None:
    assert talk.say("管理员甲", words)[0].startswith("已催报2人，涉及2件")


@pytest.mark.parametrize("name", ["不存在局", "州外星局", "外星人事务委员会"])
def test_a_unit_that_does_not_exist_brings_no_strangers_into_play(talk: Talk, name: str) -> None:
    chased = talk.say("管理员甲", f"催报 {name}")[0]
    invited = talk.say("管理员甲", f"邀请 {name} 张三")[0]

    assert chased.startswith(f"没有找到“{name}”这个单位或事项。有未报事项的单位请发“未报”查看")
    assert invited == f"没有找到“{name}”这个单位。全部单位名称请发“邀请 名单”查看。"


def test_a_slip_of_the_finger_is_still_offered_or_taken(talk: Talk) -> None:
    assert "州公安局" in talk.say("管理员甲", "邀请 州公按局 张三")[0]


def test_the_names_of_all_units_can_be_read(talk: Talk) -> None:
    listed = talk.say("管理员甲", "邀请 名单")[0].splitlines()

    assert listed[0] == "可邀请的单位（共11个）："
    assert listed[1].startswith("州直单位：州公安局、")
    assert listed[2] == "县市：吉首市、花垣县、龙山县"


def test_a_number_in_a_chase_is_a_place_in_the_last_list(talk: Talk) -> None:
    listed = talk.say("管理员甲", "未报 答卷专栏")[0]
    number = next(line.split(".")[0] for line in listed.splitlines() if "州妇联" in line)

    assert "州妇联联络员" in talk.say("管理员甲", f"催报 {number}")[0]


@pytest.mark.parametrize(
    ("when", "again"),
    [
        ("2021-08-20T08:59", "8月20日9时后"),
        ("2021-08-20T18:30", "8月23日9时后"),
        ("2021-08-21T10:00", "8月23日9时后"),
        ("2021-09-20T10:00", "9月22日9时后"),
    ],
    ids=["before-nine", "friday-evening", "saturday", "mid-autumn"],
)
def test_nobody_is_chased_outside_working_time(talk: Talk, when: str, again: str) -> None:
    talk.set_clock(when)

    answer = talk.say("管理员甲", "催报")[0]

    assert again in answer
    assert outbox(talk.database, "chase:") == []


def test_a_make_up_saturday_is_working_time(talk: Talk) -> None:
    talk.set_clock("2021-09-18T10:00")

    assert talk.say("管理员甲", "催报")[0].startswith("已催报")


def test_who_cannot_be_reached_is_named_to_the_admin(tmp_path: Path, sqlite_template: Path) -> None:
    with fresh_sqlite(sqlite_template, tmp_path) as database:
        talk = Talk(database)  # nobody but the admin has written yet
        answer = talk.say("管理员甲", "催报 州妇联")[0]

    assert answer.startswith("已催报0人")
    assert "有2处无法送达：州妇联联络员、联络员甲" in answer


def test_a_unit_without_liaison_is_named_to_the_admin(talk: Talk) -> None:
    with talk.database.write() as session:
        for name in ("州妇联联络员", "联络员甲"):
            member = session.exec(select(Member).where(Member.name == name)).one()
            member.left_at = talk.now

    assert "州妇联（尚无联络员）" in talk.say("管理员甲", "催报 州妇联")[0]


def test_an_unconfirmed_deadline_is_counted_and_not_chased(talk: Talk) -> None:
    with talk.database.write() as session:
        task = session.exec(select(Task).where(Task.number == "州1-7")).one()
        requirement = session.exec(select(Requirement).where(Requirement.task_id == task.id)).one()
        requirement.assumed = ["原件未写明报送日"]

    assert (
        "期限待确认1件（已报0件），不计入应报，暂不催报" in talk.say("管理员甲", "状态 答卷专栏")[0]
    )
    assert "另有1件报送期限待确认，不列入未报。" in talk.say("管理员甲", "未报 答卷专栏")[0]
    assert talk.say("管理员甲", "催报 州1-7") == [
        "目前没有需要催报的事项。\n另有1件报送期限待确认，暂不催报。"
    ]


def test_every_chase_is_kept_in_the_audit_trail(talk: Talk) -> None:
    talk.say("管理员甲", "催报 州妇联")

    with talk.database.read() as session:
        acts = session.exec(select(Audit).where(Audit.action == "chase")).all()
        told = {act.after["told"] for act in acts}
        names = {session.get_one(Member, member_id).name for member_id in told}

    assert names == {"联络员甲", "州妇联联络员"}


def test_a_group_that_does_not_name_laggards_gets_counts_only(talk: Talk) -> None:
    missing = talk.say("管理员甲", "未报 答卷专栏", group="联络员群")[0]
    chased = talk.say("管理员甲", "催报 答卷专栏", group="联络员群")[0]

    assert missing == "【答卷专栏】未报8件，涉及7个单位"
    assert chased == "已催报8人，涉及8件。"


def test_a_group_that_names_laggards_gets_the_units(talk: Talk) -> None:
    with talk.database.write() as session:
        session.exec(select(Chat).where(Chat.name == "领导群")).one().names_laggards = True

    assert "州公安局：州1-7 雪亮工程" in talk.say("领导甲", "未报 答卷专栏", group="领导群")[0]


@pytest.mark.parametrize("words", ["状态", "未报", "催报"])
def test_a_liaison_is_told_whom_to_ask(talk: Talk, words: str) -> None:
    assert "联系管理员" in talk.say("州公安局联络员", words)[0]


def test_a_number_of_yesterdays_list_is_not_taken(talk: Talk) -> None:
    talk.say("管理员甲", "未报 答卷专栏")
    talk.set_clock("2021-08-23T09:00")

    answer = talk.say("管理员甲", "催报 1")[0]

    assert "没有找到“1”" in answer
    assert outbox(talk.database, "chase:") == []
