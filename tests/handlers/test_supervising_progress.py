"""进度, 排名, 为什么, 邀请: what leaders ask, and who may ask it."""

import io
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from PIL import Image
from sqlmodel import select

from models.figure import Figure, Series
from models.indicator import Indicator
from models.invite import Invite
from models.member import RoleName
from models.programme import programme_by_code
from models.task import Task
from models.unit import Unit
from scheduler.digest_run import run_digests
from tests.conftest import at
from tests.factories import a_member
from tests.stores import fresh_sqlite
from tests.supervising import hand_in, seed_digests, the_whole_demo
from tests.talk import Talk

DEVICES = "乡村公共部位安防设备"


@pytest.fixture
def talk(tmp_path: Path, sqlite_template: Path) -> Iterator[Talk]:
    with fresh_sqlite(sqlite_template, tmp_path) as database:
        yield Talk(database)


@pytest.fixture
def demo(tmp_path: Path, sqlite_template: Path) -> Iterator[Talk]:
    with the_whole_demo(sqlite_template, tmp_path, at("2021-08-20T09:00")) as talk:
        yield talk


def test_a_project_of_two_programmes_is_asked_and_chosen_by_number(demo: Talk) -> None:
    asked = demo.say("领导甲", "进度 雪亮工程")[0]
    chosen = demo.say("领导甲", "2")[0]

    assert "1. 州1-7 雪亮工程（答卷专栏）" in asked
    assert "2. 新7 雪亮工程（重点民生实事）" in asked
    assert chosen.startswith("新7 雪亮工程（重点民生实事）")


def test_an_old_figure_is_shown_as_not_updated(demo: Talk) -> None:
    shown = demo.say("领导甲", "进度 新7")[0]

    assert "1710个，目标6000个，完成28.50%，5月31日数据，未更新" in shown
    assert "序时进度58.33%" in shown
    assert "状态：工作进度相对滞后" in shown


def test_levels_are_met_or_not(demo: Talk) -> None:
    shown = demo.say("领导甲", "进度 新2")[0]

    assert "城市低保标准：583 元/月，标准不低于550 元/月，达标" in shown
    assert "状态：达到省定验收标准" in shown


def test_a_county_shows_its_shares_and_its_issued_line(demo: Talk) -> None:
    shown = demo.say("领导甲", "进度 吉首市")[0]

    assert "续8 农村户用厕所：尚无通过的数据，任务4113个" in shown
    assert "实施18项、24个指标，其中完成8个，有序推进9个，滞后7个" in shown


def test_a_county_shows_its_accepted_figures(talk: Talk) -> None:
    hand_in(talk, "续8", month=9)
    talk.set_clock("2021-09-10T10:00")
    talk.say("州农业农村局联络员", "更正 1\n完成数：30000个\n吉首市：2000个\n截至：8月31日")
    talk.say("管理员甲", "通过 1")
    talk.set_clock("2021-09-13T10:00")

    shown = talk.say("领导甲", "进度 吉首市")[0]

    assert "续8 农村户用厕所：2000个，任务4113个，完成48.63%" in shown


def test_a_unit_lists_its_tasks_by_number(demo: Talk) -> None:
    listed = demo.say("领导甲", "进度 州残联")[0]
    number = next(line.split(".")[0] for line in listed.splitlines() if "新8" in line)

    assert "州1-8" in listed
    assert "46.99%" in listed
    assert demo.say("领导甲", number)[0].startswith("新8 ")


def test_a_programme_is_shown_in_numbers(demo: Talk) -> None:
    shown = demo.say("领导甲", "进度 重点民生实事")[0]

    assert "共20项" in shown
    assert sum(int(n) for n in re.findall(r"(\d+)项$", shown, re.MULTILINE)) == 20


def test_a_name_that_resembles_nothing_is_answered_with_an_example(talk: Talk) -> None:
    assert "“进度”加单位名称" in talk.say("领导甲", "进度 火星探测")[0]
    assert "发“进度”查看" in talk.say("州妇联联络员", "进度 火星探测")[0]


def test_a_liaison_reads_own_tasks_only(talk: Talk) -> None:
    assert "州1-7 雪亮工程" in talk.say("州公安局联络员", "进度")[0]
    assert "不是您单位的事项" in talk.say("州公安局联络员", "进度 州1-13")[0]
    assert "不是您单位的事项" in talk.say("州公安局联络员", "进度 州妇联")[0]


