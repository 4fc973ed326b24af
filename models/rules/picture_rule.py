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
class TextFound:
    """Words seen in a picture and where: left, top, right, bottom in shares of its sides."""

    text: str
    place: tuple[float, float, float, float]

    @property
    def side(self) -> str:
        """Where in the picture the words stand."""
        across, down = (self.place[0] + self.place[2]) / 2, (self.place[1] + self.place[3]) / 2
        if not 1 / 3 <= down <= 2 / 3:
            return "上方" if down < 1 / 3 else "下方"
        if not 1 / 3 <= across <= 2 / 3:
            return "左侧" if across < 1 / 3 else "右侧"
        return "中间"


@dataclass(frozen=True)
class PictureProblem:
    """One thing wrong with a picture; an error keeps it out, a warning is only said."""

    code: str
    level: Literal["error", "warning"]
    text: str
