"""What a reader found in a document before it becomes a definition: items with their places."""

from dataclasses import dataclass, field

from models.errors import Problem
from models.rules.responsibility import Clause


@dataclass(frozen=True, slots=True)
class Section:
    """A heading that numbered items stand under; *ordinal* is its own number (一)."""

    ordinal: str
    title: str


@dataclass(frozen=True, slots=True)
class Target:
    """What a task's row says of its amount and of the parts of places, each as printed."""

    amount: str = ""
    indicator: str = ""
    measure: str = ""
    shares: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One task as printed. *number* is its own in plain form, *part* the one inside a shared cell.

    *places* tells where each of the clauses stands, *inherited* that the deadline wording stands
    in a row above.
    """

    place: str
    text: str
    number: str = ""
    printed: str = ""
    part: str = ""
    theme: str = ""
    sections: tuple[Section, ...] = ()
    lead: tuple[str, ...] = ()
    supporting: tuple[str, ...] = ()
    clauses: tuple[Clause, ...] = ()
    places: tuple[str, ...] = ()
    wording: str = ""
    inherited: bool = False
    targets: tuple[Target, ...] = ()
    quota: str = ""
    assumed: tuple[str, ...] = ()


@dataclass
class Notes:
    """What is told to the admin beside the programme: what was assumed, what was not read."""

    assumed: list[Problem] = field(default_factory=list)
    not_understood: list[Problem] = field(default_factory=list)

    def assume(self, where: str, text: str) -> None:
        self.assumed.append(Problem(where, text))

    def miss(self, where: str, text: str) -> None:
        self.not_understood.append(Problem(where, text))
