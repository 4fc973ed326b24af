"""A stand-in by hand: lines come in, and what people see goes out."""

import sys
import threading
import time
from collections.abc import Iterator

from tests.twins.record import Record

_LOOKS_EVERY = 0.5


def lines(*, keeps_on: bool) -> Iterator[str]:
    """The lines of the input, until it ends; none, and no end, where it *keeps_on*."""
    if keeps_on:
        threading.Event().wait()
    for line in sys.stdin:
        if line.strip():
            yield line.strip()


def say(text: str) -> None:
    """Print one line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def show(record: Record) -> None:
    """Print, from now on, every message once it stands, growing ones as they grow."""
    threading.Thread(target=_show, args=(record,), daemon=True).start()


def _show(record: Record) -> None:
    shown: dict[str, str] = {}
    while True:
        for chat, bubbles in list(record.screens.items()):
            for bubble in list(bubbles):
                text = bubble.text or bubble.msgtype
                if shown.get(bubble.msgid) != text:
                    shown[bubble.msgid] = text
                    say(f"[{chat} · {bubble.door}] {text}")
        time.sleep(_LOOKS_EVERY)
