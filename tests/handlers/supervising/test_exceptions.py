"""延期, 免报 and what liaisons ask for: decided once, told to who reports, kept in the trail."""

from datetime import date

import pytest
from sqlmodel import select

from models.audit import Audit
from models.exception_request import ExceptionRequest, RequestState
from models.member import Role, RoleName
from models.obligation import Obligation, ObligationState
from models.programme import programme_by_code
from models.unit import Unit
from tests.conftest import SHANGHAI
from tests.factories import a_member
from tests.supervising import counted_queries, hand_in, obligation_of, with_open_chats
from tests.talk import Talk

ADMIN, LEADER = "管理员甲", "领导甲"
POLICE, WOMEN = "州公安局联络员", "州妇联联络员"
REPORT = "报送 州1-7\n截至：8月31日\n完成数：1710个\n措施：逐村安装，按月调度\n问题：资金紧张"


@pytest.fixture
def talk(talk: Talk) -> Talk:
    """The middle of September: July's reports are late, August's are due on the 20th."""
    talk.set_clock("2021-09-16T10:00")
    return with_open_chats(talk)


def one(talk: Talk, number: str, month: int) -> Obligation:
    with talk.database.read() as session:
        return obligation_of(session, number, month)


def acts(talk: Talk) -> list[str]:
    with talk.database.read() as session:
        return list(session.exec(select(Audit.action).order_by(Audit.id)).all())


def test_more_time_is_told_to_the_liaisons_and_makes_a_report_punctual(talk: Talk) -> None:
    [answer] = talk.say(ADMIN, "延期 州公安局 州1-7 9月 9月25日 数据正在核对")

    assert answer.splitlines() == [
        "已延期：州公安局 州1-7 雪亮工程（1—8月）延至9月25日",
        "原因：数据正在核对",
        "已转告联络员。",
    ]
    for liaison in (POLICE, "联络员甲"):
        assert "请届时前发“报送 州1-7”" in talk.heard(liaison)[-1]
    row = one(talk, "州1-7", 9)
    assert row.effective_due.astimezone(SHANGHAI).date() == date(2021, 9, 25)
    assert (row.extension_reason, row.due.astimezone(SHANGHAI).day) == ("数据正在核对", 20)
    talk.set_clock("2021-09-24T09:00")
    talk.say(POLICE, REPORT)
    assert "（按时）" in talk.say(ADMIN, "查看 1")[0]
    assert acts(talk)[0] == "extend"


def test_an_hour_and_working_days_are_understood(talk: Talk) -> None:
    assert "延至9月24日17:00" in talk.say(ADMIN, "延期州1-7 9月 延到下周五17点前 停电")[0]
    # Mid-autumn: 20 and 21 September are days off.
    talk.say(ADMIN, "延期 取消 州1-7 9月")
    assert "延至9月23日" in talk.say(ADMIN, "延期 州1-7 9月 2个工作日 停电")[0]


def test_several_open_periods_are_asked(talk: Talk) -> None:
    [question] = talk.say(ADMIN, "延期 州公安局 州1-7 9月25日 数据正在核对")

    assert "1. 州公安局 州1-7 雪亮工程（1—7月，8月25日截止，已逾期）" in question
    assert "2. 州公安局 州1-7 雪亮工程（1—8月，9月20日截止，未到期）" in question
    assert "已延期：州公安局 州1-7 雪亮工程（1—7月）" in talk.say(ADMIN, "1")[0]
    answer = talk.say(ADMIN, "延期 州公安局 州1-7 全部 9月28日 停电")[0]
    assert answer.count("已延期") == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("延期 州1-7 9月", "还缺新的日期、原因，期限没有变"),
        ("延期 州1-7 9月 9月28日", "还缺原因，期限没有变"),
        ("延期 9月28日 停电", "还缺任务编号"),
        ("延期 州1-7 9月 9月18日 停电", "州1-7 雪亮工程（1—8月）：延期的日期应晚于现在和原定期限"),
        ("延期 州1-7 9月 9月10日 停电", "今年9月10日已经过去"),
        ("延期 州1-7 9月 9月31日 停电", "没有9月31日这一天"),
        ("延期 州1-7 9月 2031-09-25 停电", "请核对后改发"),
        ("延期 州1-99 9月28日 停电", "没有找到“州1-99”"),
        ("延期 雪亮工程 9月28日 停电", "您指的是哪一项？请回复序号："),
        ("延期 {州公安局} x{} 9月28日 停电", "您指的是哪一件？请回复序号："),
    ],
)
def test_what_is_missing_or_wrong_is_named_and_nothing_moves(
    light: Talk, text: str, expected: str
) -> None:
    light.set_clock("2021-09-16T10:00")

    assert expected in light.say(ADMIN, text)[0]
    assert one(light, "州1-7", 9).extended_to is None


