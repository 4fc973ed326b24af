"""`dajuan doctor`: checks the installation and says what to do, worst first."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, func, select

from bot.health import LONGEST_WAIT
from bot.media import open_media
from bot.settings import (
    SECRET_ADVICE,
    Settings,
    platform_settings,
    read_settings,
    secret_problem,
)
from bot.spool import SPOOL, Spool
from handlers.render.fonts import FontMissing, font, missing_glyphs, use_font
from models.db import Database, open_database
from models.errors import DajuanError, SettingsError
from models.inbox import InboxState, oldest_unhandled, stuck_messages
from models.member import RoleName, members_with
from models.outbox import OutboxState, oldest_unsent, stuck_words
from models.programme import active_programmes
from models.rules.zone import local_zone
from models.schema import newest_revision, revision
from models.setting import SANDBOX_MARK, setting
from models.workday import years_missing

#: Characters that every document needs, and rare ones of personal and place names.
GLYPHS = "湘西州答卷序时进度％①㐂囍"
LEAST_FREE = 1_000_000_000


class Level(StrEnum):
    """How bad a finding is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Found:
    """One check: what was looked at, how it stands, what to do."""

    check: str
    level: Level
    about: str
    advice: str = ""

    def data(self) -> dict[str, Any]:
        """For programs."""
        return {
            "check": self.check,
            "level": self.level.value,
            "about": self.about,
            "advice": self.advice,
        }

    def text(self) -> str:
        """For people."""
        line = f"[{self.level.value:<4}] {self.check}: {self.about}"
        return f"{line}\n       → {self.advice}" if self.advice else line


def examine() -> list[Found]:
    """Every check; none of them raises or changes anything."""
    try:
        settings = read_settings()
    except SettingsError as error:
        return [Found("settings", Level.FAIL, str(error), "mend it in .env or the environment")]
    found = [
        *_settings(settings),
        *_media(settings),
        *_fonts(settings),
        *_disk(),
        *_spool(),
        *_database(settings),
    ]
    order = list(reversed(Level))
    return sorted(found, key=lambda each: order.index(each.level))


def _settings(settings: Settings) -> Iterator[Found]:
    if settings.sandbox:
        yield Found("SECRET_KEY", Level.OK, "may have any value in the sandbox")
    elif wrong := secret_problem(settings):
        yield Found("SECRET_KEY", Level.FAIL, wrong, SECRET_ADVICE)
    else:
        yield Found("SECRET_KEY", Level.OK, "is set")
    if settings.sandbox and (set_up := platform_settings()):
        about = f"is on although {', '.join(set_up)} is set"
        yield Found("SANDBOX", Level.FAIL, about, "choose one: practice or real platforms")
    elif settings.sandbox:
        yield Found("SANDBOX", Level.OK, "is on: practice only, no real platform is served")


def _media(settings: Settings) -> Iterator[Found]:
    try:
        store = open_media(settings.media_url)
        store.get(store.put(b"doctor"))
    except DajuanError as error:
        advice = "make the folder writable for the service's user, or correct MEDIA_URL"
        yield Found("MEDIA_URL", Level.FAIL, str(error), advice)
        return
    yield Found("MEDIA_URL", Level.OK, "takes files and gives them back")


def _fonts(settings: Settings) -> Iterator[Found]:
    try:
        use_font(settings.font_path)
        missing = missing_glyphs(GLYPHS, font(24))
    except FontMissing as error:
        yield Found("FONT_PATH", Level.FAIL, str(error), "install the package or name a font file")
        return
    if missing:
        about = f"lacks {'、'.join(missing)}"
        yield Found("FONT_PATH", Level.WARN, about, "name a font with all Chinese characters")
    else:
        yield Found("FONT_PATH", Level.OK, "has every character that was tried")


def _disk() -> Iterator[Found]:
    free = shutil.disk_usage(Path.cwd()).free
    about = f"{free / 1e9:.1f} GB are free"
    if free < LEAST_FREE:
        yield Found("disk", Level.WARN, about, "make room: pictures and the database grow")
    else:
        yield Found("disk", Level.OK, about)


def _spool() -> Iterator[Found]:
    count = Spool(SPOOL).put_aside_count()
    if count:
        advice = f"look into the .refused files in {SPOOL}: forged, or of a platform not served now"
        yield Found("spool", Level.WARN, f"{count} calls could not be taken in", advice)


