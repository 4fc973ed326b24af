"""Reading who reports: people with their accounts and roles, and known group chats."""

import json
from typing import Any

from pydantic import ValidationError

from models.programmes.roster import UNIT_ROLES, Roster, roster_problems
from models.programmes.workbook.findings import Findings, Spot
from models.programmes.workbook.table import Row


def read_roster(
    people: tuple[Row, ...], groups: tuple[Row, ...], area: str, findings: Findings
) -> Roster | None:
    """The roster of the workbook; None where nobody is listed or something is wrong."""
    if not people:
        if groups:
            findings.leave(groups[0].spot(), "没有填“人员”，群聊没有读入")
        return None
    persons: dict[str, dict[str, Any]] = {}
    spots: dict[tuple[int | str, ...], Spot] = {}
    for row in people:
        _add_person(row, persons, spots, findings)
    data = {
        "area": area,
        "platform": _platform((*people, *groups), findings),
        "people": list(persons.values()),
        "groups": [_group(row) for row in groups],
    }
    return _checked(
        data, spots | {("groups", n): g.spot("address") for n, g in enumerate(groups)}, findings
    )


def _add_person(
    row: Row,
    persons: dict[str, dict[str, Any]],
    spots: dict[tuple[int | str, ...], Spot],
    findings: Findings,
) -> None:
    """A row's role for the person with its account, whom an earlier row may have named."""
    account, name = row.text("account").casefold(), row.text("name")
    if not account or not name or "role" not in row.values:
        return
    person = persons.setdefault(account, {"name": name, "account": account, "roles": []})
    at = list(persons).index(account) if len(person["roles"]) else len(persons) - 1
    if person["name"] != name:
        text = f"账号“{account}”已属于“{person['name']}”；请核对姓名和账号"
        findings.refuse(row.spot("account"), text)
    role = row.text("role")
    if (role in UNIT_ROLES) != bool(row.names("units")):
        if not findings.is_marked(row.spot("units")):
            text = "联络员和单位负责人应写明单位，其他角色不写；请改正"
            findings.refuse(row.spot("units"), text)
    spots[("people", at)] = row.spot("account")
    person["roles"].append({"role": role, "units": row.names("units")})


def _platform(rows: tuple[Row, ...], findings: Findings) -> str:
    """The one platform of the file."""
    found = {row.text("platform"): row for row in reversed(rows) if row.text("platform")}
    if not found:
        findings.refuse(rows[0].spot("platform"), "没有写平台；请填“企业微信”或“钉钉”")
    if len(found) > 1:
        row = next(iter(found.values()))
        findings.refuse(row.spot("platform"), "一个文件只写一个平台；请把另一个平台的人员另做一份")
    return next(iter(found), "")


def _group(row: Row) -> dict[str, Any]:
    keys = ("name", "address", "purpose", "names_laggards")
    return {key: row.values[key] for key in keys if key in row.values}


def _checked(
    data: dict[str, Any], spots: dict[tuple[int | str, ...], Spot], findings: Findings
) -> Roster | None:
    if findings.problems:
        return None
    try:
        roster = Roster.model_validate_json(json.dumps(data))
    except ValidationError as error:
        told = [each for each in error.errors() if each["type"] == "string_pattern_mismatch"]
        for each in told or error.errors():
            spot = spots.get(each["loc"][:2], Spot("人员"))
            text = f"账号“{each['input']}”写法不对；应为字母、数字和 . _ -"
            findings.refuse(spot, f"{text}，请到平台管理后台核对用户ID")
        return None
    for place, text in roster_problems(roster):
        findings.refuse(spots.get(place[:2], Spot("人员")), f"{text}；请改正")
    return roster
