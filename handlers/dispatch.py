"""Answers one message: who speaks, what they want, whether they may, and what is said."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from handlers import conversation, phrases
from handlers.alone import limits, limits_of_report, with_link, with_way
from handlers.awaited import completed
from handlers.binding import bind
from handlers.context import Context, Services, speaker_of
from handlers.lists import shown_list
from handlers.meant import Meant, meant
from handlers.reading.days import day_said_first
from handlers.reading.limits import has_many_numbers, refuse_overlong, refuse_too_long
from handlers.reading.normalise import command_key, folded
from handlers.reading.picture_orders import read_picture_order
from handlers.reading.shifts import read_shift
from handlers.reading.spoken import read_choice
from handlers.registry import Command, InGroup
from handlers.reporting.blank import without_notes
from handlers.reporting.failures import understood
from handlers.reporting.quoted import with_quoted
from handlers.reporting.recalls import recalled
from handlers.reporting.tapped import overtaken
from handlers.supervising.digest_times import digest_said_first
from handlers.unheard import UNHEARD, answer_unheard
from models.chat import Chat, chat_at, single_chats_of
from models.draft import draft_of
from models.errors import Refused
from models.inbox import InboxMessage
from models.media import Media
from models.member import ROLE_TITLES, RoleName, member_at
from models.message import ChatKind, IncomingMessage, MessageKind, Reply
from models.outbox import Priority, say
from models.rules.holiday_notice import is_whole_notice

#: As good as 1 where one thing is offered.
_YES = frozenset(("是", "是的", "对", "对的", "确认"))
#: An entry of a list that is said by its own name is at most this long.
_LONGEST_ENTRY = 20


def answer(
    message: IncomingMessage,
    row: InboxMessage,
    session: Session,
    now: datetime,
    services: Services,
    media: Sequence[Media] = (),
    failed_media: Sequence[str] = (),
    earlier_ids: Sequence[int] = (),
) -> None:
    """Do what *message* asks and owe the answer, all in the caller's transaction.

    *earlier_ids* are the inbox rows of the pictures that came just before and are answered along.

    Refusals become answers; any other exception is a fault and leaves nothing behind.
    """
    message = _readable(message)
    chat = _chat_of(session, message, now)
    if message.kind in UNHEARD:
        answer_unheard(session, services, message, chat, row, now)
        return
    member = member_at(session, message.platform, message.sender_id)
    if member is None:
        if message.kind != MessageKind.RECALL:
            _owe(session, chat, _answer_stranger(message, session, now, services, chat), row, now)
        return
    context = Context(
        session=session,
        now=now,
        services=services,
        message=message,
        chat=chat,
        inbox_id=row.id or 0,
        speaker=speaker_of(session, member, now.astimezone(services.zone).date()),
        media=media,
        failed_media=failed_media,
        earlier_ids=earlier_ids,
    )
    reply = _answered(context)
    _owe(session, _place_to_answer(context), reply, row, now)


def _readable(message: IncomingMessage) -> IncomingMessage:
    """The same in the letters that are read here."""
    said, quoted = without_notes(folded(message.text)), folded(message.quoted_text)
    return replace(message, text=said, quoted_text=quoted)


def _answered(context: Context) -> Reply | None:
    """What a member is told, and where to send what a group keeps back of a report begun there."""
    reply = _with_pictures(context, _done_or_refused(context, _answer_member))
    limit = limits_of_report(context) if reply else ""
    return replace(reply, text=f"{reply.text}\n{limit}") if reply and limit else reply


def _done_or_refused(context: Context, do: Callable[[Context], Reply | None]) -> Reply | None:
    """What is said to it; a refusal is said, and leaves nothing behind."""
    try:
        with context.session.begin_nested():
            return do(context)
    except Refused as refusal:
        return Reply(refusal.text)


def _with_pictures(context: Context, reply: Reply | None) -> Reply | None:
    """A command without use for the pictures that came along leaves them to the report."""
    is_left = not context.pictures_taken and any(each.facts for each in context.media)
    if not is_left or context.in_group or not context.speaker.has(RoleName.LIAISON):
        return reply
    more = _done_or_refused(context, conversation.take_pictures)
    if reply is None or more is None:
        return reply or more
    return replace(
        reply,
        text=f"{reply.text}\n\n{more.text}",
        pictures=(*reply.pictures, *more.pictures),
        choices=(*reply.choices, *more.choices),
    )


def owe_calm_word(
    session: Session, message: IncomingMessage, row: InboxMessage, text: str, now: datetime
) -> None:
    """Owe *text* where the message came from: its answer failed and the person should know."""
    chat = _chat_of(session, message, now)
    key = f"fault:{row.id}:{row.attempts}"  # not the reply's key: that is still owed
    say(
        session,
        chat.id or 0,
        Reply(text),
        key=key,
        now=now,
        priority=Priority.REPLY,
        reply_to=row.id,
    )


def _chat_of(session: Session, message: IncomingMessage, now: datetime) -> Chat:
    """Where it was written: a person's single chat is known by their own id at every door."""
    is_single = message.chat_kind == ChatKind.SINGLE
    address = message.sender_id.casefold() if is_single else message.chat_id
    via = "" if is_single else message.via
    return chat_at(session, message.platform, address, ChatKind(message.chat_kind), now, via)


def _owe(
    session: Session, chat: Chat, reply: Reply | None, row: InboxMessage, now: datetime
) -> None:
    if reply is None or chat.id is None:
        return
    say(
        session,
        chat.id,
        with_link(session, reply, row),
        key=f"reply:{row.id}",
        now=now,
        priority=Priority.REPLY,
        reply_to=row.id,
    )


