"""钉钉自定义群机器人: it only speaks, into the one group that its token belongs to."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlencode

from bot.dingtalk.calls import Calls, post_webhook
from bot.dingtalk.meter import Meter, Pool
from bot.dingtalk.robot_keys import PATH, key_of
from bot.dingtalk.settings import OAPI_HOST
from bot.dingtalk.words import LARGEST, for_webhook, worded
from bot.keys import KeyRing
from bot.robots import GroupRobot
from scheduler.routing import Pace, Parcel

NAME = "dingtalk_robot"
PLATFORM = "dingtalk"
#: DingTalk takes 20 in a minute and, after one more, none for ten. It counts what arrives, by its
#: own clock: a call may be 10 seconds on its way, and one without an answer, which is made again,
#: may have arrived as well. Of these there are five in a minute at most, since each closes the door
#: for ten seconds.
PACES = (Pace(15, timedelta(seconds=75)),)


class DingTalkRobot(GroupRobot):
    """Every custom robot of an office; each is known by its key, which the door holds sealed.

    *spelled* gives user ids to the letter, without which nobody is called.
    """

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
        spelled: Callable[[Sequence[str]], Sequence[str]],
        base: str = OAPI_HOST,
    ) -> None:
        self._calls = calls
        self._keys = keys
        self._meter = meter
        self._clock = clock
        self._spelled = spelled
        self._base = base.rstrip("/")

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
        mentioned = parcel.mentions.get(PLATFORM, ())
        called = self._spelled(mentioned) if mentioned else ()
        body = for_webhook(worded(parcel, alone=False), called)
        # Signed anew at every try: what was signed an hour ago is refused.
        url = f"{self._base}{PATH}?{urlencode(key.signed(self._clock()))}"
        # A repeat bears the same number: it may come 25 minutes later, and how long DingTalk knows
        # a number is not documented.
        number = hashlib.sha256(parcel.key.encode()).hexdigest()[:32]
        post_webhook(self._calls, url, body | {"msgUuid": number})
        return "ok"
