"""What tests of backups compare: every row of two databases, and an office that can be moved."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.app import House, build
from bot.backup import LEFT_OUT, Manifest, Progress, write_backup
from bot.cli_say import say_once
from bot.restore import restore_backup
from bot.settings import Settings
from models.db import Database, open_database
from models.dump import Row, rows_of, snapshot, tables_of
from models.schema import migrate
from tests.conftest import at
from tests.factories import xiangxi
from tests.talk import MediaShelf

SECRET = "a secret of the office, long enough"
#: Backups are made in real time, whatever the practice clock says.
NOW = at("2021-09-06T02:00")


def everything(database: Database) -> dict[str, list[Row]]:
    """Every row of every table, in the order of its key, as one moment sees them."""
    with snapshot(database) as connection:
        tables = [each for each in tables_of(connection) if each.name not in LEFT_OUT]
        return {table.name: list(rows_of(connection, table)) for table in tables}


def silent(what: str, done: int, total: int) -> None:
    """Progress that nobody looks at."""


class NoMedia(MediaShelf):
    """A media store that never held anything."""

    def addresses(self, before: datetime | None = None) -> Iterator[str]:
        return iter(())

    def delete(self, sha: str, before: datetime | None = None) -> bool:
        return False


@dataclass
class Machine:
    """One installation: its settings, all of which lie in one folder."""

    settings: Settings

    @classmethod
    def at(cls, folder: Path, secret: str = SECRET) -> "Machine":
        """The one whose data lie in *folder*, be they there already or not."""
        return cls(
            Settings(
                _env_file=None,
                sandbox=True,
                secret_key=secret,
                database_url=f"sqlite:///{folder}/dajuan.db",
                media_url=f"file://{folder}/media",
            )
        )

    def house(self) -> House:
        """Its service, not yet started."""
        return build(self.settings)

    def database(self) -> Database:
        """Its database, without a service."""
        return open_database(self.settings.database)


def an_office(folder: Path) -> House:
    """The small programmes in a practice house of their own, on a Monday morning."""
    machine = Machine.at(folder)
    database = machine.database()
    migrate(database)
    with database.write() as session:
        xiangxi(session)
    database.dispose()
    house = machine.house()
    house.set_clock(at("2021-09-06T09:00"))
    return house


def said(house: House, person: str, text: str, *pictures: Path) -> str:
    """What *person* is answered in the single chat, as one text."""
    return "\n".join(say_once(house, person, "single", text, pictures, None))


def backed_up(house: House, path: Path, tell: Progress = silent) -> Manifest:
    """The backup of a house that may be at work."""
    return write_backup(house.database, house.services.media, path, SECRET, NOW, tell)


def restored(path: Path, folder: Path) -> House:
    """What is at *path* on an empty machine, its service not yet started."""
    from bot.media import open_media

    machine = Machine.at(folder)
    database = machine.database()
    restore_backup(database, open_media(machine.settings), path, NOW, silent)
    database.dispose()
    return machine.house()
