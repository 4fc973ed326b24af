"""Whether an address of ours answers the check that WeCom makes when it is saved in the console."""

import ipaddress
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import httpx2

from bot.findings import Found, Level
from bot.wecom.api import HOST
from bot.wecom.envelope import Envelope
from models.rules.zone import local_zone

#: WeCom waits so long for the answer to its check.
ANSWERED_WITHIN = timedelta(seconds=1)
#: After so long without an answer the check here is given up.
_PATIENCE = 5.0
#: An address by which somebody wrote so lately does work, whatever this machine sees of it.
_LATELY = timedelta(days=1)
_RESTART = "改过 .env 后要重启 `dajuan serve`；反向代理要把 /webhooks/ 原样转给它"
_STATUSES = {
    400: ("服务运行时用的 EncodingAESKey 与 .env 不一致", _RESTART),
    403: ("服务运行时用的 Token 与 .env 不一致，或两边时钟差10分钟以上", _RESTART),
    404: ("有程序应答，但没有这个地址", _RESTART),
}
_LOCAL = ("localhost", "localhost.localdomain")


@dataclass(frozen=True)
class Address:
    """One of our addresses: its place, what it is checked with, and its page in the console."""

    check: str
    url: str
    envelope: Envelope
    page: str
    heard: datetime | None
    #: Whether any process serves; so where it is not known.
    is_served: bool


def check_public_url(url: str, base: str) -> Iterator[Found]:
    """Whether WeCom's servers, at *base*, can find the way to *url* at all."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if _is_local(host) and not _is_local(urlsplit(base).hostname or ""):
        about = f"是 {url}，只有本机能访问"
        advice = "改为公网能访问的 https 地址；没有公网地址就用智能机器人的长连接"
        yield Found("PUBLIC_URL", Level.FAIL, about, advice)
    elif _is_private(host) and base == HOST:
        about = f"是 {url}，内网地址，企业微信的服务器访问不到"
        advice = "改为公网能访问的 https 地址；没有公网地址就用智能机器人的长连接"
        yield Found("PUBLIC_URL", Level.FAIL, about, advice)
    elif parts.scheme == "http" and not _is_local(host):
        about = f"是 {url}，看板链接等会以明文经过网络"
        yield Found("PUBLIC_URL", Level.WARN, about, "配好证书，改为 https 开头的地址")


def check_address(client: httpx2.Client, address: Address, now: datetime) -> Found:
    """What becomes of a signed check like WeCom's own, sent to our public address."""
    plain = str(10**18 + secrets.randbelow(9 * 10**18))
    try:
        response = client.get(
            address.url, params=_query(address.envelope, plain, now), timeout=_PATIENCE
        )
    except httpx2.HTTPError as error:
        return _unreachable(address, error, now)
    if response.status_code != httpx2.codes.OK:
        return _refused(address, response)
    if response.text != plain:
        about = f"{address.url} 有别的程序应答，内容不对"
        return Found(address.check, Level.FAIL, about, _RESTART)
    seconds = response.elapsed.total_seconds()
    if response.elapsed > ANSWERED_WITHIN:
        about = f"{address.url} 应答用了{seconds:.1f}秒，企业微信只等1秒"
        advice = "看服务器是否繁忙，反向代理是否转得慢；忙完再试"
        return Found(address.check, Level.FAIL, about, advice)
    return _well(address, seconds)


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


def _well(address: Address, seconds: float) -> Found:
    about = f"{address.url} 应答正确（{seconds:.2f}秒）"
    if address.heard is not None:
        return Found(address.check, Level.OK, f"{about}，最近一次来消息 {shown(address.heard)}")
    advice = f"把它填进并保存：{address.page}，再发一句“帮助”"
    return Found(address.check, Level.WARN, f"{about}，还没有收到过消息", advice)


def _refused(address: Address, response: httpx2.Response) -> Found:
    status = response.status_code
    about, advice = f"应答 HTTP {status}", _RESTART
    if status in _STATUSES:
        about, advice = _STATUSES[status]
    elif response.is_redirect:
        about, advice = "要求跳转到别的地址，企业微信不会跟着走", "把 PUBLIC_URL 改为跳转后的地址"
    elif status >= 500:
        advice = "反向代理后面的 `dajuan serve` 没有运行，或出了故障：看它的日志"
    return Found(address.check, Level.FAIL, f"{address.url} {about}（HTTP {status}）", advice)


def _unreachable(address: Address, error: httpx2.HTTPError, now: datetime) -> Found:
    if "certificate" in str(error).lower():
        about = f"{address.url} 的证书不被接受"
        advice = "换上受信任机构签发、域名相符、没有过期的证书（连同中间证书）"
        return Found(address.check, Level.FAIL, about, advice)
    about = f"{address.url} 连不上（{type(error).__name__}）"
    if not address.is_served:
        return Found(address.check, Level.FAIL, about, "服务没有在运行：启动 `dajuan serve` 后再看")
    if address.heard is not None and now - address.heard < _LATELY:
        advice = f"{shown(address.heard)} 还有消息从这里进来：多半只是本机访问不了自己的公网地址"
        return Found(address.check, Level.WARN, about, advice)
    advice = (
        "看域名解析、反向代理和防火墙；也可用手机流量打开这个地址试试，有应答（哪怕403）就是通的"
    )
    return Found(address.check, Level.FAIL, about, advice)


def shown(moment: datetime) -> str:
    """A moment as findings tell it."""
    return f"{moment.astimezone(local_zone()):%m-%d %H:%M}"


def _is_local(host: str) -> bool:
    address = _ip(host)
    return host in _LOCAL or (address is not None and address.is_loopback)


def _is_private(host: str) -> bool:
    address = _ip(host)
    return address is not None and address.is_private


def _ip(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
