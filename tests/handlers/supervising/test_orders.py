"""Supervision orders in talk: issued, answered, extended, sent back, closed, recalled."""

import pytest
from sqlmodel import select

from models.db import Database
from models.member import RoleName
from models.outbox import OutboxState
from models.rules.order import OrderState
from models.supervision_order import SupervisionOrder
from models.unit import Unit
from tests.conftest import at
from tests.factories import a_member
from tests.pictures import a_photo
from tests.supervising import hand_in, obligation_of, outbox, with_open_chats
from tests.talk import Talk

ADMIN, OTHER, LEADER = "管理员甲", "管理员乙", "领导甲"
POLICE, BOTH, HEALTH = "州公安局联络员", "联络员甲", "州卫健委联络员"
ISSUE = "督办 州1-7 9月30日 9月底前补齐4290个安防设备的缺口"


@pytest.fixture
def talk(database: Database) -> Talk:
    talk = Talk(database)
    with database.write() as session:
        a_member(session, OTHER, (RoleName.ADMIN, None))
        unit = session.exec(select(Unit).where(Unit.name == "州公安局")).one()
        a_member(session, "州公安局负责人", (RoleName.UNIT_HEAD, unit))
    return with_open_chats(talk)


def only(talk: Talk, who: str, text: str = "", **more: object) -> str:
    [answer] = talk.say(who, text, **more)
    return answer


def state_of(talk: Talk, number: int = 1) -> str:
    with talk.database.read() as session:
        query = select(SupervisionOrder.state).where(SupervisionOrder.number == number)
        return session.exec(query).one()


def test_an_order_reaches_the_liaisons_and_the_head_once(talk: Talk) -> None:
    answer = only(talk, ADMIN, ISSUE)

    assert answer == (
        "已发出督办1 州公安局 州1-7 雪亮工程（答卷专栏）\n"
        "要求：9月底前补齐4290个安防设备的缺口\n"
        "期限：9月30日前办结，还有29个工作日\n"
        "已通知：州公安局联络员、联络员甲、州公安局负责人。"
    )
    assert talk.heard(POLICE)[-1].startswith("【督办单】您好，请按期办结：\n督办1 州公安局 州1-7")
    assert "办结请发“督办1”加整改情况" in talk.heard(POLICE)[-1]
    assert "请督促办理" in talk.heard("州公安局负责人")[-1]
    assert "办结请发" not in talk.heard("州公安局负责人")[-1]
    assert talk.heard(HEALTH) == []


def test_from_evidence_to_closure(talk: Talk) -> None:
    only(talk, ADMIN, ISSUE)

    received = only(talk, POLICE, "督办1 已补装4290个，已退回 12户补贴", pictures=[a_photo()])
    told = talk.heard(ADMIN)[-1]
    back = only(talk, ADMIN, "督办1 退回 10月10日 还差20个点位的照片")
    again = only(talk, POLICE, "督办1已补拍20个点位")
    closed = only(talk, ADMIN, "销号 督办1")

    assert "已收到督办1 的整改情况（附件1个）" in received
    assert told.startswith("【督办复核】督办1 州公安局 州1-7 雪亮工程（答卷专栏）报来整改情况")
    assert "请于10月10日前继续整改（还差20个点位的照片）" in back
    assert "退回" in talk.heard(POLICE)[-3]
    assert "已收到督办1" in again
    assert closed.startswith("已销号：督办1 州公安局")
    assert talk.heard(POLICE)[-1].startswith("【督办】已复核销号：督办1")
    assert state_of(talk) == OrderState.CLOSED


def test_admins_hear_of_a_round_once_and_see_it_all(talk: Talk) -> None:
    only(talk, ADMIN, ISSUE)
    only(talk, POLICE, "督办1 已补装4000个")
    before = len(talk.heard(OTHER))
    only(talk, POLICE, "督办1 其余290个也已装完")

    shown = only(talk, OTHER, "督办1")

    assert len(talk.heard(OTHER)) == before + 1  # the answer itself
    assert "已补装4000个" in shown
    assert "其余290个也已装完" in shown
    assert "复核通过请发“销号 督办1”" in shown


