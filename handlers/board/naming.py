"""Keeps units unnamed where a group asked for it: in titles and captions that people wrote."""

from collections.abc import Iterable

from handlers.reading.normalise import command_key
from models.unit import Unit

#: A shorter alias stands in too many ordinary words.
_SHORTEST = 2


class Names:
    """Every name and alias of an area's units."""

    def __init__(self, units: Iterable[Unit]) -> None:
        names = {name for unit in units for name in (unit.name, *unit.aliases)}
        self._keys = {key for name in names if len(key := command_key(name)) >= _SHORTEST}

    def stand_in(self, text: str) -> bool:
        """Whether *text* names any of them."""
        key = command_key(text)
        return any(name in key for name in self._keys)
