"""Whether an address of ours is found from outside, and answers as its platform expects."""

import ipaddress
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import httpx2

from bot.findings import Found, Level
from models.rules.zone import local_zone

#: Seconds after which a check that gets no answer is given up.
PATIENCE = 5.0
RESTART = "改过 .env 后要重启 `dajuan serve`；反向代理要把 /webhooks/ 原样转给它"
#: An address by which somebody wrote so lately does work, whatever this machine sees of it.
_LATELY = timedelta(days=1)
_LOCAL = ("localhost", "localhost.localdomain")


@dataclass(frozen=True)
class Caller:
    """A platform that calls our address: its server as the settings have it and as all know it.

    *instead* is what an office does that has no public address. *is_encrypted*: it calls https
    alone.
    """

    name: str
    base: str
    host: str
    instead: str
    is_encrypted: bool = False


@dataclass(frozen=True)
class Address:
    """One of our addresses: its place, its page in the console, when it last heard somebody."""

    check: str
    url: str
    page: str
    heard: datetime | None
    #: Whether any process serves; so where it is not known.
    is_served: bool
    caller: str
    #: The caller waits so long for an answer.
    waits: timedelta
    #: What is wrong where these statuses answer.
    statuses: Mapping[int, str] = field(default_factory=dict)


def check_public_url(url: str, caller: Caller) -> Iterator[Found]:
    """Whether the servers of *caller* can find the way to *url* at all."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    advice = f"改为公网能访问的 https 地址；{caller.instead}"
    if _is_local(host) and not _is_local(urlsplit(caller.base).hostname or ""):
        yield Found("PUBLIC_URL", Level.FAIL, f"是 {url}，只有本机能访问", advice)
    elif _is_private(host) and caller.base == caller.host:
        about = f"是 {url}，内网地址，{caller.name}的服务器访问不到"
        yield Found("PUBLIC_URL", Level.FAIL, about, advice)
    elif parts.scheme == "http" and not _is_local(host):
        about = f"是 {url}，看板链接等会以明文经过网络"
        level = Level.FAIL if caller.is_encrypted else Level.WARN
        told = f"；{caller.name}只调用 https 地址" if caller.is_encrypted else ""
        yield Found("PUBLIC_URL", level, about + told, "配好证书，改为 https 开头的地址")


def check_links(url: str, base: str) -> Iterator[Found]:
    """Whether people can open links at *url*, where no platform has to call it."""
    if _is_local(urlsplit(url).hostname or "") and not _is_local(urlsplit(base).hostname or ""):
        about = f"是 {url}，发出去的上传、看板、文件链接在手机上打不开"
        advice = "改为同事的手机能访问的地址；听消息用不到它"
        yield Found("PUBLIC_URL", Level.WARN, about, advice)


def check_address(
    address: Address,
    call: Callable[[], httpx2.Response],
    is_right: Callable[[httpx2.Response], bool],
    now: datetime,
) -> Found:
    """What becomes of *call*, made as the platform makes it to our public address."""
    try:
        response = call()
    except httpx2.HTTPError as error:
        return _unreachable(address, error, now)
    if not is_right(response):
        return _refused(address, response)
    seconds = response.elapsed.total_seconds()
    if response.elapsed > address.waits:
        limit = f"{address.caller}只等{address.waits.total_seconds():g}秒"
        about = f"{address.url} 应答用了{seconds:.1f}秒，{limit}"
        advice = "看服务器是否繁忙，反向代理是否转得慢；忙完再试"
        return Found(address.check, Level.FAIL, about, advice)
    return _well(address, seconds)


def _well(address: Address, seconds: float) -> Found:
    about = f"{address.url} 应答正确（{seconds:.2f}秒）"
    if address.heard is not None:
        return Found(address.check, Level.OK, f"{about}，最近一次来消息 {shown(address.heard)}")
    advice = f"把它填进并保存：{address.page}，再发一句“帮助”"
    return Found(address.check, Level.WARN, f"{about}，还没有收到过消息", advice)


def _refused(address: Address, response: httpx2.Response) -> Found:
    status = response.status_code
    if status == httpx2.codes.OK:
        about = f"{address.url} 有别的程序应答，内容不对"
        return Found(address.check, Level.FAIL, about, RESTART)
    about, advice = address.statuses.get(status, f"应答 HTTP {status}"), RESTART
    if response.is_redirect:
        about = f"要求跳转到别的地址，{address.caller}不会跟着走"
        advice = "把 PUBLIC_URL 改为跳转后的地址"
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
