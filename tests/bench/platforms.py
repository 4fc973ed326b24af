"""What a flood needs of each platform: its calls, its settings, and what its servers answer."""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from tests.bench.flood import REPEATED, Said
from tests.dingtalk import move_to_dingtalk
from tests.twins.clock import Clock
from tests.twins.courier import Letter
from tests.twins.dingtalk import corp as dingtalk
from tests.twins.dingtalk.courier import Courier as DingTalkCourier
from tests.twins.dingtalk.environment import settings_at
from tests.twins.dingtalk.frames import CALLBACK, MESSAGES, written
from tests.twins.dingtalk.media import MediaStore
from tests.twins.dingtalk.pushes import Pushes
from tests.twins.dingtalk.sessions import Sessions
from tests.twins.wecom import corp as wecom
from tests.twins.wecom.app_door import AppDoor
from tests.twins.wecom.courier import Courier as WecomCourier
from tests.twins.wecom.messages import Messages
from tests.wecom import move_to_wecom, wecom_settings


@dataclass(frozen=True)
class Flooded:
    """One platform as a flood of messages sees it."""

    title: str
    path: str
    move: Callable[[Session], None]
    #: The environment of an office whose servers are at this address.
    settings: Callable[[str], dict[str, str]]
    #: What these lines come as, from servers at this address.
    letters: Callable[[Sequence[Said], str], Iterator[Letter]]
    #: What the servers say to whatever they are asked.
    answer: Mapping[str, Any] = field(default_factory=dict)


def _wecom_letters(lines: Sequence[Said], url: str) -> Iterator[Letter]:
    """Encrypted and signed as of now."""
    corp = wecom.Corp(Clock(time.time(), live=False))
    door = AppDoor(corp, wecom.App(), WecomCourier(corp.clock), Messages(corp))
    for line in lines:
        yield door.letter(
            {
                "ToUserName": corp.id,
                "FromUserName": line.person,
                "CreateTime": int(corp.clock.now()),
                "MsgType": "text",
                "Content": line.text,
                "MsgId": int(corp.msgid()),
                "AgentID": door.app.agent_id,
            }
        )


def _dingtalk_letters(lines: Sequence[Said], url: str) -> Iterator[Letter]:
    """Signed as of now, each with an address to answer it at."""
    corp = dingtalk.Corp(Clock(time.time(), live=False), url=url)
    corp.join(dingtalk.Member(each, each) for each in {line.person for line in lines})
    robot, courier = dingtalk.Robot(), DingTalkCourier(corp.clock)
    pushes = Pushes(corp, robot, MediaStore(corp), Sessions(corp), courier)
    for line in lines:
        text = {"msgtype": "text", "text": {"content": line.text}}
        yield pushes.letter(pushes.body(line.person, "", text))


def frames(letters: Iterable[Letter]) -> Iterator[tuple[str, str]]:
    """The same messages as they come on the stream, each with the id of its frame."""
    for number, letter in enumerate(letters):
        said = json.loads(letter.body)
        for time_of in range(1 + (number % REPEATED == 0)):
            message_id = f"{number}-{time_of}"
            headers = {"topic": MESSAGES, "messageId": message_id, "time": "0"}
            yield message_id, written(CALLBACK, headers, said)


WECOM = Flooded(
    "WeCom",
    "/webhooks/wecom/app",
    move_to_wecom,
    wecom_settings,
    _wecom_letters,
    {"errcode": 0, "errmsg": "ok", "access_token": "t", "expires_in": 7200, "msgid": "m"},
)
DINGTALK = Flooded(
    "DingTalk",
    "/webhooks/dingtalk",
    move_to_dingtalk,
    settings_at,
    _dingtalk_letters,
    {"errcode": 0, "accessToken": "t", "expireIn": 7200, "processQueryKey": "k", "ticket": "t"},
)