def test_a_unit_head_reads_the_own_unit(talk: Talk) -> None:
    with talk.database.write() as session:
        unit = session.exec(select(Unit).where(Unit.name == "州妇联")).one()
        a_member(session, "州妇联负责人", (RoleName.UNIT_HEAD, unit))

    assert "州1-13" in talk.say("州妇联负责人", "进度 州妇联")[0]
    assert "州妇联：0.00分，不排名次。" in talk.say("州妇联负责人", "为什么")[0]
    assert "没有找到" in talk.say("州妇联负责人", "为什么 州公安局")[0]
    assert "仅限" in talk.say("州妇联负责人", "排名")[0]


def test_an_operator_reads_no_content(talk: Talk) -> None:
    with talk.database.write() as session:
        a_member(session, "运维甲", (RoleName.OPERATOR, None))

    for words in ("进度", "进度 州1-7"):
        assert "没有可查看的专项" in talk.say("运维甲", words)[0]
    for words in ("查看 1", "状态", "排名", "为什么 州公安局"):
        assert "仅限" in talk.say("运维甲", words)[0]


def test_the_ranking_is_a_picture_and_five_lines(talk: Talk) -> None:
    hand_in(talk, "州1-7", {"乡村公共部位安防设备": "3600"}, accepted=True)
    hand_in(talk, "州1-13", {"“两癌”免费检查": "5800"}, accepted=True)

    lines = talk.say("领导甲", "排名 答卷专栏")[0].splitlines()
    picture = Image.open(io.BytesIO(talk.pictures_of("领导甲")[-1]))

    assert len(lines) == 5
    assert lines[0] == "【答卷专栏】排名（数据截至2021年7月31日）"
    assert lines[1] == "领先：州公安局（100.00分）"
    assert lines[2] == "滞后：州妇联（州1-13 两癌检查 20.00%）"
    assert lines[3] == "逾期未报：无"
    assert lines[4].startswith("排名办法：进度60%")
    assert picture.width == 1080


def test_nobody_leads_who_lags(talk: Talk) -> None:
    hand_in(talk, "州1-5", {"农村公路安防设施": "550"}, accepted=True)
    hand_in(talk, "州1-14", {"农村公路提质改造": "130"}, accepted=True)
    alone = talk.say("领导甲", "排名 答卷专栏")[0].splitlines()
    hand_in(talk, "州1-7", {DEVICES: "2000"}, accepted=True)
    hand_in(talk, "州1-13", {"“两癌”免费检查": "16917"}, accepted=True)
    later = talk.say("领导甲", "排名 答卷专栏")[0].splitlines()

    assert alone[1] == "领先：暂无（有名次的单位均有滞后任务）"
    assert "州交通运输局" in alone[2]
    assert later[1] == "领先：州妇联（100.00分）"


def test_without_a_figure_nobody_has_a_place(talk: Talk) -> None:
    talk.set_clock("2021-08-26T09:00")

    ranked = talk.say("领导甲", "排名 答卷专栏")[0].splitlines()
    explained = talk.say("领导甲", "为什么 州公安局")[0]

    assert ranked[1] == "领先：暂无（尚无计分的数据）"
    assert "州公安局：0.00分，不排名次。" in explained


def test_the_explanation_of_a_published_place_also_says_where_the_unit_is_now(talk: Talk) -> None:
    seed_digests(talk)
    hand_in(talk, "州1-7", {DEVICES: "1710"}, accepted=True)
    run_digests(talk.database, talk.services, at("2021-08-23T09:00"))
    same = talk.say("领导甲", "为什么 州公安局")[0]
    talk.set_clock("2021-08-24T09:00")
    hand_in(talk, "州1-13", {"“两癌”免费检查": "29000"}, accepted=True)

    assert "按目前数据" not in same
    assert "按目前数据：第2名，" in talk.say("领导甲", "为什么 州公安局")[0]


