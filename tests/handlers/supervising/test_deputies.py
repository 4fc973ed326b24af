"""代理: who stands in reports for the units, is reminded, and is named in the trail."""

import pytest
from sqlmodel import select

from models.audit import Audit
from models.member import RoleName
from models.programme import programme_by_code
from models.unit import Unit
from scheduler.reminders import remind
from tests.factories import a_member
from tests.supervising import with_open_chats
from tests.talk import Talk

ADMIN, LEADER = "管理员甲", "领导甲"
WOMEN, HEALTH, POLICE = "州妇联联络员", "州卫健委联络员", "州公安局联络员"
SCREENED = "报送 州1-13\n截至：8月31日\n完成数：25000人\n措施：逐村安排，按月调度\n问题：无经费"


@pytest.fixture
def talk(talk: Talk) -> Talk:
    talk.set_clock("2021-09-16T10:00")
    return with_open_chats(talk)


def test_the_deputy_reports_for_the_unit_and_is_named_in_the_trail(talk: Talk) -> None:
    answer = talk.say(WOMEN, "代理 州卫健委联络员 到 9月30日")[0]

    assert "9月16日至9月30日由州卫健委联络员代州妇联联络员报送州妇联的事项" in answer
    assert "期间提醒发给您" in talk.heard(HEALTH)[-1]
    assert "州1-13 两癌检查" in talk.say(HEALTH, "任务")[0]
    assert "已收到 #1" in talk.say(HEALTH, SCREENED)[0]
    assert "报送人：州卫健委联络员（代州妇联联络员）" in talk.say(ADMIN, "查看 1")[0]
    assert "州卫健委联络员（代州妇联联络员）：报送" in talk.say(ADMIN, "审计 1")[0]
    assert "代州妇联联络员报送" in talk.say(HEALTH, "我是谁")[0]


def test_an_admin_who_stands_in_decides_in_the_own_name(talk: Talk) -> None:
    talk.say(WOMEN, "代理 管理员甲 到 9月30日")
    talk.say(ADMIN, SCREENED)
    talk.say(ADMIN, "通过 1")

    trail = talk.say(ADMIN, "审计 1")[0]

    assert "管理员甲（代州妇联联络员）：报送" in trail
    assert "管理员甲：通过" in trail


def test_reminders_go_to_the_deputy_while_it_lasts(talk: Talk) -> None:
    talk.say(WOMEN, "代理 州卫健委联络员 9月17日至9月18日")
    talk.set_clock("2021-09-18T09:00")
    remind(talk.database, talk.services, talk.now)
    during = len([t for t in talk.heard(WOMEN) if "报送提醒" in t])
    assert "州1-13" in talk.heard(HEALTH)[-1]

    talk.set_clock("2021-09-22T09:00")
    remind(talk.database, talk.services, talk.now)

    assert during == 0
    assert "州1-13" in talk.heard(WOMEN)[-1]
    assert "州1-13" not in talk.heard(HEALTH)[-1]


def test_rights_end_with_the_deputyship_and_the_trail_stays(talk: Talk) -> None:
    talk.say(WOMEN, "代理 州卫健委联络员 到 9月30日")
    talk.say(HEALTH, SCREENED)
    talk.later(minutes=5)

    assert "已取消" in talk.say(WOMEN, "代理 取消")[0]

    assert "代理已取消" in talk.heard(HEALTH)[-1]
    assert "州1-13" not in talk.say(HEALTH, "任务")[0]
    assert "不是您" in talk.say(HEALTH, "撤回 1")[0] or "没有" in talk.say(HEALTH, "撤回 1")[0]
    assert "报送人：州卫健委联络员（代州妇联联络员）" in talk.say(ADMIN, "查看 1")[0]
    with talk.database.read() as session:
        acts = session.exec(select(Audit.action).where(Audit.table == "deputy")).all()
    assert list(acts) == ["deputy", "end_deputy"]


def test_a_leave_ahead_gives_no_rights_yet(talk: Talk) -> None:
    talk.say(WOMEN, "代理 州卫健委联络员 9月20日至30日")

    assert "州1-13" not in talk.say(HEALTH, "任务")[0]
    talk.set_clock("2021-09-20T08:00")
    assert "州1-13" in talk.say(HEALTH, "任务")[0]


