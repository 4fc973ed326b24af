"""DingTalk's doors as the settings have them: the enterprise robot, its answers, group robots."""

from collections.abc import Iterator

import httpx2

from bot.clock import Clock
from bot.dingtalk.api import Api
from bot.dingtalk.calls import Calls
from bot.dingtalk.cards import Cards
from bot.dingtalk.connection import Connection
from bot.dingtalk.gateway import Gateway
from bot.dingtalk.meter import Meter
from bot.dingtalk.settings import read_dingtalk_settings
from bot.keys import KeyRing
from bot.platforms.base import Platform
from bot.platforms.dingtalk import DingTalk
from bot.platforms.dingtalk_robot import DingTalkRobot
from bot.platforms.dingtalk_session import DingTalkSession
from bot.platforms.dingtalk_stream import DingTalkStream
from bot.warning import warner
from handlers.context import Services
from models.db import Database


def dingtalk_doors(
    secret: str,
    database: Database,
    services: Services,
    clock: Clock,
    client: httpx2.Client,
    public_url: str,
) -> Iterator[Platform]:
    """The enterprise robot first: it reaches everybody; then where it answers what it was asked.

    *secret* seals the keys of group robots and signs the ids of cards, *client* makes the calls;
    *public_url* is where this service is called. Raises SettingsError where half a door is set up.
    """
    settings, warn = read_dingtalk_settings(), warner(database, services, clock)
    meter = Meter(database, clock, warn)
    calls = Calls(client, clock, meter, settings.dingtalk_calls_per_second)
    if settings.has_robot:
        api, is_called = Api(calls, settings), settings.dingtalk_mode == "http"
        address = f"{public_url}/webhooks/{DingTalk.path}" if is_called else ""
        cards = Cards(api, settings, secret, address, clock, warn)
        if is_called:
            yield DingTalk(settings, api, cards, database, meter, clock)
        else:
            line = Connection(Gateway(calls, settings, cards=settings.has_cards), warn)
            yield DingTalkStream(line, settings, api, cards, database, meter, clock)
        yield DingTalkSession(calls, database, meter, settings)
    base = settings.dingtalk_oapi_base
    yield DingTalkRobot(calls, KeyRing(secret), meter, clock, base)
