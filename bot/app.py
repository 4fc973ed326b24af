"""The composition root: settings, database, platforms, scheduler and web service put together."""

import gc
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from fastapi import FastAPI
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from bot import api, board, files, health, pages, webhooks
from bot.clock import Clock, RealClock, SandboxClock
from bot.doors import open_platforms
from bot.flooding import Flooding, Room
from bot.inbox import InboxWorker
from bot.links import SignedAddresses
from bot.loop import Loop
from bot.media import open_media
from bot.outage import Outage
from bot.platforms.base import Connected, Platform, Settling
from bot.platforms.sandbox import Sandbox
from bot.settings import Settings, check_start, platform_settings
from bot.spool import SPOOL, Spool
from bot.storing import InboxWriter
from bot.text_reader import WorkerReader, open_text_reader
from bot.webhooks import Door
from handlers.context import MediaStore, Services
from handlers.registry import Registry, discover
from handlers.render.fonts import use_font
from handlers.schedules import seed_schedules
from models.db import Database, open_database
from models.errors import SettingsError
from models.programme import active_programmes
from models.rules.zone import use_zone
from models.schema import migrate, newest_revision, revision
from models.setting import SANDBOX_MARK, keep_setting, setting
from models.workday import CalendarYear, seed_calendar
from scheduler.delivery import HANDS, Delivery
from scheduler.digest_run import moments
from scheduler.jobs import Jobs

#: How rarely garbage is looked for. As often as is usual, a third of the time that a province's
#: reports take to be read goes into walking those read so far, none of which is garbage.
COLLECTS = (10_000, 20, 20)


@dataclass
class House:
    """Everything that one process of the service is made of."""

    settings: Settings
    database: Database
    services: Services
    addresses: SignedAddresses
    platforms: dict[str, Platform]
    #: Connections to the platforms' servers, to be closed at the end.
    outside: ExitStack
    clock: Clock
    writer: InboxWriter
    door: Door
    outage: Outage
    inbox: InboxWorker
    delivery: Delivery
    jobs: Jobs
    inbox_loop: Loop
    delivery_loop: Loop

    @property
    def sandbox(self) -> Sandbox | None:
        """The practice chat, when it is served."""
        found = self.platforms.get(Sandbox.name)
        return found if isinstance(found, Sandbox) else None

    @property
    def connected(self) -> list[Connected]:
        """The platforms on connections of their own."""
        return _connected(self.platforms)

    def start(self) -> None:
        """Begin to work: messages, delivery, schedule."""
        self.inbox_loop.start()
        self.delivery_loop.start()
        self.jobs.start(self.wake)
        for each in self.connected:
            each.start(partial(self.door.acknowledged.counted, self.door.accept, each.name))

    def wake(self) -> None:
        """Look for messages and for words that are due."""
        self.inbox_loop.wake()
        self.delivery_loop.wake()

    def work_off(self) -> None:
        """Handle and send all that is due, in the calling thread (command line, tests)."""
        self.outage.take_in()
        self.inbox.handle_due(may_wait=False)
        self.delivery.deliver_due()
        for each in _settling(self.platforms):
            each.settle()

    def stop(self) -> None:
        """Finish what runs, begin nothing more, and let go of everything."""
        self.jobs.stop()
        self.door.precedence.end()
        self.inbox_loop.stop()
        self.delivery_loop.stop()
        for each in self.connected:
            each.stop()
        self.close()

    def close(self) -> None:
        """Let go of the door, the writer, the platforms' servers, the reader, the database."""
        self.door.close()
        self.writer.close()
        self.outside.close()
        if isinstance(self.services.texts, WorkerReader):
            self.services.texts.close()
        self.database.dispose()

    def set_clock(self, moment: datetime) -> None:
        """Set the sandbox's clock without asking what became due in between."""
        if not isinstance(self.clock, SandboxClock):
            raise SettingsError("only the sandbox's clock can be set")
        self.clock.set(moment)

    def advance(self, to: datetime, step: Callable[[datetime], None] | None = None) -> None:
        """Move the sandbox's clock forward, stopping wherever something may be due.

        Raises ValueError when *to* lies behind the clock: what was said cannot be unsaid.
        """
        since = self.clock()
        if to < since:
            raise ValueError("the clock cannot go back")
        with self.database.read() as session:
            stops = moments(session, self.services.registry, since, to)
        for moment in sorted({*stops, to}):
            self.set_clock(moment)
            self.jobs.tick(moment)
            if self.sandbox is not None:
                self.sandbox.announce()
            if step is not None:
                step(moment)


def build(settings: Settings, clock: Clock | None = None) -> House:
    """The service as *settings* describe it, not yet started; the schema must be current.

    *clock* tells another time than this machine's. Raises SettingsError with what to do.
    """
    check_start(settings)
    _use(settings)
    addresses = SignedAddresses(settings.secret_key.get_secret_value(), settings.public_url)
    services = _services(settings, open_media(settings), addresses)
    database = _opened(settings)
    clock = clock or _clock(settings, database)
    _give_schedules(database, services.registry)
    platforms = open_platforms(settings, database, services, clock, outside := ExitStack())
    delivery_loop: Loop
    inbox_loop: Loop
    may_send = partial(_speak_here, _connected(platforms), lambda: delivery_loop.is_ending)
    writer, spool = InboxWriter(database), Spool(SPOOL)
    door = _door(settings, platforms, writer, spool, clock, lambda: inbox_loop.wake())
    way, hands = door.precedence.make_way, _hands(settings)
    delivery = Delivery(database, platforms, services, clock, may_send, hands, make_way=way)
    delivery_loop = Loop(
        "delivery", delivery.deliver_due, *(each.settle for each in _settling(platforms))
    )
    parts = (database, platforms, services, clock)
    inbox = InboxWorker(*parts, delivery_loop.wake, way, lambda: inbox_loop.is_ending)
    outage = Outage(door, database, services, clock)
    inbox_loop = Loop("inbox", outage.take_in, inbox.handle_due)
    return House(
        settings=settings,
        database=database,
        services=services,
        addresses=addresses,
        platforms=platforms,
        outside=outside,
        clock=clock,
        writer=writer,
        door=door,
        outage=outage,
        inbox=inbox,
        delivery=delivery,
        jobs=Jobs(database, services, delivery, clock, settings.periods, spool.forget_put_aside),
        inbox_loop=inbox_loop,
        delivery_loop=delivery_loop,
    )


