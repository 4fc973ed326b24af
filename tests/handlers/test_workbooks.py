"""An admin brings a programme as an Excel workbook in the chat."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from sqlmodel import select

from models.audit import Audit
from models.db import Database
from models.digest import DigestSchedule
from models.indicator import Indicator
from models.member import RoleName
from models.obligation import Obligation
from models.programme import Programme, programme_by_code
from models.programmes.definition import Definition
from models.programmes.workbook import read_workbook, write_workbook
from models.unit import Unit
from tests.factories import a_member, a_programme
from tests.talk import Talk

ADMIN = "管理员甲"
NAME = "民生实事.xlsx"

SMALL: dict[str, Any] = {
    "code": "shishi-2021",
    "title": "2021年州定民生实事项目",
    "short": "州定民生实事",
    "area": "湘西州",
    "year": 2021,
    "rules": {"default_day": 20},
    "units": [{"name": "州公安局"}, {"name": "州卫健委"}],
    "wordings": {"月调度": "9月份起，每月20日前，报送1月1日至上月的累计情况"},
    "forms": {"进展": {"sections": [{"name": "进展"}]}},
    "requirements": [{"wording": "月调度", "form": "进展"}],
    "tasks": [
        {
            "number": "实1",
            "theme": "公共安全",
            "title": "新建公共视频监控点",
            "short": "视频监控",
            "lead": ["州公安局"],
            "indicators": [{"name": "监控点", "unit": "个", "target": 1200}],
        },
        {
            "number": "实2",
            "theme": "健康",
            "title": "村卫生室标准化建设",
            "short": "村卫生室",
            "lead": ["州卫健委"],
            "indicators": [{"name": "村卫生室", "unit": "个", "target": 300}],
        },
    ],
}


def workbook(change: Callable[[dict[str, Any]], None] | None = None) -> bytes:
    data = Definition.model_validate(SMALL, strict=False).model_dump(mode="json")
    if change is not None:
        change(data)
    return write_workbook(Definition.model_validate(data, strict=False))


@pytest.fixture
def talk(database: Database) -> Talk:
    return Talk(database)


def programme(talk: Talk) -> Programme | None:
    with talk.database.read() as session:
        return programme_by_code(session, "shishi-2021")


def test_a_workbook_is_shown_first_and_loaded_on_confirmation(talk: Talk) -> None:
    [shown] = talk.say(ADMIN, files=[(NAME, workbook())])

    assert shown.startswith(
        "《民生实事.xlsx》将新建专项“2021年州定民生实事项目”（shishi-2021，2021年）："
    )
    assert "2项任务" in shown
    assert shown.endswith("载入请回复“确认”，不载入不用回复。")
    assert programme(talk) is None

    [done] = talk.say(ADMIN, "确认")

    assert done.startswith("已载入专项“州定民生实事”：2项任务，")
    with talk.database.read() as session:
        found = programme_by_code(session, "shishi-2021")
        assert found is not None
        owed = session.exec(select(Obligation).where(Obligation.programme_id == found.id)).all()
        assert len(owed) == 2 * 5  # September 2021 to January 2022
        digests = session.exec(
            select(DigestSchedule).where(DigestSchedule.programme_id == found.id)
        ).all()
        assert digests
        [act] = session.exec(select(Audit).where(Audit.action == "载入")).all()
        assert act.row == found.id


def test_the_same_workbook_again_has_nothing_to_change(talk: Talk) -> None:
    talk.say(ADMIN, files=[(NAME, workbook())])
    talk.say(ADMIN, "确认")

    assert talk.say(ADMIN, files=[(NAME, workbook())]) == [
        "《民生实事.xlsx》与现有专项一致，没有要改动的，未作处理。"
    ]


def test_a_changed_target_is_shown_as_old_and_new(talk: Talk) -> None:
    talk.say(ADMIN, files=[(NAME, workbook())])
    talk.say(ADMIN, "确认")
    raised = workbook(lambda data: data["tasks"][0]["indicators"][0].update(target="1500"))

    [shown] = talk.say(ADMIN, files=[(NAME, raised)])

    assert "任务 实1 指标 监控点 target：1200 → 1500" in shown
    talk.say(ADMIN, "确认")
    with talk.database.read() as session:
        row = session.exec(select(Indicator).where(Indicator.name == "监控点")).one()
        assert row.target == 1500


def test_each_wrong_cell_is_named_and_nothing_is_loaded(talk: Talk) -> None:
    book = load_workbook(io.BytesIO(workbook()))
    sheet = book["指标"]
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value in (1200, "1200"):
                cell.value = "一千二百多"
    target = io.BytesIO()
    book.save(target)

    [answer] = talk.say(ADMIN, files=[(NAME, target.getvalue())])

    assert answer.startswith("《民生实事.xlsx》有1处要改，未载入任何内容：")
    assert "一千二百多" in answer
    assert "指标" in answer
    assert programme(talk) is None


def test_a_file_that_is_no_workbook_of_ours_is_told_what_to_send(talk: Talk) -> None:
    plain = io.BytesIO()
    Workbook().save(plain)

    [answer] = talk.say(ADMIN, files=[("通讯录.xlsx", plain.getvalue())])

    assert "未载入任何内容" in answer


def test_nothing_is_loaded_by_a_confirmation_that_nobody_asked_for(talk: Talk) -> None:
    [answer] = talk.say(ADMIN, "载入")

    assert answer.startswith("请发送专项工作簿（.xlsx）")
    [answer] = talk.say(ADMIN, "载入 0000")
    assert answer.startswith("没有等待载入的工作簿。")


def test_a_liaison_cannot_load(talk: Talk) -> None:
    [answer] = talk.say("州公安局联络员", "载入", files=[(NAME, workbook())])

    assert "仅限管理员" in answer
    assert programme(talk) is None


def test_an_admin_of_one_programme_cannot_make_another(talk: Talk) -> None:
    with talk.database.write() as session:
        own = a_programme(session, code="own-2021")
        a_member(session, "管理员乙", (RoleName.ADMIN, None), programme=own)

    [answer] = talk.say("管理员乙", files=[(NAME, workbook())])

    assert answer == "新建专项需由负责全部专项的管理员载入，请转给他，或请运维人员用命令行载入。"


def test_the_template_comes_as_a_file_and_names_every_sheet(talk: Talk) -> None:
    [answer] = talk.say(ADMIN, "模板")

    assert answer.startswith("请按“说明”表填写后")
    [data] = talk.pictures_of(ADMIN)
    names = load_workbook(io.BytesIO(data)).sheetnames
    assert {"单位", "人员", "专项", "任务", "指标", "分解", "报送要求"} <= set(names)


def test_what_was_sent_reads_back_as_it_was_written() -> None:
    book = read_workbook(workbook(), NAME)

    assert [task.number for task in book.definition.tasks] == ["实1", "实2"]


def test_units_of_the_area_are_not_doubled(talk: Talk) -> None:
    talk.say(ADMIN, files=[(NAME, workbook())])
    talk.say(ADMIN, "确认")

    with talk.database.read() as session:
        assert len(session.exec(select(Unit).where(Unit.name == "州公安局")).all()) == 1
