"""Switches for what goes wrong on the way: codes, slow answers, closed sockets, pages for JSON."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.twins.clock import Clock


@dataclass
class Fault:
    """One trouble for the next *left* calls of a path; None: for all."""

    path: str
    kind: str  # errcode, status, page, other, abort, late, mute
    left: int | None = 1
    errcode: int | str = 0
    message: str = ""
    #: What else a refusal says beside its code.
    more: dict[str, Any] = field(default_factory=dict)
    #: The HTTP status; 0: the one that goes with the code.
    status: int = 0
    #: What somebody else answers in the servers' place.
    body: bytes = b""
    #: Whether the servers did what was asked before the trouble.
    acted: bool = False
    #: For late answers: after so long, or when the gate opens.
    seconds: float | None = None
    gate: asyncio.Event = field(default_factory=asyncio.Event)


class Faults:
    """What is to go wrong; *path* is "message/send", "*" for any call, "frames" for any frame."""

    def __init__(self) -> None:
        self._all: list[Fault] = []
        self.loop: asyncio.AbstractEventLoop | None = None

    def answer(
        self,
        path: str,
        errcode: int | str,
        message: str = "refused",
        times: int | None = 1,
        *,
        acted: bool = False,
        **more: Any,
    ) -> None:
        """Answer with *errcode*, and *more*, instead of or (*acted*) after doing what is asked."""
        fault = Fault(path, "errcode", times, errcode=errcode, message=message, acted=acted)
        fault.more = more
        self._all.append(fault)

    def status(
        self, path: str, status: int = 500, times: int | None = 1, *, acted: bool = False
    ) -> None:
        """Answer with an HTTP status and no JSON."""
        self._all.append(Fault(path, "status", times, status=status, acted=acted))

    def page(self, path: str, times: int | None = 1) -> None:
        """Answer HTTP 200 with a page, as a proxy on the way does."""
        self._all.append(Fault(path, "page", times))

    def other(self, path: str, body: bytes, times: int | None = 1, *, acted: bool = False) -> None:
        """Answer HTTP 200 with *body*, which is none of the servers' answers."""
        self._all.append(Fault(path, "other", times, body=body, acted=acted))

    def hang_up(self, path: str, times: int | None = 1, *, acted: bool = False) -> None:
        """Close the socket without an answer, before or after doing what is asked."""
        self._all.append(Fault(path, "abort", times, acted=acted))

    def held(self, path: str, *, acted: bool = True) -> AbstractContextManager[None]:
        """Let no answer of *path* out before the block ends."""
        return self._during(Fault(path, "late", None, acted=acted))

    def slow(self, path: str, seconds: float, times: int | None = 1, *, acted: bool = True) -> None:
        """Let answers of *path* out after *seconds* of the servers' clock."""
        self._all.append(Fault(path, "late", times, acted=acted, seconds=seconds))

    def mute(self, path: str = "frames", *, acted: bool = False) -> AbstractContextManager[None]:
        """Acknowledge no frame of the connection while the block lasts, though it stays open."""
        return self._during(Fault(path, "mute", None, acted=acted))

    @contextmanager
    def _during(self, fault: Fault) -> Iterator[None]:
        self._all.append(fault)
        try:
            yield
        finally:
            self._release(fault)

    def clear(self) -> None:
        """All is well again."""
        for fault in list(self._all):
            self._release(fault)

    def _release(self, fault: Fault) -> None:
        if fault in self._all:
            self._all.remove(fault)
        if self.loop is not None:
            self.loop.call_soon_threadsafe(fault.gate.set)

    def pause(self, fault: Fault, clock: Clock) -> Coroutine[None, None, object]:
        """What a late answer has to wait for, counted from now."""
        if fault.seconds is None:
            return fault.gate.wait()
        return clock.until(clock.now() + fault.seconds)

    def next(self, path: str, any: str = "*") -> Fault | None:
        """The trouble this call meets, counted; *any* stands for all of its like."""
        for fault in self._all:
            if fault.path in (path, any):
                if fault.left is not None:
                    fault.left -= 1
                    if not fault.left:
                        self._all.remove(fault)
                return fault
        return None
