"""Other names of units and tasks: given and taken by admins, kept over the next loading."""

from datetime import datetime

import pytest
from sqlmodel import Session, select

from models.audit import trail_of
from models.db import Database
from models.member import RoleName
from models.programme import programme_by_code
from models.programmes.files import read_definition
from models.programmes.loader import LoadReport, load
from models.task import Task, tasks_of
from models.unit import Unit
from tests.conftest import at
from tests.factories import a_member
from tests.rows import Rows
from tests.talk import Talk

NOW = "2021-08-20T09:00"


def _load(session: Session, now: datetime) -> list[LoadReport]:
    codes = ("dajuan-2021", "minsheng-2021")
    return [load(session, read_definition(code), now) for code in codes]


_LOADED = Rows(lambda session: _load(session, at(NOW)))


@pytest.fixture
def talk(database: Database) -> Talk:
    talk = Talk(database, now=at(NOW), empty=True)
    with database.write() as session:
        _LOADED.into(session)
        programme = programme_by_code(session, "dajuan-2021")
        police = session.exec(select(Unit).where(Unit.name == "州公安局")).one()
        a_member(session, "管理员甲", (RoleName.ADMIN, None))
        a_member(session, "专项管理员", (RoleName.ADMIN, None), programme=programme)
        a_member(session, "领导甲", (RoleName.LEADER, None))
        a_member(session, "州公安局联络员", (RoleName.LIAISON, police))
    return talk


def load_again(talk: Talk) -> list[str]:
    with talk.database.write() as session:
        reports = _load(session, talk.now)
    return [line for report in reports for line in report.differences]


def unit(talk: Talk, name: str) -> Unit:
    with talk.database.read() as session:
        return session.exec(select(Unit).where(Unit.name == name)).one()


def task(talk: Talk, code: str, number: str) -> Task:
    with talk.database.read() as session:
        programme = programme_by_code(session, code)
        assert programme is not None
        return next(t for t in tasks_of(session, programme.id or 0) if t.number == number)


def test_a_unit_is_known_by_the_name_that_an_admin_gave_it(talk: Talk) -> None:
    assert "没有找到“管钱的”" in talk.say("领导甲", "进度 管钱的")[0]

    said = talk.say("管理员甲", "别名 州发改委 管钱的")

    assert said == ["已记下：州发改委 也叫“管钱的”。"]
    assert "州发改委" in talk.say("领导甲", "进度 管钱的")[0]


def test_a_task_is_reported_by_the_name_that_an_admin_gave_it(talk: Talk) -> None:
    talk.say("专项管理员", "别名 州1-7 天网工程")

    assert talk.say("州公安局联络员", "报送 天网工程")[0].startswith("州1-7 雪亮工程")


