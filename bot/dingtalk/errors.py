"""What DingTalk's error codes mean for a message: again, later, by another door, or never.

The old API counts its codes, the new one has words for them, whose case its own pages vary.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from models.errors import DeliveryError, Shut

#: As DingTalk says it: a number at one host, words at the other.
Code = int | str


class Action(StrEnum):
    """What to do about a code."""

    AGAIN = "again"  # the server's fault: try again soon
    UNKNOWN = "unknown"  # the server does not know itself what became of it
    SOON = "soon"  # too many in a second
    LATER = "later"  # too many in a minute
    BLOCKED = "blocked"  # too many for a robot, which is heard no more for ten minutes
    USED_UP = "used up"  # the month's quota
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


#: A month's quota that is bought or begins anew is found within so long.
USED_UP_FOR = timedelta(hours=6)
_AFTER = {
    Action.SOON: timedelta(seconds=2),
    Action.LATER: timedelta(minutes=1),
    Action.BLOCKED: timedelta(minutes=10),
    Action.USED_UP: USED_UP_FOR,
}
_SHUT = {
    Action.SOON: Shut.BUSY,
    Action.LATER: Shut.BUSY,
    Action.BLOCKED: Shut.BUSY,
    Action.USED_UP: Shut.ALL,
    Action.SETUP: Shut.ALL,
    Action.SHUT: Shut.CHAT,
}
#: What is not counted: calls that DingTalk refuses for their number.
UNCOUNTED = frozenset((Action.SOON, Action.LATER, Action.BLOCKED, Action.USED_UP))
_RETRIED = frozenset((Action.AGAIN, Action.UNKNOWN, Action.SOON, Action.LATER, Action.BLOCKED))
_AD = "forbidden.accessdenied."
_TABLE: dict[Action, dict[tuple[Code, ...], str]] = {
    Action.AGAIN: {(-1, "system.error"): "钉钉系统繁忙"},
    Action.UNKNOWN: {(15, 88): "钉钉处理超时"},
    Action.SOON: {
        (
            90002,
            90018,
            f"{_AD}qpslimitforapi",
            f"{_AD}qpslimitforappkeyandapi",
        ): "每秒调用过多"
    },
    Action.LATER: {
        (f"{_AD}qpmlimitforappkeyandapi",): "每分钟调用过多",
        (
            "send.too.fast",
            "send.bytoken.toofast",
            "too.many.people",
            "too.many.group",
        ): "机器人发送过于频繁",
    },
    Action.BLOCKED: {(130101, 410100): "群机器人发送过于频繁"},
    Action.USED_UP: {
        (90020, f"{_AD}apicountlimitfororg"): (
            "本组织本月的钉钉接口调用额度已用完，请管理员在钉钉升级版本或购买加量包"
        )
    },
    Action.TOKEN: {(40001, 40014, 42001, "invalidauthentication"): "凭证已失效"},
    Action.SETUP: {
        ("invalidclientidorsecret", "authfailed", 40089): (
            "应用的 Client ID 或 Client Secret 不正确，"
            "请核对 DINGTALK_CLIENT_ID 和 DINGTALK_CLIENT_SECRET"
        ),
        (60020, f"{_AD}ipnotinwhitelist"): (
            "本机出口 IP 不在“服务器出口IP”中，请在钉钉开发者后台应用的“安全设置”中添加"
        ),
        (60011, f"{_AD}accesstokenpermissiondenied"): (
            "应用缺少接口权限，请在钉钉开发者后台应用的“权限管理”中申请"
        ),
        ("unauthorized", "auth.error"): (
            "应用没有用机器人发消息的权限，请在钉钉开发者后台的“权限管理”中申请 qyapi_robot_sendmsg"
        ),
        (
            "invalidparameter.robotcode.notexsit",
            "invalidparameter.robotcode.invalid",
            "invalidparameter.robotcode.empty",
            "invalidparameter.robotcode.auth",
            "robot.oto.notexist",
        ): "机器人编码不正确，或不属于这个应用，请核对 DINGTALK_ROBOT_CODE",
        ("chatbotid.notallow.sendoto",): (
            "机器人已停用或尚未发布，请在钉钉开发者后台启用机器人并发布应用版本"
        ),
        ("param.templatenotexist", "param.templateunpublished"): (
            "卡片模板不存在或未发布，请核对 DINGTALK_CARD_TEMPLATE"
        ),
    },
    Action.SHUT: {
        ("staffid.notexisted", 33012, 60121): "本组织没有这个账号",
        (50002, 50004): "不在应用的通讯录授权范围内",
        (
            "invalid.openconversationid",
            "group.disbanded",
            "conversation.org.notmatch",
            "resource.not.found",
            "resource.unavailable",
            400013,
        ): "没有这个群，或机器人不在群里",
        ("bot.forbidden.sendmessage",): "机器人在这个会话中不能发言",
        (300001, 300005, 400101, 400102, 400106): "群机器人已被移除或停用，请重新登记",
        (310000,): (
            "群机器人的安全设置没有通过：请在群里将其改为只勾选“加签”，"
            "用 dajuan chat add 重新登记，并核对本机时间"
        ),
    },
    Action.NEVER: {
        (40004, 40005, 40006): "图片或文件的类型、大小不合要求",
        (40007,): "图片或文件已过期",
        (
            430101,
            430102,
            430103,
            430104,
            "contain.unsafe.url",
            "contain.notallowed.text",
            "contain.notallowed.picture",
            "contain.notallowed.content",
            "param.contentunsafe",
        ): "内容未通过钉钉的安全检查",
        (101002, 460101, "invalidparameter.msgparam.toolong"): "消息过长",
        (40033, 40035, 43004, 400105): "消息内容不合要求",
    },
}
_MEANINGS = {
    code: Meaning(action, text)
    for action, texts in _TABLE.items()
    for codes, text in texts.items()
    for code in codes
}
#: An answer's own address has codes of robots too: it has merely gone.
_OF_SESSION = dict.fromkeys(
    (300001, 300005, 400101, 400102, 400106),
    Meaning(Action.ELSEWHERE, "回复这条消息的时限已过"),
)


def meaning(code: Code, status: int = 200, *, by_session: bool = False) -> Meaning:
    """What *code* asks for; what is not listed is told from the HTTP status it came with.

    *by_session*: it came from the address of an answer, not from a robot's.
    """
    known = code.lower() if isinstance(code, str) else code
    if by_session and known in _OF_SESSION:
        return _OF_SESSION[known]
    if known in _MEANINGS:
        return _MEANINGS[known]
    if status == 504:
        return Meaning(Action.UNKNOWN, "钉钉处理超时")
    if status >= 500:
        return Meaning(Action.AGAIN, "钉钉系统繁忙")
    if status == 429:
        return Meaning(Action.LATER, "调用过于频繁")
    # Whatever else is forbidden to the app is forbidden to every message of it.
    if isinstance(known, str) and known.startswith(_AD):
        return Meaning(Action.SETUP, "钉钉拒绝了应用的调用，请在钉钉开发者后台核对应用的设置")
    return Meaning(Action.NEVER, "钉钉未接受")


def failure(
    code: Code, hint: str = "", status: int = 200, *, by_session: bool = False
) -> DeliveryError:
    """The error of a message that was answered with *code*; *hint* is safe to show.

    It is shown where the office has to set something right: only there it says what.
    """
    found = meaning(code, status, by_session=by_session)
    told = f"（{hint}）" if hint and found.action is Action.SETUP else ""
    return DeliveryError(
        f"{found.text}{told}，错误码{code}",
        retryable=found.action in _RETRIED or found.action is Action.TOKEN,
        unknown=found.action is Action.UNKNOWN,
        elsewhere=found.action in (Action.SHUT, Action.ELSEWHERE),
        after=_AFTER.get(found.action, timedelta()),
        shut=_SHUT.get(found.action),
        code=code,
    )
