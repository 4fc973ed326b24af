"""The description of the read API: it fits its answers, and its page stands by itself."""

import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bot.api_models import (
    BulletinList,
    ObligationList,
    ProgrammeList,
    RankingList,
    SubmissionList,
    TaskList,
)
from bot.api_problems import KINDS
from tests.api import BASE, LISTS, LIVELIHOOD, WEBSITE, Desk

MODELS = (ProgrammeList, TaskList, ObligationList, SubmissionList, RankingList, BulletinList)
#: Languages of types that JSON itself does not tell apart.
_FORMATS = {"date": date.fromisoformat, "date-time": datetime.fromisoformat}
_TYPES = {
    "string": str,
    "integer": int,
    "boolean": bool,
    "array": list,
    "object": dict,
    "null": type(None),
}


def the_schema(desk: Desk) -> dict[str, Any]:
    found: dict[str, Any] = desk.http.get(f"{BASE}/openapi.json").json()
    return found


def misfits(value: Any, field: dict[str, Any], schema: dict[str, Any], at: str = "") -> list[str]:
    """Where *value* is not what *field* describes; fields that are not described do not fit."""
    if "$ref" in field:
        name = field["$ref"].rpartition("/")[2]
        return misfits(value, schema["components"]["schemas"][name], schema, at)
    if "anyOf" in field:
        found = [misfits(value, each, schema, at) for each in field["anyOf"]]
        return min(found, key=len)
    if not isinstance(value, _TYPES[field["type"]]):
        return [f"{at} is {value!r}"]
    if value not in field.get("enum", [value]):
        return [f"{at} is {value!r}"]
    if isinstance(value, str) and field.get("format") in _FORMATS:
        _FORMATS[field["format"]](value)
    if isinstance(value, list):
        each_of = (misfits(one, field["items"], schema, f"{at}[]") for one in value)
        return [line for lines in each_of for line in lines]
    if isinstance(value, dict) and "properties" in field:
        return _of_fields(value, field, schema, at)
    return []


def _of_fields(
    value: dict[str, Any], field: dict[str, Any], schema: dict[str, Any], at: str
) -> list[str]:
    missing = [f"{at}.{name} is missing" for name in field.get("required", ()) if name not in value]
    strange = [f"{at}.{name} is unknown" for name in value if name not in field["properties"]]
    inside = (
        misfits(each, field["properties"][name], schema, f"{at}.{name}")
        for name, each in value.items()
        if name in field["properties"]
    )
    return [*missing, *strange, *(line for lines in inside for line in lines)]


def answer_of(schema: dict[str, Any], path: str) -> dict[str, Any]:
    """What is said of the answer under a path."""
    described = schema["paths"][path.replace(LIVELIHOOD, "{code}")]["get"]["responses"]
    content: dict[str, Any] = described["200"]["content"]["application/json"]
    return content


def test_every_answer_is_what_the_description_says(desk: Desk) -> None:
    schema = the_schema(desk)
    for path in LISTS:
        body = desk.get(path).json()
        assert body["items"], path
        assert misfits(body, answer_of(schema, path)["schema"], schema) == []


def test_every_example_is_an_answer(desk: Desk) -> None:
    schema = the_schema(desk)
    for path, model in zip(LISTS, MODELS, strict=True):
        example = answer_of(schema, path)["example"]
        assert misfits(example, answer_of(schema, path)["schema"], schema) == [], path
        assert model.model_validate(example).model_dump(mode="json", exclude_none=True) == example


def test_problems_are_described_under_their_type(desk: Desk) -> None:
    schema = the_schema(desk)
    body = desk.get("/programmes/nosuch/tasks").json()

    for path in schema["paths"].values():
        [(mime, content)] = path["get"]["responses"]["default"]["content"].items()
        assert mime == "application/problem+json"
        assert misfits(body, content["schema"], schema) == []


def test_the_description_asks_for_the_token_and_names_where_it_stands(desk: Desk) -> None:
    schema = the_schema(desk)

    assert schema["openapi"].startswith("3.")
    assert schema["servers"] == [{"url": f"https://dajuan.example{BASE}"}]
    assert schema["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert all(path["get"]["security"] == [{"token": []}] for path in schema["paths"].values())
    assert "422" not in str(schema["paths"].keys()) + str(
        [list(path["get"]["responses"]) for path in schema["paths"].values()]
    )


def test_the_page_shows_every_path_field_and_problem_without_a_token(desk: Desk) -> None:
    schema = the_schema(desk)
    page = desk.http.get(f"{BASE}/docs")

    assert page.status_code == 200
    for path in schema["paths"]:
        assert f"GET {path}" in page.text
    for model in MODELS:
        assert f'id="{model.__name__}"' in page.text
    for kind in KINDS:
        assert f'id="{kind.name}"' in page.text
    assert "Authorization: Bearer $TOKEN" in page.text


def test_the_page_needs_nothing_from_elsewhere_and_runs_nothing(desk: Desk) -> None:
    page = desk.http.get(f"{BASE}/docs")

    assert "<script" not in page.text
    assert not re.search(r'(?:href|src)="(?:https?:)?//', page.text)
    assert "unsafe" not in page.headers["content-security-policy"]
    assert "default-src 'none'" in page.headers["content-security-policy"]
    [style] = re.findall(r'rel="stylesheet" href="\.\./\.\.(/[^"]+)"', page.text)
    assert desk.http.get(style).headers["content-type"].startswith("text/css")
    assert len(page.content) < 100_000


def test_the_guide_names_only_what_there_is(desk: Desk) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "接口怎么用.md").read_text(encoding="utf-8")
    paths = the_schema(desk)["paths"]

    named = set(re.findall(r"/api/v1(/programmes[^\s\"?`|]*)", guide))
    assert {each.replace(LIVELIHOOD, "{code}").replace("/7/", "/{number}/") for each in named} == (
        set(paths)
    )
    assert WEBSITE in guide
