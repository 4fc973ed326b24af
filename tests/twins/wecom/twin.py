"""A local stand-in of the WeCom servers, in a thread of its own, for synchronous tests."""

import asyncio
import threading
from collections.abc import Iterable
from typing import Self

import httpx2
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route as HttpRoute
from uvicorn.protocols.http.h11_impl import H11Protocol

from tests.twins.wecom.api import Api
from tests.twins.wecom.app_door import AppDoor
from tests.twins.wecom.bot_door import BotDoor
from tests.twins.wecom.clock import Clock
from tests.twins.wecom.corp import ENCODING_KEY, TOKEN, App, Corp, Member
from tests.twins.wecom.courier import Courier
from tests.twins.wecom.faults import Faults
from tests.twins.wecom.frames import Exchange, Frames
from tests.twins.wecom.gateway import Gateway
from tests.twins.wecom.media import MediaStore
from tests.twins.wecom.messages import Messages
from tests.twins.wecom.record import Bubble, Sent
from tests.twins.wecom.robots import Robots
from tests.twins.wecom.tokens import Tokens

_START = 1_700_000_000.0
_STUCK = 20


class Twin:
    """All of WeCom that a bot sees; use it in a `with`.

    Its clock stands still at *now* (seconds since 1970) until a test puts it forward, or
    runs when *live*. *transport* carries callbacks to an app in this process (ASGI). *ports* are
    those of the API and of the long connection, 0 for any that is free.

        with Twin(members=[Member("WangWu", "王五")]) as twin:
            twin.app.callback_url = …  # twin.bot, twin.linked: the bot's two doors
            twin.app.says("WangWu", "进度").answer()
            twin.sees("WangWu", "30 项")  # on the person's screen, by whichever door
            assert twin.complaints == []
    """

    def __init__(
        self,
        *,
        now: float = _START,
        live: bool = False,
        members: Iterable[Member] = (),
        transport: httpx2.AsyncBaseTransport | None = None,
        ports: tuple[int, int] = (0, 0),
    ) -> None:
        self.clock = Clock(now, live)
        self.corp = Corp(self.clock, first_number=int(now) if live else 1)
        self.corp.join(members)
        self.record = self.corp.record
        self.faults = Faults()
        self.tokens = Tokens(self.corp)
        self.media = MediaStore(self.corp)
        self.messages = Messages(self.corp)
        self.robots = Robots(self.corp)
        self.api = Api(self.corp, self.tokens, self.faults)
        for part in (self.media, self.messages, self.robots):
            self.api.routes |= part.routes
        self.courier = Courier(self.corp)
        #: The bot on the long connection, and the address it connects to.
        self.linked = Frames(self.corp, self.media, "aib-connected", "bot-secret")
        self.gateway = Gateway(self.corp, self.faults, self.linked, self.courier.start)
        self.linked.tell = self.gateway.tell
        self._transport = transport
        self.app = self.add_app()
        self.bot = self.add_bot()
        self._http = _Http(self.api, self.media, ports[0])
        self.gateway.port = ports[1]
        self._thread = threading.Thread(target=self._run, name="wecom-twin")
        self._ready = threading.Event()
        self._error: BaseException | None = None
        self._stop = asyncio.Event()

    def add_app(self, app: App | None = None) -> AppDoor:
        """One more self-built app."""
        app = app or App()
        self.corp.apps[app.agent_id] = app
        return AppDoor(self.corp, app, self.courier, self.messages)

    def add_bot(
        self, bot_id: str = "aib-callback", token: str = TOKEN, key: str = ENCODING_KEY
    ) -> BotDoor:
        """One more intelligent bot in callback mode."""
        return BotDoor(self.corp, self.courier, self.media, bot_id, token, key)

    def add_robot(self, key: str, chat: str) -> None:
        """A webhook robot in a group."""
        self.robots.groups[key] = chat

    @property
    def url(self) -> str:
        """Where `/cgi-bin/…` is found."""
        return self.corp.url

    @property
    def ws_url(self) -> str:
        """Where the long connection is made."""
        return self.gateway.url

    def sent(
        self, path: str | None = None, count: int = 0, *, seconds: float = 10, all: bool = False
    ) -> list[Sent]:
        """What was told and accepted (*all*: or refused), once there are *count* of it."""

        def found() -> list[Sent]:
            return [each for each in self.record.of(path) if all or each.errcode == 0]

        self.record.wait(lambda: len(found()) >= count, seconds, f"{count} × {path}")
        return found()

    def seen(self, chat: str, count: int = 0, *, seconds: float = 10) -> list[Bubble]:
        """What stands in a person's chat (userid) or a group's, once there are *count* of it."""
        key = chat.casefold() if chat.casefold() in self.corp.members else chat

        def found() -> list[Bubble]:
            return [each for each in self.record.screens.get(key, ()) if not each.recalled]

        self.record.wait(lambda: len(found()) >= count, seconds, f"{count} messages in {chat}")
        return found()

    def sees(self, chat: str, text: str, *, seconds: float = 10) -> Bubble:
        """The first message in a chat that holds *text*, once there is one."""

        def found() -> list[Bubble]:
            return [each for each in self.seen(chat) if text in each.text]

        self.record.wait(lambda: bool(found()), seconds, f"{text!r} in {chat}")
        return found()[0]

    def answers(self, exchange: Exchange, count: int = 1, *, seconds: float = 10) -> list[Sent]:
        """The frames accepted for one callback on the connection, once there are *count*."""

        def found() -> list[Sent]:
            told = [each for each in self.record.of(None) if each.errcode == 0]
            return [each for each in told if each.query.get("req_id") == exchange.req_id]

        self.record.wait(lambda: len(found()) >= count, seconds, f"{count} answers")
        return found()

    @property
    def complaints(self) -> list[str]:
        return self.record.complaints

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(_STUCK), "the twin does not start"
        if self._error is not None:
            self._thread.join()
            raise self._error
        return self

    def __exit__(self, *_: object) -> None:
        self.faults.clear()
        if self._loop.is_running():
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(_STUCK)
        assert not self._thread.is_alive(), "the twin does not stop"
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        try:
            asyncio.run(self._main())
        except BaseException as error:  # raised again in the test's thread
            self._error = error
        finally:
            self._ready.set()

    async def _main(self) -> None:
        self._loop = self.faults.loop = self.courier.loop = asyncio.get_running_loop()
        # On loopback there is no TLS to verify; reading the machine's authorities takes long.
        async with httpx2.AsyncClient(
            transport=self._transport, trust_env=False, verify=False
        ) as http:
            self.courier.http = http
            self.corp.url = await self._http.open()
            await self.gateway.open()
            self._ready.set()
            await self._stop.wait()
            await _ended(self.courier.tasks)
            await self.gateway.stop()
            await self._http.close()


