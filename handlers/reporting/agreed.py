"""是的, 对, 没错: the same as 确认 where exactly one thing is asked."""

from handlers.reading.normalise import command_key
from handlers.reporting.assess import assess
from handlers.reporting.flow import confirmed
from handlers.reporting.points import PointKind
from handlers.reporting.work import Work
from models.message import Reply

_DIGITS = frozenset("123456789")
YES = frozenset(
    (
        "是 是的 是啊 是呀 是滴 是这样 是这样的 就是这样 就是 就是的 对 对的 对啊 对对 对对对 没错 "
        "没错的 对没错 是的没错 不错 正确 正确的 无误 数据无误 核对无误 确认无误 属实 情况属实 "
        "确实 确实是 确实如此 yes y"
    ).split()
)


def is_unclear_digit(work: Work, text: str) -> bool:
    """Whether a lone digit came where only 确认 or a figure is asked: it may be meant as either."""
    if command_key(text) not in _DIGITS or not work.draft.question:
        return False
    content, context = work.content, work.context
    points = assess(context.session, work.form, content, context.today, work.besides).points
    return bool(points) and all(each.kind is PointKind.STRANGE for each in points)


def agreed(work: Work, text: str) -> Reply | None:
    """The answer to a yes, where a reason is wanted the request for it; None where it is none, or
    more than one thing is asked.
    """
    if command_key(text) not in YES:
        return None
    if work.content.pending is not None:
        return confirmed(work, "")
    context = work.context
    points = assess(context.session, work.form, work.content, context.today, work.besides).points
    is_asked = len(points) == 1 and points[0].key in work.draft.question.split("\n")
    if is_asked and points[0].kind is PointKind.STRANGE:
        return confirmed(work, "")
    return None
