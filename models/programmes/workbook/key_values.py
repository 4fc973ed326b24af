"""Reading the sheet 专项: one line a field, in any order."""

from openpyxl.worksheet.worksheet import Worksheet

from models.programmes.workbook.cells import CellError, Raw, shown, value_of
from models.programmes.workbook.columns import Column, Sheet
from models.programmes.workbook.findings import Findings, Spot
from models.programmes.workbook.table import Row, plain_header, read_rows


def read_key_values(worksheet: Worksheet, sheet: Sheet, findings: Findings) -> tuple[Row, ...]:
    """One row a line, with its value under the key of the line."""
    rows = read_rows(worksheet, sheet, findings)
    if rows and "value" not in rows[0].letters:
        findings.refuse(Spot(sheet.name), "缺少列“内容”；请补上")
        return ()
    found: dict[str, Row] = {}
    for row in rows:
        column = _line(sheet, row.text("key"))
        if column is None:
            text = f"不认识的项目“{shown(row.text('key'))}”，没有读入"
            findings.leave(row.spot("key"), text)
        elif column.key in found:
            text = (
                f"“{column.header}”出现了两次（另一处在第{found[column.key].number}行）；请保留一行"
            )
            findings.refuse(row.spot("key"), text)
        else:
            found[column.key] = _typed(row, column, findings)
    return tuple(found.values())


def _line(sheet: Sheet, label: str) -> Column | None:
    plain = plain_header(label)
    for column in sheet.keys:
        if plain in map(plain_header, (column.header, *column.also)):
            return column
    return None


def _typed(row: Row, column: Column, findings: Findings) -> Row:
    """The row with its value read as the line asks."""
    letters = {column.key: row.letters["value"]}
    raw = row.values.get("value")
    values = {}
    if isinstance(raw, Raw):
        try:
            value = value_of(column, raw)
            values = {} if value is None else {column.key: value}
        except CellError as error:
            findings.refuse(row.spot("value"), str(error))
    return Row(row.sheet, row.number, values, letters)