def test_several_names_are_given_at_once_and_shown(talk: Talk) -> None:
    talk.say("管理员甲", "别名 州残联 残疾人之家、阳光驿站")

    shown = talk.say("管理员甲", "别名 州残联")[0]

    assert "也叫：州残疾人联合会、残疾人之家、阳光驿站。" in shown
    assert "删除请发“删除别名 州残联 阳光驿站”" in shown


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("别名 州残联 州妇联", "“州妇联”已是 州妇联 的叫法"),
        ("别名 州残联 州妇女联合会", "“州妇女联合会”已是 州妇联 的叫法"),
        ("别名 州1-7 产前筛查", "“产前筛查”已是 州1-12 产前筛查 的叫法"),
        ("别名 州1-7 州公安局", "“州公安局”已是 州公安局 的叫法"),
        ("别名 州1-7 雪亮工程", "州1-7 雪亮工程 已有“雪亮工程”这个叫法"),
        ("别名 州1-7 州1-8", "是编号或操作用语"),
        ("别名 州1-7 任务", "是编号或操作用语"),
        ("别名 州1-7 天", "不能作叫法"),
        ("别名 州1-7 全部", "是日常对话用语"),
        ("别名 州1-7 您好", "是日常对话用语"),
        ("别名 州1-7 收到", "是日常对话用语"),
        ("别名 州残联 好的", "是日常对话用语"),
        ("别名 州1-7 没错", "是日常对话用语"),
        ("别名 州1-7 完成数", "是报送内容的栏目名"),
        ("别名 州1-7 存在问题", "是报送内容的栏目名"),
        ("别名 州残联 截至日期", "是报送内容的栏目名"),
        ("别名 州1-7 完成年度任务", "是报送内容的栏目名"),
        ("别名 州1-7 三百二十", "是数字或日期"),
        ("别名 州1-7 8月底", "是数字或日期"),
        ("别名 州1-7 的的", "没有具体含义"),
        ("别名 州1-7 哈哈哈", "没有具体含义"),
        ("别名 州1-7 报送a", "以操作用语开头"),
        ("别名 州1-8 雪亮", "发“雪亮”也会找到 州1-7 雪亮工程"),
        ("别名 州1-8 残联", "发“残联”也会找到 州残联"),
        ("别名 州1-7 农村公路", "发“农村公路”也会找到 州1-5"),
        ("别名 州1-8 血亮工程", "发“血亮工程”也会找到 州1-7 雪亮工程"),
        ("别名 州1-8 xlgc", "发“xlgc”也会找到 州1-7 雪亮工程"),
        ("别名 州1-8 xueliang", "发“xueliang”也会找到 州1-7 雪亮工程"),
        ("别名 州残联 州民正局", "发“州民正局”也会找到 州民政局"),
        ("别名 州残联 州人力资源与社会保障局", "已是 州人社局 的叫法"),
        ("别名 州1-8 “雪亮”工程", "已是 州1-7 雪亮工程 的叫法"),
        ("别名 州1-8 雪亮·工程", "已是 州1-7 雪亮工程 的叫法"),
        ("别名 州1-8 措施", "是报送内容的栏目名"),
        ("别名 州1-8 截至", "是报送内容的栏目名"),
        ("别名 州1-7 " + "天" * 21, "不能作叫法"),
        ("别名 州1-7 <b>天网</b>", "不能作叫法"),
        ("别名 外星局 天网", "没有找到“外星局”"),
        ("删除别名 州1-7 雪亮工程", "是 州1-7 雪亮工程 的简称"),
        ("删除别名 州公安局 天网", "没有“天网”这个叫法"),
        ("删除别名 天网", "请写明要删除的叫法"),
        ("删除别名", "请写明要删除的叫法"),
    ],
)
def test_what_cannot_be_done_is_refused_and_changes_nothing(
    talk: Talk, words: str, why: str
) -> None:
    before = (task(talk, "dajuan-2021", "州1-7").aliases, unit(talk, "州残联").aliases)

    assert why in talk.say("管理员甲", words)[0]
    assert (task(talk, "dajuan-2021", "州1-7").aliases, unit(talk, "州残联").aliases) == before


def test_one_refused_name_keeps_the_others_out(talk: Talk) -> None:
    talk.say("管理员甲", "别名 州残联 阳光驿站、州妇联")

    assert "阳光驿站" not in unit(talk, "州残联").aliases


def test_the_same_project_of_another_programme_may_bear_the_name(talk: Talk) -> None:
    talk.say("管理员甲", "别名 州1-7 天网工程")
    talk.say("管理员甲", "别名 新7 天网工程")

    assert "天网工程" in task(talk, "minsheng-2021", "新7").aliases
    asked = talk.say("领导甲", "进度 天网工程")[0]
    assert "1. 州1-7" in asked
    assert "2. 新7" in asked


def test_a_name_of_two_tasks_asks_which_one_gets_it(talk: Talk) -> None:
    asked = talk.say("管理员甲", "别名 雪亮工程 天网工程")[0]

    assert "请回复序号" in asked
    assert talk.say("管理员甲", "2") == ["已记下：新7 雪亮工程 也叫“天网工程”。"]


@pytest.mark.parametrize("person", ["领导甲", "州公安局联络员"])
def test_only_admins_give_names(talk: Talk, person: str) -> None:
    assert "仅限管理员使用" in talk.say(person, "别名 州1-7 天网工程")[0]


def test_an_admin_of_one_programme_names_no_task_of_another(talk: Talk) -> None:
    assert "没有找到“新7”" in talk.say("专项管理员", "别名 新7 天网工程")[0]