async def _ended(tasks: Iterable["asyncio.Task[None]"]) -> None:
    tasks = list(tasks)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


class _Http:
    """The HTTP side on a free port; uvicorn without its signals and its tick."""

    def __init__(self, api: Api, media: MediaStore, port: int) -> None:
        self._api, self._media = api, media
        routes = [
            HttpRoute("/cgi-bin/{path:path}", self._call, methods=["GET", "POST"]),
            HttpRoute("/media/{ident}", self._linked),
        ]
        config = uvicorn.Config(
            Starlette(routes=routes),
            host="127.0.0.1",
            port=port,
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            date_header=False,
            server_header=False,
        )
        config.load()
        self._server = uvicorn.Server(config)
        self._server.lifespan = config.lifespan_class(config)

    async def open(self) -> str:
        await self._server.startup()
        port = self._server.servers[0].sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}"

    async def close(self) -> None:
        for server in self._server.servers:
            server.close()
        for connection in self._connections():
            connection.transport.abort()
        await _ended(self._server.server_state.tasks)
        for server in self._server.servers:
            await server.wait_closed()

    async def _call(self, request: Request) -> Response:
        return await self._api.serve(request, lambda: self._abort(request))

    async def _linked(self, request: Request) -> Response:
        return self._media.behind(request.path_params["ident"])

    def _abort(self, request: Request) -> None:
        for connection in self._connections():
            if connection.client == request.client:
                connection.transport.abort()

    def _connections(self) -> list[H11Protocol]:
        found = self._server.server_state.connections
        return [each for each in found if isinstance(each, H11Protocol)]
