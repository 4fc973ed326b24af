"""What WeCom's error codes mean for a message: again, later, by another door, or never."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from models.errors import DeliveryError, Shut


class Action(StrEnum):
    """What to do about a code."""

    AGAIN = "again"  # the server's fault: try again soon
    LATER = "later"  # too often: wait a minute at least
    SLOWER = "slower"  # too often to this chat: it waits a minute at least
    TOKEN = "token"  # the token is no longer good: fetch another, once
    SETUP = "setup"  # the office has to set something right
    SHUT = "shut"  # this door does not reach the person or group
    ELSEWHERE = "elsewhere"  # this word is too late for this door
    NEVER = "never"  # this very message will not be taken


@dataclass(frozen=True)
class Meaning:
    """What a code asks for, and what an operator reads."""

    action: Action
    text: str


#: What was uploaded is gone: it is uploaded once more.
STALE_MEDIA = frozenset((40007,))
_PENALTY = timedelta(seconds=60)
_SHUT = {Action.SHUT: Shut.CHAT, Action.SETUP: Shut.ALL, Action.LATER: Shut.BUSY}
_TABLE: dict[Action, dict[tuple[int, ...], str]] = {
    Action.AGAIN: {
        (-1, 6000): "企业微信系统繁忙",
        (45033,): "同时调用过多",
        (846609,): "长连接的订阅已失效",
    },
    Action.LATER: {(45009, 45011): "调用过于频繁"},
    Action.SLOWER: {(846607,): "对这个会话发送过于频繁"},
    Action.TOKEN: {(40014, 42001): "凭证已失效"},
    Action.SETUP: {
        (40001, 40091): "应用的 Secret 不正确，请核对 WECOM_APP_SECRET",
        (40013,): "企业 ID 不正确，请核对 WECOM_CORP_ID",
        (41001, 41002, 41004): "调用缺少凭证，请核对 WECOM_CORP_ID 和 WECOM_APP_SECRET",
        (60020,): "本机出口 IP 不在“企业可信IP”中，请在管理后台的应用页面添加",
        (48002,): "应用没有调用这个接口的权限",
        (40056, 50003, 301002): "应用已停用或编号不正确，请核对 WECOM_APP_AGENT_ID",
        (853000,): "机器人的 ID 或 Secret 不正确，请核对 WECOM_BOT_ID 和 WECOM_BOT_SECRET",
    },
    Action.SHUT: {
        (40003, 46004, 60011, 60021, 60111, 81013, 82001): "对方不在应用的可见范围内",
        (40050, 86001, 86003, 86008, 93006): "没有这个群，或应用不在群里",
        (93000, 93004, 93008): "群机器人已被移除或停用，请重新登记",
    },
    Action.ELSEWHERE: {(846608,): "回复时限已过"},
    Action.NEVER: {
        (40004, 40005, 40006, 40009, 40011, 45001, 45007, 301016, 301017, 830002): (
            "图片或文件的类型、大小不合要求"
        ),
        (40007,): "图片或文件已过期",
        (40008, 40033, 40035, 40058, 40063, 44004, 45002, 45008, 47001): "消息内容不合要求",
        (40031, 40032, 82002, 82003): "接收人名单不合要求",
        (846605,): "不能回复这条消息",
    },
}
_MEANINGS = {
    code: Meaning(action, text)
    for action, texts in _TABLE.items()
    for codes, text in texts.items()
    for code in codes
}


def meaning(code: int) -> Meaning:
    """What *code* asks for; one that is not listed is this message's fault."""
    return _MEANINGS.get(code, Meaning(Action.NEVER, "企业微信未接受"))


def failure(code: int, hint: str = "") -> DeliveryError:
    """The error of a message that was answered with *code*; *hint* is safe to show.

    It is shown where the office has to set something right: only there it says what.
    """
    found = meaning(code)
    told = f"（{hint}）" if hint and found.action is Action.SETUP else ""
    reason = f"{found.text}{told}，错误码{code}"
    waits = found.action in (Action.LATER, Action.SLOWER)
    return DeliveryError(
        reason,
        retryable=waits or found.action in (Action.AGAIN, Action.TOKEN),
        elsewhere=found.action in (Action.SHUT, Action.ELSEWHERE),
        after=_PENALTY if waits else timedelta(),
        shut=_SHUT.get(found.action),
        code=code,
    )
