"""How long what is no official record is kept, and what stands for a person who was forgotten."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

#: The least days of each kind. Calls: the longest that a platform takes answers to one is a day.
#: Messages and words: what platforms meter is counted over two calendar months, and a repeat of a
#: message must find its row.
SHORTEST = {"raw": 2, "chat": 93, "words": 93}

#: An account may be as short as a number. One stands for itself within a sentence only when it is
#: long and has a letter; a short one would take figures for people.
_LEAST_ID = 6
_LEAST_NAME = 2


@dataclass(frozen=True)
class Periods:
    """Days for which each kind is kept (`RETENTION_*`); 0 keeps it until somebody removes it.

    *raw*: calls as the platforms made them. *chat*: what people wrote and sent, as far as it is no
    part of a report. *words*: what the bot said.
    """

    raw: int = 30
    chat: int = 180
    words: int = 730


def over_before(days: int, now: datetime) -> datetime | None:
    """What is older than this has been kept for *days*; None where it is kept for good."""
    return now - timedelta(days=days) if days else None


def pseudonym(member_id: int) -> str:
    """What a person is called of whom nothing is known any more; the same every time."""
    return f"离任人员{member_id}"


class Mentions:
    """Finds what names a person in stored values, and puts *instead* in its place.

    *name* is found within sentences, unless somebody else has the same. *exact* are account ids and
    nicknames: they are replaced where they are all of a value, the long ones within sentences too.
    """

    def __init__(self, name: str, exact: Iterable[str], instead: str) -> None:
        self._instead = instead
        self._exact = {each.casefold() for each in exact if each} - {instead.casefold()}
        inside = [re.escape(name)] if len(name) >= _LEAST_NAME else []
        inside += [_as_word(each) for each in sorted(self._exact) if _is_telling(each)]
        self._inside = re.compile("|".join(inside), re.IGNORECASE) if inside else None
        #: What any text that names the person contains, for a first look in the database.
        self.needles = tuple(dict.fromkeys([name, *sorted(self._exact)] if name else self._exact))

    def within(self, value: Any) -> Any:
        """*value* (text, or lists and objects of it) without the person."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, list):
            return [self.within(each) for each in value]
        if isinstance(value, dict):
            return {self._text(key): self.within(each) for key, each in value.items()}
        return value

    def _text(self, text: str) -> str:
        if text.casefold() in self._exact:
            return self._instead
        return self._inside.sub(self._instead, text) if self._inside else text


def _as_word(each: str) -> str:
    return rf"(?<![\w.@-]){re.escape(each)}(?![\w@-]|\.\w)"


def _is_telling(each: str) -> bool:
    return len(each) >= _LEAST_ID and re.search(r"[^\W\d_]", each) is not None
