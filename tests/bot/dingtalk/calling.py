"""Calls to DingTalk without an office: by a server that says what a test tells it, or the twin."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx2

from bot.dingtalk.api import Api
from bot.dingtalk.calls import Calls
from bot.dingtalk.meter import Meter, Pool
from bot.dingtalk.settings import DingTalkSettings
from bot.http import open_client
from tests.conftest import SHANGHAI, at
from tests.twins.dingtalk.environment import robot_settings
from tests.twins.dingtalk.twin import Twin

NOW = at("2021-08-20T09:00")
SECRET = "the secret of the app"
API, OAPI = "https://api.dingtalk.com", "https://oapi.dingtalk.com"


class Spent(Meter):
    """Counts what was spent, and keeps it for the test."""

    def __init__(self) -> None:
        self.units: Counter[str] = Counter()
        self.out: list[str] = []

    def spend(self, pool: Pool, units: int = 1) -> None:
        self.units[pool.value] += units

    def ran_out(self, pool: Pool) -> None:
        self.out.append(pool.value)

    def went_on(self, pool: Pool) -> None:
        self.out = [each for each in self.out if each != pool.value]


class Timing:
    """Seconds that pass when somebody waits, and by nothing else."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waited: list[float] = []

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.now += seconds


class Server:
    """Both hosts: answers by the last part of a path, and counts; tokens are T1, T2 …"""

    def __init__(self, per_second: int = 20, **told: Any) -> None:
        self.told = told
        self.now = NOW
        self.asked: list[httpx2.Request] = []
        self.tokens = 0
        self.meter, self.timing = Spent(), Timing()
        self.calls = Calls(
            open_client(httpx2.MockTransport(self._answer)),
            lambda: self.now,
            self.meter,
            per_second,
            now=self.timing,
            pause=self.timing.wait,
        )
        self.api = Api(self.calls, settings())

    def forward(self, **passed: float) -> None:
        """Time passes."""
        self.now += timedelta(**passed)

    def tried(self, path: str) -> int:
        """How often a path was asked for, by its last part."""
        return len(self.requests(path))

    def requests(self, path: str) -> list[httpx2.Request]:
        """The calls of a path, by its last part."""
        return [each for each in self.asked if _last(each) == path]

    def send(self, people: int = 1) -> dict[str, Any]:
        """A text to so many people."""
        ids = [f"user{number}" for number in range(people)]
        return self.api.say_to_people(ids, "sampleText", {"content": "你好"})

    def group(self) -> str:
        """A text to a group."""
        return self.api.say_to_group("cidAAA==", "sampleText", {"content": "你好"})

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        request.read()
        self.asked.append(request)
        told = self.told.get(_last(request))
        if told is None and _last(request) == "accessToken":
            self.tokens += 1
            return says(accessToken=f"T{self.tokens}", expireIn=7200)
        if told is None:  # robots and sessions are called at the old host
            is_old = request.url.path.startswith("/robot/send")
            return old() if is_old else says(processQueryKey="key")
        answer = told(request) if callable(told) else told
        if isinstance(answer, Exception):
            raise answer
        assert isinstance(answer, httpx2.Response)
        return answer


def _last(request: httpx2.Request) -> str:
    return request.url.path.rpartition("/")[2]


def settings(**more: Any) -> DingTalkSettings:
    """The app of the tests."""
    told = {
        "dingtalk_client_id": "dingapp",
        "dingtalk_client_secret": SECRET,
        "dingtalk_robot_code": "dingrobot",
        "dingtalk_corp_id": "dingcorp",
    }
    return DingTalkSettings.model_validate(told | more)


def says(**fields: Any) -> httpx2.Response:
    """A good answer of the new API."""
    return httpx2.Response(200, json=fields)


def refuses(code: str, status: int = 400, **more: Any) -> httpx2.Response:
    """A refusal of the new API."""
    body = {"code": code, "message": "refused", "requestid": "A6CD-1", **more}
    return httpx2.Response(status, json=body)


def old(errcode: Any = 0, **fields: Any) -> httpx2.Response:
    """An answer of the old API."""
    return httpx2.Response(200, json={"errcode": errcode, "errmsg": "x", **fields})


def in_turn(*answers: Any) -> Callable[[httpx2.Request], Any]:
    """One answer after the other, the last again and again."""
    left = list(answers)
    return lambda request: left.pop(0) if len(left) > 1 else left[0]


class Near:
    """The same calls, to the stand-in of the servers."""

    def __init__(self, twin: Twin) -> None:
        self.twin = twin
        self.meter, self.timing = Spent(), Timing()
        self.calls = Calls(
            open_client(), self.now, self.meter, now=self.timing, pause=self.timing.wait
        )
        told = {name.lower(): value for name, value in robot_settings(twin).items()}
        self.api = Api(self.calls, settings(**told))

    def now(self) -> datetime:
        """What the servers' clock shows."""
        return datetime.fromtimestamp(self.twin.clock.now(), SHANGHAI)

    def say(self, *people: str) -> dict[str, Any]:
        """A text to people."""
        return self.api.say_to_people(people, "sampleText", {"content": "你好"})