def _place_to_answer(context: Context) -> Chat:
    """The chat of the question, or the single chat when the matter is personal."""
    if context.chat.kind != ChatKind.GROUP or not context.moved:
        return context.chat
    if chats := single_chats_of(context.session, context.speaker.id):
        return chats[0]
    # Whoever never wrote to the bot alone is reached there all the same, by their own id.
    address = context.message.sender_id.casefold()
    platform = context.message.platform
    return chat_at(context.session, platform, address, ChatKind.SINGLE, context.now)


def _answer_stranger(
    message: IncomingMessage, session: Session, now: datetime, services: Services, chat: Chat
) -> Reply:
    """Someone not bound can bind, in a single chat; everything else is told how to."""
    found = services.registry.command_for(message.text)
    if found is None or not found[0].unbound:
        return Reply(with_way(phrases.NOT_BOUND, message.single_chat))
    if message.chat_kind == ChatKind.GROUP:
        return Reply(with_way(phrases.BIND_IN_SINGLE_CHAT, message.single_chat))
    return bind(session, message, chat, found[1], now)


def _answer_member(context: Context) -> Reply | None:
    if context.message.kind == MessageKind.RECALL:
        return recalled(context)
    if context.message.kind == MessageKind.OTHER:
        return Reply("\n".join(filter(None, (phrases.UNKNOWN_KIND, limits(context.message)))))
    _refuse_novel(context)
    if (answer := overtaken(context)) is not None:
        return answer
    chosen = _chosen_from_list(context) or completed(context)
    text = chosen or with_quoted(context, _as_command(context))
    wanted = None if conversation.is_content(context, text) else _wanted(context, chosen, text)
    if wanted is None:
        context.moved = True
        return conversation.go_on(context)
    _check_allowed(context, wanted.command)
    understood(context)
    if wanted.answer is not None:
        return wanted.answer
    reply = wanted.command.run(context, wanted.rest)
    if reply is None or not wanted.note:
        return reply
    return replace(reply, text="\n".join(filter(None, (wanted.note, reply.text))))


def _wanted(context: Context, chosen: str | None, text: str) -> Meant | None:
    """The command that a text means; an order that the bot put into a list means just itself."""
    if chosen is None:
        return meant(context, text)
    found = context.services.registry.command_for(_with_move(chosen))
    return None if found is None else Meant(*found)


def _as_command(context: Context) -> str:
    """The text; 图2 左移, 10月8日放假 and a pasted holiday notice with their word in front."""
    text = _with_move(context.message.text)
    if context.speaker.has(RoleName.LIAISON):
        text = read_picture_order(text) or text
    if text != context.message.text:
        return text
    if context.chat.kind == ChatKind.GROUP or not context.speaker.has(RoleName.ADMIN):
        return text
    if is_whole_notice(text):
        return f"放假 {text.removeprefix('放假').strip()}"
    return day_said_first(text) or digest_said_first(context.services.registry, text) or text


def _with_move(text: str) -> str:
    """图2 左移 as 左移 图2 左移: the command reads all that was said."""
    shift = read_shift(text)
    return text if shift is None else f"{shift.command} {text}"


def _refuse_novel(context: Context) -> None:
    """A text that is too long is refused, in the single chat, before any command reads of it.

    A table is measured by its rows where it is reported.
    """
    text = context.message.text
    try:
        refuse_overlong(text)
        if has_many_numbers(text) and not conversation.is_table(context, text):
            refuse_too_long(text)
    except Refused:
        context.moved = True
        raise


def _chosen_from_list(context: Context) -> str | None:
    """The command that a bare number stands for, when a numbered list was shown last."""
    text = context.message.text.strip()
    number = read_choice(text)
    is_yes = command_key(text) in _YES
    if number is None and not is_yes and not 0 < len(text) <= _LONGEST_ENTRY:
        return None
    listing = shown_list(context.session, context.speaker.id, context.now)
    if listing is None:
        return None
    if is_yes:
        # A warning that waits for 确认 comes before an offer.
        draft = draft_of(context.session, context.speaker.id)
        is_asked = draft is not None and draft.question
        is_single = len(listing.entries) == 1 and not is_asked
        return listing.template.format(listing.entries[0]) if is_single else None
    if number is None:
        named = [each for each in listing.entries if _is_named(text, str(each))]
        return listing.template.format(named[0]) if len(named) == 1 else None
    if not listing.entries:  # its lines carry numbers of their own
        return listing.template.format(number)
    if not 1 <= number <= len(listing.entries):
        raise Refused(phrases.no_such_entry(number, len(listing.entries)))
    return listing.template.format(listing.entries[number - 1])


def _is_named(text: str, entry: str) -> bool:
    """Whether an entry is meant by itself: 新5 where 新5 was offered, whatever its programme."""
    return command_key(text) in (command_key(entry), command_key(entry.split(" ")[0]))


def _check_allowed(context: Context, wanted: Command) -> None:
    if not context.may(wanted):
        raise Refused(phrases.not_your_role(wanted.words[0], _titles(wanted.roles)))
    if context.chat.kind != ChatKind.GROUP:
        return
    if wanted.group == InGroup.REFUSE:
        refusal = phrases.only_in_single_chat(wanted.words[0])
        raise Refused(with_way(refusal, context.message.single_chat))
    context.moved = wanted.group == InGroup.MOVE


def _titles(roles: frozenset[RoleName]) -> str:
    *others, last = (title for role, title in ROLE_TITLES.items() if role in roles)
    return f"{'、'.join(others)}或{last}" if others else last
