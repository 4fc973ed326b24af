"""Chat platforms and their doors: who is known there, what is heard, what they are called."""

from dataclasses import dataclass

#: The platforms, and the doors of one that has several.
_PLATFORMS = {
    "wecom": "wecom",
    "wecom_app": "wecom",
    "wecom_bot": "wecom",
    "dingtalk": "dingtalk",
    "sandbox": "sandbox",
}
#: The door of a platform at which alone the address of a group means something.
_HEARS_GROUPS = {"wecom": "wecom_bot"}
_HEARS_NO_GROUPS = frozenset({"wecom_app"})
#: What people call the doors.
_TITLES = {
    "wecom_app": "企业微信应用",
    "wecom_bot": "企业微信智能机器人",
    "wecom_robot": "企业微信群机器人",
    "dingtalk": "钉钉机器人",
    "dingtalk_session": "钉钉会话回复",
    "dingtalk_robot": "钉钉群机器人",
    "sandbox": "练习群",
}
#: Doors that speak into one group each, whose address is the key to it and is stored sealed, and
#: their platforms.
ROBOTS = {"wecom_robot": "wecom", "dingtalk_robot": "dingtalk"}


@dataclass(frozen=True)
class Metered:
    """What a platform counts together month by month, and how much of it everybody has.

    *hears*: what people write is counted as well, not only what is said to them. *words*: what
    people may call it, in lower case.
    """

    name: str
    title: str
    limit: int
    words: tuple[str, ...]
    hears: bool = False


_WEBHOOK_WORDS = ("推送", "消息", "webhook&stream", "webhook和stream", "webhook", "stream")
#: The organisation's monthly quotas, as the standard edition has had them since 19 November 2025.
_POOLS = {
    "dingtalk": (
        Metered("api", "接口调用", 5000, ("接口", "api", "openapi")),
        Metered("webhook", "消息推送", 3000, _WEBHOOK_WORDS, hears=True),
    )
}
_PLATFORM_TITLES = {"dingtalk": "钉钉"}
#: What helps where little is left, besides declaring what was bought.
_WAYS_OUT = {
    "dingtalk": "可请管理员在钉钉升级专业版或购买加量包；也可少发图片，让群简报改由企业微信发"
}


def platform_of(name: str) -> str | None:
    """The platform that this name of it or of one of its doors means; None for any other word."""
    return _PLATFORMS.get(name)


def group_door(name: str) -> tuple[str, str] | None:
    """Platform and door behind which a group is found; None where no such door hears groups.

    The door is empty where an address means the same at all doors of the platform.
    """
    platform = platform_of(name)
    if platform is None or name in _HEARS_NO_GROUPS:
        return None
    return platform, _HEARS_GROUPS.get(platform, "")


def door_title(name: str) -> str:
    """What people call this door; its name where they call it nothing."""
    return _TITLES.get(name, name)


def known_platforms(*, groups: bool = False) -> list[str]:
    """The names that may be written, for people or for *groups*."""
    return [each for each in _PLATFORMS if not groups or group_door(each)]


def metered_platforms() -> list[str]:
    """The platforms that count what is sent and heard month by month."""
    return list(_POOLS)


def pools_of(platform: str) -> tuple[Metered, ...]:
    """What this platform counts month by month; nothing of one that does not."""
    return _POOLS.get(platform, ())


def platform_title(platform: str) -> str:
    """What people call a platform that counts."""
    return _PLATFORM_TITLES.get(platform, platform)


def ways_out(platform: str) -> str:
    """What an office can do when a platform's quotas run out."""
    return _WAYS_OUT.get(platform, "可请管理员向平台加购")