def test_a_later_word_replaces_the_earlier_one(talk: Talk) -> None:
    talk.say(WOMEN, "代理 州卫健委联络员 到 9月30日")

    talk.say(WOMEN, "代理 州公安局联络员 9月20日到9月30日")

    listed = talk.say(ADMIN, "代理")[0]
    assert "州卫健委联络员代州妇联联络员报送，9月16日至9月19日" in listed
    assert "州公安局联络员代州妇联联络员报送，9月20日至9月30日" in listed


def test_an_admin_arranges_it_for_others(talk: Talk) -> None:
    talk.say(ADMIN, "代理 州妇联联络员 由 州卫健委联络员 到 9月30日")

    assert "管理员已安排" in talk.heard(WOMEN)[-1]
    assert "【代理】州妇联联络员" in talk.heard(HEALTH)[-1]
    assert "已取消" in talk.say(ADMIN, "代理 取消 州妇联联络员")[0]


def test_an_admin_of_one_programme_reads_of_its_people_alone(talk: Talk) -> None:
    with talk.database.write() as session:
        columns = programme_by_code(session, "dajuan-2021")
        projects = programme_by_code(session, "minsheng-2021")
        unit = session.exec(select(Unit).where(Unit.name == "州妇联")).one()
        for name in ("联络员乙", "联络员丙"):
            a_member(session, name, (RoleName.LIAISON, unit), programme=columns)
        a_member(session, "管理员乙", (RoleName.ADMIN, None), programme=columns)
        a_member(session, "管理员丙", (RoleName.ADMIN, None), programme=projects)
    talk.say("联络员乙", "代理 联络员丙 到 9月30日")

    assert "代联络员乙报送" in talk.say("管理员乙", "代理")[0]
    assert "代联络员乙报送" in talk.say(ADMIN, "代理")[0]
    assert "联络员乙报送" not in talk.say("管理员丙", "代理")[0]


def test_two_of_one_name_are_asked_by_their_units(talk: Talk) -> None:
    with talk.database.write() as session:
        for name in ("州人社局", "州发改委"):
            unit = session.exec(select(Unit).where(Unit.name == name)).one()
            a_member(session, "李四", (RoleName.LIAISON, unit), account=f"李四{name}")

    question = talk.say(WOMEN, "代理 李四 到 9月30日")[0]

    assert "1. 李四（州人社局联络员）" in question
    assert "由李四代州妇联联络员报送" in talk.say(WOMEN, "2")[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("代理 张三 到 9月30日", "没有找到“张三”"),
        ("代理 州妇联联络员 到 9月30日", "代理人不能是本人"),
        ("代理 州卫健委联络员", "到哪天"),
        ("代理 州卫健委联络员 到 9月10日", "已经过去"),
        ("代理 州卫健委联络员 到 2022-03-01", "代理一次最多92天"),
        ("代理 州卫健委联络员 9月30日到9月20日", "没有读懂|早于|过去"),
        ("代理 取消", "您没有代理安排"),
    ],
)
def test_what_is_missing_or_wrong_is_named(light: Talk, text: str, expected: str) -> None:
    light.set_clock("2021-09-16T10:00")
    answer = light.say(WOMEN, text)[0]

    assert any(each in answer for each in expected.split("|"))


def test_nobody_stands_in_for_who_stands_in(talk: Talk) -> None:
    talk.say(WOMEN, "代理 州卫健委联络员 到 9月30日")

    assert "正代理他人" in talk.say(HEALTH, "代理 州公安局联络员 到 9月20日")[0]
    assert "也已请人代理" in talk.say(POLICE, "代理 州妇联联络员 到 9月20日")[0]


def test_leaders_have_nobody_to_stand_in_for_them(light: Talk) -> None:
    assert "仅限联络员或管理员使用" in light.say(LEADER, "代理")[0]
    light.say(WOMEN, "代理", group="联络员群")
    assert light.heard_in("联络员群") == []
