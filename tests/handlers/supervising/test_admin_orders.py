"""滞后, 审计, 登记本群, 点名, 提醒: what leaders read and admins set by chat."""

from datetime import time

import pytest
from sqlmodel import select

from handlers.standing.policy import ladder_policy
from handlers.supervising.trail_text import ACTIONS
from models.audit import Audit
from models.chat import Chat, ChatPurpose
from models.member import RoleName
from models.programme import programme_by_code
from models.programmes.files import read_definition
from models.programmes.loader import load
from models.supervision_order import StepKind
from tests.factories import a_member
from tests.supervising import counted_queries, hand_in, with_open_chats
from tests.talk import Talk

ADMIN, LEADER, POLICE = "管理员甲", "领导甲", "州公安局联络员"
REPORT = "报送 州1-7\n截至：8月31日\n完成数：1710个\n措施：逐村安装，按月调度\n问题：资金紧张"


@pytest.fixture
def light(light: Talk) -> Talk:
    light.set_clock("2021-09-16T10:00")
    return with_open_chats(light)


@pytest.fixture
def lagging(light: Talk) -> Talk:
    """1710 of 6000 cameras; of three counts of 就业 the training is furthest behind."""
    hand_in(light, "州1-7", {"乡村公共部位安防设备": "1710"}, accepted=True)
    employed = {"城镇新增就业": "10265", "农村劳动力转移就业": "15000"}
    trained = {"政府补贴性职业技能培训": "9000"}
    hand_in(light, "州1-3", employed | trained, accepted=True)
    return light


def test_what_lags_is_listed_with_lead_units_figures_and_why(lagging: Talk) -> None:
    [answer] = lagging.say(LEADER, "滞后 答卷专栏")

    assert answer.splitlines() == [
        "【答卷专栏】数据截至2021年7月31日，滞后2项（共8项），涉及3个牵头单位",
        "1. 州1-7 雪亮工程（州公安局）：完成28.50%，序时58.33%，差29.83点",
        "2. 州1-3 就业和技能培训（州人社局、州文旅广电局）：完成39.13%，序时58.33%，差19.20点；"
        "最低的是政府补贴性职业技能培训",
        "回复序号可看一项的详情。",
    ]
    assert "牵头：州公安局" in lagging.say(LEADER, "1")[0]


def test_a_group_reads_names_only_where_it_is_switched_on(lagging: Talk) -> None:
    [before] = lagging.say(LEADER, "滞后", group="领导群")
    assert "滞后2项" in before
    assert "州公安局" not in before
    assert "州1-7" not in before

    assert "已开启点名" in lagging.say(ADMIN, "点名 开", group="领导群")[0]

    assert "州公安局" in lagging.say(LEADER, "滞后", group="领导群")[0]
    assert "已关闭点名" in lagging.say(ADMIN, "点名 关", group="领导群")[0]
    assert "州公安局" not in lagging.say(LEADER, "哪几个单位拖后腿", group="领导群")[0]


def test_without_anything_behind_it_says_so(light: Talk) -> None:
    assert "没有滞后的事项" in light.say(LEADER, "滞后 答卷专栏")[0]
    assert "没有认出专项“水利”" in light.say(LEADER, "滞后 水利")[0]


def test_lagging_takes_a_fixed_number_of_queries(lagging: Talk) -> None:
    with counted_queries(lagging.database) as first:
        lagging.say(LEADER, "滞后 答卷专栏")
    hand_in(lagging, "州1-5", {"农村公路安防设施": "10"}, accepted=True)
    hand_in(lagging, "州1-12", {"孕产妇免费产前筛查": "10"}, accepted=True)
    with counted_queries(lagging.database) as second:
        lagging.say(LEADER, "滞后 答卷专栏")

    assert len(first) == len(second)


