"""XML as WeCom sends it, read by the standard library's parser."""

from collections.abc import Mapping, Sequence
from typing import Any
from xml.parsers import expat

from models.errors import BadRequest

Fields = dict[str, Any]
#: What WeCom sends has a few dozen elements, and a message of it at most two thousand characters;
#: a stranger's call of a hundred thousand would keep the parser busy for seconds.
_MOST_MARKS = 10_000


def read_xml(text: str | bytes) -> Fields:
    """The fields of an `<xml>` element; raises BadRequest for anything else.

    wechatpy's message classes know neither files nor cards nor the newer events, and to read one
    message by xmltodict was a tenth of what a call takes. A DOCTYPE can only stand before the
    element, so that none reaches the parser; in a person's words it is text like any other.
    """
    plain = _text(text).lstrip()
    if not plain.startswith(("<xml>", "<xml ")) or plain.count("<") > _MOST_MARKS:
        raise BadRequest("no XML of WeCom's")
    try:
        found = _Reading().read(plain.encode())["xml"]
    except (expat.ExpatError, ValueError) as error:  # an entity, or half a character
        raise BadRequest("broken XML") from error
    if not isinstance(found, dict):
        raise BadRequest("empty XML")
    return found


class _Reading:
    """One element as xmltodict would give it: texts without space around them, or fields.

    What comes several times is a list; an attribute is a field named with `@`, and words beside
    fields are one named `#text`.
    """

    def __init__(self) -> None:
        self._outside: list[tuple[Fields, list[str]]] = []
        self._fields: Fields = {}
        self._words: list[str] = []

    def read(self, text: bytes) -> Fields:
        """The element by its name; raises ExpatError, or ValueError for an entity."""
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._said
        parser.EntityDeclHandler = _refuse
        parser.Parse(text, True)
        return self._fields

    def _begin(self, _: str, attributes: Mapping[str, str]) -> None:
        self._outside.append((self._fields, self._words))
        self._words = []
        self._fields = {f"@{name}": said for name, said in attributes.items()} if attributes else {}

    def _said(self, words: str) -> None:
        self._words.append(words)

    def _end(self, name: str) -> None:
        inside, words = self._fields, "".join(self._words).strip()
        if inside and words:
            _add(inside, "#text", words)
        self._fields, self._words = self._outside.pop()
        _add(self._fields, name, inside or words or None)


def _add(fields: Fields, name: str, value: Fields | str | None) -> None:
    if name not in fields:
        fields[name] = value
    elif isinstance(before := fields[name], list):
        before.append(value)
    else:
        fields[name] = [before, value]


def _refuse(*_: object) -> None:
    raise ValueError("entities are refused")


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
