"""钉钉自定义群机器人: it only speaks, into the one group that its token belongs to."""

import hashlib
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from urllib.parse import urlencode

from bot.dingtalk.body import PLATFORM
from bot.dingtalk.calls import Calls, post_webhook
from bot.dingtalk.meter import Meter, Pool
from bot.dingtalk.robot_keys import PATH, key_of
from bot.dingtalk.settings import OAPI_HOST
from bot.dingtalk.words import LARGEST, for_webhook, worded
from bot.keys import KeyRing
from bot.robots import GroupRobot
from models.errors import DeliveryError, Shut
from scheduler.routing import Pace, Parcel

NAME = "dingtalk_robot"
#: DingTalk takes 20 in a minute and, after one more, none for ten. It counts what arrives, by its
#: own clock: no later than it has answered, and its minute may be a little longer than ours.
_MINUTE = timedelta(seconds=61)
_MOST = 20
#: What was said, by whichever process.
PACES = (Pace(_MOST, _MINUTE),)


class _Tries:
    """When this process last was answered by each robot, whatever came of it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ended: dict[str, deque[datetime]] = {}
        self._under_way = Counter[str]()

    @contextmanager
    def one_more(self, robot: str, clock: Callable[[], datetime]) -> Iterator[None]:
        """A call that counts; raises DeliveryError where it could be one too many."""
        self._begin(robot, clock())
        try:
            yield
        finally:
            self._end(robot, clock())

    def _begin(self, robot: str, now: datetime) -> None:
        with self._lock:
            # A clock that was put back is not waited for.
            counted = [each for each in self._ended.get(robot, ()) if each <= now < each + _MINUTE]
            if len(counted) + self._under_way[robot] >= _MOST:
                wait = (counted[0] if counted else now) + _MINUTE - now
                reason = f"群机器人一分钟最多发{_MOST}条，稍后自动再发"
                raise DeliveryError(
                    reason, retryable=True, elsewhere=True, after=wait, shut=Shut.BUSY
                )
            self._under_way[robot] += 1

    def _end(self, robot: str, now: datetime) -> None:
        with self._lock:
            self._under_way[robot] -= 1
            self._ended.setdefault(robot, deque(maxlen=_MOST)).append(now)


class DingTalkRobot(GroupRobot):
    """Every custom robot of an office; each is known by its key, which the door holds sealed."""

    name = NAME
    platform = PLATFORM
    paces: tuple[Pace, ...] = PACES
    largest = LARGEST

    def __init__(
        self,
        calls: Calls,
        keys: KeyRing,
        meter: Meter,
        clock: Callable[[], datetime],
        base: str = OAPI_HOST,
    ) -> None:
        self._calls = calls
        self._keys = keys
        self._meter = meter
        self._clock = clock
        self._base = base.rstrip("/")
        self._tries = _Tries()

    def can_carry(self, address: str, parcel: Parcel) -> bool:
        """Texts alone: what pictures and files are shown by, a webhook does not take."""
        return parcel.data is None and not parcel.mime

    def knows(self, parcel: Parcel) -> bool:
        """A repeat bears the same number, and is dropped."""
        return True

    def strain(self) -> float:
        """What is used or reserved of the month's webhook calls."""
        return self._meter.strain(Pool.WEBHOOK)

    def send(self, address: str, parcel: Parcel) -> str:
        """Say it in the group; raises DeliveryError."""
        key = key_of(self._keys.opened(address))
        called = parcel.mentions.get(PLATFORM, ())
        body = for_webhook(worded(parcel, alone=False), called)
        # Signed anew at every try: what was signed an hour ago is refused.
        url = f"{self._base}{PATH}?{urlencode(key.signed(self._clock()))}"
        # A repeat bears the same number: it may come 25 minutes later, and how long DingTalk knows
        # a number is not documented.
        number = hashlib.sha256(parcel.key.encode()).hexdigest()[:32]
        with self._tries.one_more(key.token, self._clock):
            post_webhook(self._calls, url, body | {"msgUuid": number})
        return "ok"