def test_a_group_that_does_not_name_laggards_sees_how_many_there_are(talk: Talk) -> None:
    hand_in(talk, "州1-7", {"乡村公共部位安防设备": "3600"}, accepted=True)
    hand_in(talk, "州1-13", {"“两癌”免费检查": "5800"}, accepted=True)

    answer = talk.say("领导甲", "排名 答卷专栏", group="领导群")[0]

    assert "州妇联" not in answer
    assert "滞后：1个单位1项任务" in answer
    assert "未开启点名" in talk.say("领导甲", "进度 州妇联", group="领导群")[0]
    assert "未开启点名" in talk.say("领导甲", "为什么 州妇联", group="领导群")[0]
    assert "州妇联" not in talk.say("领导甲", "进度 州1-13", group="领导群")[0]


def test_a_place_is_explained_in_five_lines(talk: Talk) -> None:
    hand_in(talk, "州1-7", {"乡村公共部位安防设备": "1710"}, accepted=True)

    lines = talk.say("领导甲", "为什么 公安局")[0].split("\n\n")[0].splitlines()

    assert lines[0].startswith("【答卷专栏】尚未发布排名，按目前数据")
    assert len(lines) == 6
    assert "进度：48.86分" in lines[2]
    assert "质量：100.00分" in lines[4]


@pytest.mark.parametrize(
    ("words", "role", "unit"),
    [
        ("邀请 州公安局 张三", RoleName.LIAISON, "州公安局"),
        ("邀请 公安局 张三", RoleName.LIAISON, "州公安局"),
        ("邀请 州公安局 负责人 张三", RoleName.UNIT_HEAD, "州公安局"),
        ("邀请 领导 张三", RoleName.LEADER, None),
    ],
    ids=["liaison", "part-of-a-name", "unit-head", "leader"],
)
def test_an_invited_person_binds_with_the_code(
    talk: Talk, words: str, role: RoleName, unit: str | None
) -> None:
    answer = talk.say("管理员甲", words)[0]
    code = re.search(r"绑定 ([A-Z2-9]{6})", answer)

    assert code is not None
    assert "绑定成功" in talk.say("新来的", f"绑定 {code[1]}")[0]
    with talk.database.read() as session:
        row = session.exec(select(Invite)).one()
        named = session.get(Unit, row.unit_id).name if row.unit_id else None
        assert (row.role, named) == (role, unit)
        assert code[1] not in row.code_hash


@pytest.mark.parametrize("words", ["邀请", "邀请 张三", "邀请 州公安局 {0.name}"])
def test_an_invitation_without_unit_and_name_says_how(talk: Talk, words: str) -> None:
    assert "邀请 州公安局 张三" in talk.say("管理员甲", words)[0]
    with talk.database.read() as session:
        assert session.exec(select(Invite)).all() == []


def test_an_admin_of_one_programme_invites_into_that_one(talk: Talk) -> None:
    with talk.database.write() as session:
        programme = programme_by_code(session, "minsheng-2021")
        a_member(session, "管理员丙", (RoleName.ADMIN, None), programme=programme)
    talk.say("管理员丙", "邀请 州公安局 张三")

    assert "须由全部专项的管理员" in talk.say("管理员丙", "邀请 运维 张三")[0]
    with talk.database.read() as session:
        row = session.exec(select(Invite)).one()
        assert programme is not None
        assert row.programme_id == programme.id


def test_a_target_stored_in_error_stops_no_other_task(demo: Talk) -> None:
    with demo.database.write() as session:
        devices = session.exec(select(Indicator).where(Indicator.name == DEVICES)).all()
        for indicator in devices:
            indicator.target = Decimal(0)

    assert "城市低保标准：583 元/月" in demo.say("领导甲", "进度 新2")[0]
    assert demo.say("领导甲", "进度 新7")[0].startswith("新7 雪亮工程")
    assert "排名" in demo.say("领导甲", "排名")[0]


def test_stages_taken_away_after_a_report_stop_no_other_task(demo: Talk) -> None:
    with demo.database.write() as session:
        task = session.exec(select(Task).where(Task.number == "新7")).one()
        task.kind, task.stages = "milestone", ["立项"]
        session.add(
            Figure(
                task_id=task.id or 0,
                series=Series.REPORTED,
                value=Decimal(3),
                as_of=date(2021, 7, 31),
                accepted_at=at("2021-08-02T09:00"),
            )
        )

    assert "城市低保标准：583 元/月" in demo.say("领导甲", "进度 新2")[0]
    assert demo.say("领导甲", "进度 新7")[0].startswith("新7 雪亮工程")
