"""1500/6000个: what is done out of what is wanted, written with a stroke between them."""

import re
from dataclasses import dataclass

from handlers.reading.normalise import normalise

_NUMBER = r"\d[\d,]{0,12}(?:\.\d{1,4})?[万亿]?"
_SLASHED = re.compile(
    rf"(?P<lead>[^\d/]{{0,20}})(?P<done>{_NUMBER})\s?(?P<unit>[^\d\W_]{{0,3}})\s?[/|]\s?(?P<whole>{_NUMBER})"
    r"\s?(?P<other>(?:[^\d\W_]{1,3})?)(?P<tail>[^\d/]{0,30})"
)


@dataclass(frozen=True)
class Slashed:
    """*done* with the words around it as if it stood alone, *whole*, and the unit of both."""

    done: str
    whole: str
    unit: str


def slashed(text: str) -> Slashed | None:
    """The two counts of *text*; None where no stroke parts two numbers, or more stand there."""
    found = _SLASHED.fullmatch(normalise(text).strip())
    if found is None:
        return None
    unit = found["unit"] or found["other"]
    done = f"{found['lead']}{found['done']}{unit}{found['tail']}"
    return Slashed(done, f"{found['whole']}{unit}", unit)
