"""What a draft row keeps: the open report, its last steps, and the reports that wait behind it."""

from dataclasses import dataclass

from handlers.reporting.content import Content


@dataclass(frozen=True)
class Step:
    """The open report and its question as they stood before one message changed it."""

    content: Content
    question: str


@dataclass(frozen=True)
class Parked:
    """A report that waits while another is being written: nothing of it is lost."""

    obligation_id: int
    unit_id: int
    submission_id: int | None
    content: Content
    question: str
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Kept:
    """The open report with its steps, and those that wait behind it; newest last."""

    content: Content
    parked: tuple[Parked, ...] = ()
    steps: tuple[Step, ...] = ()
