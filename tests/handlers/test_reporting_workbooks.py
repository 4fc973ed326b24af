"""Reports sent as a workbook: our own form and tables that people made themselves."""

import io
from collections.abc import Callable, Sequence
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from sqlmodel import select

from handlers.reporting.intake import take_in
from handlers.reporting.sheets import sheets_of
from models.media import Media, keep_media
from models.member import Member, Role, RoleName
from models.programmes.workbook import template
from models.submission import Submission
from models.unit import Unit
from tests.talk import MediaShelf, Talk

ROADS = "州交通运输局联络员"
LABOUR = "州人社局联络员"
ADMIN = "管理员甲"

Rows = Sequence[Sequence[object]]
ROAD_ROWS: Rows = (
    ("任务编号", "完成数（公里）", "截至", "措施"),
    ("州1-5", 300, date(2021, 7, 31), "逐段安装，按月调度"),
    ("州1-14", 120.5, date(2021, 7, 31), "逐段改造，按月调度"),
)


def a_book(**sheets: Rows) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    return saved(book)


def saved(book: Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def changed(data: bytes, change: Callable[[Worksheet], None]) -> bytes:
    book = load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    assert isinstance(sheet, Worksheet)
    change(sheet)
    return saved(book)


def filled(data: bytes, number: str, **cells: object) -> bytes:
    """The form with the first row of a task filled in by header."""

    def fill(sheet: Worksheet) -> None:
        headers = [cell.value for cell in sheet[1]]
        row = next(r for r in range(2, sheet.max_row + 1) if sheet.cell(r, 1).value == number)
        for header, value in cells.items():
            sheet.cell(row, headers.index(header) + 1).value = value  # type: ignore[assignment]

    return changed(data, fill)


def submissions(talk: Talk) -> list[Submission]:
    with talk.database.read() as session:
        return list(session.exec(select(Submission)).all())


def send(talk: Talk, person: str, data: bytes, name: str = "报送.xlsx") -> str:
    [answer] = talk.say(person, files=[(name, data)])
    return answer


def test_a_table_of_ones_own_is_reported_at_once(talk: Talk) -> None:
    answer = send(talk, ROADS, a_book(Sheet1=ROAD_ROWS))

    assert answer.startswith("读到2项：已报送2项。")
    assert "#1 州1-5 农村公路安防设施（1—7月）：农村公路安防设施300公里" in answer
    assert "120.5公里，完成46.35%" in answer
    assert "截至7月31日" in answer
    assert len(submissions(talk)) == 2


def test_the_form_lists_what_is_owed_and_reads_back(talk: Talk) -> None:
    [text] = talk.say(ROADS, "模板")
    assert "填好白色的格子" in text
    form = talk.pictures_of(ROADS)[-1]
    sheet = load_workbook(io.BytesIO(form))["报送"]
    assert [cell.value for cell in sheet["A"]] == ["任务编号", "州1-5", "州1-14"]

    data = filled(form, "州1-5", 完成数=300, 措施="逐段安装，按月调度")
    answer = send(talk, ROADS, filled(data, "州1-14", 完成数="120公里"))

    assert answer.startswith("读到2项：已报送1项，待补充1项。")
    assert "#1 州1-5" in answer
    assert "州1-14 农村公路提质改造：农村公路提质改造120公里" in answer


def test_the_form_has_a_row_for_each_indicator_and_the_last_value(talk: Talk) -> None:
    talk.say(
        LABOUR,
        "报送 州1-3\n截至：7月31日\n城镇新增就业：10265人\n转移就业：19000人\n"
        "职业技能培训：15368人次\n措施：稳岗扩岗，送岗下乡",
    )
    talk.say(ADMIN, "通过 1")
    talk.set_clock("2021-09-08T09:00")
    talk.say(LABOUR, "模板")
    sheet = load_workbook(io.BytesIO(talk.pictures_of(LABOUR)[-1]))["报送"]
    rows = list(sheet.iter_rows(values_only=True))

    assert [row[2] for row in rows[1:]] == [
        "城镇新增就业",
        "农村劳动力转移就业",
        "政府补贴性职业技能培训",
    ]
    assert rows[1][4] == "10265人（7月31日）"
    assert rows[1][5] == "8月31日"


def test_a_form_sent_back_empty_changes_nothing(light: Talk) -> None:
    light.say(ROADS, "报送表")

    assert "没有填写内容" in send(light, ROADS, light.pictures_of(ROADS)[-1])
    assert submissions(light) == []


def test_nothing_owed_needs_no_form(light: Talk) -> None:
    light.say(ROADS, "报送\n州1-5 300公里 措施：逐段安装\n州1-14 120公里 措施：逐段改造")

    assert "目前没有待报事项" in light.say(ROADS, "模板")[0]


def test_the_same_file_again_reports_nothing_twice(talk: Talk) -> None:
    send(talk, ROADS, a_book(Sheet1=ROAD_ROWS))

    assert "未受理2项" in send(talk, ROADS, a_book(Sheet1=ROAD_ROWS))
    assert len(submissions(talk)) == 2


def test_somebody_elses_row_is_refused_and_the_others_go_on(talk: Talk) -> None:
    answer = send(talk, ROADS, a_book(Sheet1=(*ROAD_ROWS, ("州1-7", 1710, None, "逐村安装"))))

    assert "已报送2项，未受理1项" in answer
    assert "第4行 州1-7 雪亮工程 由州公安局报送" in answer


def test_titles_merged_cells_and_percentages_are_tolerated(light: Talk) -> None:
    data = a_book(
        Sheet1=(
            ("州交通运输局任务进展（截至2021年6月30日）",),
            ("项目名称", "完成情况", None, "措施"),
            (None, "完成数", "完成率", None),
            ("农村公路安防设施", 300, 0.5455, "逐段安装，按月调度"),
            ("合计", 300, None, None),
        )
    )

    def merge(sheet: Worksheet) -> None:
        sheet.merge_cells("A1:D1")
        sheet.merge_cells("B2:C2")
        sheet["C4"].number_format = "0.00%"

    answer = send(light, ROADS, changed(data, merge))

    assert answer.startswith("读到1项：已报送1项。")
    assert "300公里，完成54.55%" in answer
    assert "截至6月30日" in answer


def test_formulas_are_not_evaluated_and_that_is_said(light: Talk) -> None:
    answer = send(
        light, ROADS, a_book(Sheet1=(ROAD_ROWS[0], ("州1-5", "=100+200", None, "逐段安装")))
    )

    assert "公式未读取：B2" in answer
    assert "缺完成数" in answer


def test_of_several_sheets_those_named_for_it_are_read(light: Talk) -> None:
    answer = send(light, ROADS, a_book(通讯录=(("姓名", "电话"), ("甲", 1)), 八月报送=ROAD_ROWS))

    assert answer.startswith("未读的工作表：通讯录。\n读到2项：已报送2项。")


def test_a_sheet_named_after_a_programme_means_its_tasks(light: Talk) -> None:
    light.set_clock("2021-09-08T10:00")
    rows = (("项目", "完成数"), ("雪亮工程", "1710个"))

    answer = send(light, "州公安局联络员", a_book(重点民生实事=(rows[0], ("新7", "1710个"))))

    assert "#1 新7 雪亮工程" in answer


def test_ten_thousand_rows_are_one_refusal_with_the_limit(light: Talk) -> None:
    rows = [("任务", "完成数"), *(("州1-5", number) for number in range(10_000))]

    assert "超过1000行，一次最多读1000行" in send(light, ROADS, a_book(Sheet1=rows))
    assert submissions(light) == []


def test_a_hundred_reports_at_once_are_enough(light: Talk) -> None:
    rows = [("任务", "完成数"), *(("州1-5", number) for number in range(1, 103))]

    assert "表格有102行报送，一次最多100行" in send(light, ROADS, a_book(Sheet1=rows))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04" + bytes(20), "文件已损坏"),
        (b"PK\x03\x04" + bytes(300_001), "超过300KB"),
        (a_book(Sheet1=(("姓名", "电话"), ("甲", 1))), "没有读到报送内容"),
        (template(), "是专项工作簿，由管理员载入"),
    ],
    ids=["damaged", "large", "no reports", "a programme"],
)
def test_a_file_that_holds_no_reports_is_told_what_to_send(
    light: Talk, data: bytes, said: str
) -> None:
    assert said in send(light, ROADS, data)
    assert submissions(light) == []


