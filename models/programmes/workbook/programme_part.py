"""Reading what concerns the whole programme: its head, its rules and its policies."""

from models.programmes.workbook import sheets
from models.programmes.workbook.findings import Findings, Spot
from models.programmes.workbook.table import Row
from models.programmes.workbook.tree import Tree

_BAND_KEYS = ("label", "standing", "basis", "start", "end", "colour", "action")


def read_programme(rows: tuple[Row, ...], tree: Tree, findings: Findings) -> None:
    """The lines of the sheet 专项, already typed: their keys are paths in the definition."""
    if not rows:
        findings.refuse(Spot(sheets.PROGRAMME.name), "没有内容；请按“项目”一列逐行填写")
        return
    for row in rows:
        for key in row.letters:
            place = tuple(key.split("."))
            if key in row.values:
                tree.put(place, row.values[key], row.spot(key))
            tree.mark(place, row.spot(key))
    present = {key for row in rows for key in row.values}
    last = Spot(sheets.PROGRAMME.name, f"第{rows[-1].number}行")
    for column in sheets.PROGRAMME.keys:
        if column.needed and column.key not in present:
            if not any(findings.is_marked(row.spot(column.key)) for row in rows):
                spot = tree.spot((column.key,))
                spot = spot if spot.cell else last
                findings.refuse(spot, f"没有填写“{column.header}”；{column.note}")
                tree.mark((column.key,), spot)


def read_bands(rows: tuple[Row, ...], tree: Tree, findings: Findings) -> None:
    """The sheet 判定标准: bands, or only other words for the usual three statuses."""
    if not rows:
        return
    if any("basis" in row.values for row in rows):
        for row in rows:
            if "basis" not in row.values:
                findings.refuse(row.spot("basis"), "“依据”是空的；要分档就每行都填依据")
            tree.append(("policies", "status"), row, _BAND_KEYS)
        return
    labels: dict[str, str] = {}
    for row in rows:
        if row.values.keys() & {"start", "end"}:
            findings.refuse(row.spot("basis"), "写了上下限但没有写“依据”；请补上依据")
        labels[row.text("standing")] = row.text("label")
    if len(labels) != 3 or len(rows) != 3:
        text = "完成、正常、滞后三种叫法应各写一行；要分档请填“依据”一列"
        findings.refuse(rows[0].spot("standing"), text)
    tree.put(("policies", "status_labels"), labels, rows[0].spot("label"))


def read_verification(rows: tuple[Row, ...], tree: Tree, findings: Findings) -> None:
    """The sheet 验收要求: what acceptance must have reached by which day."""
    for row in rows:
        if ("gap" in row.values) == bool(row.values.get("full")):
            findings.refuse(row.spot("gap"), "“差距上限”和“全部完成”请填一项，不能都填或都不填")
        tree.append(("policies", "verification", "steps"), row, ("by", "gap", "full"))
