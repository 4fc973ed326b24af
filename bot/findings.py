"""What `dajuan doctor` reports: one finding a check."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Level(StrEnum):
    """How bad a finding is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Found:
    """One check: what was looked at, how it stands, what to do."""

    check: str
    level: Level
    about: str
    advice: str = ""

    def data(self) -> dict[str, Any]:
        """For programs."""
        return {
            "check": self.check,
            "level": self.level.value,
            "about": self.about,
            "advice": self.advice,
        }

    def text(self) -> str:
        """For people."""
        line = f"[{self.level.value:<4}] {self.check}: {self.about}"
        return f"{line}\n       → {self.advice}" if self.advice else line


@dataclass(frozen=True)
class Examined:
    """What was found of one platform, and how far it is set up.

    *is_begun*: a part of it is, and what lacks is told. *speaks*: the doors by which groups are
    spoken to unasked, each with its platform.
    """

    title: str
    found: Sequence[Found]
    doors: Sequence[str] = ()
    is_begun: bool = True
    speaks: frozenset[tuple[str, str]] = frozenset()
