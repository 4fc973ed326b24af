"""Every call to DingTalk: not too often, none while it blocks us, counted, and its answer read."""

import json
import re
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

import httpx2
import structlog

from bot.calls import Json, json_in, no_answer, refuse_status, request_to, response_to
from bot.dingtalk.errors import UNCOUNTED, Action, Code, failure, meaning
from bot.dingtalk.limiter import Limiter
from bot.dingtalk.meter import Pool
from models.errors import DeliveryError, Shut

log = structlog.get_logger()

#: Who answers, in what an operator reads.
WHOM = "钉钉"
#: So long DingTalk answers nothing from an address that called far too often.
BLOCKED = timedelta(minutes=5)
_BLOCKING_STATUS = 1111
#: DingTalk's gateway wraps what the old API says: 88 with the code proper behind it.
_WRAPPED = 88
_SESSION_PATH = "/robot/sendBySession"
_JSON = {"Content-Type": "application/json; charset=utf-8", "Accept": "application/json"}
_SUB_CODE = re.compile(r"subcode=(\d{1,9})\b")
_FROM_IP = re.compile(r"request ip\s*[=:]\s*([0-9a-fA-F.:]{3,45})")
_SCOPES = re.compile(r"requiredScopes=\[([\w.,\s-]{1,300})\]")
_NOT_OF_A_NAME = re.compile(r"[^\w.:-]", re.ASCII)


class Counts(Protocol):
    """Counts what is sent, as `Meter` does."""

    def spend(self, pool: Pool, units: int = 1) -> None:
        """So many were taken."""

    def ran_out(self, pool: Pool) -> None:
        """DingTalk said that there is none left."""

    def went_on(self, pool: Pool) -> None:
        """DingTalk did what was asked: there is some left."""