def test_a_group_is_registered_for_its_purpose(talk: Talk) -> None:
    assert "尚未登记用途" in talk.say(ADMIN, "登记本群", group="新群")[0]
    assert (
        "“重点民生实事”的领导群" in talk.say(ADMIN, "登记本群 领导群 重点民生实事", group="新群")[0]
    )
    with talk.database.read() as session:
        chat = session.exec(select(Chat).order_by(Chat.id.desc())).first()
        acts = session.exec(select(Audit.action).where(Audit.table == "chat")).all()
    assert chat is not None
    assert chat.purpose == ChatPurpose.LEADERS
    assert list(acts) == ["register_group"]
    assert "没有变化" in talk.say(ADMIN, "登记本群 领导群 重点民生实事", group="新群")[0]
    assert "已取消登记" in talk.say(ADMIN, "登记本群 取消", group="新群")[0]


def test_an_admin_of_one_programme_changes_no_other_s_group(light: Talk) -> None:
    with light.database.write() as session:
        other = programme_by_code(session, "minsheng-2021")
        a_member(session, "管理员丙", (RoleName.ADMIN, None), programme=other)
    light.say(ADMIN, "登记本群 领导群 答卷专栏", group="新群")

    assert "本群属于“答卷专栏”" in light.say("管理员丙", "登记本群 取消", group="新群")[0]
    assert "本群属于“答卷专栏”" in light.say("管理员丙", "点名 开", group="新群")[0]
    assert "“重点民生实事”的联络员群" in light.say("管理员丙", "登记本群 联络员群", group="二群")[0]


@pytest.mark.parametrize(
    ("person", "text", "group", "expected"),
    [
        (ADMIN, "登记本群 领导群", None, "请在那个群里提到我再发"),
        (ADMIN, "点名 开", None, "请在那个群里提到我再发"),
        (ADMIN, "登记本群 水利", "新群", "没有认出“水利”，未作登记"),
        (ADMIN, "登记本群 答卷专栏", "新群", "还缺用途"),
        (ADMIN, "点名 也许", "新群", "没有认出“也许”，未作更改"),
        (POLICE, "登记本群 领导群", "新群", "仅限管理员使用"),
        (LEADER, "点名 开", "领导群", "仅限管理员使用"),
        (POLICE, "滞后", None, "仅限领导或管理员使用"),
        (POLICE, "提醒", None, "仅限管理员使用"),
        (ADMIN, "提醒", "领导群", "单聊中发送"),
        (POLICE, "审计 1", None, "仅限管理员使用"),
        (ADMIN, "审计 1", "领导群", "单聊中发送"),
    ],
)
def test_roles_and_chats_are_checked(
    light: Talk, person: str, text: str, group: str | None, expected: str
) -> None:
    assert expected in light.say(person, text, group=group)[0]


def test_the_trail_tells_who_did_what_and_nothing_that_was_written(light: Talk) -> None:
    light.say(ADMIN, "延期 州1-7 9月 9月25日 停电")
    light.say(POLICE, REPORT)
    light.later(minutes=5)
    light.say(ADMIN, "退回 1 图片有水印")
    light.say(POLICE, "更正 1\n完成数：1711个")
    light.say(ADMIN, "通过 1")

    assert light.say(ADMIN, "审计 1")[0].splitlines() == [
        "#1 州1-7 雪亮工程（1—8月）办理经过（5条）：",
        "9月16日10:00 管理员甲：延期（延至9月25日，原因停电）",
        "9月16日10:00 州公安局联络员：报送（版本1）",
        "9月16日10:05 管理员甲：退回（待审 → 已退回，退回次数0 → 1，原因图片有水印）",
        "9月16日10:05 州公安局联络员：更正（版本2）",
        "9月16日10:05 管理员甲：通过（待审 → 已通过）",
    ]
    of_task = light.say(ADMIN, "审计 州1-7")[0]
    assert "管理员甲：1—8月 延期" in of_task
    assert "逐村安装" not in of_task


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("审计", "请写报送编号、任务编号或督办单号"),
        ("审计 99", "没有找到报送 #99"),
        ("审计 督办3", "没有找到督办3"),
        ("审计 州1-99", "没有找到“州1-99”"),
        ("审计 州1-5", "还没有记录"),
    ],
)
def test_a_trail_that_is_none_is_said_to_be_so(light: Talk, text: str, expected: str) -> None:
    assert expected in light.say(ADMIN, text)[0]


