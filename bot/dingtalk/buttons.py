"""Buttons of DingTalk: a tap on one sends its words as a message of whoever taps."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from bot.dingtalk.markdown import joined, link, plain
from models.message import Choice
from models.shown import Page

_SAYS = "dtmd://dingtalkclient/sendMessage?content="
#: So many buttons an action card has.
MOST = 5
#: Labels longer than this many characters do not stand side by side on a phone.
_BESIDE = 6
LABEL = 20


@dataclass(frozen=True)
class Button:
    """What is tapped, and where that leads."""

    label: str
    address: str


def buttons(choices: Iterable[Choice]) -> tuple[Button, ...]:
    """Each choice, to be tapped in a single chat: in a group what it sends would lack the @."""
    return tuple(Button(plain(each.label)[:LABEL], address_of(each)) for each in choices)


def page_button(page: Page) -> Button:
    """A page of ours; how long it opens stands in the text."""
    return Button(plain(page.label).partition("（")[0][:LABEL], page.address)


def address_of(choice: Choice) -> str:
    """What a tap sends, as the client understands it."""
    return f"{_SAYS}{quote(choice.words, safe='')}"


def links(choices: Iterable[Choice]) -> str:
    """The choices as markdown, apart enough for a thumb, where an action card cannot have them."""
    return joined(*(link(each.label, address_of(each)) for each in choices))


def stand_side_by_side(found: tuple[Button, ...]) -> bool:
    """Whether these two buttons share a line."""
    return len(found) == 2 and all(len(each.label) <= _BESIDE for each in found)
