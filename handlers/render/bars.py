"""A bar on a scale of 0 to 100: its frame, how far a value reaches, arrows for what goes beyond."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from handlers.render.drawing import BLUE, RULE, RUST, WHITE, Block, Item, Polygon
from models.rules.rounding import HUNDRED, half_up


@dataclass(frozen=True)
class Bar:
    """Where a bar stands: its left end, and how long and high its whole scale is."""

    x: int
    y: int
    width: int
    height: int

    @property
    def top(self) -> int:
        """Its upper edge."""
        return self.y - self.height // 2

    @property
    def bottom(self) -> int:
        """Its lower edge."""
        return self.y + self.height // 2

    def at(self, value: Decimal) -> int:
        """Where a value stands; what is beyond the scale stands at its end."""
        return self.x + int(half_up(min(max(value, Decimal(0)), HUNDRED) * self.width / 100))

    def between(self, low: Decimal, high: Decimal) -> tuple[int, int, int, int]:
        """The part of the bar from one value to another, as a box."""
        return self.at(low), self.top, self.at(high), self.bottom

    def frame(self) -> Block:
        """The whole scale."""
        return Block((self.x, self.top, self.x + self.width, self.bottom), WHITE, RULE)

    def beyond(self, value: Decimal) -> Iterator[Item]:
        """An arrow out of the frame for what is above 100 or below 0."""
        if value > HUNDRED:
            yield self._arrow(self.x + self.width - 2, 24, BLUE)
        elif value < 0:
            yield self._arrow(self.x + 2, -18, RUST)

    def _arrow(self, x: int, long: int, colour: str) -> Polygon:
        return Polygon(((x, self.top - 5), (x, self.bottom + 5), (x + long, self.y)), colour)
