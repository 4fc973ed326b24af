"""台账: the documents' own figures line by line, clauses by unit, and every version's history."""

import io
import zipfile
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import delete
from sqlmodel import Session, col, select

from handlers.standing.rounds import month_round
from models.indicator import Indicator
from models.programme import Programme, programme_by_code
from models.submission import Submission, SubmissionVersion
from models.task import Task
from tests.conftest import at
from tests.exported import exported, header_of, opened, row_called, rows_of
from tests.offices import NOW as DECEMBER
from tests.offices import a_province
from tests.published import changed
from tests.supervising import counted_queries
from tests.talk import Talk

POLICE, ADMIN = "州公安局联络员", "管理员甲"
BRIGHT = "报送 州1-7\n截至：7月31日\n完成数：1710个\n措施：逐村安装，按月调度"
MAY = month_round(date(2021, 5, 1))
AUGUST = at("2021-08-20T09:00")
#: As a spreadsheet keeps it: local, of no zone.
NINE = AUGUST.replace(tzinfo=None)


@pytest.fixture(scope="module")
def may() -> list[dict[str, object]]:
    """The lines of the livelihood projects at the end of May 2021."""
    with changed("minsheng-2021") as (session, programme):
        data, said = exported(session, "ledger", [programme], AUGUST, MAY)
    assert said.holds == ("重点民生实事：20项任务，数据截至5月31日，还没有报送",)
    return rows_of(opened(data).worksheets[0])


@pytest.mark.parametrize(
    ("name", "target", "value", "percent"),
    [
        ("城镇新增就业", 23000, 10265, Decimal("44.63")),
        ("政府补贴性职业技能培训", 30000, 15368, Decimal("51.23")),
        ("农村转移就业劳动者培训", 12300, 10573, Decimal("85.96")),
        ("残疾儿童康复救助", 550, 717, Decimal("130.36")),
        ("康复训练时间", 4400, Decimal("2067.7"), Decimal("46.99")),
    ],
)
def test_a_line_carries_the_figures_of_may(
    may: list[dict[str, object]], name: str, target: int, value: Decimal, percent: Decimal
) -> None:
    line = row_called(may, 指标=name)

    assert (line["年度目标"], Decimal(str(line["完成数"]))) == (target, value)
    assert Decimal(str(line["指标完成率"])) == percent / 100
    assert line["序时进度"] == 0.4167


def test_a_task_takes_its_lowest_indicator_and_a_level_is_met_or_not(
    may: list[dict[str, object]],
) -> None:
    lines = [line for line in may if line["编号"] == "续7"]
    assert [line["任务完成率"] for line in lines] == [0.4699, 0.4699]

    beds = row_called(may, 指标="护理床位")
    assert beds["数据说明"] == "形象进度 30.00% 为单位自报；尚无数据"
    allowance = row_called(may, 指标="城市低保标准")
    assert (allowance["年度目标"], allowance["完成数"]) == ("不低于550", 583)
    assert allowance["指标完成率"] == "达到"
    assert allowance["状态"] == "达到省定验收标准"


def test_judged_statuses_stand_beside_their_reasons(may: list[dict[str, object]]) -> None:
    judged = {str(line["编号"]): line["评定"] for line in may if "评定" in line}

    assert set(judged) == {"新1", "新4", "续5"}
    assert all(str(reason).startswith("印发文件评定：") for reason in judged.values())
    statuses = Counter({line["编号"]: line["状态"] for line in may}.values())
    assert statuses == {"工作有序推进": 10, "工作进度相对滞后": 7, "达到省定验收标准": 3}


def test_a_division_of_work_lists_194_clauses_with_lead_shared_and_each() -> None:
    with changed("fengong-2022") as (session, programme):
        data, said = exported(session, "ledger", [programme], at("2022-04-20T09:00"))
    clauses, units, history = opened(data).worksheets

    lines = rows_of(clauses)
    assert len(lines) == 194
    assert len({str(line["编号"]).partition("（")[0] for line in lines}) == 82
    titles = ("牵头单位", "按职责分工负责", "分别负责", "未明确到单位")
    assert [sum(title in line for line in lines) for title in titles] == [137, 47, 3, 14]
    trade = row_called(lines, 编号="政7（2）")
    assert (trade["牵头单位"], trade["分工"]) == ("省商务厅", "完善县域商业体系")
    assert units.title == "重点工作分工（按单位）"
    roles = Counter(line["责任"] for line in rows_of(units) if line["单位"] == "省商务厅")
    assert roles == {"牵头": 10, "配合": 8, "按职责分工负责": 8}
    assert history.title == "重点工作分工（历史）"
    assert said.missing == ("重点工作分工有7条分工没有明确到单位",)


def test_incentive_items_carry_their_outlook_and_their_awards() -> None:
    with changed("jili-2022") as (session, programme):
        data, _ = exported(session, "ledger", [programme], at("2022-10-12T09:00"))
    lines = {str(line["编号"]): line for line in rows_of(opened(data).worksheets[0])}

    levels = Counter(str(line["研判"]).removesuffix("（评定）") for line in lines.values())
    assert len(lines) == 65
    assert levels == {"很有可能": 12, "有可能": 30, "难度较大": 21, "不太可能": 2}
    assert sum("（评定）" in str(line["研判"]) for line in lines.values()) == 2
    assert lines["激7"]["研判理由"] == "考核细则规定必有1个名额"
    assert "2021年：吉首市" in str(lines["激7"]["获奖情况"])


