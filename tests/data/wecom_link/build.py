"""A bot's long connection as the contract test runs it, not connected to anything."""

from bot.http import open_client
from bot.platforms.base import Platform
from bot.platforms.wecom_link import WecomLink
from bot.wecom.connection import Connection
from bot.wecom.ownership import Ownership
from models.db import Database
from tests.conftest import at


def build(database: Database) -> Platform:
    """The platform whose recorded calls lie in this folder."""
    owner = Ownership(database, lambda: at("2021-08-20T09:00"))
    connection = Connection("ws://127.0.0.1:9", "aib-connected", "s", owner, lambda text: None)
    return WecomLink(connection, open_client(), database, lambda: at("2021-08-20T09:00"), "答卷")
