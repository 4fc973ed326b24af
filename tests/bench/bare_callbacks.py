"""The least that may take a call: check and open it, commit one row, answer. PORT and FILE."""

import asyncio
import base64
import hmac
import json
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from wechatpy.work.crypto import WeChatCrypto

from tests.twins.dingtalk.corp import CLIENT_SECRET
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

    async def kept(raw: bytes, plain: str) -> Response:
        await asyncio.get_running_loop().run_in_executor(writer, keep, raw, plain)
        return Response()

    async def from_wecom(request: Request) -> Response:
        raw, query = await request.body(), request.query_params
        signed = query["msg_signature"], query["timestamp"], query["nonce"]
        return await kept(raw, _CRYPTO.decrypt_message(raw, *signed))

    async def from_dingtalk(request: Request) -> Response:
        signed = f"{request.headers['timestamp']}\n{CLIENT_SECRET}".encode()
        wanted = base64.b64encode(hmac.digest(CLIENT_SECRET.encode(), signed, "sha256"))
        assert hmac.compare_digest(wanted, request.headers["sign"].encode())
        raw = await request.body()
        return await kept(raw, json.loads(raw)["text"]["content"])

    async def ready(_: Request) -> Response:
        return Response()

    return Starlette(
        routes=[
            Route("/webhooks/wecom/app", from_wecom, methods=["POST"]),
            Route("/webhooks/dingtalk", from_dingtalk, methods=["POST"]),
            Route("/readyz", ready),
        ]
    )


if __name__ == "__main__":
    _, port, path = sys.argv
    uvicorn.run(application(path), port=int(port), log_config=None, access_log=False)
