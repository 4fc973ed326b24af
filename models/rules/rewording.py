"""Another wording for a duty: which of the declared rules stay and what the new ones inherit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from models.rules.period import occurrences
from models.rules.recurrence import Recurrence

if TYPE_CHECKING:
    from models.rules.wording import Reading

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reworded:
    """The rules in force from now on: declared ones that stay, new ones, and days already past."""

    kept: tuple[Recurrence, ...]
    new: tuple[Recurrence, ...]
    past: tuple[date, ...] = ()

    @property
    def rules(self) -> tuple[Recurrence, ...]:
        """All of them, the declared ones first."""
        return (*self.kept, *self.new)


def reworded(
    declared: "Reading", new: Sequence[Recurrence], today: date, *, is_whole: bool = False
) -> Reworded:
    """What holds after a rewriting.

    It answers what the declared wording leaves to an assumption or does not say clearly; clauses
    that state their day stay, unless *is_whole* or none is in doubt. The new rules take over the
    bounds of those they replace and ask for nothing before *today*.
    """
    in_doubt = [rule for rule in declared.recurrences if rule.assumed]
    stated = [rule for rule in declared.recurrences if not rule.assumed]
    is_partial = bool(in_doubt or declared.not_understood) and not is_whole
    known = {rule.on for rule in stated if rule.on is not None}
    past = [r for r in new if r.on is not None and r.on < today]
    ahead = [rule for rule in new if rule not in past]
    again = {rule.on for rule in ahead if rule.on is not None}
    kept = [
        rule
        for rule in stated
        if rule not in ahead and (rule.on is None or rule.on not in again) and is_partial
    ]
    kept += [rule for rule in past if rule.on in known and rule.on not in {r.on for r in kept}]
    bounds = {(rule.since, rule.until) for rule in in_doubt} if is_partial else set()
    return Reworded(
        tuple(kept),
        tuple(_from(_bounded(rule, bounds), today) for rule in ahead),
        tuple(rule.on for rule in past if rule.on is not None and rule.on not in known),
    )


def _bounded(rule: Recurrence, bounds: set[tuple[date | None, date | None]]) -> Recurrence:
    """The rule within the bounds of what it replaces, where it states none of its own."""
    if len(bounds) != 1 or rule.on is not None or rule.since or rule.until:
        return rule
    [(since, until)] = bounds
    return replace(rule, since=since, until=until)


def _from(rule: Recurrence, today: date) -> Recurrence:
    """The rule without what it would have asked for before *today*."""
    if rule.on is not None or (rule.since and rule.since >= today):
        return rule
    year_ago = today.replace(month=1, day=1)
    has_past = bool(occurrences([rule], year_ago, today - _DAY)) if today > year_ago else False
    return replace(rule, since=today) if has_past else rule