def test_a_bad_cell_keeps_its_row_out_and_the_others_go_on(light: Talk) -> None:
    bad = [("州1-14", 1e300, "", "改造")] * 12

    answer = send(light, ROADS, a_book(Sheet1=(*ROAD_ROWS[:2], *bad)))

    assert "已报送1项" in answer
    assert "未读取的行：第3行（B3的数过大或过小）；第4行" in answer
    assert "第12行（B12的数过大或过小）；另有2行。请改正后重发这几行。" in answer
    assert len(submissions(light)) == 1


def test_ten_unknown_names_are_named_and_the_others_counted(light: Talk) -> None:
    strange = [(f"海外展会{number}", 5, "", "布展") for number in range(1, 14)]

    answer = send(light, ROADS, a_book(Sheet1=(*ROAD_ROWS[:2], *strange)))

    assert "读到14项：已报送1项，" in answer
    assert sum("海外展会" in line for line in answer.splitlines()) == 10
    assert "\n另有3行\n" in answer


def test_ten_rows_without_a_task_are_named_and_the_others_counted(light: Talk) -> None:
    loose = [("", "", "", f"旁注{number}") for number in range(1, 14)]

    answer = send(light, ROADS, a_book(Sheet1=(ROAD_ROWS[0], *loose, ROAD_ROWS[1])))

    assert "第11行“旁注10”，另有3行。" in answer


