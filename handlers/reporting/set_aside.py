"""What is said in an open report and is no part of it: a correction, a forecast, a courtesy."""

import re
from dataclasses import replace

from handlers.reading.harmless import harmless
from handlers.reading.loose_words import forecasts
from handlers.reading.misstated import corrects
from handlers.reporting.content import Content
from handlers.reporting.drafts import LIFE, without_assumed_day
from handlers.reporting.flow import advance, ask_again
from handlers.reporting.misstated import doubted
from handlers.reporting.outcomes import needs
from handlers.reporting.texts import due_text, understood
from handlers.reporting.versions import changes
from handlers.reporting.work import Work, examined, keep_asked
from models.message import Reply

_SHOWN = 20
_THANKS = re.compile("谢|辛苦|麻烦")


def said_wrong(work: Work, text: str) -> Reply | None:
    """The answer to who says that something is wrong and not what is right: it is taken out."""
    found = doubted(work.content, text, work.form)
    if found is None:
        return None
    context = work.context
    content = replace(
        found.content,
        pending=None,
        originals=(*found.content.originals, text.strip()),
        messages=(*found.content.messages, *context.inbox_ids),
    )
    opening = f"{found.field}“{harmless(found.was)}”不再采用，请发正确的{found.field}。"
    return advance(replace(work, content=content), opening)


def not_of_report(work: Work, text: str) -> Reply | None:
    """The answer to a correction that was not understood, or to a forecast; else None.

    While such a correction stands, the figures are asked about before anything is handed in.
    """
    if corrects(text):
        shown = f"“{harmless(text.strip()[:_SHOWN])}”没有读懂要改成什么，未改。"
        return advance(
            replace(work, content=_unsettled(work.content)),
            f"{shown}请只发改正后的内容，如“完成数 1701”“截至 8月31日”。",
        )
    if forecasts(text):
        return ask_again(work, "预计数不作为完成数，未采用。")
    return None


def changed_text(work: Work, after: Content) -> str:
    """What a word to the open report replaced, the old and the new; empty where nothing was."""
    lines = (each for each in changes(work.content, after, work.form) if " → " in each)
    said = "；".join(each for each in lines if " 无 → " not in each)
    return f"已改：{said}" if said else ""


def _unsettled(content: Content) -> Content:
    figures = (
        replace(each, is_sure=False, source=each.source or each.text)
        if each.unit_id is None and each.value is not None
        else each
        for each in content.figures
    )
    return replace(content, figures=tuple(figures), pending=None)


def laid_aside(work: Work) -> Reply:
    """The answer to who goes on later: what stays and for how long, what lacks, how to go on."""
    work, found = examined(work)
    context, form = work.context, work.form
    keep_asked(work, found)
    read = "；".join(understood(form, without_assumed_day(work.content)))
    kept = f"已填的内容保留{LIFE.total_seconds() / 3600:.0f}小时{f'：{read}' if read else ''}。"
    lacks = f"还{lacking}，" if (lacking := needs(found.points)) else ""
    due = f"{due_text(form.obligation.effective_due, context.services.zone)}截止"
    again, stop = ("改", "不改了") if work.number else ("报", "不报了")
    return Reply(
        f"好的，{form.name} 先放下，{kept}\n{lacks}{due}。接着{again}请发“继续”，{stop}请发“取消”。"
    )


def acknowledged(work: Work, text: str) -> Reply | None:
    """The one line for 收到 and 谢谢 while something is asked; None while nothing is."""
    if not work.draft.question:
        return None
    points = examined(work)[1].points
    lines = [each.line for each in points if each.line]
    questions = needs([each for each in points if not each.line])
    word = "不客气，" if _THANKS.search(text) else ""
    first = f"{word}还等您回复：{work.form.name} {questions}".rstrip()
    return Reply("\n".join([first, *lines])) if points else None
