"""Whether our address takes DingTalk's calls and refuses all others; nothing of it is stored."""

import json
import secrets
from datetime import datetime, timedelta

import httpx2

from bot.check_address import PATIENCE, RESTART, Address, check_address
from bot.dingtalk.calls import WHOM
from bot.dingtalk.console import ADDRESS
from bot.dingtalk.known import Known
from bot.dingtalk.settings import DingTalkSettings
from bot.dingtalk.signature import sign_of
from bot.findings import Found, Level

_CHECK = "dingtalk address"
#: What DingTalk gives the callbacks whose time it documents, those of cards.
ANSWERED_WITHIN = timedelta(seconds=2)
_STATUSES = {
    403: "服务运行时用的 Client Secret、CorpId 或机器人编码与 .env 不一致，或两边时钟差1小时以上",
    404: "有程序应答，但没有这个地址；或者服务运行时是 DINGTALK_MODE=stream",
}


def check_callback(
    client: httpx2.Client, url: str, settings: DingTalkSettings, known: Known, now: datetime
) -> Found:
    """What becomes of a call that is signed as DingTalk signs, and of a forged one."""
    address = Address(
        check=_CHECK,
        url=url,
        page=ADDRESS,
        heard=known.heard,
        is_served=known.is_served,
        caller=WHOM,
        waits=ANSWERED_WITHIN,
        statuses=_STATUSES,
    )
    secret = settings.dingtalk_client_secret.get_secret_value()
    found = check_address(
        address, lambda: _called(client, url, settings, secret, now), _is_known_and_empty, now
    )
    if found.level is Level.FAIL:
        return found
    return _forged(client, url, settings, now) or found


def _forged(
    client: httpx2.Client, url: str, settings: DingTalkSettings, now: datetime
) -> Found | None:
    """The finding where a call that somebody else signed is not refused."""
    try:
        status = _called(client, url, settings, secrets.token_hex(16), now).status_code
    except httpx2.HTTPError:
        return None  # the right call came through a moment ago
    if status == httpx2.codes.FORBIDDEN:
        return None
    about = f"{url} 对签名不对的调用应答 HTTP {status}，应当拒收（403）"
    return Found(_CHECK, Level.FAIL, about, f"看反向代理有没有改写应答；{RESTART}")


def _called(
    client: httpx2.Client, url: str, settings: DingTalkSettings, secret: str, now: datetime
) -> httpx2.Response:
    """The answer to a message of this organisation to this robot that is none: it has no number."""
    timestamp = str(int(now.timestamp() * 1000))
    body = {
        "chatbotCorpId": settings.dingtalk_corp_id,
        "robotCode": settings.dingtalk_robot_code,
    }
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "timestamp": timestamp,
        "sign": sign_of(secret, timestamp),
    }
    content = json.dumps(body).encode()
    return client.post(url, content=content, headers=headers, timeout=PATIENCE)


def _is_known_and_empty(response: httpx2.Response) -> bool:
    """Whether the signature was right, the organisation and the robot too, and nothing was said."""
    return response.status_code == httpx2.codes.BAD_REQUEST and not response.content
