"""The definition under construction: plain data, and the cell from which each part came."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from models.programmes.consistency import Place, name_problems
from models.programmes.definition import Definition
from models.programmes.workbook.findings import Findings, Spot
from models.programmes.workbook.programme_keys import KEYS
from models.programmes.workbook.table import Row

_HINTS = (
    (r"units", "请保留一个，或改成不同的名称"),
    (r"units/\d+/parent", "请改正“上级”"),
    (r"tasks/\d+/number", "请改成不同的编号"),
    (r"tasks/\d+/indicators", "请改名，或删去一行"),
    (r"tasks/\d+/project", "请在工作表“项目”中补上，或改正名称"),
    (r"projects", "请保留一个，或改名"),
)
#: What stands in for the head of a programme that is itself wrong, to check all the rest.
_ANY_HEAD = {"code": "any", "title": "—", "short": "—", "area": "—", "year": 2000}


@dataclass
class Tree:
    """The data of a definition with the spot of every part."""

    data: dict[str, Any] = field(default_factory=dict)
    spots: dict[Place, Spot] = field(default_factory=dict)
    _inside: dict[Place, list[Spot]] = field(default_factory=dict)

    def mark(self, place: Place, spot: Spot) -> None:
        """Say where the part at *place* stands in the file."""
        self.spots[place] = spot
        for length in range(1, len(place)):
            self._inside.setdefault(place[:length], []).append(spot)

    def put(self, place: Place, value: Any, spot: Spot) -> None:
        """Set a value; maps on the way are made, lists must be there."""
        inside: Any = self.data
        for step in place[:-1]:
            inside = inside[step] if isinstance(step, int) else inside.setdefault(step, {})
        inside[place[-1]] = value
        self.mark(place, spot)

    def append(self, place: Place, row: Row, keys: tuple[str, ...], **more: Any) -> Place:
        """Add an entry to the list at *place*, with those fields that the row has."""
        inside: Any = self.data
        for step in place[:-1]:
            inside = inside[step] if isinstance(step, int) else inside.setdefault(step, {})
        entries = inside.setdefault(place[-1], [])
        entries.append({key: row.values[key] for key in keys if key in row.values} | more)
        at = (*place, len(entries) - 1)
        self.mark(at, row.spot(keys[0]))
        for key in keys:
            self.mark((*at, key), row.spot(key))
        return at

    def spot(self, place: Place) -> Spot:
        """The nearest spot on the way to *place*, or the first inside it."""
        for length in range(len(place), 0, -1):
            at = place[:length]
            if found := self.spots.get(at) or next(iter(self.inside(at)), None):
                return found
        return Spot("")

    def inside(self, place: Place) -> list[Spot]:
        """Every spot inside *place*."""
        return self._inside.get(place, [])


def checked(tree: Tree, findings: Findings) -> Definition | None:
    """The definition; None, and all that is wrong in *findings*, where there is any problem."""
    definition, errors = _parsed(tree.data)
    # First which are news, then the telling: that marks cells, and two errors may share one.
    for error in [each for each in errors if _is_news(tree, each, findings)]:
        _tell(tree, error, findings)
    _check_names(tree, definition or _salvaged(tree.data, errors), findings)
    return definition


def _parsed(data: Mapping[str, Any]) -> tuple[Definition | None, list[Any]]:
    try:
        # Through JSON, because strict mode reads dates and tuples from nothing else.
        return Definition.model_validate_json(json.dumps(data, default=_as_json)), []
    except ValidationError as error:
        return None, list(error.errors())


def _as_json(value: Any) -> str:
    return format(value, "f") if isinstance(value, Decimal) else date.isoformat(value)


def _is_news(tree: Tree, error: Mapping[str, Any], findings: Findings) -> bool:
    """Whether an error says more than was found at the cells; an empty sheet is told by name."""
    place = _place(error)
    spots = (tree.spot(place), *tree.inside(place))
    return place not in (("units",), ("tasks",)) and not any(map(findings.is_marked, spots))


def _tell(tree: Tree, error: Mapping[str, Any], findings: Findings) -> None:
    """One error of the definition at its cell."""
    place = _place(error)
    spot = tree.spot(place)
    context = error.get("ctx", {})
    if error["type"] == "value_error":
        findings.refuse(spot, str(context["error"]))
    elif "ge" in context or "le" in context:
        bound = f"不小于 {context['ge']}" if "ge" in context else f"不大于 {context['le']}"
        findings.refuse(spot, f"应{bound}，现为 {error['input']}；请改正")
    elif error["type"] == "missing":
        line = next((c.header for c in KEYS if c.key == ".".join(map(str, place))), "")
        missing = f"还缺“{line}”" if line else "没有填写完整"
        findings.refuse(spot, f"{missing}；请补上，或把相关各行都清空")
    elif error["type"] == "string_pattern_mismatch":
        findings.refuse(spot, f"“{error['input']}”写法不对；{_PATTERN_HINTS.get(place, '请改正')}")
    else:
        findings.refuse(spot, f"写法不对，现为“{error['input']}”；请改正")


_PATTERN_HINTS: dict[Place, str] = {
    ("code",): "请用小写英文字母开头，只带数字和“-”，如 minsheng-2026",
}


def _place(error: Mapping[str, Any]) -> Place:
    """The error's place without the names of alternatives that pydantic puts into it."""
    return tuple(
        step
        for step in error["loc"]
        if isinstance(step, int) or not ("[" in step or step.startswith(("literal", "tuple")))
    )


def _salvaged(data: Mapping[str, Any], errors: list[Any]) -> "_Salvage | None":
    """What can be checked further: the entries without an error, under a head without one."""
    bad = {_place(error)[:2] for error in errors}
    kept: dict[str, list[int]] = {
        key: [n for n in range(len(data.get(key, ()))) if (key, n) not in bad]
        for key in ("units", "tasks", "projects")
    }
    rest: dict[str, Any] = {key: [data[key][n] for n in at] for key, at in kept.items() if at}
    rest["forms"] = {name: {} for name in data.get("forms", ())}
    if not any(place[:1] == ("requirements",) for place in bad):
        rest["requirements"] = data.get("requirements", [])
    definition, more = _parsed(rest | _ANY_HEAD)
    return None if definition is None or more else _Salvage(definition, kept)


@dataclass(frozen=True)
class _Salvage:
    """A part of a definition, and where its entries stood in the whole."""

    definition: Definition
    kept: Mapping[str, list[int]]

    def problems(self) -> Iterator[tuple[Place, str]]:
        for place, text in name_problems(self.definition):
            key, at = place[0], place[1]
            if key in self.kept and isinstance(at, int):
                place = (key, self.kept[str(key)][at], *place[2:])
            yield place, text


def _check_names(tree: Tree, found: Definition | _Salvage | None, findings: Findings) -> None:
    """Names that do not agree, unless their cell was refused before with a nearer word."""
    if found is None:
        return
    problems = found.problems() if isinstance(found, _Salvage) else name_problems(found)
    for place, text in problems:
        spot, path = tree.spot(place), "/".join(map(str, place))
        if not findings.is_marked(spot):
            hints = (hint for pattern, hint in reversed(_HINTS) if re.match(pattern, path))
            findings.refuse(spot, f"{text}；{next(hints, '请改正')}")