def test_pictures_and_files_that_follow_join_the_evidence(talk: Talk) -> None:
    only(talk, ADMIN, ISSUE)
    only(talk, POLICE, "督办1 已补装4290个")
    talk.later(minutes=10)
    joined = only(talk, POLICE, pictures=[a_photo()])
    file = only(talk, POLICE, files=[("验收单.pdf", b"%PDF-1.7 signed")])
    talk.later(minutes=31)
    late = only(talk, POLICE, pictures=[a_photo()])

    before = len(talk.pictures_of(ADMIN))
    only(talk, ADMIN, "督办1")

    assert "（附件1个）" in joined
    assert "（附件1个）" in file
    assert "将附在您接下来的报送中" in late
    assert len(talk.pictures_of(ADMIN)) == before + 2


def test_pictures_that_came_before_the_words_are_taken(talk: Talk) -> None:
    only(talk, ADMIN, ISSUE)
    only(talk, POLICE, pictures=[a_photo()])

    assert "（附件1个）" in only(talk, POLICE, "督办1 已补装4290个")


@pytest.mark.parametrize("said", ["", "无", "同上"])
def test_filler_is_no_evidence(talk: Talk, said: str) -> None:
    only(talk, ADMIN, ISSUE)
    answer = only(talk, POLICE, f"督办1 {said}")

    assert state_of(talk) == OrderState.OPEN
    assert "办结请发" in answer or "请写明整改情况" in answer


def test_more_time_is_asked_for_and_allowed(talk: Talk) -> None:
    only(talk, ADMIN, ISSUE)
    asked = only(talk, POLICE, "督办1 延期 10月15日 设备到货推迟")
    repeated = only(talk, POLICE, "督办1 延期 10月15日 设备到货推迟")
    told = talk.heard(ADMIN)[-1]
    allowed = only(talk, ADMIN, "督办1 同意")

    assert asked == "已向管理员申请督办1 延期到10月15日。答复前仍按9月30日办理。"
    assert "未重复转达" in repeated
    assert "申请延期到10月15日（现期限9月30日）。原因：设备到货推迟" in told
    assert "期限已延到10月15日" in allowed
    assert "期限已延到10月15日" in talk.heard(POLICE)[-1]
    assert "没有待答复的延期申请" in only(talk, OTHER, "督办1 同意")


def test_more_time_may_be_refused_or_given_for_less(talk: Talk) -> None:
    only(talk, ADMIN, ISSUE)
    only(talk, POLICE, "督办1 延期 10月15日 设备到货推迟")

    assert "不同意延期请写明原因" in only(talk, ADMIN, "督办1 不同意")
    assert "未获同意，仍请于9月30日前办结（设备已到货）" in only(
        talk, ADMIN, "督办1 不同意 设备已到货"
    )
    only(talk, BOTH, "督办1 延期 10月20日 安装队排期")
    assert "期限已延到10月12日" in only(talk, ADMIN, "督办1 同意 10月12日")


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("督办1 延期", "申请延期请写明日期和原因"),
        ("督办1 延期 10月15日", "申请延期请写明日期和原因"),
        ("督办1 延期 9月20日 下雨", "延期的日期应晚于现期限9月30日，收到9月20日"),
        ("督办1 延期 9月31日 下雨", "没有9月31日这一天"),
    ],
)
def test_a_wish_that_does_not_fit_says_what_to_send(talk: Talk, said: str, answer: str) -> None:
    only(talk, ADMIN, ISSUE)

    assert answer in only(talk, POLICE, said)


def test_after_the_limit_nobody_asks_for_more_time_but_admins_may_give_it(talk: Talk) -> None:
    only(talk, ADMIN, ISSUE)
    talk.set_clock("2021-10-08T10:00")

    refused = only(talk, POLICE, "督办1 延期 10月15日 设备到货推迟")
    given = only(talk, ADMIN, "督办1 延期 10月15日 设备到货推迟")

    assert "期限9月30日已过，不能再申请延期" in refused
    assert "期限已延到10月15日（设备到货推迟）" in given


