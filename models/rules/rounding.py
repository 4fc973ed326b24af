"""The one way numbers are rounded and printed, so that text, table and picture agree."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

HUNDRED = Decimal(100)
NOT_APPLICABLE = "—"


def half_up(value: Decimal, places: int = 0) -> Decimal:
    """*value* with *places* decimals, halves away from zero, as official statistics round."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def percent_of(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    """How many percent *part* is of *whole*, unrounded and uncapped; None for a whole of 0.

    Multiplies before dividing, so that equal shares (2500 of 6000, 5 of 12) compare as equal.
    """
    return None if whole == 0 else Decimal(part) * HUNDRED / Decimal(whole)


def percent_text(value: Decimal | None, places: int = 2) -> str:
    """A percentage as every text and table prints it: `28.50%`, or a dash where none applies."""
    return NOT_APPLICABLE if value is None else f"{half_up(value, places)}%"


def number_text(value: Decimal) -> str:
    """A quantity without exponent or idle zeros, the way people type it: `16500`, `473.975`."""
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def shares(
    parts: Sequence[Decimal], places: int = 0, total: Decimal = HUNDRED
) -> tuple[Decimal, ...]:
    """*parts* scaled to add up to *total* exactly, by largest remainder; all 0 stays all 0.

    Rounding each share alone can print 99 or 101 under a table; the parts with the largest
    remainders take the missing units, the earlier one first among equals.
    """
    whole = sum(parts, Decimal(0))
    if whole == 0:
        return tuple(half_up(Decimal(0), places) for _ in parts)
    unit = Decimal(1).scaleb(-places)
    exact = [part * total / whole for part in parts]
    floors = [value.quantize(unit, rounding=ROUND_FLOOR) for value in exact]
    missing = int((total - sum(floors, Decimal(0))) / unit)
    by_remainder = sorted(range(len(exact)), key=lambda at: floors[at] - exact[at])
    lucky = set(by_remainder[:missing])
    return tuple(low + unit if at in lucky else low for at, low in enumerate(floors))
