"""Tables that people made themselves: what each cell says, and the cells that say nothing sound."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from models.errors import ProgrammeError
from models.programmes.workbook.plain import PlainSheet, read_plain

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def a_sheet(book: Workbook) -> Worksheet:
    sheet = book.worksheets[0]
    assert isinstance(sheet, Worksheet)
    return sheet


def saved(book: Workbook) -> bytes:
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def with_rows(rows: str) -> bytes:
    """A workbook whose one sheet holds these rows as they are written in the file."""
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    target = BytesIO()
    plain = saved(Workbook())
    with ZipFile(BytesIO(plain)) as old, ZipFile(target, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            is_sheet = name == "xl/worksheets/sheet1.xml"
            new.writestr(name, sheet if is_sheet else old.read(name))
    return target.getvalue()


def text(place: str, value: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'


def a_row(number: int, figure: str) -> str:
    return f'<row r="{number}">{text(f"A{number}", "州1-7")}{figure}</row>'


def read(data: bytes) -> PlainSheet:
    (sheet,) = read_plain(data, "报送.xlsx")
    return sheet


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ('<c r="B1"><v>1e999</v></c>', "B1的数过大或过小"),
        ('<c r="B1"><v>1e300</v></c>', "B1的数过大或过小"),
        ('<c r="B1"><v>1e-300</v></c>', "B1的数过大或过小"),
        ('<c r="B1"><v>-1000000000000000</v></c>', "B1的数过大或过小"),
        (f'<c r="B1"><v>{"9" * 300_000}</v></c>', "B1数字无法识别"),
        ('<c r="B1"><v>一百</v></c>', "B1数字无法识别"),
        ('<c r="B1" t="d"><v>9999-99-99</v></c>', "B1日期无法识别"),
        ('<c r="B1" t="s"><v>70</v></c>', "B1内容无法识别"),
        (text("B1", "1" * 25), "B1的数字过长"),
        (text("B1", "1" * 4_001), "B1超过4000字"),
        (text("B1", "做" * 4_001), "B1超过4000字"),
    ],
)
def test_a_cell_that_says_nothing_sound_is_told_with_its_row(cell: str, told: str) -> None:
    sheet = read(with_rows(a_row(1, cell) + a_row(2, '<c r="B2"><v>1900</v></c>')))

    assert sheet.faults == (f"第1行（{told}）",)
    assert [each.cells for each in sheet.rows] == [("州1-7", "1900")]


def test_a_serial_number_that_is_no_day_is_told_with_its_row() -> None:
    book = Workbook()
    sheet = a_sheet(book)
    sheet.append(["州1-7", 10_000_000])
    sheet["B1"].number_format = "yyyy-mm-dd"

    assert read(saved(book)).faults == ("第1行（B1日期无法识别）",)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("+1900", "1900"),
        ("＋1,900.5", "1,900.5"),
        (" +7 ", "7"),
        ("+86 13800", "+86 13800"),
        ("+3.5%", "+3.5%"),
        ("-5", "-5"),
        ("110101199001011234", "110101199001011234"),
    ],
)
def test_a_plus_before_a_number_is_no_part_of_it(written: str, said: str) -> None:
    assert read(with_rows(a_row(1, text("B1", written)))).rows[0].cells == ("州1-7", said)


@pytest.mark.parametrize(
    ("number", "said"),
    [(123456789012345, "123456789012345"), (0.1 + 0.2, "0.3"), (1650.0, "1650"), (-8.6, "-8.6")],
)
def test_numbers_lose_no_digit_that_was_typed(number: float, said: str) -> None:
    book = Workbook()
    a_sheet(book).append([number])

    assert read(saved(book)).rows[0].cells == (said,)


def test_rows_are_found_wherever_they_stand() -> None:
    rows = a_row(1, "") + "<row/>" * 50_000 + a_row(1_048_576, "")

    assert [each.number for each in read(with_rows(rows)).rows] == [1, 1_048_576]


def test_rows_far_below_a_table_are_not_read_and_that_is_said() -> None:
    sheet = read(with_rows(a_row(1, "") + "<row/>" * 100_000 + a_row(1_048_576, "")))

    assert [each.number for each in sheet.rows] == [1]
    assert sheet.faults == ("第100000行以下（空行过多，请删去后重发）",)


def test_what_is_no_row_is_not_built() -> None:
    validations = "<dataValidations>" + "<dataValidation nonsense='1'/>" * 10
    rows = f"{a_row(1, '')}</sheetData>{validations}</dataValidations><sheetData>"

    assert len(read(with_rows(rows)).rows) == 1


def test_formulas_are_named_and_not_copied_along() -> None:
    first = '<c r="B1"><f t="shared" ref="B1:B3" si="0">A1+1</f><v>5</v></c>'
    second = '<c r="B2"><f t="shared" si="0"/><v>6</v></c>'
    sheet = read(with_rows(a_row(1, first) + a_row(2, second)))

    assert sheet.formulas == ("B1", "B2")
    assert [each.cells for each in sheet.rows] == [("州1-7", ""), ("州1-7", "")]


def test_one_long_text_in_many_cells_is_too_much() -> None:
    book = Workbook()
    sheet = a_sheet(book)
    for _ in range(300):
        sheet.append(["做" * 3_999])

    with pytest.raises(ProgrammeError, match="超过100万字"):
        read_plain(saved(book), "报送.xlsx")
