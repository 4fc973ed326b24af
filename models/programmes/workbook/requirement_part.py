"""Reading what is to be reported: each row's duty, and the forms that rows share by name."""

import re
from typing import Any

from models.programmes.consistency import Place
from models.programmes.workbook.findings import Findings
from models.programmes.workbook.lists import NAME_MARKS, parts
from models.programmes.workbook.sheets import ALL_TASKS
from models.programmes.workbook.table import Row
from models.programmes.workbook.tree import Tree

NEEDS = ("required", "expected", "optional")
_SECTION = re.compile(
    r"(?P<name>.+?)(?:（(?P<aliases>.+)）)?(?:不少于(?P<least>\d+)字)?", re.DOTALL
)
_UNNAMED = "报送内容"


def read_requirements(
    rows: tuple[Row, ...], places: dict[str, Place], tree: Tree, findings: Findings
) -> None:
    """The sheet 报送要求: the programme's duties (全部) and those of single tasks."""
    named: dict[str, Row] = {}
    for row in rows:
        name = row.text("form") or f"{_UNNAMED}{row.number}"
        form = _form(row, findings)
        if form or name not in named:
            known = tree.data.get("forms", {}).get(name)
            if known and form and known != form:
                text = (
                    f"“{name}”与第{named[name].number}行写的内容不同；请只在一行填写，或换一个名称"
                )
                findings.refuse(row.spot("form"), text)
            elif not known:
                tree.put(("forms", name), form, row.spot("form"))
                named[name] = row
        for number in row.names("tasks"):
            place = () if number == ALL_TASKS else places.get(number)
            if place is not None:
                keys = ("wording", "each", "assumed", "confirmed")
                tree.append((*place, "requirements"), row, keys, form=name)


def _form(row: Row, findings: Findings) -> dict[str, Any]:
    """What the row says a report holds; empty where it only names a form."""
    form: dict[str, Any] = {
        key: True for key in ("county_figures", "verified", "comments") if row.values.get(key)
    }
    sections = [_section(text, need) for need in NEEDS for text in row.names(need)]
    if sections:
        form["sections"] = sections
    if row.values.get("pictures") and row.text("reason"):
        form["pictures"] = {"compulsory": row.values["pictures"], "reason": row.text("reason")}
    elif row.values.get("pictures"):
        findings.refuse(row.spot("reason"), "写了图片张数，还没有理由；请写明为什么要图片")
    elif row.text("reason"):
        findings.refuse(row.spot("pictures"), "写了图片理由，还没有张数；请填写张数")
    return form


def _section(text: str, need: str) -> dict[str, Any]:
    """`措施（工作措施、主要做法）不少于4字`."""
    found = _SECTION.fullmatch(text.replace("(", "（").replace(")", "）"))
    assert found is not None  # a name alone is a section
    entry: dict[str, Any] = {"name": found["name"], "need": need}
    if found["aliases"]:
        entry["aliases"] = parts(found["aliases"], NAME_MARKS)
    if found["least"]:
        entry["minimum"] = int(found["least"])
    return entry
