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

#: A shorter name is part of too many words to be looked for.
LEAST_NAME = 2
#: An account may be as short as a number: one says who is meant only when it is long and has a
#: letter, or figures would be taken for people.
_LEAST_ID = 6


@dataclass(frozen=True)
class Periods:
    """Days for which each kind is kept (`RETENTION_*`); 0 keeps it until somebody removes it.

    *raw*: calls as the platforms made them. *chat*: what people wrote and sent, as far as it is no
    part of a report. *words*: what the bot said.
    """

    raw: int = 30
    chat: int = 190
    words: int = 730


def over_before(days: int, now: datetime) -> datetime | None:
    """What is older than this has been kept for *days*; None where it is kept for good."""
    return now - timedelta(days=days) if days else None


def pseudonym(member_id: int) -> str:
    """What a person is called of whom nothing is known any more; the same every time."""
    return f"离任人员{member_id}"


class Mentions:
    """Finds what names a person in stored values, and puts *instead* in its place.

    *name* is found within sentences; it is empty where somebody else has the same. So are the long
    ones of the account *ids*; a short one, which may be the number of anything, is not looked for.
    """

    def __init__(self, name: str, ids: Iterable[str], instead: str) -> None:
        self._instead = instead
        telling = sorted({each.casefold() for each in ids if _is_telling(each)})
        names = [name] if len(name) >= LEAST_NAME else []
        #: What is looked for of the name: all of it, or nothing.
        self.name = "".join(names)
        patterns = [*map(re.escape, names), *map(_as_word, telling)]
        self._named = re.compile("|".join(patterns), re.IGNORECASE) if patterns else None
        #: One of these is in any text that names the person: for a first look in the database.
        self.needles = (*(each.casefold() for each in names), *telling)

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
        return self._named.sub(self._instead, text) if self._named else text


def _as_word(each: str) -> str:
    # Chinese has no spaces: only what could be part of the same id keeps it from being one.
    return rf"(?<![a-z0-9_.-])(?<![a-z0-9]@){re.escape(each)}(?![a-z0-9_@-]|\.[a-z0-9])"


def _is_telling(each: str) -> bool:
    return len(each) >= _LEAST_ID and re.search(r"[^\W\d_]", each) is not None
