"""The reader of official prose: figures with their kinds, status words, the day of the data."""

from collections.abc import Iterable
from datetime import date

from handlers.reading.prose.figures import Kind, Prose, ProseFigure

__all__ = ["Kind", "Prose", "ProseFigure", "day_in_prose", "read_prose"]


def read_prose(text: str, today: date, places: Iterable[str] = ()) -> Prose:
    """What *text* says in figures, in status words and about its own day.

    *places* are names of counties that may stand without 县 or 市. Only a figure that is
    ``certain`` may be taken without asking.
    """
    # Its patterns would cost a start half a second.
    from handlers.reading.prose.reader import figures_read

    return figures_read(text, today, places)


def day_in_prose(text: str, today: date) -> date | None:
    """The day of which `read_prose` finds the data of *text* to be, without its figures."""
    from handlers.reading.prose.reader import day_read

    return day_read(text, today)
