"""The incentive items of 2022 and the livelihood items of 2024 as loaded, talked about in chat."""

from collections import Counter
from datetime import date
from functools import cache
from typing import Any

import pytest
from sqlmodel import Session, select

from handlers.standing.data import tasks_data
from models.db import Database
from models.member import RoleName
from models.programme import programme_by_code
from models.programmes.files import read_definition
from models.programmes.loader import load
from models.unit import Unit
from tests.conftest import at
from tests.factories import a_member
from tests.rows import Rows
from tests.talk import Talk

LINK = "https://www.example.gov.cn/a/1.html"


@cache
def _loaded(code: str, when: str) -> Rows:
    return Rows(lambda session: load(session, read_definition(code), at(when)))


def a_talk(database: Database, code: str, when: str, liaisons: tuple[str, ...]) -> Talk:
    talk = Talk(database, now=at(when), empty=True)
    with database.write() as session:
        _loaded(code, when).into(session)
        a_member(session, "管理员甲", (RoleName.ADMIN, None))
        a_member(session, "领导甲", (RoleName.LEADER, None))
        for name in liaisons:
            unit = session.exec(select(Unit).where(Unit.name == name)).one()
            a_member(session, f"{name}联络员", (RoleName.LIAISON, unit))
    return talk


@pytest.fixture
def incentives(database: Database) -> Talk:
    return a_talk(database, "jili-2022", "2022-10-12T09:00", ("州发改委", "吉首市"))


@pytest.fixture
def livelihood(database: Database) -> Talk:
    return a_talk(database, "kegan-2024", "2024-09-28T09:00", ("残联", "人社局"))


def data(session: Session, code: str, day: date) -> dict[str, dict[str, Any]]:
    programme = programme_by_code(session, code)
    assert programme is not None
    return {str(each["number"]): each for each in tasks_data(session, programme, day)}


def levels(talk: Talk) -> dict[str, dict[str, Any]]:
    with talk.database.read() as session:
        found = data(session, "jili-2022", date(2022, 10, 10))
    return {number: each["outlook"] for number, each in found.items()}


def test_the_levels_of_the_65_items_are_those_of_annex_1(incentives: Talk) -> None:
    found = levels(incentives)

    assert Counter(each["level"] for each in found.values()) == {
        "很有可能": 12,
        "有可能": 30,
        "难度较大": 21,
        "不太可能": 2,
    }
    assert [number for number, each in found.items() if each["judged"]] == ["激7", "激13"]
    assert found["激13"]["entries"] == {"州本级": "有可能", "各县市": "有可能"}


def test_a_judgement_in_chat_outlives_the_next_loading(incentives: Talk) -> None:
    said = incentives.say("管理员甲", "研判 激2 龙山县 很有可能")[0]
    with incentives.database.write() as session:
        load(session, read_definition("jili-2022"), at("2022-10-13T09:00"))

    assert "龙山县：有可能 → 很有可能" in said
    assert levels(incentives)["激2"]["level"] == "很有可能"


def test_a_visit_is_added_to_those_of_the_document(incentives: Talk) -> None:
    before = incentives.say("领导甲", "进度 激2")[0]
    incentives.say("州发改委联络员", "对接 营商环境 10月11日 州领导到省发改委汇报，省里表示支持")
    after = incentives.say("领导甲", "进度 激2")[0]

    assert "对接共7次，最近3次：" in before
    assert "对接共8次，最近3次：\n　10月11日，州领导对接省发改委；结果：省里表示支持" in after
    assert "获奖：2021 无；2020 无；2019 无；2018 未设；2017 未设" in after


def test_a_visit_of_the_document_can_be_put_right_and_stays_so(incentives: Talk) -> None:
    shown = incentives.say("领导甲", "进度 激2")[0]
    number = shown.split("（对接")[1].split("）")[0]

    incentives.say("管理员甲", f"更正 对接{number} 结果：省里答复年底前反馈")
    with incentives.database.write() as session:
        load(session, read_definition("jili-2022"), at("2022-10-13T09:00"))

    again = incentives.say("领导甲", "进度 激2")[0]
    assert f"结果：省里答复年底前反馈（对接{number}）" in again
    assert "对接共7次" in again


