"""The least that may take a callback: open its envelope, commit one row, answer. PORT and FILE."""

import asyncio
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from wechatpy.work.crypto import WeChatCrypto

from tests.twins.wecom.corp import CORP_ID, ENCODING_KEY, TOKEN

_CRYPTO = WeChatCrypto(TOKEN, ENCODING_KEY, CORP_ID)


def application(path: str) -> Starlette:
    """Writes in one thread: one row, one commit, one sync."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE call (id INTEGER PRIMARY KEY, raw BLOB, plain TEXT)")
    writer = ThreadPoolExecutor(1)

    def keep(raw: bytes, plain: str) -> None:
        connection.execute("INSERT INTO call (raw, plain) VALUES (?, ?)", (raw, plain))

    async def receive(request: Request) -> Response:
        raw, query = await request.body(), request.query_params
        signed = query["msg_signature"], query["timestamp"], query["nonce"]
        plain = _CRYPTO.decrypt_message(raw, *signed)
        await asyncio.get_running_loop().run_in_executor(writer, keep, raw, plain)
        return Response()

    async def ready(_: Request) -> Response:
        return Response()

    return Starlette(
        routes=[
            Route("/webhooks/wecom/app", receive, methods=["POST"]),
            Route("/readyz", ready),
        ]
    )


if __name__ == "__main__":
    _, port, path = sys.argv
    uvicorn.run(application(path), port=int(port), log_config=None, access_log=False)
