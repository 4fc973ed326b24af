"""矩阵 and 数据: what came in of which period, and what was counted on which day."""

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session, col, select

from handlers.standing.rounds import Round, month_round
from models.db import Database
from models.figure import Figure
from models.programme import Programme, programme_by_code
from models.task import Task
from tests.conftest import at
from tests.exported import exported, header_of, opened, row_called, rows_of
from tests.offices import COUNTIES, DEPARTMENTS, a_province
from tests.offices import NOW as DECEMBER
from tests.packages import let_off, report, send_back, the_column
from tests.published import changed, published
from tests.supervising import counted_queries
from tests.talk import Talk

AUGUST = month_round(date(2021, 8, 1))
JUNE = month_round(date(2021, 6, 1))
OCTOBER = at("2022-10-12T09:00")


@pytest.fixture
def column(database: Database) -> Talk:
    """dajuan-2021 as printed, the day after its first 39 dues."""
    talk = the_column(database)
    talk.set_clock("2021-08-26T09:00")
    return talk


def _matrix(talk: Talk, wanted: Round | None) -> tuple[list[dict[str, Any]], Any, str]:
    with talk.database.read() as session:
        programme = programme_by_code(session, "dajuan-2021")
        assert programme is not None
        data, said = exported(session, "matrix", [programme], talk.now, wanted)
    sheet = opened(data).worksheets[0]
    return rows_of(sheet), sheet, said.holds[0]


def test_of_39_dues_in_august_each_stands_as_a_word(column: Talk) -> None:
    report(column, "州1-7", {"乡村公共部位安防设备": "1710"})
    report(column, "州1-12", accepted=False)
    send_back(column, report(column, "州1-10", accepted=False), "缺各县市数据")
    let_off(column, "州2", "年中评价未完成")

    rows, sheet, said = _matrix(column, AUGUST)

    assert len(rows) == 39
    stands = Counter(
        str(value).partition("\n")[0]
        for row in rows
        for title, value in row.items()
        if title.startswith("2021年")
    )
    assert stands == {
        "已逾期": 35,
        "已通过（逾期报）": 1,
        "待审（逾期报）": 1,
        "已退回": 1,
        "免报": 1,
    }
    assert row_called(rows, 编号="州1-10")["2021年7月"] == "已退回\n待重报"
    assert said == "答卷专栏：39行、2期，应报38件，已报3件，逾期未报35件"
    assert sheet.title == "答卷专栏"


def test_the_year_shows_what_is_due_when_and_what_it_adds_up_to(column: Talk) -> None:
    column.set_clock("2021-09-21T09:00")

    rows, sheet, _ = _matrix(column, None)

    august = [row["2021年8月"] for row in rows if "2021年8月" in row]
    assert Counter(august) == {"已逾期\n9月19日截止": 9, "已逾期\n9月20日截止": 26}
    titles = [cell.value for cell in sheet[header_of(sheet)]]
    assert titles[3:] == [
        "2021年上半年",
        *(f"2021年{month}月" for month in (7, 8, 9)),
        "2021年第三季度",
        *(f"2021年{month}月" for month in (10, 11)),
        *("2021年", "2021年12月", "2021年第四季度"),
    ]
    last = header_of(sheet) + len(rows)
    totals = {row[0]: row[5] for row in sheet.iter_rows(min_row=last + 1, values_only=True)}
    assert totals == {"应报": 35, "已报": 0, "其中逾期报送": 0, "未报": 35, "报送率": "0.00%"}


def test_late_and_waiting_are_told_by_more_than_a_colour(column: Talk) -> None:
    report(column, "州1-7")

    rows, sheet, _ = _matrix(column, AUGUST)

    at_ = header_of(sheet) + 1
    found = {
        str(cell.value).partition("\n")[0]: (cell.fill.fgColor.rgb, cell.font.b)
        for row in sheet.iter_rows(min_row=at_, max_row=at_ + len(rows) - 1, min_col=4)
        for cell in row
        if cell.value
    }
    assert found["已逾期"] != found["已通过（逾期报）"]
    assert found["已逾期"][1]
    assert not found["已通过（逾期报）"][1]


