"""A self-built app as the contract test runs it, with no server behind it."""

from datetime import datetime

from bot.http import open_client
from bot.platforms.base import Platform
from bot.platforms.wecom_app import WecomApp
from bot.wecom.api import Api
from bot.wecom.envelope import Envelope
from models.db import Database
from tests.conftest import at
from tests.twins.wecom.corp import CORP_ID, ENCODING_KEY, TOKEN


def build(database: Database) -> Platform:
    """The platform whose recorded calls lie in this folder."""
    api = Api(open_client(), _now, CORP_ID, "s", "http://127.0.0.1:9")
    envelope = Envelope(TOKEN, ENCODING_KEY, CORP_ID)
    return WecomApp(envelope, api, CORP_ID, 1000002, _now, lambda text: None)


def _now() -> datetime:
    return at("2021-08-20T09:00")
