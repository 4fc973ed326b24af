"""Plain clients of DingTalk's servers, for the tests of the stand-in itself."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2

from tests.twins.dingtalk.corp import ROBOT_CODE, Member, Robot
from tests.twins.dingtalk.twin import Twin

PEOPLE = (
    Member("WangWu", "王五", mobile="13800000000"),
    Member("lisi", "李四", departments=(2,)),
    Member("hidden", "孙七", visible=False),
)
GROUP = "cidLiaisons=="
TO_PEOPLE, TO_GROUP = "robot/oToMessages/batchSend", "robot/groupMessages/send"
PNG = b"\x89PNG\r\n\x1a\n a picture"
TEXT = {"msgtype": "text", "text": {"content": "进度"}}


@contextmanager
def standing() -> Iterator[Twin]:
    """The servers with three people, a group of two and a custom robot in it."""
    with Twin(members=PEOPLE) as twin:
        twin.corp.meets(GROUP, "WangWu", "lisi")
        twin.add_robot("TOKEN", "SEC-secret", GROUP)
        yield twin


@contextmanager
def connected(twin: Twin) -> Iterator[httpx2.Client]:
    """A plain client."""
    # Without TLS there is nothing to verify, and reading the machine's authorities takes long.
    with httpx2.Client(base_url=twin.url, timeout=10, verify=False) as http:
        yield http


def raw(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


def said(body: Any, *, kind: str = "application/json") -> dict[str, Any]:
    """How a body goes out."""
    return {"content": raw(body), "headers": {"content-type": kind}}


class Caller:
    """A client with the app's token."""

    def __init__(self, http: httpx2.Client, robot: Robot | None = None) -> None:
        self.http, self.robot = http, robot or Robot()
        self.renew()

    def renew(self) -> None:
        body = {"appKey": self.robot.client_id, "appSecret": self.robot.client_secret}
        told = self.http.post("/v1.0/oauth2/accessToken", json=body).json()
        self.token = told["accessToken"]

    def call(self, path: str, body: Any, method: str = "POST") -> httpx2.Response:
        headers = {"content-type": "application/json", "x-acs-dingtalk-access-token": self.token}
        return self.http.request(method, f"/v1.0/{path}", content=raw(body), headers=headers)

    def post(self, path: str, body: Any, method: str = "POST") -> dict[str, Any]:
        return self.call(path, body, method).json()

    def old(self, path: str, body: Any) -> dict[str, Any]:
        query = {"access_token": self.token}
        return self.http.post(f"/{path}", params=query, **said(body)).json()

    def says(self, people: list[str], key: str = "sampleText", **param: Any) -> dict[str, Any]:
        param = param or {"content": "第一季度进度"}
        return self.post(TO_PEOPLE, message(key, param) | {"userIds": people})

    def says_in(self, group: str, key: str = "sampleText", **param: Any) -> dict[str, Any]:
        param = param or {"content": "第一季度进度"}
        return self.post(TO_GROUP, message(key, param) | {"openConversationId": group})

    def upload(self, kind: str, name: str, data: bytes) -> dict[str, Any]:
        query = {"access_token": self.token}
        files = {"media": (name, data)}
        return self.http.post(
            "/media/upload", params=query, data={"type": kind}, files=files
        ).json()


def message(key: str, param: Any) -> dict[str, Any]:
    text = json.dumps(param, ensure_ascii=False)
    return {"robotCode": ROBOT_CODE, "msgKey": key, "msgParam": text}


def hook(http: httpx2.Client, url: str, body: Any, **how: Any) -> int:
    response = http.post(url, **said(body, **how))
    assert response.status_code == 200
    return response.json()["errcode"]


def signed(twin: Twin, secret: str = "SEC-secret", ago: float = 0) -> dict[str, str]:
    stamp = str(int((twin.clock.now() - ago) * 1000))
    made = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
    return {
        "access_token": "TOKEN",
        "timestamp": stamp,
        "sign": base64.b64encode(made).decode(),
    }


def robot_says(http: httpx2.Client, query: dict[str, str], body: Any = TEXT) -> dict[str, Any]:
    return http.post("/robot/send", params=query, **said(body)).json()
