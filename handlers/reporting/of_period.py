"""The period that an open report's day belongs to, where that is a later one than was begun."""

from handlers.context import Context
from handlers.reporting.choose import choose
from handlers.reporting.content import Content
from handlers.reporting.drafts import kept_in
from handlers.reporting.form import Form
from handlers.standing.duties import DutyStanding
from models.draft import Draft
from models.errors import Refused


def duty_of_day(
    context: Context, draft: Draft, form: Form, content: Content
) -> DutyStanding | None:
    """What is owed for the day of the figures; None where it is what was begun, or nothing.

    Of several periods that are owed the oldest is begun, and the day is only told later.
    """
    day = content.as_of
    if day is None or form.covers is None or day <= form.covers[1]:
        return None
    try:
        duty = choose(context, form.matter, day, draft.unit_id).duty
    except Refused:
        return None
    parked = {each.obligation_id for each in kept_in(draft).parked}
    is_new = duty.submission is None and duty.id not in parked | {draft.obligation_id}
    return duty if is_new and duty.requirement.id == form.requirement.id else None
