"""XML as WeCom writes it: texts in CDATA, numbers bare, repeated elements for lists."""

from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree


def written(fields: Mapping[str, Any]) -> str:
    """The <xml> document of *fields*."""
    return f"<xml>{_inside(fields)}</xml>"


def _inside(fields: Mapping[str, Any]) -> str:
    return "".join(
        f"<{name}>{_value(one)}</{name}>"
        for name, value in fields.items()
        for one in (value if isinstance(value, list) else [value])
    )


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return _inside(value)
    if isinstance(value, int | float):
        return str(value)
    return "<![CDATA[" + str(value).replace("]]>", "]]]]><![CDATA[>") + "]]>"


def read(text: str) -> dict[str, Any]:
    """The fields of an <xml> document the bot wrote; repeated elements become lists."""
    root = ElementTree.fromstring(text)
    assert root.tag == "xml", f"the root is {root.tag}"
    return _fields(root)


def _fields(element: ElementTree.Element) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for child in element:
        value = _fields(child) if len(child) else (child.text or "")
        if child.tag in found:
            before = found[child.tag]
            found[child.tag] = [*(before if isinstance(before, list) else [before]), value]
        else:
            found[child.tag] = value
    return found
