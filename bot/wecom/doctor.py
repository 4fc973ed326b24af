"""Every step of the set-up with WeCom, checked without changing or sending anything."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import httpx2
from pydantic import SecretStr

from bot.check_address import Caller, check_public_url
from bot.check_clock import check_clock, dated
from bot.check_robots import check_robots
from bot.findings import Examined, Found, Level
from bot.http import open_client
from bot.platforms import wecom_app, wecom_bot, wecom_robot
from bot.settings import Settings, is_set
from bot.wecom.api import HOST, WHOM, Api
from bot.wecom.body import NAME, PLATFORM
from bot.wecom.check_address import Place, check_place
from bot.wecom.check_app import check_app
from bot.wecom.check_link import check_link
from bot.wecom.console import BOT, BY_ADDRESS, PAGES, RECEIVING, ROBOT, where
from bot.wecom.envelope import WINDOW, Envelope, media_key
from bot.wecom.known import Known
from bot.wecom.settings import WecomSettings, parsed_settings
from models.errors import SettingsError

_APP, _BY_ADDRESS, _LINKED = "自建应用", "智能机器人（URL回调）", "智能机器人（长连接）"


def examine_wecom(settings: Settings, known: Known) -> Examined:
    """What was found; nothing is asked of anybody where no door of WeCom is set up."""
    try:
        wecom = parsed_settings()
    except SettingsError as error:
        pages = [where(name) for name in PAGES if name in str(error)]
        advice = f"在 .env 中改正{'；'.join(['', *pages])}"
        return Examined(WHOM, found=[Found("WECOM_…", Level.FAIL, str(error), advice)])
    doors = _doors(wecom)
    secret = settings.secret_key.get_secret_value()
    found = [
        *_settings(wecom),
        *check_robots("wecom robots", known.robots, secret, wecom_robot.NAME, ROBOT),
        *_online(settings, wecom, known),
    ]
    speaks = {wecom_robot.NAME, *([NAME] if doors[_LINKED] else [])}
    return Examined(
        WHOM,
        found=found,
        doors=[title for title, is_set in doors.items() if is_set],
        is_begun=bool(wecom.missing()),
        speaks=frozenset((PLATFORM, each) for each in speaks),
    )


def _online(settings: Settings, wecom: WecomSettings, known: Known) -> Iterator[Found]:
    """What has to be asked of somebody: WeCom's servers, and our own address."""
    with open_client() as client:
        if wecom.wecom_corp_id and is_set(wecom.wecom_app_secret):
            with dated(client) as away:
                yield from _app(wecom, known, client)
            harm = "对方的消息会被当作过期的拒收"
            yield from check_clock("wecom clock", WHOM, away, WINDOW, harm)
        yield from _addresses(settings, wecom, known, client)
    if wecom.wecom_bot_id and is_set(wecom.wecom_bot_secret):
        yield from check_link(known.link, known.bot_heard, wecom.wecom_bot_ws)
    yield from _silent(wecom, known)


def _settings(wecom: WecomSettings) -> Iterator[Found]:
    for name in wecom.missing():
        about = "没有填，同一组的其他几项已经填了：缺一项服务就不启动"
        yield Found(name, Level.FAIL, about, where(name))
    if is_set(wecom.wecom_bot_token) and wecom.wecom_bot_id:
        about = "两组都填了，一个机器人只能用一种：URL回调（TOKEN）或长连接（ID）"
        yield Found("WECOM_BOT_TOKEN", Level.FAIL, about, f"留下后台选定的一组：{BOT} → API配置")
    yield from _keys(wecom)
    has_bot = is_set(wecom.wecom_bot_token) or wecom.wecom_bot_id
    if has_bot and not wecom.wecom_bot_name:
        about = "没有填，群里“@机器人 进度”中的@名称去不掉"
        yield Found("WECOM_BOT_NAME", Level.WARN, about, where("WECOM_BOT_NAME"))


def _doors(wecom: WecomSettings) -> dict[str, bool]:
    return {
        _APP: _is_whole(lambda: wecom.has_app),
        _BY_ADDRESS: _is_whole(lambda: wecom.has_callback),
        _LINKED: _is_whole(lambda: wecom.has_connection),
    }


def _is_whole(ask: Callable[[], bool]) -> bool:
    try:
        return ask()
    except SettingsError:  # the missing half is told by its names
        return False


def _keys(wecom: WecomSettings) -> Iterator[Found]:
    for name in ("WECOM_APP_AES_KEY", "WECOM_BOT_AES_KEY"):
        key = getattr(wecom, name.lower()).get_secret_value()
        if key and not _opens(key):
            about = f"应是43个字母和数字，填的是{len(key)}个字符，或含有别的字符"
            yield Found(name, Level.FAIL, about, where(name))


def _opens(key: str) -> bool:
    try:
        return bool(media_key(key))
    except SettingsError:
        return False


def _app(wecom: WecomSettings, known: Known, client: httpx2.Client) -> Iterator[Found]:
    base, secret = wecom.wecom_api_base, wecom.wecom_app_secret.get_secret_value()
    api = Api(client, lambda: datetime.now(UTC), wecom.wecom_corp_id, secret, base)
    yield from check_app(api, base, wecom.wecom_app_agent_id, known.accounts)


def _addresses(
    settings: Settings, wecom: WecomSettings, known: Known, client: httpx2.Client
) -> Iterator[Found]:
    """Both of our addresses, each as far as what it is checked with is there."""
    app = _envelope(wecom.wecom_app_token, wecom.wecom_app_aes_key, wecom.wecom_corp_id)
    bot = _envelope(wecom.wecom_bot_token, wecom.wecom_bot_aes_key, "")
    url = f"{settings.public_url}/webhooks"
    found = []
    if app and wecom.wecom_corp_id:
        place = f"{url}/{wecom_app.WecomApp.path}"
        found += [
            Place("wecom app address", place, app, RECEIVING, known.app_heard, known.is_served)
        ]
    if bot:
        place = f"{url}/{wecom_bot.WecomBot.path}"
        found += [
            Place("wecom bot address", place, bot, BY_ADDRESS, known.bot_heard, known.is_served)
        ]
    if found:
        caller = Caller(WHOM, wecom.wecom_api_base, HOST, "没有公网地址就用智能机器人的长连接")
        yield from check_public_url(settings.public_url, caller)
    for each in found:
        yield check_place(client, each, datetime.now(UTC))


def _envelope(token: SecretStr, key: SecretStr, receiver: str) -> Envelope | None:
    if not (is_set(token) and _opens(key.get_secret_value())):
        return None
    return Envelope(token.get_secret_value(), key.get_secret_value(), receiver)


def _silent(wecom: WecomSettings, known: Known) -> Iterator[Found]:
    """Whom the office cannot address unasked: a bot may speak only to those who wrote to it."""
    doors = _doors(wecom)
    if doors[_BY_ADDRESS] and not doors[_APP]:
        about = "只有URL回调的机器人：能答话，催报、通报等主动消息发不出去"
        advice = "再设置自建应用，或把机器人改为长连接（docs/企业微信怎么接.md）"
        yield Found("wecom people", Level.WARN, about, advice)
    elif known.silent and doors[_LINKED] and not doors[_APP]:
        about = f"名册上有{known.silent}人还没有对机器人说过话，机器人不能先找他们"
        yield Found("wecom people", Level.WARN, about, "请他们各发一句“帮助”，或再设置自建应用")
    elif known.accounts and any(doors.values()):
        about = f"名册上有{len(known.accounts)}个企业微信账号，{known.silent}个还没有写过消息"
        yield Found("wecom people", Level.OK, about)