def _database(settings: Settings) -> Iterator[Found]:
    try:
        database = open_database(settings.database)
    except (SettingsError, OSError) as error:
        yield Found("DATABASE_URL", Level.FAIL, str(error), "correct the address in .env")
        return
    try:
        at = revision(database)
        if at != newest_revision():
            about = f"is at revision {at or 'none'}, the program needs {newest_revision()}"
            yield Found("schema", Level.FAIL, about, "run `dajuan migrate`")
            return
        yield Found("schema", Level.OK, f"is at revision {at}")
        with database.read() as session:
            yield from _rows(session, settings)
            yield from _clock(session, database)
    except SQLAlchemyError as error:
        about = f"cannot be reached ({type(error).__name__})"
        yield Found("DATABASE_URL", Level.FAIL, about, "start the server or correct the address")
    finally:
        database.dispose()


def _clock(session: Session, database: Database) -> Iterator[Found]:
    if database.is_sqlite:
        return
    away = abs((session.exec(select(func.now())).one() - datetime.now(UTC)).total_seconds())
    if away > 5:
        about = f"differs from the database's by {away:.0f} s"
        yield Found("clock", Level.WARN, about, "set both by NTP: due times depend on it")
    else:
        yield Found("clock", Level.OK, "agrees with the database's")


def _rows(session: Session, settings: Settings) -> Iterator[Found]:
    is_practice = bool(setting(session, SANDBOX_MARK))
    if is_practice and not settings.sandbox:
        about = "this database was made by the sandbox"
        yield Found("DATABASE_URL", Level.FAIL, about, "name another one, or set SANDBOX=true")
    elif settings.sandbox and not is_practice and active_programmes(session):
        about = "this database was not made by the sandbox"
        yield Found("DATABASE_URL", Level.FAIL, about, "name a new one to practise with")
    yield from _years(session)
    yield from _programmes(session)
    yield from _queues(session)
    if not settings.sandbox:  # its clock stands in another year
        yield from _waiting(session)
    if not settings.sandbox:
        yield Found(
            "platforms",
            Level.WARN,
            "none is set up: the service hears nobody",
            "set SANDBOX=true and a DATABASE_URL of its own to practise",
        )


def _years(session: Session) -> Iterator[Found]:
    """The calendar must know this year and, from November on, the next."""
    if missing := years_missing(session, datetime.now(local_zone()).date()):
        years = "、".join(map(str, missing))
        about = f"the days off of {years} are not known; Monday to Friday is assumed"
        advice = "save the State Council's notice as text, then `dajuan calendar import FILE`"
        yield Found("calendar", Level.WARN, about, advice)
    else:
        yield Found("calendar", Level.OK, "knows the days off that are published by now")


def _programmes(session: Session) -> Iterator[Found]:
    programmes = active_programmes(session)
    if not programmes:
        advice = "load one, for instance `dajuan load minsheng-2021`"
        yield Found("programmes", Level.WARN, "none is loaded", advice)
        return
    yield Found("programmes", Level.OK, "、".join(each.code for each in programmes))
    if not members_with(session, RoleName.ADMIN, None):
        advice = "make a code with `dajuan invite --role admin` and send it to the bot"
        yield Found("admins", Level.WARN, "nobody can review reports", advice)


def _queues(session: Session) -> Iterator[Found]:
    failed = [row for row in stuck_messages(session) if row.state == InboxState.FAILED]
    lost = [row for row in stuck_words(session) if row.state != OutboxState.WAITING]
    if failed:
        advice = "see `dajuan inbox list`, then `inbox retry` or `inbox drop`"
        yield Found("inbox", Level.WARN, f"{len(failed)} messages failed", advice)
    if lost:
        advice = "see `dajuan outbox list`, then `outbox retry` or `outbox drop`"
        yield Found("outbox", Level.WARN, f"{len(lost)} words were not sent", advice)


def _waiting(session: Session) -> Iterator[Found]:
    for name, since in (("inbox", oldest_unhandled(session)), ("outbox", oldest_unsent(session))):
        waited = 0.0 if since is None else (datetime.now(UTC) - since).total_seconds()
        if waited > LONGEST_WAIT:
            about = f"the oldest has waited for {waited / 60:.0f} min"
            yield Found(name, Level.WARN, about, "is `dajuan serve` running?")
