"""How the long connection stands, by what its owner noted: a second one would end the first."""

import socket
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit

from bot.check_address import shown
from bot.findings import Found, Level
from bot.wecom.console import BY_CONNECTION
from bot.wecom.known import Link
from bot.wecom.ownership import Standing

_CHECK = "wecom connection"
_PORTS = {"wss": 443, "ws": 80}
_PATIENCE = 5.0


def check_link(link: Link | None, heard: datetime | None, url: str) -> Iterator[Found]:
    """The connection; where it does not stand, also whether its server can be reached."""
    yield _standing(link, heard)
    if link is None or link.standing is not Standing.CONNECTED:
        yield from _way_to(url)


def _standing(link: Link | None, heard: datetime | None) -> Found:
    if link is None:
        about = "没有进程持有长连接，机器人听不到消息"
        return Found(_CHECK, Level.WARN, about, "启动 `dajuan serve`，过几秒再看")
    if link.standing is None or link.since is None:
        about = f"{link.place} 刚接手，还没有连上"
        return Found(_CHECK, Level.WARN, about, "过半分钟再看；一直如此，看它的日志")
    since = shown(link.since)
    if link.standing is Standing.CONNECTED:
        return _connected(f"{since} 起连着，在 {link.place}", heard)
    if link.standing is Standing.LOST:
        about = f"{since} 断开，{link.place} 正在重连"
        return Found(_CHECK, Level.FAIL, about, "看网络和防火墙；通了会自动连上，不用重启")
    about = f"{since} 起已停用：{link.why}"
    return Found(_CHECK, Level.FAIL, about, f"改好后重启 `dajuan serve`：{BY_CONNECTION}")


def _connected(about: str, heard: datetime | None) -> Found:
    if heard is not None:
        return Found(_CHECK, Level.OK, f"{about}，最近一次来消息 {shown(heard)}")
    advice = "在企业微信中找到这个机器人，单聊发一句“帮助”；在群里要@它"
    return Found(_CHECK, Level.WARN, f"{about}，还没有收到过消息", advice)


def _way_to(url: str) -> Iterator[Found]:
    """Whether the server answers at all; no subscription is made."""
    parts = urlsplit(url)
    try:
        place = (parts.hostname or "", parts.port or _PORTS[parts.scheme])
        socket.create_connection(place, _PATIENCE).close()
    except (OSError, ValueError) as error:
        about = f"连不上 {parts.netloc}（{type(error).__name__}）"
        advice = "让防火墙放行本机到它的出站连接；私有部署核对 WECOM_BOT_WS"
        yield Found("WECOM_BOT_WS", Level.FAIL, about, advice)
