"""Two schedulers of one database, both asking at every moment, as if neither minded the lease."""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from handlers.registry import discover
from scheduler.digest_run import moments
from tests.soak.checks import Books, broken, read_books
from tests.soak.office import Office

#: So many seconds behind each moment: nothing is due on the very second only.
_BEHIND = 1
_PROGRAM = "tests.soak.ticking"


@dataclass(frozen=True)
class Asked:
    """What both together owed and said; *wrong* what does not hold."""

    moments: int
    digests: int
    reminders: int
    words: int
    seconds: float
    wrong: list[str]


def ask_twice(office: Office, days: int, note: Callable[[str], None] = lambda _: None) -> Asked:
    """Let both ask at every moment of so many days at which anything may be due."""
    begun = time.monotonic()
    until = office.now() + timedelta(days=days)
    with office.database.read() as session:
        stops = moments(session, discover(), office.now(), until)
    both = [_begun(office) for _ in range(2)]
    try:
        for count, moment in enumerate(stops, 1):
            office.forward((moment - office.now()).total_seconds() + _BEHIND)
            _ask(both)
            note(f"{count} of {len(stops)} moments, now {moment:%m-%d %H:%M}")
        # What one had claimed when the other was done is said by now; what was put off a little:
        office.forward(60)
        _ask(both)
    finally:
        codes = [_ended(each) for each in both]
    books = read_books(office, [])
    wrong = [*broken(books, 0), *_said_twice(books)]
    wrong += [f"a scheduler ended with {code}" for code in codes if code]
    keys = Counter(word.key.partition(":")[0] for word in books.words)
    seconds = time.monotonic() - begun
    return Asked(len(stops), keys["digest"], keys["remind"], len(books.words), seconds, wrong)


def _begun(office: Office) -> "subprocess.Popen[str]":
    with (office.folder / "tick.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", _PROGRAM, str(office.ahead_file)],
            cwd=office.folder,
            env=office.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )


def _ask(both: "list[subprocess.Popen[str]]") -> None:
    """Both at the same moment; returns when both are through."""
    for each in both:
        assert each.stdin is not None
        each.stdin.write("\n")
        each.stdin.flush()
    for each in both:
        assert each.stdout is not None
        assert each.stdout.readline(), "a scheduler has ended: see tick.log"


def _ended(process: "subprocess.Popen[str]") -> int:
    process.communicate(timeout=20)
    return process.returncode


def _said_twice(books: Books) -> Iterator[str]:
    """What WeCom was told more than once; it shows the same words once and drops the others."""
    told = Counter(
        (each.body["touser"], each.body["text"]["content"])
        for each in books.office.wecom.sent("message/send")
        if each.body.get("msgtype") == "text"
    )
    owed = Counter((books.addresses[word.chat_id], word.text) for word in books.words)
    for (chat, line), count in (told - owed).items():
        yield f"{chat} was sent {count} times too often: {line[:20]}"
