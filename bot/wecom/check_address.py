"""Whether an address of ours answers the check that WeCom makes when it is saved in the console."""

import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

import httpx2

from bot.check_address import PATIENCE, Address, check_address
from bot.findings import Found
from bot.wecom.api import WHOM
from bot.wecom.envelope import Envelope

#: WeCom waits so long for the answer to its check.
ANSWERED_WITHIN = timedelta(seconds=1)
_STATUSES = {
    400: "服务运行时用的 EncodingAESKey 与 .env 不一致",
    403: "服务运行时用的 Token 与 .env 不一致，或两边时钟差10分钟以上",
    404: "有程序应答，但没有这个地址",
}


class Place(NamedTuple):
    """One of our addresses, what it is checked with, and its page in the console."""

    check: str
    url: str
    envelope: Envelope
    page: str
    heard: datetime | None
    is_served: bool


def check_place(client: httpx2.Client, place: Place, now: datetime) -> Found:
    """What becomes of a signed check like WeCom's own, sent to our public address."""
    plain = str(10**18 + secrets.randbelow(9 * 10**18))
    address = Address(
        check=place.check,
        url=place.url,
        page=place.page,
        heard=place.heard,
        is_served=place.is_served,
        caller=WHOM,
        waits=ANSWERED_WITHIN,
        statuses=_STATUSES,
    )
    query = _query(place.envelope, plain, now)
    return check_address(
        address,
        lambda: client.get(place.url, params=query, timeout=PATIENCE),
        lambda response: response.status_code == httpx2.codes.OK and response.text == plain,
        now,
    )


def _query(envelope: Envelope, plain: str, now: datetime) -> dict[str, str]:
    """The check's parameters, with a `+` that a proxy which decodes twice would lose."""
    nonce = secrets.token_hex(8)
    sealed = envelope.sealed(plain, nonce, now)
    while "+" not in sealed.encrypt:
        sealed = envelope.sealed(plain, nonce, now)
    return {
        "msg_signature": sealed.signature,
        "timestamp": sealed.timestamp,
        "nonce": nonce,
        "echostr": sealed.encrypt,
    }
