"""What each process of `tests.served` would load by itself, loaded before they are forked."""

import httpx2  # noqa: F401
import psycopg  # noqa: F401
import uvicorn  # noqa: F401

from bot import app, cli, logs  # noqa: F401
from handlers.registry import discover

discover()