def test_names_of_chat_outlive_the_next_loading(talk: Talk) -> None:
    talk.say("管理员甲", "别名 州发改委 发改系统")
    talk.say("管理员甲", "别名 州1-7 天网工程")
    talk.say("管理员甲", "删除别名 州交通局")
    talk.say("管理员甲", "删除别名 州1-7 安防设备")
    before = [
        unit(talk, "州发改委").aliases,
        unit(talk, "州交通运输局").aliases,
        task(talk, "dajuan-2021", "州1-7").aliases,
    ]

    differences = load_again(talk)

    after = [
        unit(talk, "州发改委").aliases,
        unit(talk, "州交通运输局").aliases,
        task(talk, "dajuan-2021", "州1-7").aliases,
    ]
    assert after == before
    assert before[0][-1] == "发改系统"
    assert "州交通局" not in before[1]
    assert before[2] == ["雪亮工程", "乡村雪亮工程", "天网工程"]
    assert [line for line in differences if "其他叫法" in line] == []


def test_a_name_moved_to_another_unit_stays_there(talk: Talk) -> None:
    """州交通局 of the file is now another unit's: the loading neither merges nor takes it back."""
    talk.say("管理员甲", "删除别名 州交通运输局 州交通局")
    talk.say("管理员甲", "别名 州公安局 州交通局")

    load_again(talk)

    assert "州交通局" in unit(talk, "州公安局").aliases
    assert "州交通局" not in unit(talk, "州交通运输局").aliases


def test_a_name_taken_back_can_be_given_again(talk: Talk) -> None:
    said = talk.say("管理员甲", "删除别名 州交通局")[0]
    talk.say("管理员甲", said.split("恢复请发“")[1].rstrip("”。"))
    load_again(talk)

    assert "州交通局" in unit(talk, "州交通运输局").aliases


def test_who_gave_and_took_a_name_is_kept(talk: Talk) -> None:
    talk.say("管理员甲", "别名 州发改委 发改系统")
    talk.say("管理员甲", "删除别名 州发改委 发改系统")

    with talk.database.read() as session:
        trail = trail_of(session, "unit", unit(talk, "州发改委").id or 0)
    assert [each.action for each in trail] == ["add_alias", "remove_alias"]
    assert "发改系统" in trail[0].after["aliases"]
    assert "发改系统" not in trail[1].after["aliases"]
    assert all(each.member_id for each in trail)


def test_admins_find_it_in_their_help(talk: Talk) -> None:
    brief = "\n".join(talk.say("管理员甲", "帮助"))
    full = "\n".join(talk.say("管理员甲", "帮助 全部"))

    assert "别名、删除别名" in brief
    assert "别名 州发改委 发改委" in full


def test_a_name_taken_back_takes_no_declared_name_with_it(talk: Talk) -> None:
    declared = unit(talk, "州人社局").aliases
    assert "州人力资源和社会保障局" in declared

    known = talk.say("管理员甲", "别名 州人社局 州人力资源与社会保障局")[0]
    asked = talk.say("管理员甲", "删除别名 州人社局 州人力资源与社会保障局")[0]
    load_again(talk)

    assert "已有“州人力资源与社会保障局”这个叫法" in known
    assert "写作“州人力资源和社会保障局”，未作改动" in asked

    assert unit(talk, "州人社局").aliases == declared


@pytest.mark.parametrize("written", ["州人力资源与社会保障局", "州“人力资源”和社会保障局"])
def test_a_name_is_one_however_it_is_written(talk: Talk, written: str) -> None:
    assert talk.say("管理员甲", f"进度 {written}")[0].startswith("州人社局")


@pytest.mark.parametrize(
    ("given", "again"),
    [
        ("稳岗·扩岗", "稳岗扩岗"),
        ("“放管服”专班", "放管服专班"),
        ("创业与就业组", "创业和就业组"),
    ],
)
def test_a_given_name_is_held_once_over_the_loading(talk: Talk, given: str, again: str) -> None:
    talk.say("管理员甲", f"别名 州人社局 {given}")

    assert "无需再加" in talk.say("管理员甲", f"别名 州人社局 {again}")[0]
    load_again(talk)
    assert unit(talk, "州人社局").aliases == ["州人力资源和社会保障局", given]