def test_a_task_of_two_leads_is_asked_about(talk: Talk) -> None:
    asked = only(talk, ADMIN, "督办 州1-3 9月30日 转移就业加快进度")
    answer = only(talk, ADMIN, "2")

    assert asked.endswith("请回复序号：\n1. 州人社局\n2. 州文旅广电局")
    assert answer.startswith("已发出督办1 州文旅广电局 州1-3")
    assert len(talk.heard("州人社局联络员")) == 0


@pytest.mark.parametrize(
    "said",
    [
        "督办 州公安局 州1-7 9月30日 加快安装",
        "督办 州1-7 州公安局 9月30日前 加快安装",
        "督办 州1-7 9月底前，加快安装",
        "督办单 州1-7 答卷专栏 2021-09-30 要求：加快安装",
        "督办州1-7 9月30日前加快安装",
        "督办：州1-7，限9月30日前，加快安装。",
    ],
)
def test_an_order_is_read_as_people_write_it(talk: Talk, said: str) -> None:
    answer = only(talk, ADMIN, said)

    assert "已发出督办1 州公安局 州1-7" in answer
    assert "要求：加快安装\n期限：9月30日前办结" in answer


def test_the_problem_may_be_said_beside_the_requirement(talk: Talk) -> None:
    answer = only(talk, ADMIN, "督办 州1-7 9月30日 问题：验收资料不齐；要求：补齐资料")

    assert "问题：验收资料不齐\n要求：补齐资料" in answer


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("督办 州1-7 9月30日", "没有写明要求"),
        ("督办 州1-7 6月1日 加快", "今年6月1日已经过去"),
        ("督办 州1-7 9月31日 加快", "没有9月31日这一天"),
        ("督办 州人社局 州1-7 9月30日 加快", "州人社局没有承担 州1-7 雪亮工程"),
        ("督办 外星飞船 9月30日 加快", "没有找到“外星飞船”"),
        ("督办 9月30日 加快", "没有找到“9月30日”"),
        ("督办8", "没有找到督办8"),
        ("督办 同意 8", "没有建议8"),
        ("销号", "请写明督办单的编号"),
    ],
)
def test_what_cannot_be_issued_says_why_and_what_to_send(
    talk: Talk, said: str, answer: str
) -> None:
    assert answer in only(talk, ADMIN, said)
    assert talk.heard(POLICE) == []


def test_without_a_limit_the_usual_one_is_offered(talk: Talk) -> None:
    asked = only(talk, ADMIN, "督办 雪亮工程 答卷专栏 加快安装")
    answer = only(talk, ADMIN, "1")

    assert "按5个工作日（8月27日）发给州公安局，请回复 1" in asked
    assert "要求：加快安装\n期限：8月27日前办结" in answer


def test_the_same_command_again_issues_nothing_and_another_one_asks(talk: Talk) -> None:
    only(talk, ADMIN, ISSUE)

    same = only(talk, OTHER, ISSUE)
    other = only(talk, OTHER, "督办 州1-7 10月8日 报送验收资料")
    again = only(talk, OTHER, "1")

    assert "督办1 已于8月20日09:00发给州公安局，要求相同，未重复发出" in same
    assert "已有督办1在办" in other
    assert again.startswith("已发出督办2 州公安局")


def test_two_admins_at_once_close_once(talk: Talk) -> None:
    only(talk, ADMIN, ISSUE)
    only(talk, POLICE, "督办1 已补装4290个")
    only(talk, ADMIN, "销号 督办1")
    heard = len(talk.heard(POLICE))

    assert "督办1 已由管理员甲于8月20日09:00销号，本次未处理" in only(talk, OTHER, "销号 督办1")
    assert "销号，本次未处理" in only(talk, OTHER, "督办1 退回 照片不清")
    assert "销号，本次未处理" in only(talk, POLICE, "督办1 再补充几句")
    assert len(talk.heard(POLICE)) == heard + 1  # the refusal itself


def test_what_nobody_answered_is_closed_only_with_a_word_on_how_it_was_checked(talk: Talk) -> None:
    only(talk, ADMIN, ISSUE)

    assert "还没有收到整改情况，未销号" in only(talk, ADMIN, "销号 1")
    assert "已销号" in only(talk, ADMIN, "销号 督办1 9月28日现场查看已补齐")


