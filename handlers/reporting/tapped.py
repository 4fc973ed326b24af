"""A tap on a button of a report: taken as its words while the question stands, else asked anew."""

from dataclasses import replace

from handlers.context import Context
from handlers.marks import parted
from handlers.reporting.buttons import WORDS, mark
from handlers.reporting.flow import ask_again
from handlers.reporting.work import open_work
from models.message import Reply

_GONE = "这是先前的提示，那件报送已不在填写，未作处理。待报事项请发“任务”查看。"
_OVERTAKEN = "这是先前的提示，情况已有变化，未作处理。现在是："


def overtaken(context: Context) -> Reply | None:
    """What a tap on an old button is answered with; None for any other message.

    The words of a tap that still holds go on without their mark.
    """
    words, found = parted(context.message.text)
    if words not in WORDS or not found:
        return None
    work = open_work(context)
    if work is not None and mark(work.draft, words) == found:
        context.message = replace(context.message, text=words)
        return None
    context.moved = True
    return Reply(_GONE) if work is None else ask_again(work, _OVERTAKEN)
