"""Reading who reports: people with their accounts and roles, and known group chats."""

import json
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from models.platform import platform_of
from models.programmes.roster import Roster, roster_problems
from models.programmes.workbook.duty_sheets import PEOPLE
from models.programmes.workbook.findings import Findings, Spot
from models.programmes.workbook.table import Row

_GROUP_NEEDS = {"name", "address", "purpose"}
#: Stands in for a head that is itself wrong, to check the people all the same.
_UNKNOWN = "—"
_ANY = "sandbox"


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
    places = [row for row in groups if _GROUP_NEEDS <= row.values.keys()]
    spots |= {("groups", at): row.spot("address") for at, row in enumerate(places)}
    data = {
        "area": area or _UNKNOWN,
        "platform": _platform((*people, *groups), findings) or _ANY,
        "people": list(persons.values()),
        "groups": [_group(row) for row in places],
    }
    return _checked(data, spots, findings)


def _add_person(
    row: Row,
    persons: dict[str, dict[str, Any]],
    spots: dict[tuple[int | str, ...], Spot],
    findings: Findings,
) -> None:
    """A row's role for the person with its account, whom an earlier row may have named."""
    account, name = row.text("account"), row.text("name")
    if not account or not name or "role" not in row.values:
        return
    key = account.casefold()
    person = persons.setdefault(key, {"name": name, "account": account, "roles": []})
    at = list(persons).index(key) if len(person["roles"]) else len(persons) - 1
    if person["name"] != name:
        text = f"账号“{account}”已属于“{person['name']}”；请核对姓名和账号"
        findings.refuse(row.spot("account"), text)
    spots[("people", at)] = row.spot("account")
    spots[("people", at, "roles", len(person["roles"]))] = row.spot("units")
    person["roles"].append({"role": row.text("role"), "units": row.names("units")})


def _platform(rows: tuple[Row, ...], findings: Findings) -> str:
    """The one platform of the file."""
    found = {row.text("platform"): row for row in reversed(rows) if row.text("platform")}
    if not found:
        findings.refuse(rows[0].spot("platform"), "没有写平台；请填“企业微信”或“钉钉”")
    if len(found) > 1:
        row = next(iter(found.values()))
        findings.refuse(row.spot("platform"), "一个文件只写一个平台；请把另一个平台的人员另做一份")
    return _known(next(iter(found.items()), None), findings)


def _known(written: tuple[str, Row] | None, findings: Findings) -> str:
    if written is None:
        return ""
    said, row = written
    if (found := platform_of(said)) is None:
        text = f"没有“{said[:20]}”这个平台；请填“企业微信”或“钉钉”"
        findings.refuse(row.spot("platform"), text)
    return found or ""


def _group(row: Row) -> dict[str, Any]:
    keys = ("name", "address", "purpose", "names_laggards")
    return {key: row.values[key] for key in keys if key in row.values}


def _checked(
    data: dict[str, Any], spots: dict[tuple[int | str, ...], Spot], findings: Findings
) -> Roster | None:
    try:
        roster = Roster.model_validate_json(json.dumps(data))
    except ValidationError as error:
        for each in error.errors():
            _tell(each, spots, findings)
        return None
    for place, text in roster_problems(roster):
        spot = spots.get(place) or spots.get(place[:2], Spot(PEOPLE.name))
        if not findings.is_marked(spot):
            findings.refuse(spot, f"{text}；请改正")
    return roster


def _tell(
    error: ErrorDetails, spots: dict[tuple[int | str, ...], Spot], findings: Findings
) -> None:
    """An account that no platform has; rows that were refused before leave only that behind."""
    spot = spots.get(error["loc"][:2], Spot(PEOPLE.name))
    if error["type"] == "string_pattern_mismatch":
        text = f"账号“{error['input']}”写法不对；应为字母、数字和 . _ -"
        findings.refuse(spot, f"{text}，请到平台管理后台核对用户ID")
    elif not findings.problems:
        findings.refuse(spot, "写法不对；请核对这一行")
