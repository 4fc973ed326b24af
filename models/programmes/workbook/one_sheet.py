"""One sheet of a workbook by itself, such as the people of an office, read as in a whole one."""

from openpyxl import Workbook

from models.programmes.workbook.columns import Sheet
from models.programmes.workbook.findings import Findings, Spot
from models.programmes.workbook.key_values import read_key_values
from models.programmes.workbook.sheets import PROGRAMME
from models.programmes.workbook.table import Row, plain_header, read_rows


def read_sheet(workbook: Workbook, sheet: Sheet, findings: Findings) -> tuple[Row, ...]:
    """The filled rows of *sheet*; what is wrong, and that there is no such sheet, in *findings*."""
    known = {plain_header(name) for name in (sheet.name, *sheet.also)}
    found = [each for each in workbook.worksheets if plain_header(each.title) in known]
    if not found:
        names = "、".join(each.title for each in workbook.worksheets)
        findings.refuse(Spot(""), f"缺少工作表“{sheet.name}”，现有：{names}")
    if len(found) > 1:
        text = f"与工作表“{found[0].title}”重复；请保留一个"
        findings.refuse(Spot(found[1].title), text)
    if len(found) != 1:
        return ()
    if sheet.keys:
        return read_key_values(found[0], sheet, findings)
    return read_rows(found[0], sheet, findings)


def area_of(workbook: Workbook) -> str:
    """The area that the sheet 专项 names; empty where there is none."""
    ignored = Findings("")  # the sheet is not what is read here
    rows = read_sheet(workbook, PROGRAMME, ignored)
    return next((row.text("area") for row in rows if "area" in row.values), "")
