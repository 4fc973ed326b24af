"""What travels: a message from a person and an answer to one, in no platform's words."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.shown import Shown


class ChatKind(StrEnum):
    """Whether others read along."""

    SINGLE = "single"
    GROUP = "group"


class MessageKind(StrEnum):
    """What a person did: wrote, took a message back, or something that needs only a kind word.

    *outsider*: whoever wrote is not of the office, and what they wrote is not read. *withheld*: the
    platform said that somebody wrote, and kept what. *too_many*: the first that was not taken of
    more than anybody writes.
    """

    TEXT = "text"
    RECALL = "recall"
    OTHER = "other"
    OUTSIDER = "outsider"
    WITHHELD = "withheld"
    TOO_MANY = "too_many"


@dataclass(frozen=True)
class Attachment:
    """A picture or file of a message; *ref* is how its platform hands it over."""

    ref: str
    name: str
    is_picture: bool


@dataclass(frozen=True)
class IncomingMessage:
    """One message as its platform file understood it.

    *message_id* is unique within the platform, *sender_id* and *chat_id* are the platform's own.
    *via* names the door where the platform has several under the same ids: an app, a bot.
    *quoted_id* names the message that this one answers to or, for a recall, takes back;
    *quoted_text* is what stood there, as some platforms tell instead of an id. *tapped* is the key
    of the word on whose card a button was tapped, where that card shows it already. *single_chat*
    says how the single chat with the bot is opened, where a group of the platform hands over no
    files, and *single_chat_link* opens it where the platform's client knows such an address.
    """

    platform: str
    message_id: str
    sender_id: str
    chat_id: str
    chat_kind: ChatKind
    text: str
    sent_at: datetime
    sender_name: str = ""
    kind: MessageKind = MessageKind.TEXT
    attachments: tuple[Attachment, ...] = ()
    quoted_id: str | None = None
    quoted_text: str = ""
    via: str = ""
    tapped: str = ""
    single_chat: str = ""
    single_chat_link: str = ""

    @property
    def door(self) -> str:
        """The name of the door that it came by."""
        return self.via or self.platform


@dataclass(frozen=True)
class MediaRef:
    """A stored picture or file: the SHA-256 of its bytes and the name people see.

    *marked*: it carries 演示数据 already, where its maker had room for it.
    """

    sha: str
    name: str
    mime: str
    marked: bool = False


@dataclass(frozen=True)
class Choice:
    """A button: what it says, and the words that a tap on it sends."""

    label: str
    words: str


@dataclass(frozen=True)
class Reply:
    """What is said: text first, then its pictures and files, in order.

    *secret*: the text holds a code that nobody but its reader may have; it is not kept once sent.
    The text is plain: what a chat client would act on is made inert, addresses only with *links*.
    *choices* may be shown as buttons below it; the text says them too, since not all doors do.
    *shown* says all of the text once more, for doors that show tables or pages to tap. *mentions*
    are members whose chat client shall call them, where a door can. *about* names the matter that
    the choices decide on: once it is decided, by whomever, its cards are closed.
    """

    text: str = ""
    pictures: tuple[MediaRef, ...] = ()
    files: tuple[MediaRef, ...] = ()
    secret: bool = False
    links: bool = False
    choices: tuple[Choice, ...] = ()
    shown: Shown | None = None
    mentions: tuple[int, ...] = ()
    about: str = ""