def test_a_header_that_cannot_be_read_is_named(light: Talk) -> None:
    rows = (("任务编号", "完成数", "1" * 30), ("州1-5", 300))

    assert "第1行（C1的数字过长）" in send(light, ROADS, a_book(Sheet1=rows))


def test_a_workbook_is_read_before_the_transaction_begins(light: Talk) -> None:
    read = MediaShelf()
    media = take_in(a_book(Sheet1=ROAD_ROWS), "报送.xlsx", read, light.now)
    read.kept = {media.sheets_sha or "": read.kept[media.sheets_sha or ""]}

    assert [each.name for each in sheets_of(media, read)] == ["Sheet1"]


def test_bytes_that_came_as_something_else_are_read_when_they_are_a_workbook(light: Talk) -> None:
    data = a_book(Sheet1=ROAD_ROWS)
    for name in ("报送.zip", "报送.xlsx"):
        with light.database.write() as session:
            keep_media(session, [take_in(data, name, light.shelf, light.now)])

    with light.database.read() as session:
        assert session.exec(select(Media.sheets_sha)).one() is not None


def an_admin_who_reports(talk: Talk) -> None:
    with talk.database.write() as session:
        member = session.exec(select(Member).where(Member.name == ADMIN)).one()
        unit_id = session.exec(select(Unit.id).where(Unit.name == "州交通运输局")).one()
        session.add(Role(member_id=member.id or 0, role=RoleName.LIAISON, unit_id=unit_id))


def test_who_is_both_gets_both_forms_and_the_sheets_decide(talk: Talk) -> None:
    an_admin_who_reports(talk)
    talk.say(ADMIN, "模板")
    assert len(talk.pictures_of(ADMIN)) == 2

    assert send(talk, ADMIN, a_book(Sheet1=ROAD_ROWS)).startswith("读到2项")


def test_a_file_that_fits_both_is_asked_about(talk: Talk) -> None:
    an_admin_who_reports(talk)
    book = load_workbook(io.BytesIO(template()))
    sheet = book.create_sheet("报送")
    for row in ROAD_ROWS:
        sheet.append(list(row))

    answer = send(talk, ADMIN, saved(book))

    assert answer.endswith("请回复序号：\n1. 作为专项载入\n2. 作为报送内容")
    assert "读到2项：已报送2项。" in talk.say(ADMIN, "2")[0]