def test_a_county_leaves_the_visits_of_the_lead_unit_alone(incentives: Talk) -> None:
    shown = incentives.say("领导甲", "进度 激2")[0]
    own = next(line for line in shown.splitlines() if line.startswith("　7月26日"))
    number = own.split("（对接")[1].removesuffix("）")

    for words in (f"撤回 对接{number}", f"更正 对接{number} 结果：没有答复"):
        assert f"对接{number} 不是您单位登记的" in incentives.say("吉首市联络员", words)[0]
    assert incentives.say("领导甲", "进度 激2")[0] == shown


def test_a_county_records_a_visit_for_an_item_it_competes_for(incentives: Talk) -> None:
    said = incentives.say("吉首市联络员", "对接 激7 10月11日 市领导到省发改委汇报")[0]

    assert "10月11日，吉首市 市领导对接省发改委" in said


def test_a_published_item_fills_the_month_that_the_circular_left_empty(livelihood: Talk) -> None:
    before = livelihood.say("领导甲", "进度 感14")[0]
    livelihood.say("残联联络员", f"动态 感14 6月 无障碍改造入户验收 {LINK}")
    after = livelihood.say("领导甲", "进度 感14")[0]

    assert "√3月、5月、7月、8月、9月" in before
    assert "√3月、5月、6月、7月、8月、9月" in after
    assert "今年3—9月有1个月不足（4月）" in after


def test_acceptance_and_comments_of_a_report_stand_beside_the_circular(livelihood: Talk) -> None:
    livelihood.set_clock("2024-10-08T09:00")
    livelihood.say(
        "残联联络员",
        "报送 感14\n截至：9月30日\n完成数：285户\n验收进度：100%\n"
        "群众意见：收到12件，办结12件\n进展：全部完工并交付使用",
    )
    livelihood.say("管理员甲", "通过 1")

    shown = livelihood.say("领导甲", "进度 感14")[0]

    assert "验收进度：100.00%（进度100.00%，验收未落后）" in shown
    assert "群众意见（9月30日）：收到12条 办理12条，办理率100.00%" in shown
    with livelihood.database.read() as session:
        assert data(session, "kegan-2024", date(2024, 9, 30))["感14"]["verified"] == "100.00"


def test_the_prefecture_itself_stands_among_the_units(incentives: Talk) -> None:
    assert "本级：州本级" in incentives.say("管理员甲", "邀请 单位")[0]


def test_the_overview_speaks_of_the_newest_issued_data(livelihood: Talk) -> None:
    """The circular counts 25 done, 19 on track and one behind; no report is due before 10 Oct."""
    livelihood.set_clock("2024-10-08T09:00")

    assert livelihood.say("领导甲", "进度")[0].splitlines() == [
        "【民生可感】共45项，数据截至2024年9月27日",
        "已完成25项",
        "达到序时进度19项",
        "未达序时进度1项",
    ]


@pytest.mark.parametrize(
    ("county", "count"), [("吉首市", 13), ("泸溪县", 7), ("花垣县", 12), ("永顺县", 5)]
)
def test_a_county_has_the_key_items_that_the_circular_prints(
    incentives: Talk, county: str, count: int
) -> None:
    """Its parks' items are its own, an entry for all counties is no county's."""
    [said] = incentives.say("领导甲", f"进度 {county}")

    own = [line for line in said.splitlines() if line.startswith(("研判很有可能", "研判有可能"))]
    assert sum(int(line.partition("可能")[2].partition("项")[0]) for line in own) == count
    assert "各县市均可争取：有可能2项：激13、激65" in said


def test_a_county_hears_only_of_programmes_of_its_own_area(incentives: Talk) -> None:
    with incentives.database.write() as session:
        load(session, read_definition("fengong-2022"), at("2022-10-11T09:00"))

    [said] = incentives.say("领导甲", "进度 龙山县")

    assert "重点工作分工" not in said


def test_a_lead_unit_has_its_line_of_annex_1(incentives: Talk) -> None:
    [said] = incentives.say("领导甲", "进度 州发改委")

    assert "研判很有可能1项：激7" in said
    assert "研判难度较大3项：激1、激3、激6" in said
