"""The template that a clerk opens: what explains itself, what is offered, what is frozen."""

import pytest
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from models.programmes.files import read_definition
from models.programmes.workbook import template, write_workbook
from models.programmes.workbook.columns import Shape, Sheet
from models.programmes.workbook.sheets import SHEETS
from tests.models.programmes.workbook.books import opened, refusals

TABLES = [sheet for sheet in SHEETS if not sheet.keys]


@pytest.fixture(scope="module")
def blank() -> Workbook:
    return opened(template())


def rule_of(worksheet: Worksheet, cell: str) -> DataValidation | None:
    found = [rule for rule in worksheet.data_validations.dataValidation if cell in rule.sqref]
    assert len(found) <= 1
    return found[0] if found else None


def test_the_sheets_stand_in_the_order_of_filling_them_in(blank: Workbook) -> None:
    assert blank.sheetnames == [
        *("说明", "专项", "单位", "任务", "指标", "分解", "报送要求", "人员"),
        *("分工", "项目", "判定标准", "验收要求", "会话"),
    ]


def test_the_first_sheet_explains_every_other(blank: Workbook) -> None:
    text = "\n".join(str(c.value) for row in blank["说明"].iter_rows() for c in row if c.value)

    assert all(sheet.name in text and sheet.about in text for sheet in SHEETS)
    assert "粘贴为数值" in text


@pytest.mark.parametrize("sheet", TABLES, ids=lambda sheet: sheet.name)
def test_header_and_notes_are_frozen_and_every_column_is_explained(
    sheet: Sheet, blank: Workbook
) -> None:
    worksheet = blank[sheet.name]

    assert [cell.value for cell in worksheet[1]] == [column.header for column in sheet.columns]
    assert worksheet["A2"].value == f"说明：{sheet.columns[0].note}"
    assert [c.value for c in worksheet[2]][1:] == [column.note for column in sheet.columns[1:]]
    assert worksheet.freeze_panes == "B3"
    assert worksheet.print_title_rows == "$1:$2"


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_headers_fit_their_columns_and_a_table_fits_a_page(sheet: Sheet, blank: Workbook) -> None:
    worksheet = blank[sheet.name]

    for place, column in enumerate(sheet.columns, 1):
        width = worksheet.column_dimensions[get_column_letter(place)].width
        assert 2 * len(column.header) < width <= 66
    assert worksheet.page_setup.orientation == "landscape"
    assert worksheet.sheet_properties.pageSetUpPr.fitToPage


@pytest.mark.parametrize(
    ("title", "cell", "source"),
    [
        ("单位", "C4", '"部门,县市,园区,本级"'),
        ("单位", "E4", "'单位'!$A$4:$A$3000"),
        ("任务", "E4", "'单位'!$A$4:$A$3000"),
        ("指标", "A4", "'任务'!$A$4:$A$3000"),
        ("分解", "C4", "'单位'!$A$4:$A$3000"),
        ("报送要求", "A4", "'任务'!$A$4:$A$3000"),
        ("报送要求", "C4", "$C$4:$C$3000"),
        ("报送要求", "L4", '"是,否"'),
        ("人员", "C4", '"联络员,单位负责人,领导,管理员,运维"'),
        ("专项", "B8", '"不调整,提前,顺延"'),
    ],
)
def test_a_cell_offers_what_it_accepts(title: str, cell: str, source: str, blank: Workbook) -> None:
    rule = rule_of(blank[title], cell)

    assert rule is not None
    assert (rule.type, rule.formula1) == ("list", source)
    assert rule.showInputMessage
    assert rule.prompt


def test_a_cell_for_several_units_lets_people_write_more_than_the_list(blank: Workbook) -> None:
    several, single = rule_of(blank["任务"], "E4"), rule_of(blank["分解"], "C4")

    assert several is not None
    assert single is not None
    assert (several.showErrorMessage, single.showErrorMessage) == (False, True)


def test_number_cells_refuse_words_and_text_cells_keep_1_1_from_becoming_a_date(
    blank: Workbook,
) -> None:
    rule = rule_of(blank["指标"], "E4")

    assert rule is not None
    assert (rule.type, rule.error) == ("decimal", "请只填数字，不带单位")
    assert blank["任务"].column_dimensions["A"].number_format == "@"


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_no_list_or_prompt_is_longer_than_a_spreadsheet_allows(
    sheet: Sheet, blank: Workbook
) -> None:
    for rule in blank[sheet.name].data_validations.dataValidation:
        assert len(rule.formula1 or "") <= 255
        assert len(rule.prompt or "") <= 255
        assert len(rule.promptTitle or "") <= 32


def test_examples_are_what_their_columns_accept() -> None:
    for sheet in SHEETS:
        for column in (*sheet.columns, *sheet.keys):
            if column.words and column.example and column.shape is not Shape.TEXT:
                assert column.words.value(str(column.example)) is not None, column


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_no_other_header_of_a_column_is_that_of_another(sheet: Sheet) -> None:
    for columns in (sheet.columns, sheet.keys):
        names = [name for column in columns for name in (column.header, *column.also)]

        assert [name for name in names if names.count(name) > 1] == []


def test_an_untouched_template_is_refused_for_what_is_empty_and_for_nothing_else() -> None:
    answers = refusals(template())

    assert len(answers) == 7
    assert all("没有内容" in answer or "没有填写" in answer for answer in answers)


def test_a_written_programme_stands_below_its_notes_with_its_lists() -> None:
    written = opened(write_workbook(read_definition("minsheng-2021")))

    assert written["任务"]["A3"].value == "新1"
    assert written["指标"]["E3"].value == 12
    rule = rule_of(written["分解"], "C3")
    assert rule is not None
    assert rule.formula1 == "'单位'!$A$3:$A$3000"
