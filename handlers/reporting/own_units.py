"""For which of their units a person reports, where each unit must report for itself."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from handlers.context import Context
from handlers.lists import keep_list
from handlers.reading.normalise import name_key
from handlers.reporting.choose import duties_on
from handlers.standing.duties import DutyStanding
from handlers.standing.matters import Matter
from models.draft import draft_of
from models.member import RoleName
from models.message import Reply
from models.rules.reporting import meets
from models.unit import Unit

_FIRST = re.compile(r"\s*(?P<name>[^\s:：,，;；。、]+)[ \t\u3000:：,，;；、]*")


def own_units(context: Context, duties: Sequence[DutyStanding]) -> Mapping[int, Unit]:
    """The speaker's units among those that owe these obligations each for itself, by id."""
    own = context.speaker.unit_ids(RoleName.LIAISON)
    units = [unit for each in duties if each.requirement.each for unit in each.units]
    return {unit.id or 0: unit for unit in units if unit.id in own}


def unit_named(context: Context, matter: Matter, text: str) -> tuple[int | None, str]:
    """The own unit that *text* begins with, and what follows it.

    Without its name it is the one whose report is already open, or None.
    """
    if not _has_several(context):
        return None, text
    duties = duties_on(context, matter)
    found = _FIRST.match(text)
    key = name_key(found["name"]) if found else ""
    for unit_id, unit in own_units(context, duties).items():
        if found and key in map(name_key, (unit.name, *unit.aliases)):
            return unit_id, text[found.end() :].lstrip("\n")
    of_each = {each.id for each in duties if each.requirement.each}
    draft = draft_of(context.session, context.speaker.id) if of_each else None
    return draft.unit_id if draft and draft.obligation_id in of_each else None, text


def unit_meant(
    context: Context, matter: Matter, as_of: date | None, template: str
) -> int | Reply | None:
    """The one own unit that a report as of this day can be for, or the question for which.

    None where it makes no difference. *template* is the command to repeat with the unit's name.
    """
    if not _has_several(context):
        return None
    duties = duties_on(context, matter)
    open_for = [
        unit
        for unit_id, unit in own_units(context, duties).items()
        if _can_report(context, duties, unit_id, as_of)
    ]
    if len(open_for) < 2:
        return next((unit.id for unit in open_for), None)
    names = [unit.name for unit in open_for]
    keep_list(context, template, names)
    lines = [f"{at}. {name}" for at, name in enumerate(names, 1)]
    return Reply("\n".join([f"{matter.name} 由各单位分别报送，请问为哪个单位报送？", *lines]))


def _can_report(
    context: Context, duties: Sequence[DutyStanding], unit_id: int, as_of: date | None
) -> bool:
    """Whether a report as of this day meets something that the unit owes for itself."""
    own = [each.duty for each in duties if any(unit.id == unit_id for unit in each.units)]
    return meets(own, as_of, context.now, context.today).unmet is None


def _has_several(context: Context) -> bool:
    return len(context.speaker.unit_ids(RoleName.LIAISON)) > 1
