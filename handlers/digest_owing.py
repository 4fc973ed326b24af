"""A digest owed to its groups, each once a period: at its time, by hand, or corrected."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from handlers.context import DigestContext, Services
from handlers.registry import Digest
from models.audience import said_among
from models.chat import Chat, ChatPurpose, groups_for, groups_with_purpose
from models.outbox import say
from models.programme import Programme


@dataclass(frozen=True)
class Occasion:
    """Why a digest is made: for which groups and period; the rest as in its context."""

    programme: Programme
    digest: Digest
    purpose: ChatPurpose
    period: str
    by_hand: bool = False
    again: bool = False

    @property
    def key(self) -> str:
        """What the digest of this period is owed under, before the chat."""
        code = "all" if self.digest.shared else self.programme.code
        return f"digest:{code}:{self.digest.name}:{self.period}"

    def key_in(self, chat: Chat) -> str:
        """What a group hears it under."""
        return f"{self.key}:chat{chat.id}"

    def is_for(self, chat: Chat) -> bool:
        """Whether a group is one of those that are to hear it."""
        is_its_own = chat.programme_id in (None, self.programme.id)
        return chat.purpose == self.purpose and is_its_own


@dataclass(frozen=True)
class Owed:
    """What came of it: the groups it is for, those among them that heard it before, messages."""

    groups: tuple[Chat, ...]
    heard: tuple[Chat, ...]
    count: int

    @property
    def is_silent(self) -> bool:
        """Whether some group was to hear it and there was nothing to say."""
        return self.count < len(self.groups) - len(self.heard)


def owe_digest(session: Session, services: Services, occasion: Occasion, now: datetime) -> Owed:
    """Make it for the groups that have not heard it; a correction for those that have."""
    groups, heard = groups_and_heard(session, occasion)
    chats = heard if occasion.again else [each for each in groups if each not in heard]
    if not chats:
        return Owed(tuple(groups), tuple(heard), 0)
    day = now.astimezone(services.zone).date()
    key = f"{occasion.key}:{day}" if occasion.again else occasion.key
    context = DigestContext(
        session=session,
        now=now,
        services=services,
        programme=occasion.programme,
        chats=chats,
        period=occasion.period,
        by_hand=occasion.by_hand,
        again=occasion.again,
    )
    count = 0
    for post in occasion.digest.content(context):
        name = f"{key}:chat{post.chat_id}"
        count += say(session, post.chat_id, post.reply, key=name, now=now)
    return Owed(tuple(groups), tuple(heard), count)


def groups_and_heard(session: Session, occasion: Occasion) -> tuple[Sequence[Chat], Sequence[Chat]]:
    """The groups that the occasion is for, and those of them that heard it."""
    groups = groups_for(session, occasion.purpose, occasion.programme.id or 0)
    said = said_among(session, [occasion.key_in(chat) for chat in groups])
    return groups, [chat for chat in groups if occasion.key_in(chat) in said]


def unheard_keys(session: Session, occasions: Sequence[Occasion]) -> list[set[str]]:
    """Under which keys groups still wait for each of these, in two queries."""
    groups = groups_with_purpose(session)
    wanted = [{each.key_in(chat) for chat in groups if each.is_for(chat)} for each in occasions]
    said = said_among(session, set().union(*wanted))
    return [keys - said for keys in wanted]