def test_what_was_closed_by_mistake_is_under_way_again(talk: Talk) -> None:
    only(talk, ADMIN, ISSUE)
    only(talk, POLICE, "督办1 已补装4290个")
    only(talk, ADMIN, "销号 督办1")
    assert "销号有误的请发“督办1 恢复 原因”" in only(talk, OTHER, "督办1")
    talk.set_clock("2021-08-23T10:00")

    assert "恢复请写明原因" in only(talk, OTHER, "督办1 恢复")
    assert only(talk, OTHER, "督办1 恢复 现场查看还差20个").splitlines() == [
        "督办1 州公安局 州1-7 雪亮工程（答卷专栏）已恢复办理，"
        "请于9月30日前办结（现场查看还差20个）。",
        "已通知：州公安局联络员、联络员甲、州公安局负责人。",
    ]
    assert "办结请发“督办1”加整改情况" in talk.heard(POLICE)[-1]
    assert "管理员乙：恢复办理" in only(talk, ADMIN, "审计 督办1")
    assert state_of(talk) == OrderState.OPEN
    assert "8月23日10:00 管理员乙恢复办理：现场查看还差20个" in only(talk, ADMIN, "督办1")
    assert "督办1 还在办理，不用恢复" in only(talk, ADMIN, "督办1 恢复 点错了")
    only(talk, POLICE, "督办1 20个已补齐")
    assert "【督办复核】督办1" in talk.heard(ADMIN)[-1]
    assert "已销号" in only(talk, ADMIN, "销号 督办1")


def test_an_order_that_is_opened_again_late_gets_the_usual_time(talk: Talk) -> None:
    only(talk, ADMIN, ISSUE)
    only(talk, POLICE, "督办1 延期 10月15日 设备到货推迟")
    only(talk, ADMIN, "销号 督办1 9月28日现场查看已补齐")
    talk.set_clock("2021-10-08T10:00")

    # Saturday the 9th is a working day.
    assert "请于10月14日前办结" in only(talk, ADMIN, "撤销销号 督办1 照片是旧的")
    assert "没有待答复的延期申请" in only(talk, ADMIN, "督办1 同意")
    assert state_of(talk) == OrderState.OPEN


def test_only_an_admin_opens_an_order_again_and_not_beside_its_twin(talk: Talk) -> None:
    only(talk, ADMIN, ISSUE)
    only(talk, ADMIN, "销号 督办1 9月28日现场查看已补齐")
    assert "已由管理员甲于8月20日09:00销号" in only(talk, POLICE, "督办1 恢复 点错了")
    assert "您可查看督办1，不能办理" in only(talk, LEADER, "督办1 恢复 点错了")
    assert "仅限管理员使用" in only(talk, POLICE, "撤销销号 督办1 点错了")
    assert "请写明督办单的编号和原因" in only(talk, ADMIN, "撤销销号")
    only(talk, ADMIN, ISSUE)

    assert "督办2 已于8月20日09:00发给州公安局，要求相同" in only(talk, ADMIN, "督办1 恢复 点错了")
    assert state_of(talk) == OrderState.CLOSED


def test_a_return_takes_no_time_away(talk: Talk) -> None:
    only(talk, ADMIN, ISSUE)
    only(talk, POLICE, "督办1 已补装4270个")

    refused = only(talk, ADMIN, "督办1 退回 9月10日 还差20个")

    assert "新的期限不应早于现期限9月30日，收到9月10日" in refused
    assert refused.endswith("督办1 退回 还差20个")
    assert state_of(talk) == OrderState.ANSWERED
    assert "请于10月10日前继续整改" in only(talk, ADMIN, "督办1 退回 10月10日 还差20个")


