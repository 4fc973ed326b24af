"""How often in a row a person was not understood: after the second time the template helps more."""

from handlers.context import Context
from models.setting import FAILURES, keep_setting, name_of_member, setting

#: The answer to so many failures in a row is the template to copy.
_ENOUGH = 2


def needs_template(context: Context) -> bool:
    """Count a message that was not understood; whether it is the one that brings the template.

    That is sent once in a row: who goes on without it is better served by a short answer. A
    command counts too where it could not be done: only another message ends the row.
    """
    context.is_understood = False
    count, ended_by = _kept(context)
    if ended_by not in (0, context.inbox_id):
        count = 0
    keep_setting(context.session, _name(context), [count + 1, 0])
    return count + 1 == _ENOUGH


def understood(context: Context) -> None:
    """A message that was understood ends the row of failures, unless it still fails itself."""
    if context.is_understood:
        return
    context.is_understood = True
    count, _ = _kept(context)
    if count:
        keep_setting(context.session, _name(context), [count, context.inbox_id])


def _kept(context: Context) -> tuple[int, int]:
    """The failures in a row, and the message that ended it, or 0."""
    count, ended_by = setting(context.session, _name(context), (0, 0))
    return int(count), int(ended_by)


def _name(context: Context) -> str:
    return name_of_member(FAILURES, context.speaker.id)
