"""Obligations counted as people count them: what one report says at once is one piece of work.

Where a month ends a quarter, the monthly and the quarterly requirement ask for the very same;
people write it once, and it is counted once, whoever counts.
"""

from collections.abc import Hashable, Iterable

from handlers.standing.duties import DutyStanding
from models.requirement import Requirement
from models.rules.reporting import IN_REVIEW, WAITING, State

#: What a report on one requirement leaves open for another, if anything of it differs.
_ASKED = ("sections", "pictures", "picture_rule", "county_figures", "verified", "comments", "each")


def are_one(one: DutyStanding, other: DutyStanding) -> bool:
    """Whether a report on the *one* says all that the *other* asks for."""
    return (
        one.id != other.id
        and one.task.id == other.task.id
        and one.matter.clause_id == other.matter.clause_id
        and one.duty.covers is not None
        and one.duty.covers == other.duty.covers
        and {unit.id for unit in one.units} == {unit.id for unit in other.units}
        and _ask_the_same(one.requirement, other.requirement)
    )


def _ask_the_same(one: Requirement, other: Requirement) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in _ASKED)


def merged(duties: Iterable[DutyStanding]) -> list[DutyStanding]:
    """These obligations, clause by clause and period by period, each piece of work once.

    Of those that one report meets together and that stand alike, the one kept can still be
    reported, is chased, and comes first, in this order. The order of the others stays. What is
    returned for different reasons is spoken of apart.
    """
    groups: dict[tuple[Hashable, ...], list[DutyStanding]] = {}
    found: list[DutyStanding] = []
    for each in duties:
        known = groups.setdefault(_key(each), [])
        same = next((other for other in known if are_one(other, each)), None)
        if same is None:
            known.append(each)
            found.append(each)
        elif _weight(each) > _weight(same):
            known[known.index(same)] = each
            found[found.index(same)] = each
    return found


def _key(each: DutyStanding) -> tuple[Hashable, ...]:
    return (each.task.id, each.matter.clause_id, each.duty.covers, *_stands(each))


def _stands(each: DutyStanding) -> tuple[Hashable, ...]:
    """How far it is: two of one kind are one piece of work, two of different kinds are two."""
    if each.state in WAITING:
        return ("waiting",)
    if each.state is State.RETURNED:
        reason = each.submission.return_reason if each.submission else ""
        return ("returned", each.duty.has_accepted, reason)
    if each.state in IN_REVIEW:
        return ("review", each.duty.has_accepted)
    return (each.state,)


def _weight(each: DutyStanding) -> tuple[bool, bool]:
    return not each.is_closed, each.chased
