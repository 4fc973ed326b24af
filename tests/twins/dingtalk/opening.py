"""The call by which a robot asks for a place on the stream."""

from collections.abc import Callable
from typing import Any

from starlette.responses import Response

from tests.twins.dingtalk.corp import Corp, Malformed, Refused
from tests.twins.dingtalk.wire import Answer, Call, Route


class Opening:
    """`gateway/connections/open`: credentials in, a ticket out."""

    def __init__(self, corp: Corp, ticket: Callable[[dict[str, Any]], dict[str, str]]) -> None:
        self._corp, self._ticket = corp, ticket
        self.routes = {
            "gateway/connections/open": Route("POST", self._open, needs_token=False),
        }

    def _open(self, call: Call) -> Answer:
        robot = self._corp.robot_of(call.body.get("clientId"))
        if robot is None or call.body.get("clientSecret") != robot.client_secret:
            raise Refused("authFailed", "鉴权失败")
        asked = call.body.get("subscriptions")
        if not isinstance(asked, list) or not asked:
            raise Malformed("Missingsubscriptions", "subscriptions is mandatory for this action.")
        told = self._ticket(call.body)
        if "application/json" in call.headers.get("accept", ""):
            return Answer(dict(told))
        self._corp.complain("connections/open: asked without Accept: application/json")
        text = "".join(f"<{name}>{value}</{name}>" for name, value in told.items())
        return Answer(dict(told), Response(f"<xml>{text}</xml>", media_type="application/xml"))
