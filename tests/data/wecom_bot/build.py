"""A bot at its address as the contract test runs it, with no server behind it."""

from datetime import datetime

from bot.http import open_client
from bot.platforms.base import Platform
from bot.platforms.wecom_bot import WecomBot
from bot.wecom.envelope import Envelope
from models.db import Database
from tests.conftest import at
from tests.talk import MediaShelf
from tests.twins.wecom.corp import ENCODING_KEY, TOKEN


def build(database: Database) -> Platform:
    """The platform whose recorded calls lie in this folder."""
    envelope = Envelope(TOKEN, ENCODING_KEY, "")
    return WecomBot(envelope, open_client(), database, MediaShelf(), _now, "答卷")


def _now() -> datetime:
    return at("2021-08-20T09:00")