def test_reminders_are_shown_and_changed_and_survive_a_load(light: Talk) -> None:
    assert "当天：09:00、15:00" in light.say(ADMIN, "提醒 答卷专栏")[0]

    assert (
        "提前：截止前3、1个工作日10:00" in light.say(ADMIN, "提醒 答卷专栏 提前 3天、1天 10:00")[0]
    )
    assert "当天：09:30" in light.say(ADMIN, "提醒 答卷专栏 当天 9点30分")[0]
    assert "工作日08:30至17:30" in light.say(ADMIN, "安静时间 答卷专栏 17:30-8:30")[0]

    with light.database.write() as session:
        programme = programme_by_code(session, "dajuan-2021")
        assert programme is not None
        load(session, read_definition("dajuan-2021"), light.now)
        session.flush()
        policy = ladder_policy(programme)
    assert policy.before_days == (3, 1)
    assert policy.on_day_at == (time(9, 30),)
    assert (policy.opens, policy.closes) == (time(8, 30), time(17, 30))
    assert "已更改" in light.say(ADMIN, "提醒 答卷专栏 恢复默认")[0]


def test_an_admin_of_one_programme_sets_no_hours_for_another(light: Talk) -> None:
    with light.database.write() as session:
        projects = programme_by_code(session, "minsheng-2021")
        a_member(session, "管理员丙", (RoleName.ADMIN, None), programme=projects)

    assert "没有读懂" in light.say("管理员丙", "安静时间 答卷专栏 17:00-9:00")[0]
    assert "17:30" in light.say("管理员丙", "安静时间 17:30到次日9:00")[0]


def test_several_parts_of_a_ladder_are_said_at_once(light: Talk) -> None:
    light.say(ADMIN, "提醒 答卷专栏 提前3、1天 当天10:00，每天最多1次；负责人 逾期3天")

    with light.database.read() as session:
        programme = programme_by_code(session, "dajuan-2021")
        assert programme is not None
        policy = ladder_policy(programme)
    assert (policy.before_days, policy.on_day_at) == ((3, 1), (time(10),))
    assert (policy.daily_cap, policy.unit_head_after) == (1, 3)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("提醒 答卷专栏 当天 8:30", "提醒时间应在发送时段09:00至18:00之内，未作更改"),
        ("提醒 答卷专栏 当天 9:00 11:00 15:00", "超过每人每天2次的上限"),
        ("提醒 答卷专栏 上限 9", "每人每天的提醒上限应为1至3次"),
        ("提醒 答卷专栏 督办 1", "应先逾期告知单位负责人"),
        ("安静时间 答卷专栏 22:00-6:00", "发送时段应在08:00至18:00之间"),
        ("提醒 答卷专栏 每小时一次", "没有读懂“每小时一次”，提醒没有变"),
        ("安静时间 答卷专栏 下午5点到9点", "没有读懂“安静时间 下午5点到9点”，提醒没有变"),
        ("提醒 答卷专栏 提前3天 当天", "没有读懂“提前3天 当天”，提醒没有变"),
        ("提醒 答卷专栏 提前3天 当天上午", "没有读懂“提前3天 当天上午”，提醒没有变"),
        ("提醒 当天 9:00", "您管理几个专项，请写明专项"),
        ("提醒 答卷专栏 上限 2", "没有变化"),
    ],
)
def test_a_ladder_that_would_nag_or_is_not_understood_is_refused(
    light: Talk, text: str, expected: str
) -> None:
    assert expected in light.say(ADMIN, text)[0]
    with light.database.read() as session:
        assert session.exec(select(Audit).where(Audit.table == "programme")).all() == []


def test_every_step_of_an_order_has_a_word_in_the_trail() -> None:
    assert {f"order_{kind.value}" for kind in StepKind} <= set(ACTIONS)
