"""What the servers were told and what people see of it, to be read and waited for by tests."""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Sent:
    """One call or frame, with the answer it got."""

    path: str  # "message/send", "robot/send", "aibot_respond_msg", "answer" to a callback …
    body: dict[str, Any]
    query: dict[str, str]
    answer: dict[str, Any]
    at: float
    #: Who was to have it and silently has not.
    dropped: tuple[str, ...] = ()

    @property
    def errcode(self) -> int | str:
        """Why it was refused, in either platform's words for it; 0: it was done."""
        code: int | str = self.answer.get("errcode") or self.answer.get("code") or 0
        return code


@dataclass
class Bubble:
    """One message as it stands in a chat, after cuts, card updates and stream frames."""

    door: str  # app, robot, bot; api, session, robot, card
    msgtype: str
    body: dict[str, Any]
    msgid: str
    at: float
    recalled: bool = False

    @property
    def text(self) -> str:
        return str(self.body.get("content", ""))


@dataclass
class Record:
    """Everything said to the servers, in order; safe to read from any thread."""

    _all: list[Sent] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    screens: dict[str, list[Bubble]] = field(default_factory=dict)
    #: How often each path was called, whatever came of it.
    tries: "Counter[str]" = field(default_factory=Counter)
    #: What no documented client would do, in words.
    complaints: list[str] = field(default_factory=list)

    def add(self, sent: Sent) -> None:
        with self._changed:
            self._all.append(sent)
            self._changed.notify_all()

    def tried(self, path: str) -> None:
        with self._changed:
            self.tries[path] += 1
            self._changed.notify_all()

    def changed(self) -> None:
        """Wake those who wait for something other than a call."""
        with self._changed:
            self._changed.notify_all()

    def of(self, path: str | None) -> list[Sent]:
        with self._changed:
            return [each for each in self._all if path in (None, each.path)]

    def wait(self, condition: Callable[[], bool], seconds: float, what: str) -> None:
        """Return once *condition* holds; an AssertionError after *seconds* of real time."""
        with self._changed:
            if not self._changed.wait_for(condition, seconds):
                raise AssertionError(f"waited {seconds} s for {what}")

    def show(self, chat: str, bubble: Bubble) -> None:
        self.screens.setdefault(chat, []).append(bubble)

    def everywhere(self) -> list[Bubble]:
        return [bubble for screen in self.screens.values() for bubble in screen]