def test_several_are_closed_together_or_not_at_all(talk: Talk) -> None:
    only(talk, ADMIN, ISSUE)
    only(talk, ADMIN, "督办 新7 9月30日 说明县市进度")
    only(talk, POLICE, "督办1 已补装4290个")
    only(talk, POLICE, "督办2 进度已附")
    heard = len(talk.heard(BOTH))

    refused = only(talk, ADMIN, "销号 督办1 督办2 督办9")
    closed = only(talk, ADMIN, "销号 督办1、督办2")

    assert "没有找到督办9" in refused
    assert closed.count("已销号") == 2
    assert len(talk.heard(BOTH)) == heard + 1


def test_who_reads_what(talk: Talk) -> None:
    only(talk, ADMIN, ISSUE)

    own = only(talk, POLICE, "督办")
    assert own.startswith("在办督办单1件：\n督办1 州1-7 雪亮工程（答卷专栏）：9月底前补齐")
    assert only(talk, POLICE, "1").startswith("督办1 州公安局 州1-7")
    assert "州公安局 州1-7" in only(talk, LEADER, "督办")
    assert "督办1" in only(talk, "州公安局负责人", "督办")
    assert only(talk, HEALTH, "督办") == "目前没有在办的督办单。"
    assert "不是您单位的事项" in only(talk, HEALTH, "督办1")
    assert "不是您单位的事项" in only(talk, HEALTH, "督办1 已办结")
    assert "您可查看督办1，不能办理" in only(talk, LEADER, "督办1 抓紧")
    assert "不能办理" in only(talk, "州公安局负责人", "督办1 已办结")
    assert "发出督办单限管理员使用" in only(talk, POLICE, ISSUE)
    assert "仅限管理员使用" in only(talk, POLICE, "销号 督办1")
    assert "请在与我的单聊中发送" in only(talk, ADMIN, "督办", group="联络员群")


def test_a_liaison_s_evidence_may_begin_with_an_admin_s_word(talk: Talk) -> None:
    only(talk, ADMIN, ISSUE)

    assert "已收到督办1" in only(talk, POLICE, "督办1 退回补贴资金12万元，已全部整改")
    assert state_of(talk) == OrderState.ANSWERED


def test_a_unit_without_a_liaison_is_named(talk: Talk) -> None:
    answer = only(talk, ADMIN, "督办 续8 龙山县 9月30日 补报户厕数据")

    assert "龙山县尚无联络员，请电话告知，并发“邀请 龙山县 姓名”请其绑定。" in answer


def test_at_night_the_unit_is_told_when_it_works(talk: Talk) -> None:
    talk.set_clock("2021-09-18T20:00")
    answer = only(talk, ADMIN, ISSUE)

    rows = outbox(talk.database, "order:")
    assert "将于9月22日09:00通知" in answer
    assert {row.not_before for row in rows} == {at("2021-09-22T09:00")}


def test_an_order_recalled_before_anybody_was_told_is_not_told(talk: Talk) -> None:
    talk.set_clock("2021-09-18T20:00")
    only(talk, ADMIN, ISSUE)

    [answer] = talk.recall(ADMIN)

    assert answer.startswith("您撤回了消息。\n督办1 州公安局 州1-7 雪亮工程（答卷专栏）已撤销")
    assert {row.state for row in outbox(talk.database, "order:")} == {OutboxState.DROPPED}
    assert talk.recall(ADMIN) == []
    assert state_of(talk) == OrderState.DROPPED


def test_an_order_recalled_later_is_withdrawn_openly_unless_it_was_answered(talk: Talk) -> None:
    only(talk, ADMIN, ISSUE)
    first = talk.last_message_id
    with talk.database.write() as session:
        for row in session.exec(select(SupervisionOrder)).all():
            assert row.number == 1
    only(talk, POLICE, "督办1 已补装4290个")

    [answer] = talk.recall(ADMIN, first)

    assert answer == "您撤回了消息，对督办1 的处理仍然有效。查看和更改请发“督办1”。"
    assert state_of(talk) == OrderState.ANSWERED


def test_recalled_evidence_no_longer_counts(talk: Talk) -> None:
    only(talk, ADMIN, ISSUE)
    only(talk, POLICE, "督办1 已补装4290个")

    [answer] = talk.recall(POLICE)

    assert answer == "您撤回了消息，督办1 的这次整改情况不再作数。办结请再发“督办1”加整改情况。"
    assert state_of(talk) == OrderState.OPEN
    assert talk.recall(POLICE) == []


