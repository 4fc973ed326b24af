"""What is asked without the word of a command: how a task stands, who owes, or a name alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.context import Context
from handlers.lists import keep_list
from handlers.reading.harmless import harmless
from handlers.reading.mentions import named
from handlers.reading.misstated import corrects
from handlers.reading.names import ACCEPT, EXACT, How, Match
from handlers.reading.normalise import clean, command_key
from handlers.reading.questions import (
    asks_for_board,
    asks_for_time,
    asks_how_it_stands,
    asks_own_place,
    asks_to_chase,
    asks_what_to_report,
    asks_whether_to_report,
    asks_who_lags,
    asks_who_owes,
    asks_why,
    asks_why_ranked,
    report_to_see,
    without_asking,
)
from handlers.reading.spoken import LONGEST, undressed
from handlers.reporting.begin import looks_like_report
from handlers.reporting.naming import is_own
from handlers.reporting.nil import loose_nil, nil_name
from handlers.supervising.choosing import Subject, named_as
from models.draft import draft_of
from models.member import RoleName
from models.message import Reply

_WHICH = "您是要办哪一件？请回复序号："
#: A shorter name with a slip in it is too often an ordinary word.
_SHORTEST_SLIP = 4
_LONGEST_NAME = 40
#: Who may open a board.
_LOOKING = (RoleName.ADMIN, RoleName.LEADER, RoleName.UNIT_HEAD)
#: Who reads what lags.
_READING = (RoleName.ADMIN, RoleName.LEADER)
_HOW_EXTENDED = "期限没有变。延期请写明任务、日期和原因，如“延期 州1-7 9月25日 数据正在核对”。"


@dataclass(frozen=True)
class Order:
    """The command that answers it; with *answer* a question about it stands instead."""

    text: str
    note: str = ""
    answer: Reply | None = None


def asked(context: Context, text: str, subjects: Sequence[Subject]) -> Order | None:
    """The order that a message without a command's word means, or None.

    What only reads is done and said; a name alone is offered with what can be done about it, but
    not while a report is open, or pictures came along, that it may belong to.
    """
    if len(text) > LONGEST or "\n" in text.strip():
        return None
    plain = undressed(text).text.strip()
    if asks_who_owes(plain):
        return Order("未报", note="已按“未报”处理。")
    if asks_what_to_report(plain) or asks_whether_to_report(text):
        return Order("任务", note="已按“任务”处理。")
    if asks_to_chase(plain):
        return _choice(context, ["催报 全部"])
    if (board := asks_for_board(plain)) is not None and context.speaker.has(*_LOOKING):
        return Order(board, note=f"已按“{board}”处理。")
    if (number := report_to_see(text)) is not None:
        return Order(f"查看 {number}", note=f"已按“查看 {number}”处理。")
    if asks_who_lags(plain) and context.speaker.has(*_READING):
        return Order("滞后", note="已按“滞后”处理。")
    if (named_for := _ranked_asked(plain, subjects)) is not None:
        order = f"为什么 {named_for}".strip()
        return Order(order, note=f"已按“{harmless(order)}”处理。")
    is_open = draft_of(context.session, context.speaker.id) is not None
    if asks_for_time(plain) and context.speaker.has(RoleName.ADMIN):
        return Order("延期", answer=Reply(_HOW_EXTENDED))
    if asks_how_it_stands(text):
        return _standing(context, plain, subjects)
    if nil_name(plain) is not None or loose_nil(plain) is not None or corrects(plain):
        return None
    has_media = context.media or context.failed_media
    if is_open or has_media or len(plain) > _LONGEST_NAME or looks_like_report(context, plain):
        return None
    return _named_alone(context, plain, subjects)


def _ranked_asked(text: str, subjects: Sequence[Subject]) -> str | None:
    """Whose place in the ranking is asked about, empty for the speaker's own; None for none."""
    if asks_own_place(text):
        return ""
    return asks_why_ranked(text) or _unit_named(asks_why(text), subjects)


def _unit_named(name: str | None, subjects: Sequence[Subject]) -> str | None:
    """*name*, where it surely means a unit."""
    best = _match(name, subjects).best if name else None
    return name if best is not None and subjects[int(best.key)].unit else None


def _standing(context: Context, text: str, subjects: Sequence[Subject]) -> Order | None:
    match = _match(text, subjects)
    if match.best is None:
        match = _match(without_asking(text), subjects)
    if match.best is not None:
        subject = subjects[int(match.best.key)]
        return Order(
            f"进度 {_entry(subject, subjects)}", note=f"已按“进度 {harmless(subject.word)}”处理。"
        )
    meant = [subjects[int(each.key)] for each in match.candidates if each.score >= ACCEPT]
    return _choice(context, [f"进度 {_entry(each, subjects)}" for each in meant]) if meant else None


def _named_alone(context: Context, text: str, subjects: Sequence[Subject]) -> Order | None:
    """州1-7, 雪亮工程: whether to report on it or to see how it stands."""
    match = _match(text, subjects)
    exact = [each for each in match.candidates if each.score >= EXACT]
    best = match.best
    is_long = len(command_key(text)) >= _SHORTEST_SLIP
    is_slip = best is not None and (is_long or best.how is How.NUMBER)
    if not exact and not is_slip:
        return None
    only = subjects[int(best.key)] if best else None
    name = only.word if only else clean(text)
    orders = [f"进度 {_entry(only, subjects) if only else name}"]
    is_task = any(subjects[int(each.key)].task for each in exact or match.candidates[:1])
    if is_task and context.speaker.has(RoleName.LIAISON) and is_own(context, name):
        orders.insert(0, f"报送 {name}")
    bearers = [subjects[int(each.key)] for each in exact or match.candidates[:1]]
    return _choice(context, orders, "、".join(each.label for each in bearers))


def _choice(context: Context, orders: Sequence[str], about: str = "") -> Order:
    keep_list(context, "{}", orders)
    if len(orders) == 1:
        return Order(orders[0], answer=Reply(f"您是要“{harmless(orders[0])}”吗？回复 1 执行。"))
    lines = [f"{at}. {harmless(order)}" for at, order in enumerate(orders, 1)]
    head = f"{harmless(about)}：{_WHICH}" if about else _WHICH
    return Order(orders[0], answer=Reply("\n".join([head, *lines])))


def _match(text: str, subjects: Sequence[Subject]) -> Match:
    return named(text, [named_as(str(at), each) for at, each in enumerate(subjects)])


def _entry(subject: Subject, subjects: Sequence[Subject]) -> str:
    """What means exactly this: numbers may repeat between programmes."""
    is_shared = sum(each.word == subject.word for each in subjects) > 1
    return f"{subject.word} {subject.programme.code}" if is_shared else subject.word