def test_history_tells_every_version_by_unit_and_no_person(talk: Talk) -> None:
    talk.say(POLICE, BRIGHT)
    talk.say(ADMIN, "退回 1 措施太笼统")
    talk.say(POLICE, "更正 1\n措施：逐村安装调试，按月调度，已完成四批")
    talk.say(ADMIN, "通过 1")

    with talk.database.read() as session:
        programme = programme_by_code(session, "dajuan-2021")
        assert programme is not None
        data, said = exported(session, "ledger", [programme], talk.now)

    book = opened(data)
    first, second = rows_of(book.worksheets[1])
    assert (first["编号"], first["报送单位"], first["报送编号"]) == ("州1-7", "州公安局", "#1")
    assert (first["版本"], first["审核"], first["数据"]) == (
        1,
        "已有新版本",
        "乡村公共部位安防设备1710个",
    )
    assert (second["版本"], second["审核"], second["退回次数"]) == (2, "已通过", 1)
    assert second["内容"] == "措施：逐村安装调试，按月调度，已完成四批"
    assert first["报送时间"] == NINE
    assert (first["期次"], first["时效"], second["时效"]) == ("1—7月", "按时", "按时")
    assert said.holds[0].endswith("报送历史2个版本")
    said_anywhere = {str(c.value) for s in book.worksheets for row in s.iter_rows() for c in row}
    assert not any("联络员" in text for text in said_anywhere)
    line = row_called(rows_of(book.worksheets[0]), 编号="州1-7")
    assert (line["最近报送"], line["审核"]) == (NINE, "已通过")
    assert line["完成数"] == 1710


def test_every_table_stays_in_sight_and_can_be_filtered() -> None:
    with changed("minsheng-2021") as (session, programme):
        data, _ = exported(session, "ledger", [programme], AUGUST)

    for sheet in opened(data).worksheets:
        first = header_of(sheet)
        assert sheet.freeze_panes.endswith(str(first + 1))
        assert sheet.print_title_rows == f"${first}:${first}"
        assert all(cell.font.b for cell in sheet[first])
        assert all(each.width >= 7 for each in sheet.column_dimensions.values())


@pytest.mark.parametrize(
    "words", ['=HYPERLINK("http://x","y")', "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1", "＝1"]
)
def test_what_people_wrote_is_never_a_formula(words: str) -> None:
    with changed("minsheng-2021") as (session, programme):
        task = session.exec(select(Task).where(Task.number == "续10")).one()
        task.title, task.theme, programme.title = words, words, words
        programme.short_title = f"{words}[a]:*?/\\"
        row = session.exec(select(Indicator).where(Indicator.task_id == task.id)).one()
        row.name, row.unit = words, words
        session.flush()
        data, _ = exported(session, "ledger", [programme], AUGUST, MAY)

    sheet = opened(data).worksheets[0]
    cells = [c for line in sheet.iter_rows() for c in line if words.strip() in str(c.value)]
    assert len(cells) >= 5
    assert all(cell.quotePrefix for cell in cells if cell.row > 1)
    assert sheet.title[0] not in "=+-@'＝"
    assert not set(sheet.title) & set("[]:*?/\\")


def test_titles_of_two_programmes_may_be_the_same_or_long_or_strange() -> None:
    with changed("kegan-2024") as (session, programme):
        programme.short_title = "重点" * 20 + "\x0b😀"
        data, _ = exported(session, "ledger", [programme, programme], DECEMBER)

    names = opened(data).sheetnames
    assert len(set(names)) == len(names) == 4
    assert all(len(name) <= 31 for name in names)


def test_a_demonstration_is_marked_on_every_sheet() -> None:
    with changed("minsheng-2021") as (session, programme):
        programme.demo = True
        data, _ = exported(session, "ledger", [programme], AUGUST)

    for sheet in opened(data).worksheets:
        assert sheet["A1"].value.startswith("【演示数据】")
        assert sheet.oddFooter.right.text == "演示数据"


def test_a_programme_without_tasks_says_so() -> None:
    with changed("kegan-2024") as (session, other):
        programme = Programme(
            code="leer-2021",
            area_id=other.area_id,
            title="空专项",
            short_title="空",
            year=2021,
            loaded_at=DECEMBER,
        )
        session.add(programme)
        session.flush()
        data, said = exported(session, "ledger", [programme], DECEMBER)

    tasks, history = opened(data).worksheets
    assert tasks.cell(header_of(tasks) + 1, 1).value == "这个专项还没有任务"
    assert history.cell(header_of(history) + 1, 1).value == "还没有报送"
    assert said.holds[0].startswith("空：0项任务")


def test_the_same_data_give_the_same_bytes() -> None:
    with changed("kegan-2024") as (session, programme):
        now = at("2024-09-28T09:00")
        first, again = (exported(session, "ledger", [programme], now)[0] for _ in range(2))

    assert first == again
    assert {e.date_time[:3] for e in zipfile.ZipFile(io.BytesIO(first)).infolist()} == {
        (2024, 9, 28)
    }


def test_a_year_of_a_province_costs_the_statements_of_a_week(talk: Talk) -> None:
    with talk.database.write() as session:
        programme = a_province(session)
        many = _statements(talk, session, programme, 660)
        session.execute(delete(SubmissionVersion).where(col(SubmissionVersion.id) > 3))
        session.execute(delete(Submission).where(col(Submission.id) > 3))
        few = _statements(talk, session, programme, 3)

    assert many == few


def _statements(talk: Talk, session: Session, programme: Programme, versions: int) -> int:
    session.expire_all()
    session.refresh(programme)
    with counted_queries(talk.database) as seen:
        _, said = exported(session, "ledger", [programme], DECEMBER)
    assert said.holds[0].endswith(f"报送历史{versions}个版本")
    return len(seen)
