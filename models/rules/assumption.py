"""Which assumptions a due date rests on: nothing is chased that an admin has not confirmed."""

from collections.abc import Iterable
from datetime import date

from models.rules.recurrence import Recurrence


def own_assumptions(
    assumed: Iterable[str], rules: Iterable[Recurrence], due: date
) -> tuple[str, ...]:
    """What of a requirement's *assumed* concerns the due date *due*.

    One wording often holds a stated date and a rule without a day (8月25日前…；按季度…): the
    stated date is certain and is chased although the rest still waits for confirmation.
    """
    known = tuple(rules)
    stated = [rule for rule in known if rule.on == due]
    concerned = stated or [rule for rule in known if rule.on is None]
    of_others = {note for rule in known if rule not in concerned for note in rule.assumed}
    of_these = {note for rule in concerned for note in rule.assumed}
    return tuple(note for note in assumed if note in of_these or note not in of_others)
