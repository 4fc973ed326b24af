"""Frozen dataclasses to plain JSON data and back: policies, recipes and issued snapshots."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from models.errors import Refused

T = TypeVar("T")


_adapters: dict[type[Any], TypeAdapter[Any]] = {}


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    """Made once for each kind: building one takes longer than all its uses in a message."""
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]


def to_data(value: object) -> dict[str, Any]:
    """The dataclass as JSON-able data; decimals become text, so that none loses a digit."""
    data: dict[str, Any] = _adapter(type(value)).dump_python(value, mode="json")
    return data


def from_data(kind: type[T], data: Mapping[str, Any]) -> T:
    """The dataclass again; refused naming the first field that is missing, unknown or unfit.

    What a policy itself refuses (holes, weights) comes through with its own reason.
    """
    try:
        checked: T = _adapter(kind).validate_python(data)
        return checked
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or kind.__name__
        came = "缺少该项" if first["type"] == "missing" else f"{first['input']!r} 不可用"
        raise Refused(f"“{where}”填写有误：{came}，请改正后重新提交。") from error