def test_clauses_stand_one_by_one_and_what_each_must_report_unit_by_unit() -> None:
    database = published("fengong-2022")
    with changed("fengong-2022") as (session, programme), counted_queries(database) as seen:
        data, said = exported(session, "matrix", [programme], at("2022-04-20T09:00"))

    rows = rows_of(opened(data).worksheets[0])
    assert len({row["编号"] for row in rows}) == 187
    assert said.holds[0].startswith("重点工作分工：191行、12期，应报0件")
    assert "期限待确认" in said.holds[0]
    assert "载入前到期" in {str(value) for row in rows for value in row.values()}
    assert len(seen) <= 6


def test_county_values_stand_below_their_indicator() -> None:
    with changed("jili-2022") as (session, programme):
        data, said = exported(session, "series", [programme], OCTOBER)

    rows = rows_of(opened(data).worksheets[0])
    summer = {row["地区"]: (row["2022-09-23"], row["目标"]) for row in rows}
    assert summer["湘西州"] == (202, 244)
    assert summer["泸溪县"] == (44, 48)
    assert summer["凤凰县"] == (29, 32)
    assert summer["龙山县"] == (16, 27)
    assert len(rows) == 10
    assert said.holds == ("真抓实干激励：2个指标，1个数据日期，10个数",)
    assert said.missing == ()


def test_a_correction_of_one_day_takes_the_place_of_what_it_corrects() -> None:
    with changed("minsheng-2021") as (session, programme):
        known = _first_figure(session, "续8")
        for day, value, about in ((31, "3700", False), (31, "3800", True)):
            session.add(
                Figure(
                    task_id=known.task_id,
                    indicator_id=known.indicator_id,
                    as_of=date(2021, 7, day),
                    value=Decimal(value),
                    approximate=about,
                    accepted_at=at(f"2021-08-0{value[1]}T09:00"),
                )
            )
        session.flush()
        data, said = exported(session, "series", [programme], at("2021-08-20T09:00"))
        early, _ = exported(session, "series", [programme], at("2021-08-20T09:00"), JUNE)

    sheet = opened(data).worksheets[0]
    line = row_called(rows_of(sheet), 编号="续8", 地区="湘西州")
    assert (line["2021-05-31"], line["2021-07-31"]) == (3633, 3800)
    assert row_called(rows_of(sheet), 编号="续8", 地区="龙山县")["目标"] == 20000
    [about_] = [cell for row in sheet.iter_rows() for cell in row if cell.value == 3800]
    assert about_.number_format == '"约"#,##0'
    assert "2021-07-31" not in row_called(
        rows_of(opened(early).worksheets[0]), 编号="续8", 地区="湘西州"
    )
    assert said.missing == ("重点民生实事有2个指标还没有数据：续9特困供养服务床位、续9护理床位",)


def _first_figure(session: Session, number: str) -> Figure:
    return (
        session.exec(
            select(Figure)
            .join(Task, col(Task.id) == col(Figure.task_id))
            .where(Task.number == number, col(Figure.indicator_id).is_not(None))
        ).first()
        or Figure()
    )


def test_a_stated_percentage_has_a_row_of_its_own() -> None:
    with changed("minsheng-2021") as (session, programme):
        data, _ = exported(session, "series", [programme], at("2021-08-20T09:00"))

    line = row_called(rows_of(opened(data).worksheets[0]), 编号="续9", 指标="自报进度")
    assert line["2021-05-31"] == 0.3


def test_a_year_of_122_counties_costs_few_statements(light: Talk) -> None:
    with light.database.write() as session:
        programme = a_province(session)
        session.flush()
        with counted_queries(light.database) as seen:
            data, said = exported(session, "series", [programme], DECEMBER)
        with counted_queries(light.database) as of_matrix:
            _, shown = exported(session, "matrix", [programme], DECEMBER)

    assert len(seen) <= 8
    assert len(of_matrix) <= 6
    rows = rows_of(opened(data).worksheets[0])
    assert len(rows) == DEPARTMENTS + 4 * COUNTIES
    values = (DEPARTMENTS + 4 * COUNTIES) * 11
    assert said.holds == (f"重点任务：{DEPARTMENTS}个指标，11个数据日期，{values}个数",)
    assert shown.holds[0].startswith(f"重点任务：{DEPARTMENTS}行、11期，应报660件，已报660件")


def test_two_programmes_make_two_sheets(talk: Talk) -> None:
    with talk.database.read() as session:
        programmes = list(session.exec(select(Programme).order_by(col(Programme.id))).all())
        for name in ("matrix", "series"):
            data, said = exported(session, name, programmes, talk.now)
            assert len(opened(data).sheetnames) == len(said.holds) == 2
