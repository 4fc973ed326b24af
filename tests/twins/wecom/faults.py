"""Switches for what goes wrong on the way: codes, slow answers, closed sockets, pages for JSON."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Fault:
    """One trouble for the next *left* calls of a path; None: for all."""

    path: str
    kind: str  # errcode, status, page, abort, held
    left: int | None = 1
    errcode: int = 0
    message: str = ""
    status: int = 200
    #: Whether the servers did what was asked before the trouble.
    acted: bool = False
    gate: asyncio.Event = field(default_factory=asyncio.Event)


class Faults:
    """What is to go wrong; *path* is "message/send" or "*" for any."""

    def __init__(self) -> None:
        self._all: list[Fault] = []
        self.loop: asyncio.AbstractEventLoop | None = None

    def answer(
        self, path: str, errcode: int, message: str = "refused", times: int | None = 1
    ) -> None:
        """Answer with *errcode* instead of doing what is asked."""
        self._all.append(Fault(path, "errcode", times, errcode=errcode, message=message))

    def status(self, path: str, status: int = 500, times: int | None = 1) -> None:
        """Answer with an HTTP status and no JSON."""
        self._all.append(Fault(path, "status", times, status=status))

    def page(self, path: str, times: int | None = 1) -> None:
        """Answer HTTP 200 with a page, as a proxy on the way does."""
        self._all.append(Fault(path, "page", times))

    def hang_up(self, path: str, times: int | None = 1, *, acted: bool = False) -> None:
        """Close the socket without an answer, before or after doing what is asked."""
        self._all.append(Fault(path, "abort", times, acted=acted))

    @contextmanager
    def held(self, path: str, *, acted: bool = True) -> Iterator[None]:
        """Let no answer of *path* out before the block ends."""
        fault = Fault(path, "held", None, acted=acted)
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

    def next(self, path: str) -> Fault | None:
        """The trouble this call meets, counted."""
        for fault in self._all:
            if fault.path in (path, "*"):
                if fault.left is not None:
                    fault.left -= 1
                    if not fault.left:
                        self._all.remove(fault)
                return fault
        return None
