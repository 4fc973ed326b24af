"""`/api/v1/docs`: the OpenAPI of the read API as a page that needs nothing from elsewhere."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.api_problems import KINDS, MIME

ABOUT = (
    "供其他系统读取专项的任务、应报事项、报送、排名和通报，只读。"
    "请求头带 Authorization: Bearer 加令牌；令牌只能读取发放时写明的专项，其他专项一律答 404。"
    "数值都是文本，与图表、通报所印一致；时间带时区；不适用的项不出现。"
    "不提供报送人、审核人的姓名和联系方式，也不提供未通过的内容。"
)
_TEMPLATES = Path(__file__).parent / "templates"
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}
_JSON = "application/json"
_REFERENCE = "#/components/schemas/"
#: What an answer may lack, but an example should not.
_SHOWN = ("indicators", "accepted")

_Data = Mapping[str, Any]


def described(schema: dict[str, Any]) -> dict[str, Any]:
    """The OpenAPI with an example of every answer, put together from those of its fields.

    Problems are described under the type that they have: FastAPI knows only that of other answers.
    """
    for path in schema["paths"].values():
        answers = path["get"]["responses"]
        content = answers["200"]["content"]
        if _JSON in content:
            content[_JSON]["example"] = _example(content[_JSON]["schema"], schema)
        wrong = answers["default"]["content"]
        answers["default"]["content"] = {MIME: wrong.pop(_JSON)}
    return schema


def _example(field: _Data, schema: _Data) -> Any:
    if field.get("examples"):
        return field["examples"][0]
    if "$ref" in field:
        return _example(_referred(field["$ref"], schema), schema)
    if "anyOf" in field:
        return _example(field["anyOf"][0], schema)
    if field.get("type") == "array":
        return [_example(field["items"], schema)]
    fields: _Data = field.get("properties", {})
    asked = field.get("required", ())
    return {
        name: _example(each, schema)
        for name, each in fields.items()
        if name in asked or each.get("examples") or name in _SHOWN
    }


def _referred(reference: str, schema: _Data) -> _Data:
    found: _Data = schema["components"]["schemas"][reference.removeprefix(_REFERENCE)]
    return found


@dataclass(frozen=True)
class Field:
    """One field of an answer, or one parameter; *leads_to* is the thing that it holds."""

    name: str
    asked: bool
    about: str
    kind: str = ""
    leads_to: str = ""


@dataclass(frozen=True)
class Table:
    """The fields of one thing."""

    name: str
    about: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Way:
    """One path: what it gives, what it takes, and an example."""

    path: str
    title: str
    about: str
    takes: tuple[Field, ...]
    example: str
    answer: str


def add_docs(api: FastAPI) -> None:
    """Serve the page; it is put together once."""
    templates = Environment(
        loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined
    )
    pages: list[str] = []

    def docs() -> HTMLResponse:
        if not pages:
            pages.append(templates.get_template("api/docs.html").render(**_contents(api)))
        return HTMLResponse(pages[0], headers=_HEADERS)

    api.add_api_route("/docs", docs, methods=["GET"], include_in_schema=False)


def _contents(api: FastAPI) -> dict[str, object]:
    schema = api.openapi()
    return {
        "title": schema["info"]["title"],
        "about": schema["info"]["description"],
        "address": schema["servers"][0]["url"],
        "ways": tuple(_ways(schema)),
        "tables": tuple(_tables(schema)),
        "problems": KINDS,
    }


def _ways(schema: _Data) -> Iterator[Way]:
    address = schema["servers"][0]["url"]
    for path, each in schema["paths"].items():
        of = each["get"]
        content = of["responses"]["200"]["content"]
        answer = content.get(_JSON, {}).get("example")
        yield Way(
            path=path,
            title=of["summary"],
            about=of["description"],
            takes=tuple(_parameter(one) for one in of.get("parameters", ())),
            example=_curl(f"{address}{path}", is_file=answer is None),
            answer=json.dumps(answer, ensure_ascii=False, indent=2) if answer else "",
        )


def _curl(address: str, *, is_file: bool) -> str:
    filled = address.replace("{code}", "minsheng-2021").replace("{number}", "7")
    out = " -o 通报.docx" if is_file else ""
    return f'curl -H "Authorization: Bearer $TOKEN"{out} "{filled}"'


def _parameter(one: _Data) -> Field:
    return Field(one["name"], bool(one["required"]), one.get("description", ""))


def _tables(schema: _Data) -> Iterator[Table]:
    """The things that answers hold; those that are but a list of words stand with their fields."""
    for name, each in schema["components"]["schemas"].items():
        if "properties" in each:
            asked = each.get("required", ())
            fields = (
                _field(of, one, of in asked, schema) for of, one in each["properties"].items()
            )
            yield Table(name, each.get("description", ""), tuple(fields))


_KINDS = {
    "string": "文本",
    "integer": "整数",
    "boolean": "真假",
    "date": "日期",
    "date-time": "时间",
    "object": "按名称",
}


def _field(name: str, one: _Data, asked: bool, schema: _Data) -> Field:
    inner = one["anyOf"][0] if "anyOf" in one else one
    is_list = inner.get("type") == "array"
    held = inner["items"] if is_list else inner
    thing = held.get("$ref", "").removeprefix(_REFERENCE)
    if thing and "properties" not in _referred(held["$ref"], schema):
        thing = ""  # one of a few words
    kind = thing or _KINDS.get(held.get("format", held.get("type", "string")), "")
    about = one.get("description", "")
    return Field(name, asked, about, f"{kind}列表" if is_list else kind, thing)