def test_a_recalled_wish_for_more_time_is_no_wish(talk: Talk) -> None:
    only(talk, ADMIN, ISSUE)
    only(talk, POLICE, "督办1 延期 10月15日 设备到货推迟")

    [answer] = talk.recall(POLICE)

    assert answer == "您撤回了消息，督办1 的延期申请已取消。"
    assert "没有待答复的延期申请" in only(talk, ADMIN, "督办1 同意")


def test_the_sequence_begins_anew_with_the_year(talk: Talk) -> None:
    only(talk, ADMIN, ISSUE)
    talk.set_clock("2022-01-05T10:00")
    second = only(talk, ADMIN, "督办 州1-12 1月20日 补报全年产前筛查数据")

    assert "已发出督办1 州卫健委" in second
    assert only(talk, ADMIN, "督办1").startswith("督办1 州卫健委")
    assert only(talk, ADMIN, "督办2021-1").startswith("督办2021-1 州公安局")
    assert "督办2021-1 州公安局" in only(talk, ADMIN, "督办")


def test_names_and_requirements_are_harmless(talk: Talk) -> None:
    answer = only(talk, ADMIN, "督办 州1-7 9月30日 @all 见 http://example.com # 加粗")

    assert "@all" not in answer
    assert "http://" not in answer


def test_too_many_orders_at_once_are_refused(talk: Talk) -> None:
    numbers = " ".join(map(str, range(1, 22)))

    assert "一次最多20件，收到21件，均未处理" in only(talk, ADMIN, f"销号 {numbers}")


def test_a_long_account_is_kept_and_shortened_for_the_admins(talk: Talk) -> None:
    only(talk, ADMIN, ISSUE)
    only(talk, POLICE, f"督办1 {'逐村补装，' * 200}验收合格")
    notice = talk.heard(ADMIN)[-1]

    assert "……" in notice
    assert "验收合格" in "".join(talk.say(ADMIN, "督办1"))
    assert "最多写2000字" in only(talk, POLICE, f"督办1 {'好' * 2001}")


def test_a_requirement_of_an_essay_is_refused(talk: Talk) -> None:
    assert "最多写500字" in only(talk, ADMIN, f"督办 州1-7 9月30日 {'好' * 501}")


def test_a_missing_report_answers_its_order_and_a_return_reopens_it(talk: Talk) -> None:
    only(talk, ADMIN, ISSUE)
    with talk.database.write() as session:
        row = session.exec(select(SupervisionOrder)).one()

        row.obligation_id = obligation_of(session, "州1-7").id
    number = hand_in(talk, "州1-7")

    answered = only(talk, ADMIN, "督办")
    only(talk, ADMIN, f"退回 {number} 图片有水印")
    reopened = only(talk, ADMIN, "督办1")

    assert "（待复核1件）" in answered
    assert "已报送（编号1）" in reopened
    assert "退回继续整改：报送（编号1）已退回：图片有水印" in reopened
    assert "状态：办理中" in reopened


def test_admins_read_and_change_the_rules_of_orders(talk: Talk) -> None:
    shown = only(talk, ADMIN, "督办 规则")
    changed = only(talk, ADMIN, "督办 规则 答卷专栏 提前4、2天 办理10天 退回3次")
    asked = only(talk, ADMIN, "督办 州1-7 加快安装")

    assert (
        "答卷专栏：逾期5个工作日、进度亮红灯、退回2次时建议督办；办理期限5个工作日，"
        "提前3、1个工作日、当天和逾期后每个工作日提醒。"
    ) in shown
    assert "退回3次时建议督办；办理期限10个工作日，提前4、2个工作日" in changed
    assert "重点民生实事" not in changed
    assert "按10个工作日（9月3日）" in asked
    assert "天数应在1至60个工作日之间" in only(talk, ADMIN, "督办 规则 办理90天")
    assert "没有读懂“随时”" in only(talk, ADMIN, "督办 规则 随时")
    assert "发出督办单限管理员使用" in only(talk, POLICE, "督办 规则 办理90天")
