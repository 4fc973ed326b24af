"""The demonstration's forty days, played on any stage: what comes of them, and who sees what."""

import atexit
import fcntl
import os
import pickle
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlmodel import Session, col, select

from bot.app import build
from bot.demo import check, fresh_house, play_days
from bot.demo_script import Actors
from bot.demo_stage import Stage, Transcript
from bot.sandbox_cast import STRANGERS
from bot.settings import read_settings
from models.chat import Chat, Door
from models.db import Database, open_database
from models.inbox import InboxMessage
from models.member import Account
from models.message import ChatKind
from models.outbox import OutboxMessage
from models.platform import ROBOTS
from models.setting import CLOCK_OFFSET, SANDBOX_MARK, Setting
from tests.conftest import at
from tests.connected import SECRET, SteppedClock
from tests.outcomes import Outcome, outcome
from tests.stages import T, TwinStage
from tests.twins.clock import Clock

START = at("2021-08-16T08:00")
DAYS = 40
GROUPS = ("liaisons", "leaders")
GROUP, SINGLE = ChatKind.GROUP, ChatKind.SINGLE
#: Which doors words leave by, by where they are said and the door of the message they answer.
Ways = dict[tuple[str, str], set[str]]
#: Messages that are one picture or one file.
_MEDIA = frozenset(("image", "file", "sampleImageMsg", "sampleFile"))


def played(stage: Stage) -> Outcome:
    """What comes of the whole script, which checks answers and results by itself."""
    play_days(Actors(stage), START, DAYS, lambda day: None)
    check(stage.house, START)
    return outcome(stage.house.database)


def at_practice() -> Outcome:
    """What comes of the script in the practice chat, where it is written for.

    Played once for all processes of a run of tests: it takes longer than any other test.
    """
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    kept = Path(tempfile.gettempdir()) / f"dajuan-practice-{run}"
    with kept.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if file.seek(0, os.SEEK_END) == 0:
            pickle.dump(_played_at_practice(), file)
        file.seek(0)
        found: Outcome = pickle.load(file)
    atexit.register(kept.unlink, missing_ok=True)
    return found


def _played_at_practice() -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        fresh_house(START, Path(folder)).close()
        settings = read_settings(
            sandbox=True,
            secret_key=SECRET,
            database_url=f"sqlite:///{folder}/dajuan.db",
            media_url=f"file://{folder}/media",
        )
        house = build(settings, SteppedClock(Clock(START.timestamp())))
        try:
            return played(Stage(house, Transcript(house, lambda line: None)))
        finally:
            house.close()


@contextmanager
def moved(
    folder: Path, move: Callable[[Session, Sequence[Door]], None]
) -> Iterator[tuple[Database, Sequence[str]]]:
    """The house of the demonstration off the practice chat, and who has an account.

    *move* takes people and the doors of the groups to another platform.
    """
    fresh_house(START, folder).close()
    database = open_database(f"sqlite:///{folder}/dajuan.db")
    with database.write() as session:
        for name in (SANDBOX_MARK, CLOCK_OFFSET):
            if (kept := session.get(Setting, name)) is not None:
                session.delete(kept)
        groups = select(Chat.id).where(Chat.kind == ChatKind.GROUP)
        move(session, session.exec(select(Door).where(col(Door.chat_id).in_(groups))).all())
        people = [*session.exec(select(Account.user_id)).all(), *STRANGERS]
    yield database, people
    database.dispose()


def ways(stage: TwinStage[T]) -> Ways:
    """Which doors the words left by: by their place, and the door they answer; texts or media."""
    found = defaultdict[tuple[str, str], set[str]](set)
    with stage.house.database.read() as session:
        rows = session.exec(
            select(OutboxMessage, Chat.kind, InboxMessage.message)
            .join(Chat, col(Chat.id) == col(OutboxMessage.chat_id))
            .outerjoin(InboxMessage, col(InboxMessage.id) == col(OutboxMessage.reply_to))
        ).all()
    for word, place, asked in rows:
        what = word.media["mime"].partition("/")[0] if word.media else "text"
        heard = asked["via"] or asked["platform"] if asked else ""
        found[place, heard].add(f"{word.platform}: {what}")
    return dict(found)


def unseen(stage: TwinStage[T]) -> list[str]:
    """Words that do not stand on the screen of their chat, to the letter and in their order."""
    with stage.house.database.read() as session:
        rows = session.exec(
            select(OutboxMessage, Door.address)
            .join(Door, col(Door.chat_id) == col(OutboxMessage.chat_id))
            .where(col(Door.via).not_in(ROBOTS), OutboxMessage.text != "")
        ).all()
    screens = {
        chat: [_letters(stage.reads(bubble)) for bubble in bubbles]
        for chat, bubbles in stage.twin.record.screens.items()
    }
    return [
        f"{address}: {word.text}"
        for word, address in rows
        if not any(
            all(_letters(piece) in screen for piece in form)
            for form in _forms(word)
            for screen in screens[address]
        )
    ]


def _forms(word: OutboxMessage) -> Iterator[list[str]]:
    """What a word says: as its lines or, where a door can, with a table or a page to tap."""
    yield [word.text]
    if (more := word.shown_as()) is not None:
        cells = (cell for row in (more.table.rows if more.table else ()) for cell in row)
        yield [more.above, more.below, more.page.label if more.page else "", *cells]


def shown(stage: TwinStage[T]) -> Counter[str]:
    """How many pictures and files stand on the screen of each chat."""
    return Counter(
        chat
        for chat, bubbles in stage.twin.record.screens.items()
        for bubble in bubbles
        for _ in range(len(bubble.body.get("pictures", ())) + (bubble.msgtype in _MEDIA))
    )


def owed(stage: TwinStage[T]) -> Counter[str]:
    """How many pictures and files were owed to each chat."""
    with stage.house.database.read() as session:
        rows = session.exec(
            select(OutboxMessage, Door.address)
            .join(Door, col(Door.chat_id) == col(OutboxMessage.chat_id))
            .where(col(Door.via).not_in(ROBOTS))
        ).all()
    return Counter(address for word, address in rows if word.media)


def _letters(text: str) -> str:
    """Without the signs by which each door sets its lines, and without addresses of pages."""
    return re.sub(r"\W", "", re.sub(r"https?://[^\s)]+", "", text))
