"""Whether the stream can be opened, and whether the service is on it; no connection is made."""

import asyncio
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx2

from bot.calls import json_in
from bot.check_address import PATIENCE, shown
from bot.dingtalk.console import RECEIVING
from bot.dingtalk.gateway import Gateway
from bot.dingtalk.known import Known
from bot.dingtalk.speaking import NAME
from bot.findings import Found, Level
from bot.health import is_well
from models.errors import DeliveryError

_CHECK, _GATEWAY = "dingtalk stream", "dingtalk gateway"
_PORTS = {"wss": 443, "ws": 80}
_REFUSED = "refused: "


def check_stream(
    client: httpx2.Client, gateway: Gateway, url: str, known: Known
) -> Iterator[Found]:
    """The way to the gateway, and how the connection of the service at *url* stands."""
    yield _way_in(gateway)
    yield _standing(known, _told(client, url))


def _way_in(gateway: Gateway) -> Found:
    """A ticket that nobody uses is no connection, and takes no message from the service."""
    try:
        address = urlsplit(asyncio.run(gateway.open()))
    except DeliveryError as error:
        advice = f"看 dingtalk app 一行；机器人要选Stream模式：{RECEIVING}"
        if not error.code:  # nobody said what is wrong with the app
            advice = "看 dingtalk app 一行；那一行正常就是钉钉的网关暂时不通，服务会自动重连"
        return Found(_GATEWAY, Level.FAIL, f"网关不让连接：{error}", advice)
    host = address.hostname or ""
    try:
        place = (host, address.port or _PORTS[address.scheme])
        socket.create_connection(place, PATIENCE).close()
    except (OSError, ValueError) as error:
        about = f"连不上 {address.netloc}（{type(error).__name__}）"
        advice = "让防火墙放行本机到 *.dingtalk.com 443端口的出站连接"
        return Found(_GATEWAY, Level.FAIL, about, advice)
    return Found(_GATEWAY, Level.OK, f"可以连接 {host}")


def _told(client: httpx2.Client, url: str) -> str | None:
    """What the service says of its connection; None where it cannot be asked from here."""
    try:
        answer = json_in(client.get(f"{url}/readyz", timeout=PATIENCE))
    except httpx2.HTTPError:
        return None
    told = answer.get(NAME) if answer else None
    return told if isinstance(told, str) else None


def _standing(known: Known, told: str | None) -> Found:
    if not known.is_served and told is None:
        about = "没有进程在运行，机器人听不到消息"
        return Found(_CHECK, Level.WARN, about, "启动 `dajuan serve`，过几秒再看")
    if told is not None and not is_well(told):
        return _down(told)
    state = "服务在运行（从本机问不到它的连接）" if told is None else "服务已连上"
    if told not in (None, "ok"):
        about = "服务正在连接"
        return Found(_CHECK, Level.WARN, about, "过半分钟再看；一直如此，看它的日志")
    if known.heard is not None:
        return Found(_CHECK, Level.OK, f"{state}，最近一次来消息 {shown(known.heard)}")
    advice = (
        f"在钉钉中搜索机器人的名称，发一句“帮助”；没有回音，看 {RECEIVING} 是不是Stream模式，"
        "DINGTALK_CORP_ID 填得对不对（日志里有 for another organisation 就是不对）"
    )
    return Found(_CHECK, Level.WARN, f"{state}，还没有收到过消息", advice)


def _down(told: str) -> Found:
    if told.startswith(_REFUSED):
        about = f"服务连不上：{told.removeprefix(_REFUSED)}"
        return Found(_CHECK, Level.FAIL, about, "按这句话改好，重启 `dajuan serve`")
    about = "服务连不上，接连几次都失败了，正在自动重连"
    return Found(_CHECK, Level.FAIL, about, "看网络和防火墙；通了会自动连上，不用重启")
