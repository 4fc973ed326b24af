"""A local stand-in of the WeCom servers, in a thread of its own, for synchronous tests."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import httpx2
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route as HttpRoute

from tests.twins.clock import Clock
from tests.twins.record import Sent
from tests.twins.server import Server
from tests.twins.stand_in import StandIn
from tests.twins.wecom.api import Api
from tests.twins.wecom.app_door import AppDoor
from tests.twins.wecom.bot_door import BotDoor
from tests.twins.wecom.corp import ENCODING_KEY, TOKEN, App, Corp, Member
from tests.twins.wecom.courier import Courier
from tests.twins.wecom.frames import Exchange, Frames
from tests.twins.wecom.gateway import Gateway
from tests.twins.wecom.media import MediaStore
from tests.twins.wecom.messages import Messages
from tests.twins.wecom.robots import Robots
from tests.twins.wecom.tokens import Tokens

_START = 1_700_000_000.0


class Twin(StandIn):
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
        clock = Clock(now, live)
        self.corp = Corp(clock, first_number=int(now) if live else 1)
        self.corp.join(members)
        self.courier = Courier(clock)
        super().__init__("wecom-twin", clock, self.corp.record, self.courier, transport)
        self.tokens = Tokens(self.corp)
        self.media = MediaStore(self.corp)
        self.messages = Messages(self.corp)
        self.robots = Robots(self.corp)
        self.api = Api(self.corp, self.tokens, self.faults)
        for part in (self.media, self.messages, self.robots):
            self.api.routes |= part.routes
        #: The bot on the long connection, and the address it connects to.
        self.linked = Frames(self.corp, self.media, "aib-connected", "bot-secret")
        self.gateway = Gateway(self.corp, self.faults, self.linked, self.courier.start)
        self.linked.tell = self.gateway.tell
        self.app = self.add_app()
        self.bot = self.add_bot()
        routes = [
            HttpRoute("/cgi-bin/{path:path}", self._call, methods=["GET", "POST"]),
            HttpRoute("/media/{ident}", self._linked),
        ]
        self._http = Server(routes, ports[0])
        self.gateway.port = ports[1]

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

    def _screen(self, chat: str) -> str:
        return chat.casefold() if chat.casefold() in self.corp.members else chat

    def answers(self, exchange: Exchange, count: int = 1, *, seconds: float = 10) -> list[Sent]:
        """The frames accepted for one callback on the connection, once there are *count*."""

        def found() -> list[Sent]:
            told = [each for each in self.record.of(None) if each.errcode == 0]
            return [each for each in told if each.query.get("req_id") == exchange.req_id]

        self.record.wait(lambda: len(found()) >= count, seconds, f"{count} answers")
        return found()

    @asynccontextmanager
    async def _serving(self) -> AsyncIterator[None]:
        self.corp.url = await self._http.open()
        await self.gateway.open()
        try:
            yield
        finally:
            await self.gateway.stop()
            await self._http.close()

    async def _call(self, request: Request) -> Response:
        path = request.path_params["path"]
        return await self.api.serve(path, request, lambda: self._http.abort(request))

    async def _linked(self, request: Request) -> Response:
        return self.media.behind(request.path_params["ident"])
