"""The robot on its stream as the contract test runs it, not connected to anything."""

from datetime import datetime

from bot.dingtalk.api import Api
from bot.dingtalk.calls import Calls
from bot.dingtalk.cards import Cards
from bot.dingtalk.connection import Connection
from bot.dingtalk.gateway import Gateway
from bot.dingtalk.meter import Meter
from bot.dingtalk.settings import DingTalkSettings
from bot.http import open_client
from bot.platforms.base import Platform
from bot.platforms.dingtalk_stream import DingTalkStream
from models.db import Database
from tests.conftest import at

#: By it the ids of cards are signed.
SECRET = "a secret of the office, long enough"
SETTINGS = DingTalkSettings(
    dingtalk_client_id="dingclient",
    dingtalk_client_secret="this is a secret",
    dingtalk_robot_code="dingapp",
    dingtalk_corp_id="dingcorp",
)


def build(database: Database) -> Platform:
    """The platform whose recorded calls lie in this folder."""
    meter = Meter(database, _now, _nobody)
    calls = Calls(open_client(), _now, meter)
    connection = Connection(Gateway(calls, SETTINGS), _nobody)
    api = Api(calls, SETTINGS)
    cards = Cards(api, SETTINGS, SECRET, "", _now, _nobody)
    return DingTalkStream(connection, SETTINGS, api, cards, database, meter, _now)


def _now() -> datetime:
    return at("2021-08-20T09:00")


def _nobody(text: str, key: str = "") -> None:
    """Nobody is there to be told."""
