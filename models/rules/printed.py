"""What an edition printed, label by label, and what a later one prints otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Printed:
    """The printed values by what they are called, in printed order.

    *named* holds what only groups see that are shown who lags: units and their tasks.
    """

    open: dict[str, str] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)

    def to(self, *, named: bool) -> dict[str, str]:
        """What a group got to see."""
        return {**self.open, **self.named} if named else dict(self.open)


@dataclass(frozen=True)
class Correction:
    """One printed value that is another one now."""

    label: str
    old: str
    new: str


def corrections(was: Mapping[str, str], now: Mapping[str, str]) -> tuple[Correction, ...]:
    """What both editions print, each otherwise: old → new, in printed order.

    What only one of them prints is no correction: a row left out before would betray why.
    """
    return tuple(
        Correction(label, was[label], value)
        for label, value in now.items()
        if label in was and was[label] != value
    )
