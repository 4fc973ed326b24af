"""A call to the servers and what goes back, for every part that answers some."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import Response

from tests.twins.dingtalk.corp import Corp, Malformed, Robot, missing_body

_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\u([0-9a-fA-F]{4})")
#: Below this, JSON has no other way to write a character.
_CONTROL = 0x20


@dataclass(frozen=True)
class Call:
    """One call, its token already checked."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    raw: bytes
    body: dict[str, Any]
    robot: Robot | None
    #: What follows the path in an address made of a name and an id.
    rest: str = ""

    @property
    def by(self) -> Robot:
        assert self.robot is not None
        return self.robot


@dataclass
class Answer:
    """What goes back: fields, or a response of its own form."""

    fields: dict[str, Any] = field(default_factory=dict)
    response: Response | None = None
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True)
class Route:
    """A path of the servers: who answers, and what comes before."""

    method: str
    handle: Callable[[Call], Answer]
    needs_token: bool = True
    is_json: bool = True
    #: Which quota a call is counted in: api, webhook or none.
    pool: str = ""
    #: The permission an app needs for it.
    scope: str = ""


def read_json(raw: bytes, content_type: str, corp: Corp, *, is_new: bool) -> dict[str, Any]:
    """The JSON object of a call; raises Malformed, and complains of escapes."""
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise missing_body() if is_new else Malformed(43004, f"无效的Content-Type {content_type}")
    try:
        text = raw.decode()
        found = json.loads(text)
    except ValueError:
        raise _unreadable(is_new=is_new) from None
    if not isinstance(found, dict):
        raise _unreadable(is_new=is_new)
    check_escapes(text, corp)
    return found


def check_escapes(text: str, corp: Corp) -> None:
    """Complain of characters written as escapes that could stand for themselves."""
    for found in _ESCAPE.finditer(text):
        if int(found[1], 16) >= _CONTROL:
            corp.complain(f"writes \\u{found[1]} for a character")
            return


def _unreadable(*, is_new: bool) -> Malformed:
    if is_new:
        return Malformed("Invalidbody", "Specified parameter body is not valid. JSON parsing error")
    return Malformed(40035, "缺少参数 json")
