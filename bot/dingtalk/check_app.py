"""What DingTalk's servers say of the app: its secret, its robot, its permissions, its people."""

from collections.abc import Iterator, Sequence
from typing import Any

from bot.check_people import Wrong, check_people
from bot.dingtalk.api import Api
from bot.dingtalk.console import (
    CARDS,
    CREDENTIALS,
    OUTGOING_IP,
    PEOPLE,
    PERMISSIONS,
    PUBLISHING,
    ROBOT,
    where,
)
from bot.dingtalk.errors import Action, meaning
from bot.dingtalk.settings import API_HOST, DingTalkSettings
from bot.findings import Found, Level
from models.errors import DeliveryError

_APP, _CARD, _PEOPLE = "dingtalk app", "dingtalk cards", "dingtalk people"
#: A message and a card that there are not: asking after the one and changing the other does
#: nothing, and is refused sooner where a permission lacks.
_NOTHING = "dajuan-doctor"
_UNKNOWN = (60121, 33012, 60003)
_UNSEEN = (50002, 50004)
_AD = "Forbidden.AccessDenied."
_NOT_LISTED = (60020, f"{_AD}IpNotInWhiteList")
_NOT_PERMITTED = (60011, f"{_AD}AccessTokenPermissionDenied", "unauthorized", "auth.error")
#: What was said of the app itself; all else was said of what there is not.
_OF_THE_APP = (Action.SETUP, Action.TOKEN)
_LATER = (Action.AGAIN, Action.UNKNOWN, Action.SOON, Action.LATER, Action.BLOCKED)
_ADVICE = {
    ("invalidClientIdOrSecret", "authFailed", 40089): (
        f"把 Client ID、Client Secret 重新抄一遍：{CREDENTIALS}；改后重启服务"
    ),
    _NOT_LISTED: f"把这个出口 IP 填进：{OUTGOING_IP}",
    _NOT_PERMITTED: f"搜索上面的权限并开通：{PERMISSIONS}；新开通的权限要发布新版本：{PUBLISHING}",
    ("chatbotId.notAllow.sendOTO",): f"发布机器人：{ROBOT}；再发布版本：{PUBLISHING}",
}
_BY_CODE = {str(code).lower(): advice for codes, advice in _ADVICE.items() for code in codes}


def check_app(api: Api, settings: DingTalkSettings, accounts: Sequence[str]) -> Iterator[Found]:
    """One step after the other; where one fails, those behind it would only say the same."""
    try:
        api.token()
    except DeliveryError as error:
        yield _refused(_APP, error, settings)
        return
    robot = _robot(api, settings)
    yield robot
    if robot.level is not Level.FAIL and settings.has_cards:
        yield _card(api, settings)
    yield from check_people(
        _PEOPLE,
        accounts,
        lambda account: api.old_post("topapi/v2/user/get", {"userid": account}, free=True),
        _wrongs(),
    )


def _robot(api: Api, settings: DingTalkSettings) -> Found:
    """Whether the robot is the app's and may speak, by asking after a message there is not."""
    query = {"robotCode": settings.dingtalk_robot_code, "processQueryKey": _NOTHING}
    try:
        api.get("robot/oToMessages/readStatus", query)
    except DeliveryError as error:
        if (found := _said_of_the_app(_APP, error, settings)) is not None:
            return found
    return Found(_APP, Level.OK, "凭证有效，机器人编码相符，有发消息的权限")


def _card(api: Api, settings: DingTalkSettings) -> Found:
    """Whether the app may change cards, by changing one there is not."""
    body: dict[str, Any] = {
        "outTrackId": _NOTHING,
        "cardData": {"cardParamMap": {}},
        "cardUpdateOptions": {"updateCardDataByKey": True},
    }
    try:
        api.put("card/instances", body)
    except DeliveryError as error:
        if (found := _said_of_the_app(_CARD, error, settings)) is not None:
            return found
    about = "有发卡片的权限；模板本身要到发出第一张卡片时才核对得到"
    return Found(_CARD, Level.OK, about, f"没有发布的模板发不出去：{CARDS}")


def _said_of_the_app(check: str, error: DeliveryError, settings: DingTalkSettings) -> Found | None:
    if not error.code:
        return _refused(check, error, settings)
    action = meaning(error.code).action
    if action in _OF_THE_APP:
        return _refused(check, error, settings)
    if action in _LATER or action is Action.USED_UP:
        advice = "稍后再试" if action in _LATER else "额度恢复以后再核对"
        return Found(check, Level.WARN, f"这次没有核对成：{error}", advice)
    return None


def _refused(check: str, error: DeliveryError, settings: DingTalkSettings) -> Found:
    if not error.code and error.after:
        return Found(check, Level.WARN, f"这次没有核对成：{error}", "到时再试")
    if not error.code:
        bases = dict.fromkeys((settings.dingtalk_api_base, settings.dingtalk_oapi_base))
        own = "" if API_HOST in bases else "；核对 DINGTALK_API_BASE、DINGTALK_OAPI_BASE"
        advice = f"看本机能否访问 {' 和 '.join(bases)}：域名解析、防火墙、代理{own}"
        return Found(check, Level.FAIL, str(error), advice)
    usual = "稍后再试；一直如此，按错误码查钉钉开放平台的文档"
    if "robotcode" in str(error.code).lower() or error.code == "robot.oto.notExist":
        usual = where("DINGTALK_ROBOT_CODE")
    return Found(check, Level.FAIL, str(error), _BY_CODE.get(str(error.code).lower(), usual))


def _wrongs() -> Sequence[Wrong]:
    rename = "改正用 `dajuan member list` 及其后的命令"
    return (
        Wrong(_UNKNOWN, "名册上有{count}个账号在钉钉中查不到", f"核对账号：{PEOPLE}；{rename}"),
        Wrong(
            _UNSEEN,
            "名册上有{count}人不在应用的通讯录授权范围内",
            f"把他们的部门加进：{PERMISSIONS} → 通讯录接口权限范围",
        ),
        Wrong(
            _NOT_PERMITTED,
            "没有通讯录的读取权限，名册上的账号核对不了（不影响收发）",
            f"要核对，开通“成员信息读权限”qyapi_get_member：{PERMISSIONS}",
            is_general=True,
        ),
        Wrong(
            _NOT_LISTED,
            "本机出口 IP 不在“服务器出口IP”中，名册上的账号核对不了",
            f"填进：{OUTGOING_IP}",
            is_general=True,
        ),
    )