def test_a_later_deadline_is_taken_back(talk: Talk) -> None:
    talk.say(ADMIN, "延期 州1-7 9月 9月25日 停电")

    assert "仍按9月20日截止" in talk.say(ADMIN, "延期 取消 州1-7 9月")[0]
    assert "延期已取消，仍按9月20日截止" in talk.heard(POLICE)[-1]
    assert one(talk, "州1-7", 9).extended_to is None
    assert "没有延期，不用取消" in talk.say(ADMIN, "延期 取消 州1-7 9月")[0]


def test_what_came_in_cannot_be_made_punctual_afterwards(talk: Talk) -> None:
    hand_in(talk, "州1-7", month=9)
    talk.say(ADMIN, "免报 州1-7 8月 重复")

    assert "这一期已报送，正在审核" in talk.say(ADMIN, "延期 州1-7 1—8月 9月28日 停电")[0]


def test_a_liaison_s_wish_is_one_question_to_the_admin(talk: Talk) -> None:
    [asked] = talk.say(POLICE, "延期 新7 9月27日 数据没汇总完")
    question = talk.heard(ADMIN)[-1]

    assert "申请已转给管理员，答复前仍按原期限" in asked
    assert "州公安局联络员申请延至9月27日" in question
    assert "同意请发“同意 1”，不同意请发“不同意 1 原因”" in question
    assert "正等管理员答复，不用重发" in talk.say(POLICE, "延期 新7 9月27日 数据没汇总完")[0]
    assert len(talk.heard(ADMIN)) == 1
    assert one(talk, "新7", 9).extended_to is None

    assert "已同意申请1" in talk.say(ADMIN, "同意")[0]
    assert "申请1已同意" in talk.heard(POLICE)[-1]
    assert one(talk, "新7", 9).effective_due.astimezone(SHANGHAI).day == 27
    assert "申请1已由管理员甲同意，未重复处理" in talk.say(ADMIN, "同意 1")[0]


def test_a_refusal_needs_a_reason_and_reaches_who_asked(talk: Talk) -> None:
    talk.say(POLICE, "免报 新7 机构调整")

    assert "不同意请写明原因" in talk.say(ADMIN, "不同意 1")[0]
    assert "已答复不同意" in talk.say(ADMIN, "不同意 1 任务没有移交")[0]
    assert "未获同意" in talk.heard(POLICE)[-1]
    assert "任务没有移交" in talk.heard(POLICE)[-1]
    assert one(talk, "新7", 9).state == ObligationState.OWED


def test_the_report_itself_takes_the_wish_back(talk: Talk) -> None:
    talk.say(POLICE, "延期 州1-7 1—8月 9月30日 数据没汇总完")
    talk.say(POLICE, "1") if "序号" in talk.heard(POLICE)[-1] else None
    with talk.database.read() as session:
        [row] = session.exec(select(ExceptionRequest)).all()
        owed = session.get_one(Obligation, row.obligation_id)
    period = "8月31日" if owed.covers_to == date(2021, 8, 31) else "7月31日"
    talk.say(POLICE, REPORT.replace("8月31日", period))

    with talk.database.read() as session:
        assert session.exec(select(ExceptionRequest.state)).all() == [RequestState.WITHDRAWN]
    assert "已撤回，未重复处理" in talk.say(ADMIN, "同意 1")[0]


