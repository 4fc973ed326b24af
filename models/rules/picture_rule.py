"""What a programme asks of its pictures, and what one thing wrong with a picture looks like."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class PictureRule:
    """What a programme asks of its pictures; the defaults are dajuan-2021's.

    *clear_gain* is how much more detail a crop off the centre must hold before it is preferred,
    because people put what matters in the middle. *most* is how many pictures a report may have:
    chat clients send nine in one go.
    """

    min_width: int = 600
    ratio: float = 2.0
    tolerance: float = 0.02
    min_dpi: int = 72
    frames_allowed: bool = False
    clear_gain: float = 0.15
    most: int = 9

    def has_ratio(self, width: int, height: int) -> bool:
        """Whether the sides are as asked, within the tolerance; the bounds are within."""
        return abs(width - height * self.ratio) <= height * self.ratio * self.tolerance

    @property
    def ratio_text(self) -> str:
        """The ratio as people say it: `2:1`."""
        return f"{self.ratio:g}:1"


@dataclass(frozen=True)
class PictureProblem:
    """One thing wrong with a picture; an error keeps it out, a warning is only said."""

    code: str
    level: Literal["error", "warning"]
    text: str
