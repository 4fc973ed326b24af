"""How often in a row a person was not understood: after the second time the template helps more."""

from handlers.context import Context
from models.setting import Setting, keep_setting, setting

#: After so many failures in a row the answer is the template to copy.
ENOUGH = 2


def failed(context: Context) -> int:
    """Count a message that was not understood; returns how many there are in a row."""
    name = _name(context)
    count = int(setting(context.session, name, 0)) + 1
    keep_setting(context.session, name, count)
    return count


def understood(context: Context) -> None:
    """A message that was understood ends the row of failures."""
    row = context.session.get(Setting, _name(context))
    if row is not None:
        context.session.delete(row)
        context.session.flush()


def _name(context: Context) -> str:
    return f"failures:{context.speaker.id}"
