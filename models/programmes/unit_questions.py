"""Units of a programme that may be one: asked of a person, never merged silently."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice

from models.errors import Problem
from models.programmes.definition import Definition
from models.rules.unit_names import KnownUnit, near_pairs, near_units, plain_name

_INSIDE = "如是，请把其中一个写入另一个的“别名”；如不是，照此载入"
_KNOWN = "如是，请把已有名称写入它的“别名”；如不是，照此载入"
#: Each with each: more names than any government has would take minutes.
_COMPARED = 1_000
#: The official names of the two units.
Pair = frozenset[str]


def unit_questions(definition: Definition, known: Sequence[KnownUnit]) -> tuple[Problem, ...]:
    """Units of *definition* that may be one, or one of the *known* units of its area.

    Names that the area has as those of two units are not asked about again.
    """
    owners = {name: unit.name for unit in known for name in unit.names}
    found: dict[Pair, Problem] = {}
    inside = _inside(definition.unit_names, owners)
    for pair, problem in chain(inside, _against(definition, known, owners)):
        found.setdefault(pair, problem)
    return tuple(found.values())


def _inside(names: Mapping[str, str], owners: Mapping[str, str]) -> Iterator[tuple[Pair, Problem]]:
    """Two units of the programme; *names* and *owners* tell whose name each is."""
    for one, two in _alike(islice(names, _COMPARED)):
        first, second = names[one], names[two]
        are_known_apart = one in owners and two in owners and owners[one] != owners[two]
        if first != second and not are_known_apart:
            text = f"“{two}”与“{one}”是否同一单位？{_INSIDE}"
            yield frozenset((first, second)), Problem(f"单位 {second}", text)


def _alike(names: Iterator[str]) -> Iterator[tuple[str, str]]:
    """Names that differ in nothing but blanks or 与 for 和, and those that are near."""
    plain: dict[str, str] = {}
    for name in names:
        first = plain.setdefault(plain_name(name), name)
        if first != name:
            yield first, name
    yield from near_pairs(tuple(plain.values()))


def _against(
    definition: Definition, known: Sequence[KnownUnit], owners: Mapping[str, str]
) -> Iterator[tuple[Pair, Problem]]:
    """Units that the area does not have, near ones that it has."""
    plain = {plain_name(name): unit for unit in known for name in unit.names}
    for unit in islice(definition.units, _COMPARED):
        if any(name in owners for name in unit.names):
            continue
        for name in unit.names:
            same = plain.get(plain_name(name))
            for other in (same,) if same else near_units(name, known):
                text = f"“{name}”与已有单位“{other.name}”是否同一单位？{_KNOWN}"
                yield frozenset((unit.name, other.name)), Problem(f"单位 {unit.name}", text)
