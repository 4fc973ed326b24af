"""Commands and digests announce themselves here; a word with two owners is an error."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

import handlers.commands
import handlers.digests
from handlers.reading.normalise import command_key, normalise
from models.chat import ChatPurpose
from models.member import RoleName
from models.message import Reply

if TYPE_CHECKING:
    from handlers.context import Context, DigestContext


class InGroup(StrEnum):
    """What happens to a command that is given in a group.

    Reading commands are answered there; personal ones are answered in the single chat; the
    others must be given there, since a group reads along what is decided.
    """

    ANSWER = "answer"
    MOVE = "move"
    REFUSE = "refuse"


Handler = Callable[["Context", str], Reply | None]


@dataclass(frozen=True)
class Command:
    """One command: the words that call it, who may, and how the help explains it.

    *roles* empty: every bound member. *alone*: the word counts only when nothing is glued to it,
    because people also begin ordinary sentences with it.
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


@dataclass(frozen=True)
class Post:
    """One message of a digest to one chat."""

    chat_id: int
    reply: Reply


@dataclass(frozen=True)
class Digest:
    """One digest: who gets it and when, unless an admin changed the row; *content* makes it."""

    name: str
    title: str
    purpose: ChatPurpose
    cron: str
    content: Callable[["DigestContext"], Iterator[Post]]


@dataclass
class Registry:
    """All commands and digests; built once at start-up by `discover`."""

    commands: dict[str, Command] = field(default_factory=dict)
    digests: dict[str, Digest] = field(default_factory=dict)
    _words: dict[str, Command] = field(default_factory=dict)
    _longest: int = 0

    def add_command(self, each: Command) -> None:
        """Register a command; ValueError when its name or one of its words is taken."""
        keys = [command_key(word) for word in each.words]
        taken = [key for key in keys if key in self._words]
        if each.name in self.commands or taken:
            raise ValueError(f"command {each.name} is announced twice or shares {taken}")
        self.commands[each.name] = each
        self._words.update(dict.fromkeys(keys, each))
        self._longest = max(self._longest, *map(len, keys))

    def add_digest(self, each: Digest) -> None:
        """Register a digest; ValueError when its name is taken."""
        if each.name in self.digests:
            raise ValueError(f"digest {each.name} is announced twice")
        self.digests[each.name] = each

    def command_for(self, text: str) -> tuple[Command, str] | None:
        """The command that *text* begins with and the rest of the text; the longest word wins."""
        text = text.lstrip()
        for end in range(min(len(text), self._longest + 2), 0, -1):
            found = self._words.get(command_key(text[:end]))
            if found is None or (found.alone and not _ends_here(text[end:])):
                continue
            return found, text[end:].lstrip(" \t:：,，")
        return None


#: 对接激7: the number of a task may be glued to the word, 动态更新3条 is a sentence.
_TASK_NUMBER = re.compile(
    r"(?![第共约近超达了各有上下前后新省])[一-鿿]\d{1,3}(?!\d)(?![次条项个家件户人名天年月日万元亩%])"
)


def _ends_here(after: str) -> bool:
    is_end = not after or after[0].isspace() or after[0] in ":：,，。.!！"
    return is_end or _TASK_NUMBER.match(normalise(after[:8])) is not None


_announced: list[Command | Digest] = []


def command(
    name: str,
    *words: str,
    usage: str,
    about: str,
    roles: Iterable[RoleName] = (),
    group: InGroup = InGroup.REFUSE,
    alone: bool = False,
    unbound: bool = False,
) -> Callable[[Handler], Handler]:
    """Announce the decorated function as the command called by *words*."""

    def announce(run: Handler) -> Handler:
        _announced.append(
            Command(name, words, run, frozenset(roles), group, alone, unbound, usage, about)
        )
        return run

    return announce


def digest(
    name: str, *, title: str, purpose: ChatPurpose, cron: str
) -> Callable[
    [Callable[["DigestContext"], Iterator[Post]]], Callable[["DigestContext"], Iterator[Post]]
]:
    """Announce the decorated function as the content of a digest."""

    def announce(
        content: Callable[["DigestContext"], Iterator[Post]],
    ) -> Callable[["DigestContext"], Iterator[Post]]:
        _announced.append(Digest(name, title, purpose, cron, content))
        return content

    return announce


def discover() -> Registry:
    """Import every file of `commands/` and `digests/` and return what they announced."""
    for package in (handlers.commands, handlers.digests):
        for module in iter_modules(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    registry = Registry()
    for each in _announced:
        if isinstance(each, Command):
            registry.add_command(each)
        else:
            registry.add_digest(each)
    return registry