def test_a_liaison_asks_only_for_the_own_units(talk: Talk) -> None:
    assert "没有找到对应的报送" in talk.say(WOMEN, "延期 州1-7 9月28日 停电")[0]
    assert talk.heard(ADMIN) == []


def test_who_is_let_off_counts_for_nothing_and_can_be_asked_again(talk: Talk) -> None:
    before = talk.say(ADMIN, "状态 答卷专栏")[0]
    [answer] = talk.say(ADMIN, "免报 州妇联 州1-13 8月 机构改革")
    talk.say(ADMIN, "1") if "序号" in answer else None
    after = talk.say(ADMIN, "状态 答卷专栏")[0]

    assert "应报8件" in before
    waived = [row for row in (one(talk, "州1-13", 8), one(talk, "州1-13", 9)) if row.waiver_reason]
    assert [row.waiver_reason for row in waived] == ["机构改革"]
    assert "免报1件" in talk.say(ADMIN, "免报")[0]
    assert ("另免报1件" in after) == (waived[0].due.astimezone(SHANGHAI).month == 9)
    assert "免报，本期不用报送" in talk.heard(WOMEN)[-1]

    assert "已恢复报送：州妇联 州1-13" in talk.say(ADMIN, "恢复报送 州妇联")[0]
    assert "请发“报送 州1-13”报送" in talk.heard(WOMEN)[-1]
    assert "没有免报，不用恢复" in talk.say(ADMIN, "恢复报送 州1-13")[0]


def test_a_returned_report_is_let_off_and_comes_back_as_returned(talk: Talk) -> None:
    talk.say(POLICE, REPORT)
    talk.say(ADMIN, "退回 1 图片有水印")
    talk.say(ADMIN, "免报 州1-7 9月 任务移交")
    assert one(talk, "州1-7", 9).state == ObligationState.WAIVED

    talk.say(ADMIN, "恢复报送 州1-7")

    assert one(talk, "州1-7", 9).state == ObligationState.RETURNED


def test_the_bare_word_lists_what_holds_and_what_waits(talk: Talk) -> None:
    talk.say(ADMIN, "延期 州1-7 9月 9月25日 停电")
    talk.say(WOMEN, "免报 州1-13 9月 机构改革")

    listed = talk.say(ADMIN, "延期")[0]
    assert "州公安局 州1-7 雪亮工程（1—8月）：9月20日延至9月25日，原因：停电" in listed
    assert "等您答复的申请1件：" in listed
    assert "目前没有已延期的报送" in talk.say(WOMEN, "延期")[0]
    assert "已延期1件" in talk.say(POLICE, "延期")[0]


def test_an_admin_of_one_programme_decides_nothing_in_another(talk: Talk) -> None:
    with talk.database.write() as session:
        other = programme_by_code(session, "minsheng-2021")
        a_member(session, "管理员丙", (RoleName.ADMIN, None), programme=other)
    talk.say(POLICE, "延期 州1-7 9月 9月27日 数据没汇总完")

    assert "没有找到" in talk.say("管理员丙", "延期 州1-7 9月28日 停电")[0]
    assert "您不是“答卷专栏”的管理员" in talk.say("管理员丙", "同意 1")[0]


@pytest.fixture
def both(talk: Talk) -> Talk:
    """管理员丙 is admin of the twenty projects, and liaison of 州公安局 for the columns."""
    with talk.database.write() as session:
        unit = session.exec(select(Unit).where(Unit.name == "州公安局")).one()
        columns = programme_by_code(session, "dajuan-2021")
        projects = programme_by_code(session, "minsheng-2021")
        member = a_member(session, "管理员丙", (RoleName.ADMIN, None), programme=projects)
        session.add(
            Role(
                member_id=member.id or 0,
                role=RoleName.LIAISON,
                unit_id=unit.id,
                programme_id=columns.id if columns else None,
            )
        )
    return with_open_chats(talk)


