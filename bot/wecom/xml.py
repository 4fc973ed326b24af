"""XML as WeCom sends it, read by the parser that wechatpy stands on."""

from collections.abc import Sequence
from typing import Any

import xmltodict

from models.errors import BadRequest

Fields = dict[str, Any]
#: What WeCom sends has a few dozen elements, and a message of it at most two thousand characters;
#: a strangers' call of a hundred thousand would keep the parser busy for seconds.
_MOST_MARKS = 10_000


def read_xml(text: str | bytes) -> Fields:
    """The fields of an `<xml>` element; raises BadRequest for anything else.

    wechatpy's message classes know neither files nor cards nor the newer events, so its parser is
    asked directly. A DOCTYPE can only stand before the element, so that none reaches the parser;
    in a person's words it is text like any other.
    """
    plain = _text(text).lstrip()
    if not plain.startswith(("<xml>", "<xml ")) or plain.count("<") > _MOST_MARKS:
        raise BadRequest("no XML of WeCom's")
    try:
        found = xmltodict.parse(plain)["xml"]
    except Exception as error:  # expat's own errors, and entities, which the library refuses
        raise BadRequest("broken XML") from error
    if not isinstance(found, dict):
        raise BadRequest("empty XML")
    return found


def _text(text: str | bytes) -> str:
    if isinstance(text, str):
        return text
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        raise BadRequest("no UTF-8") from error


def texts(value: Any) -> Sequence[str]:
    """An element that may come once or several times as a list of its texts."""
    if value is None:
        return []
    return [str(each) for each in (value if isinstance(value, list) else [value])]


def parts(value: Any) -> Sequence[Fields]:
    """An element with fields of its own that may come once or several times, as a list."""
    if value is None:
        return []
    return [each for each in (value if isinstance(value, list) else [value]) if _is_fields(each)]


def _is_fields(value: Any) -> bool:
    return isinstance(value, dict)


def said(fields: Fields, name: str) -> str:
    """The text of a field; empty where it is absent, empty or no text."""
    value = fields.get(name)
    return value if isinstance(value, str) else ""
