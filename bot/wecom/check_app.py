"""What WeCom's servers say of the self-built app: its secret, its state, and whom it reaches."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from bot.check_people import Wrong, check_people
from bot.findings import Found, Level
from bot.wecom.api import Api
from bot.wecom.console import APP, PEOPLE, TRUSTED_IP, VISIBLE, where
from models.errors import DeliveryError

_CHECK = "wecom app"
_UNKNOWN = (60111, 40003)
_UNSEEN = (60011, 60021, 46004)
#: What the visible range consists of: as people say it, and as the servers do.
_RANGE = (
    ("个部门", "allow_partys", "partyid"),
    ("名成员", "allow_userinfos", "user"),
    ("个标签", "allow_tags", "tagid"),
)
_ADVICE = {
    (40001, 40091, 41004): where("WECOM_APP_SECRET"),
    (40013, 41002): where("WECOM_CORP_ID"),
    (40056, 301002): where("WECOM_APP_AGENT_ID"),
    (50003,): f"启用应用：{APP}",
    (48002,): f"放开这个接口的权限：{APP}",
    (60020,): (
        f"把这个出口 IP 填进：{TRUSTED_IP}，约1分钟后生效；"
        "填之前要先有可信域名，或先保存接收消息的地址"
    ),
}
_BY_CODE: dict[int | str, str] = {
    code: advice for codes, advice in _ADVICE.items() for code in codes
}


def check_app(api: Api, base: str, agent_id: int, accounts: Sequence[str]) -> Iterator[Found]:
    """One step after the other; where one fails, those behind it would only say the same."""
    try:
        api.token()
        if not agent_id:
            yield Found(_CHECK, Level.OK, "企业ID和Secret有效")
            return
        agent = api.get("agent/get", agentid=str(agent_id))
    except DeliveryError as error:
        yield _refused(error, base)
        return
    yield from _agent(agent)
    yield from check_people(
        "wecom people", accounts, lambda account: api.get("user/get", userid=account), _wrongs()
    )
    with suppress(DeliveryError):  # what is only told, not checked
        addresses = api.get("getcallbackip").get("ip_list", ())
        about = f"企业微信从这些地址访问本服务：{'、'.join(map(str, addresses))}"
        yield Found("wecom callers", Level.OK, f"{about}；防火墙要放行")


def _refused(error: DeliveryError, base: str) -> Found:
    unreachable = f"看本机能否访问 {base}：域名解析、防火墙、代理；私有部署核对 WECOM_API_BASE"
    advice = _BY_CODE.get(error.code, "稍后再试；一直如此，按错误码查企业微信的全局错误码")
    return Found(_CHECK, Level.FAIL, str(error), advice if error.code else unreachable)


def _agent(agent: dict[str, Any]) -> Iterator[Found]:
    name = f"应用“{agent.get('name', '')}”"
    if agent.get("close"):
        yield Found(_CHECK, Level.FAIL, f"{name}已停用", f"启用：{APP}")
        return
    counts = {title: len((agent.get(part) or {}).get(item) or ()) for title, part, item in _RANGE}
    visible = "、".join(f"{count}{title}" for title, count in counts.items() if count)
    if visible:
        yield Found(_CHECK, Level.OK, f"{name}已启用，可见范围：{visible}")
        return
    advice = f"选上全部联络员、领导和管理员所在的部门：{VISIBLE}"
    yield Found(_CHECK, Level.FAIL, f"{name}的可见范围是空的，谁也看不到它", advice)


def _wrongs() -> Sequence[Wrong]:
    named = "改正用 `dajuan member list` 及其后的命令"
    return (
        Wrong(
            _UNKNOWN,
            "名册上有{count}个账号在企业微信中查不到",
            f"核对账号：{PEOPLE}；{named}",
        ),
        Wrong(_UNSEEN, "名册上有{count}人不在应用的可见范围内", f"把他们加进：{VISIBLE}"),
    )
