"""What stands between a report and its submission, point by point."""

from dataclasses import dataclass
from enum import StrEnum


class PointKind(StrEnum):
    """Missing and wrong parts block; strange ones ask for 确认."""

    MISSING = "missing"
    WRONG = "wrong"
    STRANGE = "strange"


@dataclass(frozen=True)
class Point:
    """One thing to say about a report; *key* names a warning so that its 确认 stays with it.

    *line* is what a missing part looks like in the template to fill in.
    """

    kind: PointKind
    key: str
    text: str
    line: str = ""
    needs_reason: bool = False
