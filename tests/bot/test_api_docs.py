"""The description of the read API: it fits its answers, and its page stands by itself."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.api_models import (
    BulletinList,
    ObligationList,
    ProgrammeList,
    RankingList,
    SubmissionList,
    TaskList,
)
from bot.api_problems import KINDS
from tests.api import BASE, LISTS, LIVELIHOOD, WEBSITE, Desk, open_desk

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


@pytest.fixture
def one(tmp_path: Path, sqlite_template: Path) -> Iterator[Desk]:
    (tmp_path / "desk.db").write_bytes(sqlite_template.read_bytes())
    with open_desk(f"sqlite:///{tmp_path / 'desk.db'}", tmp_path) as desk:
        yield desk


def the_schema(one: Desk) -> dict[str, Any]:
    found: dict[str, Any] = one.http.get(f"{BASE}/openapi.json").json()
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


def test_every_answer_is_what_the_description_says(one: Desk) -> None:
    schema = the_schema(one)
    one.talk.say("州公安局联络员", "报送 新7\n截至：8月31日\n完成数：4200个")
    one.talk.say("管理员甲", "通过 1")
    one.talk.say("管理员甲", "发布 周报 民生实事")
    for path in LISTS[:-1]:
        body = one.get(path).json()
        assert body["items"], path
        assert misfits(body, answer_of(schema, path)["schema"], schema) == []


def test_every_example_is_an_answer(one: Desk) -> None:
    schema = the_schema(one)
    for path, model in zip(LISTS, MODELS, strict=True):
        example = answer_of(schema, path)["example"]
        assert misfits(example, answer_of(schema, path)["schema"], schema) == [], path
        assert model.model_validate(example).model_dump(mode="json", exclude_none=True) == example


def test_problems_are_described_under_their_type(one: Desk) -> None:
    schema = the_schema(one)
    body = one.get("/programmes/nosuch/tasks").json()

    for path in schema["paths"].values():
        [(mime, content)] = path["get"]["responses"]["default"]["content"].items()
        assert mime == "application/problem+json"
        assert misfits(body, content["schema"], schema) == []


def test_the_description_asks_for_the_token_and_names_where_it_stands(one: Desk) -> None:
    schema = the_schema(one)

    assert schema["openapi"].startswith("3.")
    assert schema["servers"] == [{"url": f"https://dajuan.example{BASE}"}]
    assert schema["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert all(path["get"]["security"] == [{"token": []}] for path in schema["paths"].values())
    assert "422" not in str(schema["paths"].keys()) + str(
        [list(path["get"]["responses"]) for path in schema["paths"].values()]
    )


def test_the_page_shows_every_path_field_and_problem_without_a_token(one: Desk) -> None:
    schema = the_schema(one)
    page = one.http.get(f"{BASE}/docs")

    assert page.status_code == 200
    for path in schema["paths"]:
        assert f"GET {path}" in page.text
    for model in MODELS:
        assert f'id="{model.__name__}"' in page.text
    for kind in KINDS:
        assert f'id="{kind.name}"' in page.text
    assert "Authorization: Bearer $TOKEN" in page.text


def test_the_page_needs_nothing_from_elsewhere_and_runs_nothing(one: Desk) -> None:
    page = one.http.get(f"{BASE}/docs")

    assert "<script" not in page.text
    assert not re.search(r'(?:href|src)="(?:https?:)?//', page.text)
    assert "unsafe" not in page.headers["content-security-policy"]
    assert "default-src 'none'" in page.headers["content-security-policy"]
    [style] = re.findall(r'rel="stylesheet" href="\.\./\.\.(/[^"]+)"', page.text)
    assert one.http.get(style).headers["content-type"].startswith("text/css")
    assert len(page.content) < 100_000


def test_the_guide_names_only_what_there_is(one: Desk) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "接口怎么用.md").read_text(encoding="utf-8")
    paths = the_schema(one)["paths"]

    named = set(re.findall(r"/api/v1(/programmes[^\s\"?`|]*)", guide))
    assert {each.replace(LIVELIHOOD, "{code}").replace("/7/", "/{number}/") for each in named} == (
        set(paths)
    )
    assert WEBSITE in guide
