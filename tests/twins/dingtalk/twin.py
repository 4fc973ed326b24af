"""A local stand-in of the DingTalk servers, in a thread of its own, for synchronous tests."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import httpx2
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route as HttpRoute

from tests.twins.clock import Clock
from tests.twins.dingtalk.api import Api
from tests.twins.dingtalk.book import Book
from tests.twins.dingtalk.cards import Cards
from tests.twins.dingtalk.corp import Corp, Member, Robot
from tests.twins.dingtalk.courier import Courier
from tests.twins.dingtalk.frames import Frames
from tests.twins.dingtalk.gateway import Gateway
from tests.twins.dingtalk.media import MediaStore
from tests.twins.dingtalk.messages import Messages
from tests.twins.dingtalk.opening import Opening
from tests.twins.dingtalk.pushes import Pushes
from tests.twins.dingtalk.quota import Quota
from tests.twins.dingtalk.robots import GroupRobot, Robots
from tests.twins.dingtalk.sessions import Sessions
from tests.twins.dingtalk.tokens import Tokens
from tests.twins.server import Server
from tests.twins.stand_in import StandIn

_START = 1_770_000_000.0
_METHODS = ["GET", "POST", "PUT", "DELETE"]


class Twin(StandIn):
    """All of DingTalk that a robot sees; use it in a `with`.

    Its clock stands still at *now* (seconds since 1970) until a test puts it forward, or
    runs when *live*. *transport* carries callbacks to an app in this process (ASGI). *ports* are
    those of the API and of the stream, 0 for any that is free. Both hosts are at one address.

        with Twin(members=[Member("WangWu", "王五")]) as twin:
            twin.robot.callback_url = …  # twin.linked: the same robot on the stream
            twin.robot.says("WangWu", "进度").answer()
            twin.sees("WangWu", "30 项")  # on the person's screen, by whichever way
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
        super().__init__("dingtalk-twin", clock, self.corp.record, self.courier, transport)
        self.tokens = Tokens(self.corp)
        self.media = MediaStore(self.corp)
        self.sessions = Sessions(self.corp)
        self.robots = Robots(self.corp)
        self.messages = Messages(self.corp, self.media)
        self.cards = Cards(self.corp)
        self.api = Api(self.corp, self.tokens, self.faults)
        #: The robot called at an address, and the same robot on the stream.
        self.robot = self.add_app()
        self.linked = Frames(self.corp, self.robot.robot, self.media, self.sessions)
        self.gateway = Gateway(self.corp, self.robot.robot, self.courier.start)
        self.gateway.port = ports[1]
        self.linked.tell = self.gateway.tell
        for part in (self.media, self.sessions, self.robots, Book(self.corp)):
            self.api.add(part.routes)
        for new in (self.messages, self.cards, Opening(self.corp, self.gateway.ticket)):
            self.api.add(new.routes, is_new=True)
        self.api.add(self.media.new_routes, is_new=True)
        routes = [
            HttpRoute("/storage/{ident:path}", self._stored),
            HttpRoute("/{path:path}", self._call, methods=_METHODS),
        ]
        self._http = Server(routes, ports[0])

    def add_app(self, robot: Robot | None = None) -> Pushes:
        """One more enterprise app with a robot."""
        robot = robot or Robot()
        self.corp.robots[robot.client_id] = robot
        return Pushes(self.corp, robot, self.media, self.sessions, self.courier)

    def add_robot(self, token: str, secret: str, group: str) -> GroupRobot:
        """A custom robot in a group; no secret: secured by something else, or by nothing."""
        self.corp.meets(group)
        return self.robots.add(GroupRobot(token, group, secret))

    @property
    def url(self) -> str:
        """Where both hosts' paths are found."""
        return self.corp.url

    @property
    def ws_url(self) -> str:
        """Where the stream is connected to, once a ticket is there."""
        return self.gateway.url

    @property
    def quota(self) -> Quota:
        return self.corp.quota

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
        path = request.path_params["path"].removeprefix("v1.0/")
        return await self.api.serve(path, request, lambda: self._http.abort(request))

    async def _stored(self, request: Request) -> Response:
        return await self.api.serve("storage", request, lambda: self._http.abort(request))
