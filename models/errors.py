"""What can go wrong, as one tree.

DajuanError
├── Refused          a person asked for what cannot be done; the text is the answer
├── BadRequest       a call at the door is forged or unreadable; answered 403 or 400 without detail
├── MediaUnavailable a picture or file could not be fetched or read back
├── SettingsError    the service cannot start as configured; the text says what to do
├── BackupError      a backup cannot be written, read or restored; the text says what to do
├── ProgrammeError   a definition, workbook or roster cannot be loaded; lists place and reason
└── DeliveryError    a platform did not take a message; says whether to try again
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class DajuanError(Exception):
    """Base of all errors that the product knows."""


class Refused(DajuanError):
    """The person cannot have this; *text* says why and what to send instead."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class BadRequest(DajuanError):
    """A forged or unreadable call; *status* is the only thing the caller learns."""

    def __init__(self, reason: str, status: int = 400) -> None:
        super().__init__(reason)
        self.status = status


class MediaUnavailable(DajuanError):
    """A picture or file could not be had; *retryable* says whether a later try may succeed."""

    def __init__(self, reason: str, *, retryable: bool) -> None:
        super().__init__(reason)
        self.retryable = retryable


class SettingsError(DajuanError):
    """The service refuses to start; the text names the setting and what to put there."""


class BackupError(DajuanError):
    """Nothing was written or restored; the text names the file or database and what to do."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a loaded file: where it stands and what to do about it."""

    where: str
    text: str

    def __str__(self) -> str:
        return f"{self.where}：{self.text}"


class ProgrammeError(DajuanError):
    """A programme or roster was not loaded, nothing of it; *problems* lists every place."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("；".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class Shut(StrEnum):
    """To whom a door stays shut, until somebody mends it or, for two of them, by itself."""

    CHAT = "chat"  # this person or group
    ALL = "all"
    AWAY = "away"  # all: nobody answers at the moment
    BUSY = "busy"  # all: it was called too often


class DeliveryError(DajuanError):
    """A platform did not take a message.

    *retryable*: a later try may succeed, no sooner than *after*. *unknown*: the request left and
    no answer came, so the person may already have read it. *elsewhere*: it was not taken, and
    another door of the chat may do better. *shut*: the next word will fare no better. *code* is
    the platform's own: a number, or a word at platforms that say it in words.
    """

    def __init__(
        self,
        reason: str,
        *,
        retryable: bool,
        unknown: bool = False,
        elsewhere: bool = False,
        after: timedelta = timedelta(),
        shut: Shut | None = None,
        code: int | str = 0,
    ) -> None:
        super().__init__(reason)
        self.retryable = retryable
        self.unknown = unknown
        self.elsewhere = elsewhere
        self.after = after
        self.shut = shut
        self.code = code
