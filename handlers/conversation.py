"""A message that is no command: it continues what was begun, or is kindly said to be none."""

from handlers import phrases
from handlers.context import Context
from handlers.reading.normalise import clean, command_key
from models.message import Reply

#: The longest text that is read at once.
LONGEST = 4000

_COURTESIES = frozenset(
    (
        "收到 收到谢谢 收到好的 已收到 好 好的 好的谢谢 好的收到 嗯 嗯嗯 行 可以 没问题 ok okay "
        "谢谢 谢谢您 谢了 多谢 感谢 辛苦 辛苦了 您辛苦了 谢谢辛苦了 麻烦了 不客气 知道了 明白 "
        "明白了 了解"
    ).split()
)


def go_on(context: Context) -> Reply | None:
    """What a message without a command word is answered with; None where no answer is due."""
    text = clean(context.message.text)
    if len(text) > LONGEST:
        return Reply(phrases.TOO_LONG.format(length=len(text)))
    if is_courtesy(text) and not context.media:
        return None
    return Reply(phrases.NOT_UNDERSTOOD)


def recalled(context: Context) -> Reply | None:
    """The answer to a message taken back; None where nothing came of it."""
    return None


def is_courtesy(text: str) -> bool:
    """Whether *text* only says that something was read: it needs no answer and is no data."""
    return command_key(text) in _COURTESIES
