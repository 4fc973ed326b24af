"""What calls to every platform's server share: what no answer means, and JSON read with care."""

from collections.abc import Callable
from typing import Any

import httpx2

from models.errors import DeliveryError, Shut

#: Platforms' own errors have codes of their own. These come from something on the way, whatever
#: is sent.
OF_THE_WAY = frozenset((301, 302, 303, 307, 308, 401, 403, 404, 407, 429, 502, 503))
#: Nothing that stands among a file's bytes could be longer and an error.
_LONGEST_ERROR = 4096

Json = dict[str, Any]


def response_to(ask: Callable[[], httpx2.Response], whom: str) -> httpx2.Response:
    """The response of *whom*, whatever its status; raises DeliveryError where none came."""
    try:
        return ask()
    except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout) as error:
        raise away(f"连不上{whom}") from error
    except httpx2.HTTPError as error:
        raise DeliveryError(
            f"等待{whom}回应超时", retryable=True, unknown=True, shut=Shut.AWAY
        ) from error


def request_to(build: Callable[[], httpx2.Request], whom: str) -> httpx2.Request:
    """A call to *whom*; raises DeliveryError where its address is none."""
    try:
        return build()
    except httpx2.InvalidURL:
        # Its text quotes the address, which may be a secret.
        raise DeliveryError(f"{whom}的地址无法识别", retryable=False, elsewhere=True) from None


def refuse_status(response: httpx2.Response, whom: str) -> None:
    """Raises DeliveryError where the status alone says that *whom* was out of order."""
    status = response.status_code
    if status in (httpx2.codes.OK, httpx2.codes.PARTIAL_CONTENT):
        return
    reason = f"{whom}回应 HTTP {status}"
    if status in OF_THE_WAY:
        raise away(reason)
    is_unknown = status == httpx2.codes.GATEWAY_TIMEOUT
    raise DeliveryError(reason, retryable=status >= 500, unknown=is_unknown)


def away(reason: str) -> DeliveryError:
    """Nothing was taken, and no other message would have been."""
    return DeliveryError(reason, retryable=True, elsewhere=True, shut=Shut.AWAY)


def no_answer(whom: str) -> DeliveryError:
    """Something answered that is not *whom*: who knows whether it passed the call."""
    return DeliveryError(f"收到的不是{whom}的回应", retryable=True, unknown=True, shut=Shut.AWAY)


def said(answer: Json, name: str, whom: str) -> str:
    """A text that an answer of *whom* cannot do without; raises DeliveryError."""
    value = answer.get(name)
    if not isinstance(value, str) or not value:
        raise no_answer(whom)
    return value


def json_in(response: httpx2.Response) -> Json | None:
    """The JSON object of an answer, whatever it is called; None for a file and all else."""
    if "Content-Disposition" in response.headers:
        return None  # a file, whatever it holds
    is_called_json = "json" in response.headers.get("Content-Type", "").lower()
    if not is_called_json and len(response.content) > _LONGEST_ERROR:
        return None
    try:
        answer = response.json()
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None