def test_an_admin_of_one_programme_asks_as_liaison_in_another(both: Talk) -> None:
    [asked] = both.say("管理员丙", "延期 州1-7 9月 9月27日 数据没汇总完")
    [decided] = both.say("管理员丙", "延期 新7 9月 9月27日 数据没汇总完")

    assert "延至9月27日的申请已转给管理员" in asked
    assert decided.startswith("已延期：州公安局 新7 雪亮工程（1—8月）延至9月27日")
    assert one(both, "州1-7", 9).extended_to is None
    assert "您不是“答卷专栏”的管理员" in both.say("管理员丙", "同意 1")[0]
    assert "没有免报" not in both.say("管理员丙", "恢复报送 州1-7 9月")[0]
    lists = both.say("管理员丙", "延期")[0]
    assert "已延期1件" in lists
    assert "等管理员答复的申请1件：\n申请1：州公安局 州1-7" in lists


def test_one_message_decides_here_and_asks_there(both: Talk) -> None:
    before = len(both.heard(ADMIN))
    [answer] = both.say("管理员丙", "延期 州公安局 全部 9月29日 停电")

    assert answer.count("已延期：") == 1
    assert answer.count("申请已转给管理员") == 2
    [question] = both.heard(ADMIN)[before:]
    assert "【申请1】" in question
    assert "【申请2】" in question
    assert question.endswith("同意请发“同意 1”，不同意请发“不同意 1 原因”。")
    assert [both.say(ADMIN, f"同意 {each}")[0][:7] for each in (1, 2)] == [
        "已同意申请1：",
        "已同意申请2：",
    ]


def test_a_wish_to_be_let_off_is_seen_and_taken_back(talk: Talk) -> None:
    talk.say(POLICE, "免报 州1-7 9月 机构改革")
    assert "等管理员答复的申请1件：\n申请1：" in talk.say(POLICE, "免报")[0]

    assert talk.say(POLICE, "免报 撤回 州1-7 9月") == [
        "州公安局 州1-7 雪亮工程（1—8月）：申请已撤回。"
    ]
    assert "申请1已撤回" in talk.say(ADMIN, "同意 1")[0]


def test_two_admins_who_let_off_the_same_report_let_off_one(talk: Talk) -> None:
    for text in ("免报 州1-7 8月 机构改革", "1"):
        talk.say(ADMIN, text)
    assert "已免报" in talk.say(ADMIN, "免报 州1-7 9月 机构改革")[0]

    for again in (
        "免报 州1-7 9月 机构改革",
        "免报 州1-7 机构改革",
        "免报 州公安局 州1-7 全部 改革",
    ):
        refused = talk.say(ADMIN, again)[0]
        assert "（1—8月）：这一期已免报，不用再报" in refused
        assert refused.endswith("免报 州1-7 1—9月 原因")
    assert one(talk, "州1-7", 10).state == ObligationState.OWED
    assert (
        "已免报：州公安局 州1-7 雪亮工程（1—9月）"
        in talk.say(ADMIN, "免报 州1-7 1—9月 机构改革")[0]
    )


def test_who_asks_reads_whether_reminders_go_on(talk: Talk) -> None:
    assert "只在截止当天提醒" in talk.say(POLICE, "延期 州1-7 9月 9月28日 停电")[0]
    assert "期间不再提醒" in talk.say(POLICE, "延期 新7 9月 9月28日 停电")[0]