def _door(
    settings: Settings,
    platforms: Mapping[str, Platform],
    writer: InboxWriter,
    spool: Spool,
    clock: Clock,
    wake: Callable[[], None],
) -> Door:
    """The way in, within the limits that the office has set."""
    flooding = Flooding(settings.messages_per_minute, settings.messages_per_day)
    room = Room(settings.calls_at_once)
    return Door(platforms, writer, spool, clock, wake, flooding, room)


def _use(settings: Settings) -> None:
    """What the whole process draws and dates by."""
    use_font(settings.font_path)
    use_zone(settings.zone)


def _clock(settings: Settings, database: Database) -> Clock:
    """The time of the machine, or the practice chat's own."""
    zone = settings.zone
    return SandboxClock(database, zone) if settings.sandbox else RealClock(zone)


def _services(settings: Settings, media: MediaStore, addresses: SignedAddresses) -> Services:
    """What lies outside the database, as *settings* describe it."""
    return Services(
        media=media,
        registry=discover(),
        zone=settings.zone,
        addresses=addresses,
        alarm_chat=settings.alarm_chat,
        texts=open_text_reader(settings.ocr),
    )


def _hands(settings: Settings) -> int:
    """The practice chat is at hand, and says everything in the order in which it was owed."""
    return 1 if settings.sandbox else HANDS


def _connected(platforms: Mapping[str, Platform]) -> list[Connected]:
    return [each for each in platforms.values() if isinstance(each, Connected)]


def _settling(platforms: Mapping[str, Platform]) -> list[Settling]:
    return [each for each in platforms.values() if isinstance(each, Settling)]


def _speak_here(connected: Sequence[Connected], is_ending: Callable[[], bool]) -> bool:
    """Whether this process delivers: what one connection alone can say, no other may try."""
    return not is_ending() and all(each.speaks_here() for each in connected)


def _give_schedules(database: Database, registry: Registry) -> None:
    """Digests that came with a new version go out in every programme without being asked for."""
    with suppress(IntegrityError), database.write() as session:  # of two at once one is enough
        for programme in active_programmes(session):
            seed_schedules(session, programme, registry)


def _opened(settings: Settings) -> Database:
    """The database with a current schema; let go of where it has not."""
    database = open_database(settings.database)
    try:
        _check_schema(settings, database)
    except BaseException:
        database.dispose()
        raise
    return database


def _check_schema(settings: Settings, database: Database) -> None:
    """SQLite is brought up to date by itself; on PostgreSQL several processes share the schema."""
    if settings.sandbox:
        _check_sandbox(database)
    if database.is_sqlite:
        migrate(database)
    elif (at := revision(database)) != newest_revision():
        raise SettingsError(
            f"the database is at revision {at}, this program needs {newest_revision()}: "
            "run `dajuan migrate` first"
        )
    with database.write() as session:
        if settings.sandbox:
            keep_setting(session, SANDBOX_MARK, True)
        elif setting(session, SANDBOX_MARK):
            raise SettingsError(
                "this database was made by the sandbox; set DATABASE_URL to another one, "
                "or SANDBOX=true to practise"
            )
    with suppress(IntegrityError), database.write() as session:  # of two at once one is enough
        seed_calendar(session)


def _check_sandbox(database: Database) -> None:
    """The sandbox works on its own data only, and never beside a platform of real people."""
    if set_up := platform_settings():
        raise SettingsError(f"SANDBOX is on although {', '.join(set_up)} is set: choose one")
    if revision(database) is None:
        return
    with database.read() as session:
        # Every start seeds the calendar: without it there is only a schema, made by `migrate`.
        is_used = session.exec(select(CalendarYear)).first() is not None
        if is_used and not setting(session, SANDBOX_MARK):
            raise SettingsError(
                "SANDBOX is on, but this database was not made by the sandbox; "
                "set DATABASE_URL to a new one"
            )


def create_app(house: House) -> FastAPI:
    """The web service over *house*; it starts and stops with the server."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        house.start()
        # What a start has loaded stays: walked again and again, it made every page a third slower.
        gc.freeze()
        usual = gc.get_threshold()
        gc.set_threshold(*COLLECTS)
        try:
            yield
        finally:
            gc.set_threshold(*usual)
            gc.unfreeze()
            house.stop()

    app = FastAPI(
        title="答卷 Dajuan",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    webhooks.add_doors(app, house.door, house.platforms)
    app.include_router(health.routes(house))
    board.add_board(app, house)
    files.add_files(app, house)
    api.add_api(app, house)
    if house.sandbox is not None:
        pages.add_sandbox(app, house, house.sandbox)
    return app
