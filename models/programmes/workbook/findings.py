"""What reading a workbook found: problems, assumptions and parts left aside, each with its cell."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from models.errors import Problem


@dataclass(frozen=True)
class Spot:
    """A place in a workbook: a sheet, and a cell such as D12 or a row such as 第5行."""

    sheet: str
    cell: str = ""


@dataclass
class Findings:
    """Collected while the file called *name* is read, so that everything is told at once."""

    name: str
    problems: list[Problem] = field(default_factory=list)
    assumed: list[Problem] = field(default_factory=list)
    not_understood: list[Problem] = field(default_factory=list)
    _marked: set[Spot] = field(default_factory=set)

    def refuse(self, spot: Spot, text: str) -> None:
        """Something that keeps the workbook out."""
        self._marked.add(spot)
        problem = Problem(self.where(spot), text)
        if problem not in self.problems[-20:]:
            self.problems.append(problem)

    def assume(self, spot: Spot, text: str) -> None:
        """Something taken as it probably is meant; people are told."""
        self.assumed.append(Problem(self.where(spot), text))

    def leave(self, spot: Spot, text: str) -> None:
        """Something that was not read."""
        self.not_understood.append(Problem(self.where(spot), text))

    def is_marked(self, spot: Spot) -> bool:
        """Whether a problem was found at *spot* already: what follows from it is no news."""
        return spot in self._marked

    def where(self, spot: Spot) -> str:
        """The place as people find it: 《专项.xlsx》工作表“任务”D12."""
        return "".join(self._words(spot))

    def _words(self, spot: Spot) -> Iterator[str]:
        yield f"《{self.name}》"
        if spot.sheet:
            yield f"工作表“{spot.sheet}”{spot.cell}"
