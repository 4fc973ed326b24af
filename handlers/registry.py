"""Commands, digests, documents and exports announce themselves here; no word has two owners."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

import handlers.commands
import handlers.digests
import handlers.exports
from handlers.exports.contract import ExportKind, announced_exports
from handlers.reading.normalise import command_key, normalise
from handlers.reading.slips import is_slip
from handlers.reading.task_numbers import begins_with_number
from models.chat import ChatPurpose
from models.member import RoleName
from models.message import Reply

if TYPE_CHECKING:
    from sqlmodel import Session

    from handlers.context import BulletinContext, Context, DigestContext
    from handlers.render.document import Document
    from models.programme import Programme


#: Whom a digest may be for.
AUDIENCES = frozenset((ChatPurpose.LIAISONS, ChatPurpose.LEADERS, ChatPurpose.ADMINS))


class InGroup(StrEnum):
    """What happens to a command that is given in a group.

    Reading commands are answered there; personal ones are answered in the single chat; the
    others must be given there, since a group reads along what is decided.
    """

    ANSWER = "answer"
    MOVE = "move"
    REFUSE = "refuse"


Handler = Callable[["Context", str], Reply | None]
_OF_REPORTS = re.compile(r"^\S+ (?:128|报送编号)")


@dataclass(frozen=True)
class Command:
    """One command: the words that call it, who may, and how the help explains it.

    *roles* empty: every bound member. *alone*: the word counts only when nothing is glued to it,
    because people also begin ordinary sentences with it. *takes_typos*: a misspelt word is taken,
    since the command only reads or opens what still has to be sent; others are asked about.
    *behind*: the word may also follow what it is about (州1-7 进度). *glued*: what may be glued to
    the word, or follow a courtesy and it, besides the name or number of something. *free*: what
    follows are a person's own words, in which the words of other commands mean nothing.
    *reviewers*: also for whoever is assigned to review, whatever their role.
    """

    name: str
    words: tuple[str, ...]
    run: Handler
    roles: frozenset[RoleName]
    group: InGroup
    alone: bool
    unbound: bool
    usage: str
    about: str
    takes_typos: bool = False
    behind: bool = False
    glued: Callable[[str], bool] | None = None
    free: bool = False
    reviewers: bool = False

    @property
    def stands_alone(self) -> bool:
        """Whether nothing ever follows its word."""
        return self.usage in self.words

    @property
    def takes_number(self) -> bool:
        """Whether it is about reports by their numbers."""
        return _OF_REPORTS.search(self.usage) is not None

    @property
    def takes_words(self) -> bool:
        """Whether free words end it, such as the reason of 退回 128 图片有水印."""
        return len(self.usage.split()) > 2


@dataclass(frozen=True)
class Called:
    """A command, the word that called it, and what follows; *glued* where nothing parts them."""

    command: Command
    word: str
    rest: str
    glued: bool


@dataclass(frozen=True)
class Post:
    """One message of a digest to one chat."""

    chat_id: int
    reply: Reply


def for_every(_session: "Session", _programme: "Programme") -> bool:
    """Every programme is served."""
    return True


@dataclass(frozen=True)
class Digest:
    """One digest: who gets it and when, unless an admin changed the row; *content* makes it.

    *word* calls it in chat; *serves* says for which programmes it is made. *audiences*: the only
    groups that may get it. *shared*: it speaks of all programmes of a group, which hears it once.
    *frozen_as*: the kind of snapshot that keeps what it printed; with one it goes out again when
    late reports alter that.
    """

    name: str
    title: str
    purpose: ChatPurpose
    cron: str
    content: Callable[["DigestContext"], Iterator[Post]]
    word: str = ""
    serves: Callable[["Session", "Programme"], bool] = for_every
    audiences: frozenset[ChatPurpose] = AUDIENCES
    shared: bool = False
    frozen_as: str = ""


class Span(StrEnum):
    """What one issue of a document speaks of: a month, a quarter, or the day it is made."""

    MONTH = "month"
    QUARTER = "quarter"
    DAY = "day"


#: The frozen snapshot of a document: whatever is printed, as JSON data.
Content = Callable[["BulletinContext"], dict[str, Any]]
#: The document that follows from a snapshot and the words of its editable blocks.
Build = Callable[[Mapping[str, Any], Mapping[str, str]], "Document"]


@dataclass(frozen=True)
class BulletinKind:
    """One kind of document: *content* freezes what is printed, *build* makes the document of it.

    *serves* says for which programmes it is made; the first of them that is not *general* is
    meant where nobody names one. *words* call it in chat. *by_hand*: a command of its own asks
    for it (a letter to a unit, a correction), so that `通报` never offers it. *early*: it may be
    drafted in its running month, at that day's data.
    """

    name: str
    title: str
    words: tuple[str, ...]
    serves: Callable[["Session", "Programme"], bool]
    content: Content
    build: Build
    span: Span = Span.MONTH
    general: bool = False
    by_hand: bool = False
    early: bool = False


@dataclass
class Registry:
    """All commands, digests, documents and exports; built once at start-up by `discover`."""

    commands: dict[str, Command] = field(default_factory=dict)
    digests: dict[str, Digest] = field(default_factory=dict)
    bulletins: dict[str, BulletinKind] = field(default_factory=dict)
    exports: dict[str, ExportKind] = field(default_factory=dict)
    _words: dict[str, Command] = field(default_factory=dict)
    _written: dict[str, str] = field(default_factory=dict)
    _longest: int = 0

    def add_command(self, each: Command) -> None:
        """Register a command; ValueError when its name or one of its words is taken."""
        keys = [command_key(word) for word in each.words]
        taken = [key for key in keys if key in self._words]
        if each.name in self.commands or taken:
            raise ValueError(f"command {each.name} is announced twice or shares {taken}")
        self.commands[each.name] = each
        self._words.update(dict.fromkeys(keys, each))
        self._written.update(zip(keys, each.words, strict=True))
        self._longest = max(self._longest, *map(len, keys))

    def add_digest(self, each: Digest) -> None:
        """Register a digest; ValueError when its name or its word is taken."""
        words = [known.word for known in self.digests.values()]
        is_taken = each.word in words or self.is_word(command_key(each.word))
        if each.name in self.digests or (each.word and is_taken):
            raise ValueError(f"digest {each.name} is announced twice or shares its word")
        self.digests[each.name] = each

    def add_bulletin(self, each: BulletinKind) -> None:
        """Register a kind of document; ValueError when its name is taken."""
        if each.name in self.bulletins:
            raise ValueError(f"bulletin {each.name} is announced twice")
        self.bulletins[each.name] = each

    def add_export(self, each: ExportKind) -> None:
        """Register a kind of export; ValueError when its name or its word is taken."""
        if each.name in self.exports or each.word in {e.word for e in self.exports.values()}:
            raise ValueError(f"export {each.name} is announced twice or shares its word")
        self.exports[each.name] = each

    def digest_called(self, text: str) -> tuple[Digest, str] | None:
        """The digest whose word or title *text* begins with and the rest of the text."""
        plain = normalise(text).strip()
        for each in self.digests.values():
            for word in filter(None, (each.word, each.title)):
                if plain.startswith(word):
                    return each, plain.removeprefix(word).lstrip(" \t:,")
        return None

    def command_for(self, text: str) -> tuple[Command, str] | None:
        """The command that *text* begins with and the rest of the text; the longest word wins."""
        for each in self.called(text):
            is_number = begins_with_number(normalise(each.rest[:_LONGEST_NUMBER]))
            if not each.command.alone or not each.glued or is_number:
                return each.command, each.rest
        return None

    def called(self, text: str) -> Iterator[Called]:
        """Every command whose word *text* begins with, the longest word first."""
        text = text.lstrip()
        for end, key in reversed(list(self._beginnings(text))):
            if (found := self._words.get(key)) is not None:
                after = text[end:]
                glued = bool(after) and not after[0].isspace() and after[0] not in _PARTS
                rest = after.lstrip(" \t:：,，") if command_key(after) else ""
                yield Called(found, text[:end], rest, glued and bool(rest))

    def _beginnings(self, text: str) -> Iterator[tuple[int, str]]:
        """Where each key that may be a word ends in *text*; unseen and blank characters in it."""
        key = ""
        for end, char in enumerate(text[:_LONGEST_BEGINNING], start=1):
            if (more := command_key(char)) and len(key := key + more) > self._longest:
                return
            if more:
                yield end, key

    def is_word(self, key: str) -> bool:
        """Whether this key is the word of a command."""
        return key in self._words

    def misspelt(self, typed: str) -> list[tuple[Command, str]]:
        """Each command that *typed*, a key, may be a slip for, with the word that is meant."""
        if self.is_word(typed):
            return []
        found: dict[str, tuple[Command, str]] = {}
        for key, each in self._words.items():
            if each.name not in found and is_slip(typed, key):
                found[each.name] = (each, self._written[key])
        return list(found.values())


#: So much of a message is looked at for its command, blanks and unseen characters included.
_LONGEST_BEGINNING = 80
_LONGEST_NUMBER = 8
#: What parts a word from what follows.
_PARTS = frozenset(':：,，。.!！?？~～、；;【[（(“”"')
_announced: list[Command | Digest | BulletinKind] = []


def command(
    name: str,
    *words: str,
    usage: str,
    about: str,
    roles: Iterable[RoleName] = (),
    group: InGroup = InGroup.REFUSE,
    alone: bool = False,
    unbound: bool = False,
    takes_typos: bool = False,
    behind: bool = False,
    glued: Callable[[str], bool] | None = None,
    free: bool = False,
    reviewers: bool = False,
) -> Callable[[Handler], Handler]:
    """Announce the decorated function as the command called by *words*."""

    def announce(run: Handler) -> Handler:
        _announced.append(
            Command(
                name,
                words,
                run,
                frozenset(roles),
                group,
                alone,
                unbound,
                usage,
                about,
                takes_typos,
                behind,
                glued,
                free,
                reviewers,
            )
        )
        return run

    return announce


DigestContent = Callable[["DigestContext"], Iterator[Post]]


def digest(
    name: str,
    *,
    title: str,
    word: str,
    purpose: ChatPurpose,
    cron: str,
    serves: Callable[["Session", "Programme"], bool] = for_every,
    audiences: frozenset[ChatPurpose] = AUDIENCES,
    shared: bool = False,
    frozen_as: str = "",
) -> Callable[[DigestContent], DigestContent]:
    """Announce the decorated function as the content of a digest."""

    def announce(content: DigestContent) -> DigestContent:
        _announced.append(
            Digest(name, title, purpose, cron, content, word, serves, audiences, shared, frozen_as)
        )
        return content

    return announce


def bulletin(
    name: str,
    *,
    title: str,
    serves: Callable[["Session", "Programme"], bool],
    build: Build,
    words: Iterable[str] = (),
    span: Span = Span.MONTH,
    general: bool = False,
    by_hand: bool = False,
    early: bool = False,
) -> Callable[[Content], Content]:
    """Announce the decorated function as the content of a kind of document."""

    def announce(content: Content) -> Content:
        called = tuple(words) or (title,)
        _announced.append(
            BulletinKind(name, title, called, serves, content, build, span, general, by_hand, early)
        )
        return content

    return announce


def discover() -> Registry:
    """Import every file of these packages and return what they announced."""
    for package in (handlers.commands, handlers.digests, handlers.exports):
        for module in iter_modules(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    registry = Registry()
    # Commands first: no digest may take their words.
    for each in sorted(_announced, key=lambda each: not isinstance(each, Command)):
        if isinstance(each, Command):
            registry.add_command(each)
        elif isinstance(each, Digest):
            registry.add_digest(each)
        else:
            registry.add_bulletin(each)
    for kind in announced_exports():
        registry.add_export(kind)
    return registry
