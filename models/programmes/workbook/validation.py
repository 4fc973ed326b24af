"""The lists and limits that a cell offers while somebody fills it in."""

from openpyxl.worksheet.datavalidation import DataValidation

from models.programmes.workbook.columns import Column, Shape

_LIST_END = 3000
_SINGLE = (Shape.NAME, Shape.TEXT)


def validation(column: Column, letter: str, first_row: int) -> DataValidation | None:
    """What the cells of a column accept and say; None where anything may stand.

    A cell for several names offers the list, too, and lets people write more.
    """
    found = _rule(column, letter, first_row)
    if found is not None:
        found.allow_blank = True
        found.promptTitle, found.prompt = column.header[:32], column.note[:255]
        found.showInputMessage = True
        found.errorTitle = column.header[:32]
    return found


def _rule(column: Column, letter: str, first_row: int) -> DataValidation | None:
    if column.refers is not None:
        source = f"'{column.refers}'!$A${first_row}:$A${_LIST_END}"
        strict = column.shape in _SINGLE
        text = f"“{column.refers}”表中没有这一项，载入时会请您改正。仍要填写吗？"
        return _list(source, text if strict else None, "warning")
    if column.words is not None:
        free = column.shape is Shape.TEXT
        return _list(
            f'"{",".join(column.words.usual)}"', None if free else "请从列表中选择", "stop"
        )
    if column.key == "form":
        return _list(f"${letter}${first_row}:${letter}${_LIST_END}", None, "stop")
    if column.shape in (Shape.NUMBER, Shape.WHOLE):
        kind = "decimal" if column.shape is Shape.NUMBER else "whole"
        bounds = ("-1E+15", "1E+15") if kind == "decimal" else ("0", "1000000000")
        return _limits(kind, bounds, "请只填数字，不带单位")
    if column.shape is Shape.DATE:
        return _limits("date", ("36526", "73050"), "请填日期，如 2026-10-31")
    return None


def _list(source: str, error: str | None, style: str) -> DataValidation:
    return DataValidation(
        type="list",
        formula1=source,
        showErrorMessage=error is not None,
        error=error,
        errorStyle=style,  # type: ignore[arg-type]
    )


def _limits(kind: str, bounds: tuple[str, str], error: str) -> DataValidation:
    return DataValidation(
        type=kind,  # type: ignore[arg-type]
        operator="between",
        formula1=bounds[0],
        formula2=bounds[1],
        showErrorMessage=True,
        error=error,
    )
