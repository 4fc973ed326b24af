"""What `dajuan doctor` reports: one finding a check."""

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
