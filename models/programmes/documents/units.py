"""The units a document names, as entries of a programme, and near names to be asked for."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from models.errors import Problem
from models.programmes.definition import UnitEntry
from models.programmes.unit_questions import near_names
from models.rules.plain import name_key
from models.rules.unit_names import KnownUnit, is_county, is_park, is_unit_name

_ANSWER = "如是同一单位，请用 --same 或在工作簿“单位”表的别名里写明；如不是，照此导入"


@dataclass
class UnitBook:
    """Each unit once, under the name the area knows, else under the first one printed."""

    known: Sequence[KnownUnit]
    names: dict[str, str] = field(default_factory=dict)
    printed: dict[str, list[str]] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)

    @cached_property
    def official(self) -> dict[str, str]:
        """The name under which the area knows each printed form."""
        pairs = [(name_key(name), unit.name) for unit in self.known for name in unit.names]
        return dict(reversed(pairs))

    def name(self, printed: str, place: str) -> str:
        """The unit's name for one printed form; only surely equal forms share it."""
        plain = name_key(printed)
        if plain not in self.names:
            self.names[plain] = self.official.get(plain) or printed
        official = self.names[plain]
        forms = self.printed.setdefault(official, [])
        if printed not in (official, *forms):
            forms.append(printed)
        self.places.setdefault(official, place)
        return official

    def entries(self) -> tuple[UnitEntry, ...]:
        """The units in the order of their first mention."""
        return tuple(
            UnitEntry(name=name, aliases=tuple(forms), kind=_kind(name))
            for name, forms in self.printed.items()
        )

    def questions(self) -> Iterator[Problem]:
        """Names that may be one unit, in the document and against the area, and odd ones."""
        forms = {form: name for name, forms in self.printed.items() for form in (name, *forms)}
        for near in near_names(forms, self.known):
            other = f"已有单位“{near.other}”" if near.is_known else f"“{near.other}”"
            text = f"“{near.name}”与{other}是否同一单位？{_ANSWER}"
            yield Problem(self.places[near.unit], text)
        official = {unit.name for unit in self.known}
        for name in self.printed:
            if name not in official and not is_unit_name(name):
                text = f"“{name}”不像单位名称，请核对；如是别的单位，请用 --same {name}=单位名称"
                yield Problem(self.places[name], text)


def named(book: UnitBook, names: Iterable[str], place: str) -> tuple[str, ...]:
    """The units' own names for printed ones, each once."""
    return tuple(dict.fromkeys(book.name(name, place) for name in names))


def _kind(name: str) -> Literal["department", "county", "park"]:
    if is_park(name):
        return "park"
    return "county" if is_county(name) else "department"
