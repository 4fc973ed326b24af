"""钉钉自定义群机器人: it only speaks, into the one group that its token belongs to."""

import hashlib
import threading
from collections import deque
from collections.abc import Callable
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
#: own clock, and a call may be 10 seconds on its way.
_MINUTE = timedelta(seconds=75)
_MOST = 20
#: What was said, by whichever process; the rest is for calls that came to nothing.
PACES = (Pace(15, _MINUTE),)


class _Tries:
    """When this process last called each robot, whatever came of it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: dict[str, deque[datetime]] = {}

    def begin(self, robot: str, now: datetime) -> None:
        """Count one more; raises DeliveryError where it could be one too many."""
        with self._lock:
            made = self._made.setdefault(robot, deque(maxlen=_MOST))
            # A clock that was put back is not waited for.
            if len(made) == _MOST and made[-1] <= now < made[0] + _MINUTE:
                wait = made[0] + _MINUTE - now
                reason = f"群机器人一分钟最多发{_MOST}条，稍后自动再发"
                raise DeliveryError(
                    reason, retryable=True, elsewhere=True, after=wait, shut=Shut.BUSY
                )
            made.append(now)


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
        self._tries.begin(key.token, self._clock())
        called = parcel.mentions.get(PLATFORM, ())
        body = for_webhook(worded(parcel, alone=False), called)
        # Signed anew at every try: what was signed an hour ago is refused.
        url = f"{self._base}{PATH}?{urlencode(key.signed(self._clock()))}"
        # A repeat bears the same number: it may come 25 minutes later, and how long DingTalk knows
        # a number is not documented.
        number = hashlib.sha256(parcel.key.encode()).hexdigest()[:32]
        post_webhook(self._calls, url, body | {"msgUuid": number})
        return "ok"