def test_a_month_that_means_a_report_under_way_is_not_taken_for_the_next(talk: Talk) -> None:
    talk.say(POLICE, REPORT)

    waived = talk.say(ADMIN, "免报 州1-7 9月 机构改革")[0]
    talk.say(ADMIN, "退回 1 图片不清")
    extended = talk.say(POLICE, "延期 州1-7 9月 9月28日 停电")[0]

    assert "（1—8月）：这一期已报送，正在审核" in waived
    assert waived.endswith("免报 州1-7 1—9月 原因")
    assert "（1—8月）：这一期已退回，正等单位重新报送" in extended
    assert extended.endswith("延期 州1-7 1—9月 日期 原因")
    assert one(talk, "州1-7", 10).state == ObligationState.OWED
    assert "10月28日的申请已转给管理员" in talk.say(POLICE, "延期 州1-7 10月28日 停电")[0]


def test_who_waits_for_an_answer_is_not_chased(talk: Talk) -> None:
    talk.say(POLICE, "延期 州1-7 9月 9月28日 停电")

    answer = talk.say(ADMIN, "催报 州1-7")[0]

    assert "另有1件的延期或免报申请等您答复，未催；请发“延期”查看" in answer
    assert "1—7月" in talk.heard(POLICE)[-1]
    assert "1—8月" not in talk.heard(POLICE)[-1]


def test_a_wish_answered_too_late_says_what_to_send(talk: Talk) -> None:
    talk.say(POLICE, "延期 州1-7 9月 9月28日 停电")
    talk.set_clock("2021-09-29T10:00")

    answer = talk.say(ADMIN, "同意 1")[0]

    assert "申请1要求延至9月28日，这一天已经过去" in answer
    assert "另定日期请发“延期 州公安局 州1-7 日期 原因”" in answer
    assert "已答复不同意" in talk.say(ADMIN, "不同意 1 请尽快补报")[0]


def test_who_is_let_off_waits_for_no_more_time(talk: Talk) -> None:
    talk.say(POLICE, "延期 州1-7 9月 9月28日 停电")
    talk.say(ADMIN, "免报 州1-7 9月 机构改革")

    assert "申请1" not in talk.say(ADMIN, "延期")[0]
    assert "目前没有等您答复的申请" in talk.say(ADMIN, "同意")[0]


def test_of_several_periods_the_extended_one_is_taken_back(talk: Talk) -> None:
    talk.say(ADMIN, "延期 州1-7 9月 9月28日 停电")

    assert "已取消延期：州公安局 州1-7 雪亮工程（1—8月）" in talk.say(ADMIN, "延期 取消 州1-7")[0]


def test_an_extension_of_all_takes_a_fixed_number_of_queries(talk: Talk) -> None:
    def reads(text: str) -> int:
        with counted_queries(talk.database) as seen:
            talk.say(ADMIN, text)
        return sum("exception_request" in each for each in seen)

    assert reads("延期 州公安局 州1-7 全部 9月28日 停电") == reads(
        "延期 州公安局 州1-7 9月 9月29日 停电"
    )


def test_wishes_have_a_limit_and_words_are_made_harmless(talk: Talk) -> None:
    for day in range(18, 28):
        talk.say(POLICE, f"延期 新7 9月{day}日 [链接](http://x.example) @所有人")
    assert "请明天再发" in talk.say(POLICE, "延期 新7 9月30日 停电")[0]
    assert "](http" not in talk.heard(ADMIN)[-1]


@pytest.mark.parametrize(
    ("person", "text"),
    [
        (LEADER, "延期 州1-7 9月28日 停电"),
        (LEADER, "免报 州1-7 停电"),
        (POLICE, "恢复报送 州1-7"),
        (POLICE, "同意 1"),
        (LEADER, "不同意 1 停电"),
    ],
)
def test_the_role_is_checked(light: Talk, person: str, text: str) -> None:
    assert "仅限" in light.say(person, text)[0]


@pytest.mark.parametrize("text", ["延期 州1-7 9月28日 停电", "免报 州1-7 停电", "同意 1"])
def test_a_group_reads_none_of_it(light: Talk, text: str) -> None:
    assert "请在与我的单聊中发送" in light.say(ADMIN, text, group="领导群")[0]
