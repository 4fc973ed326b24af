"""Every step of the set-up with DingTalk, checked without changing or sending anything."""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError

from bot.check_address import Caller, check_links, check_public_url
from bot.check_clock import check_clock, dated
from bot.check_robots import check_robots
from bot.dingtalk.api import Api
from bot.dingtalk.body import PLATFORM
from bot.dingtalk.calls import WHOM, Calls
from bot.dingtalk.check_app import check_app
from bot.dingtalk.check_callback import check_callback
from bot.dingtalk.check_stream import check_stream
from bot.dingtalk.console import GROUP_ROBOT, PAGES, where
from bot.dingtalk.gateway import Gateway
from bot.dingtalk.known import Known
from bot.dingtalk.meter import Pool
from bot.dingtalk.settings import API_HOST, DingTalkSettings, read_dingtalk_settings
from bot.dingtalk.signature import WINDOW
from bot.findings import Examined, Found, Level
from bot.http import open_client
from bot.platforms.dingtalk import DingTalk
from bot.platforms.dingtalk_robot import NAME as ROBOT
from bot.settings import Settings
from models.db import Database
from models.errors import SettingsError
from models.quota import month_of, spend

_TITLES = {"http": "企业机器人（HTTP模式）", "stream": "企业机器人（Stream模式）"}


class _Tally:
    """What the examination itself used of the month's calls."""

    def __init__(self) -> None:
        self._used: Counter[Pool] = Counter()

    def spend(self, pool: Pool, units: int = 1) -> None:
        """Count it, to be written at the end."""
        self._used[pool] += units

    def ran_out(self, pool: Pool) -> None:
        """The finding tells it."""

    def went_on(self, pool: Pool) -> None:
        """The service finds it out by its own calls."""

    def write(self, database: Database | None, now: datetime) -> None:
        """Add it to what the service counts, where the database can be written."""
        if database is None or not self._used:
            return
        with suppress(SQLAlchemyError), database.write() as session:
            for pool, units in self._used.items():
                spend(session, PLATFORM, pool, month_of(now), units)


def examine_dingtalk(settings: Settings, known: Known, database: Database | None) -> Examined:
    """What was found; nothing is asked of anybody where no robot of DingTalk is set up."""
    try:
        dingtalk = read_dingtalk_settings()
    except SettingsError as error:
        pages = [where(name) for name in PAGES if name in str(error)]
        advice = f"在 .env 中改正{'；'.join(['', *pages])}"
        return Examined(WHOM, found=[Found("DINGTALK_…", Level.FAIL, str(error), advice)])
    is_whole = bool(dingtalk.dingtalk_client_id) and not dingtalk.missing()
    secret = settings.secret_key.get_secret_value()
    found = [
        *_missing(dingtalk),
        *check_robots("dingtalk robots", known.robots, secret, ROBOT, GROUP_ROBOT),
        *(_online(settings, dingtalk, known, database) if is_whole else ()),
        *(known.quotas if is_whole or known.robots else ()),
    ]
    speaks = {ROBOT, *([""] if is_whole else [])}
    return Examined(
        WHOM,
        found=found,
        doors=[_TITLES[dingtalk.dingtalk_mode]] if is_whole else [],
        is_begun=bool(dingtalk.missing()),
        speaks=frozenset((PLATFORM, each) for each in speaks),
    )


def _missing(dingtalk: DingTalkSettings) -> Iterator[Found]:
    for name in dingtalk.missing():
        about = "没有填，企业机器人的其他几项已经填了：缺一项服务就不启动"
        yield Found(name, Level.FAIL, about, where(name))


def _online(
    settings: Settings, dingtalk: DingTalkSettings, known: Known, database: Database | None
) -> Iterator[Found]:
    """What has to be asked of somebody: DingTalk's servers, and our own service."""
    tally, now = _Tally(), datetime.now(UTC)
    with open_client() as client:
        calls = Calls(client, lambda: datetime.now(UTC), tally, dingtalk.dingtalk_calls_per_second)
        with dated(client) as away:
            found = list(check_app(Api(calls, dingtalk), dingtalk, known.accounts))
        yield from found
        yield from check_clock("dingtalk clock", WHOM, away, WINDOW, "签过名的调用会被拒收")
        yield from _hearing(settings, dingtalk, known, calls)
    tally.write(database, now)
    if known.accounts:
        about = f"名册上有{len(known.accounts)}个钉钉账号，{known.silent}个还没有写过消息"
        yield Found("dingtalk people", Level.OK, about)


def _hearing(
    settings: Settings, dingtalk: DingTalkSettings, known: Known, calls: Calls
) -> Iterator[Found]:
    url, client = settings.public_url, calls.client
    if dingtalk.dingtalk_mode == "stream":
        yield from check_links(url, dingtalk.dingtalk_api_base)
        gateway = Gateway(calls, dingtalk, cards=dingtalk.has_cards)
        yield from check_stream(client, gateway, url, known)
        return
    instead = "没有公网地址就改用Stream模式（DINGTALK_MODE=stream）"
    base = dingtalk.dingtalk_api_base
    caller = Caller(WHOM, base, API_HOST, instead, is_encrypted=base == API_HOST)
    yield from check_public_url(url, caller)
    place = f"{url}/webhooks/{DingTalk.path}"
    yield check_callback(client, place, dingtalk, known, datetime.now(UTC))
