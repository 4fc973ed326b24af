"""WeCom's doors as the settings have them: the app, the bot by address or connection, robots."""

from collections.abc import Iterator

import httpx2

from bot.clock import Clock
from bot.keys import KeyRing
from bot.platforms.base import Platform
from bot.platforms.wecom_app import WecomApp
from bot.platforms.wecom_bot import WecomBot
from bot.platforms.wecom_link import WecomLink
from bot.platforms.wecom_robot import WecomRobot
from bot.warning import Warn, warner
from bot.wecom.api import Api
from bot.wecom.connection import Connection
from bot.wecom.envelope import Envelope
from bot.wecom.ownership import Ownership
from bot.wecom.settings import WecomSettings, read_wecom_settings
from handlers.context import Services
from models.db import Database


def wecom_doors(
    secret: str, database: Database, services: Services, clock: Clock, client: httpx2.Client
) -> Iterator[Platform]:
    """The app first: it reaches everybody, the bot only who spoke to it.

    *secret* seals the keys of group robots, *client* makes the calls. Raises SettingsError
    where half a door is set up.
    """
    wecom = read_wecom_settings()
    base, corp = wecom.wecom_api_base, wecom.wecom_corp_id
    if wecom.has_app:
        token, key = wecom.wecom_app_token, wecom.wecom_app_aes_key
        envelope = Envelope(token.get_secret_value(), key.get_secret_value(), corp)
        api = Api(client, clock, corp, wecom.wecom_app_secret.get_secret_value(), base)
        warn = warner(database, services, clock)
        yield WecomApp(envelope, api, corp, wecom.wecom_app_agent_id, clock, warn)
    if wecom.has_callback:
        token, key = wecom.wecom_bot_token, wecom.wecom_bot_aes_key
        envelope = Envelope(token.get_secret_value(), key.get_secret_value(), "")
        name = wecom.wecom_bot_name
        yield WecomBot(envelope, client, database, services.media, clock, name, base)
    if wecom.has_connection:
        yield _linked(wecom, client, database, clock, warner(database, services, clock))
    yield WecomRobot(client, KeyRing(secret), base)


def _linked(
    wecom: WecomSettings,
    client: httpx2.Client,
    database: Database,
    clock: Clock,
    warn: Warn,
) -> Platform:
    secret = wecom.wecom_bot_secret.get_secret_value()
    owner = Ownership(database, clock)
    connection = Connection(wecom.wecom_bot_ws, wecom.wecom_bot_id, secret, owner, warn)
    base = wecom.wecom_api_base
    return WecomLink(connection, client, database, clock, wecom.wecom_bot_name, base)