class Calls:
    """The way to both of DingTalk's hosts; one an office, safe to use from several threads.

    *per_second* calls of one API are made at most: DingTalk's standard edition takes 20.
    *now* and *pause* count real seconds, as DingTalk does, whatever *clock* shows.
    """

    def __init__(
        self,
        client: httpx2.Client,
        clock: Callable[[], datetime],
        meter: Counts,
        per_second: int = 20,
        *,
        now: Callable[[], float] = time.monotonic,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.client = client
        self.clock = clock
        self._meter = meter
        self._limiter = Limiter(per_second, now)
        self._pause = pause
        self._lock = threading.Lock()
        self._blocked: tuple[datetime, datetime] | None = None

    def ask(self, request: httpx2.Request, pool: Pool | None) -> Json:
        """The answer, where it is one; raises DeliveryError. Counted in *pool* if DingTalk does.

        Nothing is repeated here: whoever asks knows what may be said twice.
        """
        self.refuse_while_blocked()
        if (seconds := self._limiter.wait(request.url.path)) > 0:
            self._pause(seconds)
        try:
            response = response_to(lambda: self.client.send(request), WHOM)
        except DeliveryError as error:
            if error.unknown:
                self._count(pool)
            raise
        return self.read(request, response, pool)

    def read(self, request: httpx2.Request, response: httpx2.Response, pool: Pool | None) -> Json:
        """The answer in *response*, as `ask` has it, to a call that was made by another way."""
        answer = json_in(response)
        if _is_blocking(response, answer):
            raise self._begin_block()
        action = meaning(code_in(answer), response.status_code).action
        if action not in UNCOUNTED:
            self._count(pool)
        elif action is Action.USED_UP and pool is not None:
            self._meter.ran_out(pool)
        told = _checked(request.url.path, response, answer)
        if pool is not None:
            self._meter.went_on(pool)
        return told

    def request(
        self, method: str, url: str, body: Mapping[str, Any] | None, headers: Mapping[str, str]
    ) -> httpx2.Request:
        """A call with a JSON body, in which Chinese stands as it is; raises DeliveryError."""
        # Escapes such as \\u4f60 are refused (40033), and make texts twice as long.
        content = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        all_headers = {**_JSON, **headers}
        return request_to(
            lambda: self.client.build_request(method, url, content=content, headers=all_headers),
            WHOM,
        )

    def refuse_while_blocked(self) -> None:
        """Raises DeliveryError as long as DingTalk answers this address nothing."""
        now = self.clock()
        with self._lock:
            blocked = self._blocked
        # A clock that was put back is not waited for.
        if blocked is not None and blocked[0] <= now < blocked[1]:
            raise _blocked_for(blocked[1] - now)

    def _count(self, pool: Pool | None) -> None:
        if pool is not None:
            self._meter.spend(pool)

    def _begin_block(self) -> DeliveryError:
        now = self.clock()
        with self._lock:
            self._blocked = (now, now + BLOCKED)
        log.error("DingTalk blocks this address")
        return _blocked_for(BLOCKED)


def post_webhook(calls: Calls, url: str, body: Mapping[str, Any]) -> Json:
    """The answer of a robot's or a session's address, which is a secret; raises DeliveryError.

    Both say 0 where all is well: what says no code is an object of a gateway on the way.
    """
    answer = calls.ask(calls.request("POST", url, body, {}), Pool.WEBHOOK)
    if "errcode" not in answer:
        raise no_answer(WHOM)
    return answer


def refusal(path: str, answer: Json, status: int) -> DeliveryError | None:
    """What an answer with a code says, by either convention; None where all is well.

    The number of the call is logged: DingTalk's support asks for it.
    """
    code = code_in(answer)
    if not code:
        return None
    number = _name(answer.get("requestid") or answer.get("request_id") or "")
    log.warning("DingTalk refused", path=path, code=code, status=status, requestid=number)
    return failure(code, _hint(answer), status, by_session=path == _SESSION_PATH)


def _checked(path: str, response: httpx2.Response, answer: Json | None) -> Json:
    status = response.status_code
    if answer is not None and (error := refusal(path, answer, status)):
        raise error
    refuse_status(response, WHOM)
    if answer is None:
        raise no_answer(WHOM)
    return answer


def _blocked_for(rest: timedelta) -> DeliveryError:
    reason = "钉钉暂时不接受本机的调用，或调用被中间设备拦截，已全部暂停5分钟"
    return DeliveryError(reason, retryable=True, elsewhere=True, after=rest, shut=Shut.AWAY)


def _is_blocking(response: httpx2.Response, answer: Json | None) -> bool:
    """Whether it is the page, or the little JSON, that is all an address gets that is blocked."""
    if answer is not None:
        return str(answer.get("status")) == str(_BLOCKING_STATUS)
    is_page = "html" in response.headers.get("Content-Type", "").lower()
    is_page = is_page or response.content.lstrip()[:1] == b"<"
    # A page that tells of a gateway's own trouble comes with a status that says so.
    return is_page and response.status_code < 500


def code_in(answer: Json | None) -> Code:
    """The error code by either convention; 0 where there is none."""
    if answer is None:
        return 0
    if number := answer.get("errcode"):
        return _old_code(number, answer)
    code = answer.get("code")
    return _name(code) if isinstance(code, str) else 0


def _old_code(number: object, answer: Json) -> Code:
    if isinstance(number, str) and number.lstrip("-").isdecimal():
        number = int(number[:10])
    if not isinstance(number, int):
        return -1
    if number != _WRAPPED:
        return number
    found = _SUB_CODE.search(f"subcode={answer.get('sub_code')} {answer.get('errmsg')}")
    return int(found[1]) if found else number


def _hint(answer: Json) -> str:
    """What is missing, where DingTalk names it: permissions, or the address it saw."""
    told = f"{answer.get('message', '')} {answer.get('errmsg', '')}"
    if scopes := _scopes(answer.get("accessdenieddetail"), told):
        return "、".join(scopes)
    found = _FROM_IP.search(told)
    return f"出口 IP {found[1]}" if found else ""


def _scopes(detail: object, told: str) -> list[str]:
    named = detail.get("requiredScopes") if isinstance(detail, dict) else None
    found: Iterable[object] = named if isinstance(named, list) else ()
    if not found and (match := _SCOPES.search(told)):
        found = match[1].split(",")
    return [_name(each) for each in found][:5]


def _name(value: object) -> str:
    """A name that a server gave, as it can stand in a log or an error."""
    return _NOT_OF_A_NAME.sub("", str(value))[:100]
