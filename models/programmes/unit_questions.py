"""Units of a programme that may be one: asked of a person, never merged silently."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from models.errors import Problem
from models.programmes.definition import Definition
from models.rules.plain import name_key
from models.rules.unit_names import KnownUnit, near_pairs, near_units

_INSIDE = "如是，请把其中一个写入另一个的“别名”；如不是，照此载入"
_KNOWN = "如是，请把已有名称写入它的“别名”；如不是，照此载入"
#: Each with each: more names than any government has would take minutes.
_COMPARED = 1_000


@dataclass(frozen=True, slots=True)
class Near:
    """A *name* of *unit* that may mean another unit, which stands as *other*.

    *is_known*: the other is one that the area has, else one of the same programme.
    """

    unit: str
    name: str
    other: str
    is_known: bool


def unit_questions(definition: Definition, known: Sequence[KnownUnit]) -> tuple[Problem, ...]:
    """Units of *definition* that may be one, or one of the *known* units of its area."""
    return tuple(
        Problem(f"单位 {near.unit}", _question(near))
        for near in near_names(definition.unit_names, known)
    )


def _question(near: Near) -> str:
    if near.is_known:
        return f"“{near.name}”与已有单位“{near.other}”是否同一单位？{_KNOWN}"
    return f"“{near.name}”与“{near.other}”是否同一单位？{_INSIDE}"


def near_names(names: Mapping[str, str], known: Sequence[KnownUnit]) -> Iterator[Near]:
    """Names that may mean one unit, each pair of units once.

    *names* tells the unit of each name in the programme. Names that the area has as those of two
    units are decided and left out.
    """
    owners = {name: unit.name for unit in known for name in unit.names}
    asked: set[frozenset[str]] = set()
    for near, pair in chain(_inside(names, owners), _against(names, known, owners)):
        if pair not in asked:
            asked.add(pair)
            yield near


def _inside(
    names: Mapping[str, str], owners: Mapping[str, str]
) -> Iterator[tuple[Near, frozenset[str]]]:
    """Two units of the programme; *owners* tells whose name each is in the area."""
    for one, two in _alike(islice(names, _COMPARED)):
        first, second = names[one], names[two]
        are_known_apart = one in owners and two in owners and owners[one] != owners[two]
        if first != second and not are_known_apart:
            yield Near(second, two, one, is_known=False), frozenset((first, second))


def _alike(names: Iterator[str]) -> Iterator[tuple[str, str]]:
    """Names that differ in nothing but blanks or 与 for 和, and those that are near."""
    plain: dict[str, str] = {}
    for name in names:
        first = plain.setdefault(name_key(name), name)
        if first != name:
            yield first, name
    yield from near_pairs(tuple(plain.values()))


def _against(
    names: Mapping[str, str], known: Sequence[KnownUnit], owners: Mapping[str, str]
) -> Iterator[tuple[Near, frozenset[str]]]:
    """Units that the area does not have, near ones that it has."""
    plain = {name_key(name): unit for unit in known for name in unit.names}
    found = {unit for name, unit in names.items() if name in owners}
    for name, unit in islice(names.items(), _COMPARED):
        if unit in found:
            continue
        same = plain.get(name_key(name))
        for other in (same,) if same else near_units(name, known):
            yield Near(unit, name, other.name, is_known=True), frozenset((unit, other.name))
