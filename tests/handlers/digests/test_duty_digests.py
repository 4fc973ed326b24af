"""到期提示, 逾期清单, 退回清单: who owes what on working days, and silence where nothing is new."""

import pytest
from sqlmodel import select

from models.chat import Chat
from models.db import Database
from models.member import Member
from models.shown import Shown
from scheduler.digest_run import run_digests
from tests.conftest import at
from tests.factories import a_group
from tests.supervising import counted_queries, hand_in, outbox, seed_digests
from tests.talk import Talk

DEVICES = "乡村公共部位安防设备"


@pytest.fixture
def talk(database: Database) -> Talk:
    talk = Talk(database)
    with database.write() as session:
        group = a_group(session, "管理员群")
        group.purpose = "admins"
        for chat in session.exec(select(Chat).where(Chat.purpose != "")).all():
            chat.names_laggards = True
    seed_digests(talk)
    return talk


def unnamed(talk: Talk, group: str) -> None:
    with talk.database.write() as session:
        session.exec(select(Chat).where(Chat.name == group)).one().names_laggards = False


def told(talk: Talk, name: str, when: str) -> list[str]:
    """What the digest of S1 says at that moment, to whomever."""
    talk.set_clock(when)
    before = {row.id for row in outbox(talk.database, f"digest:dajuan-2021:{name}:")}
    run_digests(talk.database, talk.services, at(when))
    rows = outbox(talk.database, f"digest:dajuan-2021:{name}:")
    return [row.text for row in rows if row.id not in before]


def test_the_due_day_and_the_next_one_are_told_to_the_liaisons(talk: Talk) -> None:
    lines = told(talk, "due", "2021-08-24T09:00")[0].splitlines()

    assert lines[0] == "【答卷专栏】到期提示（8月24日）"
    assert lines[1].startswith("明天（8月25日）截止、尚未报送的8件，涉及7个单位：")
    assert "州公安局（州1-7 雪亮工程）" in lines[1]
    assert lines[2] == "请在与我的单聊中发“任务”查看并报送；没有变化的发“无变化”加编号。"


def test_what_was_reported_is_not_told_and_nothing_is_said_of_nothing(talk: Talk) -> None:
    hand_in(talk, "州1-7", {DEVICES: "1710"})

    lines = told(talk, "due", "2021-08-25T09:00")[0].splitlines()

    assert lines[1].startswith("今天（8月25日）截止、尚未报送的7件")
    assert "州公安局" not in lines[1]
    assert told(talk, "due", "2021-08-26T09:00") == []


def test_what_is_due_in_a_holiday_is_told_on_the_last_working_day_before(talk: Talk) -> None:
    saturday = told(talk, "due", "2021-09-18T09:00")[0]  # worked for Mid-Autumn

    assert "9月20日截止、尚未报送的" in saturday
    assert [told(talk, "due", f"2021-09-{day}T09:00") for day in (19, 20, 21)] == [[], [], []]


def test_a_group_without_names_reads_how_many(talk: Talk) -> None:
    unnamed(talk, "联络员群")

    lines = told(talk, "due", "2021-08-25T09:00")[0].splitlines()

    assert lines[1] == "今天（8月25日）截止、尚未报送的8件，涉及7个单位"


def shown(talk: Talk, name: str) -> Shown:
    """The newest of a digest as doors show it that know tables."""
    found = outbox(talk.database, f"digest:dajuan-2021:{name}:")[-1].shown_as()
    assert found is not None
    return found


def test_what_is_due_on_one_day_is_a_table_of_units_under_its_count(talk: Talk) -> None:
    text = told(talk, "due", "2021-08-24T09:00")[0]
    found = shown(talk, "due")

    assert found.above.splitlines() == [
        "【答卷专栏】到期提示（8月24日）",
        "明天（8月25日）截止、尚未报送的8件，涉及7个单位",
    ]
    assert found.table is not None
    assert found.table.head == ("单位", "事项")
    assert ("州公安局", "州1-7 雪亮工程") in found.table.rows
    assert len(found.table.rows) == 7
    assert found.below == text.splitlines()[-1]


def test_what_is_due_on_several_days_is_told_apart_by_its_day(talk: Talk) -> None:
    talk.say("管理员甲", "延期 州1-7 8月26日 汛情")
    told(talk, "due", "2021-08-25T09:00")
    found = shown(talk, "due")

    assert [line[:2] for line in found.above.splitlines()[1:]] == ["今天", "明天"]
    assert found.table is not None
    assert found.table.head == ("截止", "单位", "事项")
    assert found.table.rows[-1] == ("8月26日", "州公安局", "州1-7 雪亮工程")


def test_overdue_is_a_table_by_the_day_when_it_was_due(talk: Talk) -> None:
    told(talk, "overdue", "2021-08-26T09:00")
    found = shown(talk, "overdue")

    assert found.above.splitlines()[1].startswith("逾期未报8件，涉及7个单位")
    assert found.table is not None
    assert found.table.rows[0] == ("8月25日", "州公安局", "州1-7 雪亮工程")
    assert "催报 全部" in found.below


