"""Which platforms are served: those that are set up, in the order in which they are tried."""

from contextlib import ExitStack
from itertools import chain

from bot.clock import Clock
from bot.platforms.base import Platform
from bot.platforms.sandbox import Sandbox
from bot.settings import Settings
from handlers.context import Services
from models.db import Database


def open_platforms(
    settings: Settings, database: Database, services: Services, clock: Clock, outside: ExitStack
) -> dict[str, Platform]:
    """Every door that is set up, by its name; raises SettingsError where half of one is.

    What is to be let go of at the end is given to *outside*.
    """
    if settings.sandbox:
        return {Sandbox.name: Sandbox(database, services.media, clock)}
    # What real platforms need costs a start a quarter of a second, and practice needs none of it.
    from bot.dingtalk.doors import dingtalk_doors
    from bot.http import open_client
    from bot.wecom.doors import wecom_doors

    client = outside.enter_context(open_client())
    needed = (settings.secret_key.get_secret_value(), database, services, clock, client)
    dingtalk = dingtalk_doors(*needed, settings.public_url)
    return {each.name: each for each in chain(wecom_doors(*needed), dingtalk)}
