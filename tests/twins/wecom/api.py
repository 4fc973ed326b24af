"""The servers' HTTP side: reads a call, meets the faults, asks whoever answers, records."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from tests.twins.calls import Calls
from tests.twins.faults import Fault, Faults
from tests.twins.record import Sent
from tests.twins.wecom.corp import App, Corp, Refused
from tests.twins.wecom.tokens import Tokens

_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\u[0-9a-fA-F]{4}")
_OWN_IP = "127.0.0.1"


@dataclass(frozen=True)
class Call:
    """One call, its token already checked."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    raw: bytes
    body: dict[str, Any]
    app: App | None

    @property
    def by(self) -> App:
        assert self.app is not None
        return self.app


@dataclass
class Answer:
    """What goes back: JSON fields beside errcode 0, or bytes."""

    fields: dict[str, Any] = field(default_factory=dict)
    response: Response | None = None
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True)
class Route:
    """A path of the API: who answers, and what comes before."""

    method: str
    handle: Callable[[Call], Answer]
    needs_token: bool = True
    is_json: bool = True


class Api(Calls):
    """All paths under /cgi-bin/."""

    def __init__(self, corp: Corp, tokens: Tokens, faults: Faults) -> None:
        super().__init__(corp.record, corp.clock, faults)
        self._corp, self._tokens = corp, tokens
        self.routes: dict[str, Route] = {
            "gettoken": Route("GET", self._gettoken, needs_token=False),
            "getcallbackip": Route("GET", self._callback_ips),
            "agent/get": Route("GET", self._agent),
            "user/get": Route("GET", self._user),
        }

    def _answer(
        self, path: str, request: Request, raw: bytes, fault: Fault | None = None
    ) -> Response:
        query = dict(request.query_params)
        body: dict[str, Any] = {}
        answer = Answer()
        try:
            if fault is not None:
                raise Refused(int(fault.errcode), fault.message)
            route = self._route(path, request.method)
            app = self._tokens.app_of(query.get("access_token")) if route.needs_token else None
            if route.method == "POST" and route.is_json:
                body = _json(raw)
            headers = {name.lower(): value for name, value in request.headers.items()}
            answer = route.handle(Call(path, query, headers, raw, body, app))
            told = {"errcode": 0, "errmsg": "ok", **answer.fields}
        except Refused as error:
            told = {"errcode": error.errcode, "errmsg": _explained(error)}
            body = body or _readable(raw)
        now = self._corp.clock.now()
        self._corp.record.add(Sent(path, body, query, told, now, answer.dropped))
        return answer.response or _said(told, now)

    def _route(self, path: str, method: str) -> Route:
        found = self.routes.get(path)
        if found is None:
            raise Refused(404, "unknown path: the stand-in has none such")
        if found.method != method:
            raise Refused(43001 if found.method == "GET" else 43002, f"requires {found.method}")
        return found

    def _gettoken(self, call: Call) -> Answer:
        return Answer(self._tokens.issued(call.query))

    def _callback_ips(self, call: Call) -> Answer:
        return Answer({"ip_list": ["101.226.103.*", "101.226.62.*", _OWN_IP]})

    def _agent(self, call: Call) -> Answer:
        """An app's own page; no other app's (page 90227)."""
        wanted = call.query.get("agentid", "")
        app = self._corp.app_of(int(wanted) if wanted.isdecimal() else None)
        if app is not call.by:
            raise Refused(301002, "not allow operate another agent with this accesstoken")
        return Answer(
            {
                "agentid": app.agent_id,
                "name": app.name,
                "square_logo_url": "",
                "description": "",
                "allow_userinfos": {"user": [{"userid": each} for each in app.sees]},
                "allow_partys": {"partyid": [1] if app.sees_everyone else []},
                "allow_tags": {"tagid": []},
                "close": int(app.is_closed),
                "redirect_domain": "",
                "report_location_flag": 0,
                "isreportenter": 0,
                "home_url": "",
            }
        )

    def _user(self, call: Call) -> Answer:
        member = self._corp.members.get(call.query.get("userid", "").casefold())
        if member is None:
            raise Refused(60111, "userid not found")
        if not member.visible:
            raise Refused(60011, "no privilege to access/modify contact/party/agent")
        return Answer(
            {
                "userid": member.userid,
                "name": member.name,
                "department": list(member.departments),
                "main_department": member.departments[0],
                "position": member.position,
                "is_leader_in_dept": [0] * len(member.departments),
                "direct_leader": [],
                "alias": "",
                "status": 1,
            }
        )


def _explained(error: Refused) -> str:
    return f"{error.message}, hint: [1700000000000000000000], from ip: {_OWN_IP}, more info at …"


def _said(told: dict[str, Any], now: float) -> Response:
    text = json.dumps(told, ensure_ascii=False)
    headers = {"Date": formatdate(now, usegmt=True)}
    return Response(text, headers=headers, media_type="application/json; charset=UTF-8")


def _readable(raw: bytes) -> dict[str, Any]:
    """The body of a refused call for the record, where it is JSON at all."""
    try:
        found = json.loads(raw)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _json(raw: bytes) -> dict[str, Any]:
    try:
        text = raw.decode()
        found = json.loads(text)
    except ValueError:
        raise Refused(47001, "data format error") from None
    if _ESCAPE.search(text):
        raise Refused(40033, "invalid charset. not support \\uXXXX format")
    if not isinstance(found, dict):
        raise Refused(47001, "data format error")
    return found
