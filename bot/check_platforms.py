"""What `dajuan doctor` says of real platforms: of each, and of what they do together."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError

from bot import known
from bot.dingtalk.doctor import examine_dingtalk
from bot.dingtalk.known import Known as OfDingTalk
from bot.dingtalk.known import known_of as of_dingtalk
from bot.findings import Examined, Found, Level
from bot.settings import Settings
from bot.wecom.doctor import examine_wecom
from bot.wecom.known import Known as OfWecom
from bot.wecom.known import known_of as of_wecom
from models.db import Database, open_database
from models.errors import SettingsError


@dataclass(frozen=True)
class _Stored:
    """What the database knows; nothing where it cannot be read, which is told elsewhere."""

    wecom: OfWecom = field(default_factory=OfWecom)
    dingtalk: OfDingTalk = field(default_factory=OfDingTalk)
    groups: Sequence[known.Group] = ()


def examine_platforms(settings: Settings) -> list[Found]:
    """The findings of every platform of real people."""
    with _database(settings) as database:
        stored = _stored(database)
        examined = [
            examine_wecom(settings, stored.wecom),
            examine_dingtalk(settings, stored.dingtalk, database),
        ]
    found = [
        *_served(examined),
        *(each for platform in examined for each in platform.found),
        *_groups(stored.groups, examined),
    ]
    return list(dict.fromkeys(found))  # of our own address several may say the same


def _served(examined: Sequence[Examined]) -> Iterator[Found]:
    served = [f"{each.title}：{'、'.join(each.doors)}" for each in examined if each.doors]
    if served:
        yield Found("platforms", Level.OK, "；".join(served))
    elif not any(each.is_begun for each in examined):
        guides = "照 docs/企业微信怎么接.md 或 docs/钉钉怎么接.md 设置"
        advice = f"{guides}；只是练习，设 SANDBOX=true 和另一个 DATABASE_URL"
        yield Found("platforms", Level.WARN, "一个平台也没有设置，服务听不到任何人", advice)


def _groups(groups: Sequence[known.Group], examined: Sequence[Examined]) -> Iterator[Found]:
    """Groups that are to get digests and into which nobody can speak unasked."""
    speaking = frozenset[tuple[str, str]]().union(*(each.speaks for each in examined))
    mute = [each for each in groups if not speaking & each.doors]
    if mute:
        titles = "、".join(each.title for each in mute)
        add = "`dajuan chat add --platform wecom_robot --chat 编号 --name 群名`"
        advice = f"加群机器人：{add}，钉钉群用 dingtalk_robot"
        yield Found("groups", Level.WARN, f"这些群只能答话，简报发不进去：{titles}", advice)


@contextmanager
def _database(settings: Settings) -> Iterator[Database | None]:
    try:
        database = open_database(settings.database)
    except (SettingsError, OSError):
        database = None
    try:
        yield database
    finally:
        if database is not None:
            database.dispose()


def _stored(database: Database | None) -> _Stored:
    if database is None:
        return _Stored()
    now = datetime.now(UTC)
    try:
        with database.read() as session:
            return _Stored(of_wecom(session, now), of_dingtalk(session, now), known.groups(session))
    except SQLAlchemyError:
        return _Stored()
