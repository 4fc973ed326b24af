"""The practice chat as the contract test runs it."""

from bot.platforms.base import Platform
from bot.platforms.sandbox import Sandbox
from models.db import Database
from tests.conftest import at
from tests.talk import MediaShelf


def build(database: Database) -> Platform:
    """The platform whose recorded calls lie in this folder."""
    return Sandbox(database, MediaShelf(), lambda: at("2021-08-20T09:00"))