def test_a_group_without_names_sees_no_table_and_nobody_is_called(talk: Talk) -> None:
    unnamed(talk, "联络员群")
    told(talk, "due", "2021-08-25T09:00")

    row = outbox(talk.database, "digest:dajuan-2021:due:")[-1]
    assert (row.shown, row.mentions) == (None, [])


def test_only_liaisons_of_what_is_due_today_are_called(talk: Talk) -> None:
    told(talk, "due", "2021-08-24T09:00")
    assert outbox(talk.database, "digest:dajuan-2021:due:")[-1].mentions == []
    hand_in(talk, "州1-7", {DEVICES: "1710"})
    told(talk, "due", "2021-08-25T09:00")

    called = set(outbox(talk.database, "digest:dajuan-2021:due:")[-1].mentions)
    with talk.database.read() as session:
        names = {each.name for each in session.exec(select(Member)).all() if each.id in called}
    assert "州人社局联络员" in names
    assert not {"州公安局联络员", "州农业农村局联络员", "管理员甲", "领导甲"} & names


def test_a_long_table_says_how_many_rows_are_left_out(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handlers.supervising.digest_text.MOST_ROWS", 4)
    told(talk, "due", "2021-08-24T09:00")
    told(talk, "overdue", "2021-08-26T09:00")

    due, overdue = shown(talk, "due").table, shown(talk, "overdue").table
    assert due is not None
    assert overdue is not None
    assert (len(due.rows), due.rows[-1]) == (5, ("……", "另有3行"))
    assert (len(overdue.rows), overdue.rows[-1]) == (5, ("", "……", "另有3行"))


def test_overdue_is_told_the_day_after_and_then_once_a_week(talk: Talk) -> None:
    first = told(talk, "overdue", "2021-08-26T09:00")
    quiet = told(talk, "overdue", "2021-08-27T09:00")
    weekly = told(talk, "overdue", "2021-08-30T09:00")

    assert first[0].splitlines()[:2] == [
        "【答卷专栏】逾期清单（8月26日）",
        "逾期未报8件，涉及7个单位，其中新增8件，最长逾期1个工作日",
    ]
    assert first[0].splitlines()[2].startswith("州公安局（州1-7 雪亮工程）")
    assert "催报 全部" in first[0].splitlines()[-1]
    assert quiet == []
    assert weekly[0].splitlines()[1] == "逾期未报8件，涉及7个单位，最长逾期3个工作日"


def test_overdue_goes_to_the_leaders_where_the_admin_wants_it(talk: Talk) -> None:
    talk.say("管理员甲", "逾期清单 答卷专栏 发到 领导群")

    text = told(talk, "overdue", "2021-08-26T09:00")[0]

    assert text in talk.heard_in("领导群")
    assert talk.heard_in("管理员群") == []
    assert text.splitlines()[-1] == "各单位情况请发“未报”查看。"


def test_a_report_returned_and_not_answered_is_told_after_two_working_days(talk: Talk) -> None:
    number = hand_in(talk, "州1-7", {DEVICES: "1710"})
    talk.set_clock("2021-08-23T10:00")
    talk.say("管理员甲", f"退回 {number} 图片有水印")

    text = told(talk, "returned", "2021-08-25T09:00")[0]

    assert text.splitlines() == [
        "【答卷专栏】退回清单（8月25日）",
        "退回后尚未重报1件，涉及1个单位，最长2个工作日",
        f"#{number} 州公安局 州1-7 雪亮工程（8月23日退回）",
        f"改好后请在与我的单聊中发“更正 {number}”加改动的内容；退回原因请发“查看 {number}”。",
    ]
    assert "水印" not in text
    assert text in talk.heard_in("联络员群")


def test_a_report_returned_yesterday_is_left_in_peace(talk: Talk) -> None:
    number = hand_in(talk, "州1-7", {DEVICES: "1710"})
    talk.set_clock("2021-08-24T10:00")
    talk.say("管理员甲", f"退回 {number} 图片有水印")

    assert told(talk, "returned", "2021-08-25T09:00") == []


def test_a_quiet_day_is_looked_at_once(talk: Talk) -> None:
    """A digest with nothing to say is not made anew every minute."""
    told(talk, "due", "2021-08-27T09:00")

    with counted_queries(talk.database) as first:
        run_digests(talk.database, talk.services, at("2021-08-27T09:01"))
    with counted_queries(talk.database) as later:
        run_digests(talk.database, talk.services, at("2021-08-27T15:00"))

    assert not any("obligation" in statement for statement in (*first, *later))


def test_a_restart_and_a_second_scheduler_say_nothing_twice(talk: Talk) -> None:
    told(talk, "due", "2021-08-25T09:00")
    other = Talk(talk.database, empty=True, first_message=900)

    assert run_digests(other.database, other.services, at("2021-08-25T09:00")) == 0
    assert len(outbox(talk.database, "digest:dajuan-2021:due:")) == 1
