"""The servers' HTTP side, both hosts of it: reads a call, meets the faults, answers, records."""

import json
from email.utils import formatdate
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from tests.twins.calls import Calls
from tests.twins.dingtalk.corp import Corp, Malformed, Refused, Robot, missing_body
from tests.twins.dingtalk.tokens import Tokens
from tests.twins.dingtalk.wire import Answer, Call, Route, read_json
from tests.twins.faults import Fault, Faults
from tests.twins.record import Sent

TOKEN_HEADER = "x-acs-dingtalk-access-token"
#: Where the old API tells what the gateway refuses by a code of its own around the code.
_WRAPPED = {40014, 60011, 60020, 90018, 90020}
_QPS = "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi"
_MONTH = "Forbidden.AccessDenied.ApiCountLimitForOrg"


class Api(Calls):
    """All paths of both hosts; those of the new one are kept without their `v1.0/`."""

    def __init__(self, corp: Corp, tokens: Tokens, faults: Faults) -> None:
        super().__init__(corp.record, corp.clock, faults)
        self._corp, self._tokens = corp, tokens
        self.routes: dict[str, Route] = {
            "oauth2/accessToken": Route("POST", self._new_token, needs_token=False),
            "gettoken": Route("GET", self._old_token, needs_token=False),
        }
        self._new_paths = {"oauth2/accessToken"}
        #: One page writes the old host's errcode as text.
        self.codes_as_text = False

    def add(self, routes: dict[str, Route], *, is_new: bool = False) -> None:
        """More paths, of the old host or the new."""
        self.routes |= routes
        self._new_paths |= set(routes) if is_new else set()

    def _answer(
        self, path: str, request: Request, raw: bytes, fault: Fault | None = None
    ) -> Response:
        query = dict(request.query_params)
        is_new = request.url.path.startswith("/v1.0/")
        if path != "storage" and self._corp.quota.is_barred():
            return self._barred(path, query)
        body: dict[str, Any] = {}
        answer = Answer()
        try:
            if fault is not None:
                raise Refused(fault.errcode, fault.message, **fault.more)
            route = self._route(path, request, is_new=is_new)
            headers = {name.lower(): value for name, value in request.headers.items()}
            robot = self._caller(path, route, query, headers, is_new=is_new)
            if route.method != "GET" and route.is_json:
                kind = headers.get("content-type", "")
                body = read_json(raw, kind, self._corp, is_new=is_new)
            rest = str(request.path_params.get("ident", ""))
            answer = route.handle(Call(path, query, headers, raw, body, robot, rest))
            told, status = ({} if is_new else {"errcode": 0, "errmsg": "ok"}) | answer.fields, 200
        except Refused as error:
            told, status = self._told(path, error, is_new=is_new), error.status
            body = body or _readable(raw)
        now = self._corp.clock.now()
        self._corp.record.add(Sent(path, body, query, told, now, answer.dropped))
        if self.codes_as_text and not is_new:
            told = told | {"errcode": str(told["errcode"])}
        return answer.response or _said(told, status, now)

    def _told(self, path: str, error: Refused, *, is_new: bool) -> dict[str, Any]:
        """A refusal in the words of its host."""
        if isinstance(error, Malformed):
            self._corp.complain(f"{path}: {error}")
        if is_new:
            told = {"code": error.code, "message": error.message}
            return told | {"requestid": self._corp.number("REQUEST-")} | error.more
        if path.startswith("topapi/") and error.code in _WRAPPED:
            inner = {"sub_code": str(error.code), "sub_msg": error.message}
            words = f"ding talk error[subcode={error.code},submsg={error.message}]"
            return {"errcode": 88, "errmsg": words, **inner, "request_id": "5imjny7u9xwa"}
        return {"errcode": error.code, "errmsg": error.message} | error.more

    def _barred(self, path: str, query: dict[str, str]) -> Response:
        quota = self._corp.quota
        if quota.has_told:
            self._corp.complain(f"{path}: called while the address is barred")
        quota.has_told = True
        told = {"status": 1111, "wait": 5, "source": "x5", "punish": "deny"}
        self._corp.record.add(Sent(path, {}, query, {"errcode": 1111}, self._corp.clock.now()))
        if quota.bars_with_page:
            return HTMLResponse("<!DOCTYPE html><html><body>访问被拒绝</body></html>")
        return _said(told, 200, self._corp.clock.now())

    def _route(self, path: str, request: Request, *, is_new: bool) -> Route:
        found = self.routes.get(path)
        is_here = (path in self._new_paths) == is_new
        if found is None or not is_here or found.method != request.method:
            words = "Specified api is not found, please check your url and method."
            if is_new:
                raise Malformed("InvalidAction.NotFound", words, 404)
            raise Malformed(404, "请求的URI地址不存在")
        return found

    def _caller(
        self,
        path: str,
        route: Route,
        query: dict[str, str],
        headers: dict[str, str],
        *,
        is_new: bool,
    ) -> Robot | None:
        """Whose call it is, counted; None where none needs to be known."""
        if not route.needs_token:
            if TOKEN_HEADER in headers:
                self._corp.complain(f"{path}: a token goes where none belongs")
            if route.pool == "webhook":
                self._corp.quota.webhook.used += 1
            return None
        if is_new and "access_token" in query:
            self._corp.complain(f"{path}: the token is in the address")
        token = headers.get(TOKEN_HEADER) if is_new else query.get("access_token")
        robot = self._tokens.app_of(token)
        if robot is None:
            words = "不合法的access_token"
            raise Refused("InvalidAuthentication" if is_new else 40014, words)
        self._tokens.check_caller(robot, is_new=is_new)
        self._check_scope(route, robot, is_new=is_new)
        self._count(path, route, robot, is_new=is_new)
        return robot

    def _check_scope(self, route: Route, robot: Robot, *, is_new: bool) -> None:
        if not route.scope or route.scope in robot.scopes:
            return
        if not is_new:
            raise Refused(60011, f"应用尚未开通所需的权限：[{route.scope}]")
        raise Refused(
            "Forbidden.AccessDenied.AccessTokenPermissionDenied",
            f"应用尚未开通所需的权限：[{route.scope}]",
            accessdenieddetail={"requiredScopes": [route.scope]},
        )

    def _count(self, path: str, route: Route, robot: Robot, *, is_new: bool) -> None:
        """One call more; those refused for their number in a second cost nothing."""
        quota = self._corp.quota
        if not quota.takes(robot.client_id, path):
            raise Refused(_QPS if is_new else 90018, "应用调用该接口的频率超过限制")
        if route.pool == "api":
            if quota.refuses_api():
                raise Refused(_MONTH if is_new else 90020, "组织当月API调用量已用完")
            quota.api.used += 1

    def _new_token(self, call: Call) -> Answer:
        if not {"appKey", "appSecret"} <= set(call.body):
            raise missing_body()
        token, seconds = self._tokens.issued(call.body["appKey"], call.body["appSecret"])
        return Answer({"accessToken": token, "expireIn": seconds})

    def _old_token(self, call: Call) -> Answer:
        try:
            token, seconds = self._tokens.issued(
                call.query.get("appkey"), call.query.get("appsecret")
            )
        except Refused:
            raise Refused(40089, "不合法的corpid或corpsecret") from None
        return Answer({"access_token": token, "expires_in": seconds})


def _said(told: dict[str, Any], status: int, now: float) -> Response:
    text = json.dumps(told, ensure_ascii=False)
    headers = {"Date": formatdate(now, usegmt=True)}
    return Response(text, status, headers, media_type="application/json; charset=utf-8")


def _readable(raw: bytes) -> dict[str, Any]:
    """The body of a refused call for the record, where it is JSON at all."""
    try:
        found = json.loads(raw)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
