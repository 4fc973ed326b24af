"""Responsibility clauses by name: their number, a short text for lists, many of them in a line."""

import re
from collections.abc import Iterable

#: A clause's text in a list is cut at about this length; a phone shows no more beside a date.
SHORT = 18
#: Shorter than this a text cut at a comma says too little.
_SHORTEST = 5
#: A line of many names stops here.
MOST_LISTED = 12

_PAUSE = re.compile("[，；。、：]")


def clause_label(task_number: str, place: int) -> str:
    """What a clause is called in answers: 政7（2）; a *place* of 0 means the task as a whole."""
    return f"{task_number}（{place}）" if place else task_number


def clause_number(task_number: str, place: int) -> str:
    """What is typed for a clause: 政7-2; a *place* of 0 means the task as a whole."""
    return f"{task_number}-{place}" if place else task_number


def short_text(text: str, most: int = SHORT) -> str:
    """The text, or what fits of it, cut at a pause where there is one."""
    if len(text) <= most:
        return text
    pauses = [found.start() for found in _PAUSE.finditer(text, _SHORTEST, most)]
    return f"{text[: pauses[-1] if pauses else most - 1]}…"


def grouped(names: Iterable[tuple[str, int]]) -> list[str]:
    """Clauses by task, each once and in the order given: 政3, 政7（1）（3）."""
    places: dict[str, dict[int, None]] = {}
    for number, place in names:
        places.setdefault(number, {})[place] = None
    return [
        number + "".join(f"（{place}）" for place in of_task if place)
        for number, of_task in places.items()
    ]


def listed(names: Iterable[tuple[str, int]], most: int = MOST_LISTED) -> str:
    """The first of many tasks and clauses, and how many they are when some are left out."""
    known = list(dict.fromkeys(names))
    groups = grouped(known)
    shown = "、".join(groups[:most])
    return shown if len(groups) <= most else f"{shown}等{len(known)}项"
