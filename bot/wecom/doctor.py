"""Every step of the set-up with WeCom, checked without changing or sending anything."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx2
from pydantic import SecretStr

from bot.findings import Found, Level
from bot.http import open_client
from bot.keys import KeyRing
from bot.platforms import wecom_app, wecom_bot, wecom_robot
from bot.settings import Settings
from bot.wecom.api import Api
from bot.wecom.body import NAME
from bot.wecom.check_address import Address, check_address, check_public_url
from bot.wecom.check_app import check_app
from bot.wecom.check_link import check_link
from bot.wecom.console import BOT, BY_ADDRESS, PAGES, RECEIVING, ROBOT, where
from bot.wecom.envelope import WINDOW, Envelope, media_key
from bot.wecom.known import Known
from bot.wecom.settings import WecomSettings, parsed_settings
from models.errors import DeliveryError, SettingsError

#: A clock that is further away is told; from *WINDOW* on every call is refused.
_NOTICED = 30.0
_APP, _BY_ADDRESS, _LINKED = "自建应用", "智能机器人（URL回调）", "智能机器人（长连接）"


def examine_wecom(settings: Settings, known: Known) -> list[Found]:
    """The findings; nothing but `platforms` where no door of WeCom is set up."""
    try:
        wecom = parsed_settings()
    except SettingsError as error:
        pages = [where(name) for name in PAGES if name in str(error)]
        advice = f"在 .env 中改正{'；'.join(['', *pages])}"
        return [Found("WECOM_…", Level.FAIL, str(error), advice)]
    return [*_settings(wecom), *_robots(settings, known), *_online(settings, wecom, known)]


def _online(settings: Settings, wecom: WecomSettings, known: Known) -> Iterator[Found]:
    """What has to be asked of somebody: WeCom's servers, and our own address."""
    dates: list[tuple[datetime, str]] = []
    with open_client() as client:
        if wecom.wecom_corp_id and _said(wecom.wecom_app_secret):
            bounds = client.event_hooks["response"]
            client.event_hooks = {"response": [*bounds, lambda each: _note_date(each, dates)]}
            yield from _app(wecom, known, client)
            client.event_hooks = {"response": bounds}
            yield from _clock(dates)
        yield from _addresses(settings, wecom, known, client)
    if wecom.wecom_bot_id and _said(wecom.wecom_bot_secret):
        yield from check_link(known.link, known.bot_heard, wecom.wecom_bot_ws)
    yield from _silent(wecom, known)
    yield from _groups(wecom, known)


def _settings(wecom: WecomSettings) -> Iterator[Found]:
    doors = [title for title, is_set in _doors(wecom).items() if is_set]
    if doors:
        yield Found("platforms", Level.OK, f"企业微信：{'、'.join(doors)}")
    elif not wecom.missing():
        advice = "照 docs/企业微信怎么接.md 设置；只是练习，设 SANDBOX=true 和另一个 DATABASE_URL"
        yield Found("platforms", Level.WARN, "一个平台也没有设置，服务听不到任何人", advice)
    for name in wecom.missing():
        about = "没有填，同一组的其他几项已经填了：缺一项服务就不启动"
        yield Found(name, Level.FAIL, about, where(name))
    if _said(wecom.wecom_bot_token) and wecom.wecom_bot_id:
        about = "两组都填了，一个机器人只能用一种：URL回调（TOKEN）或长连接（ID）"
        yield Found("WECOM_BOT_TOKEN", Level.FAIL, about, f"留下后台选定的一组：{BOT} → API配置")
    yield from _keys(wecom)
    has_bot = _said(wecom.wecom_bot_token) or wecom.wecom_bot_id
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
            Address("wecom app address", place, app, RECEIVING, known.app_heard, known.is_served)
        ]
    if bot:
        place = f"{url}/{wecom_bot.WecomBot.path}"
        found += [
            Address("wecom bot address", place, bot, BY_ADDRESS, known.bot_heard, known.is_served)
        ]
    if found:
        yield from check_public_url(settings.public_url, wecom.wecom_api_base)
    for address in found:
        yield check_address(client, address, datetime.now(UTC))


def _envelope(token: SecretStr, key: SecretStr, receiver: str) -> Envelope | None:
    if not (_said(token) and _opens(key.get_secret_value())):
        return None
    return Envelope(token.get_secret_value(), key.get_secret_value(), receiver)


def _robots(settings: Settings, known: Known) -> Iterator[Found]:
    if not known.robots:
        return
    ring = KeyRing(settings.secret_key.get_secret_value())
    lost = sum(not _is_opened(ring, sealed) for sealed in known.robots)
    if lost:
        about = f"{len(known.robots)}个群机器人中，{lost}个的密钥打不开：SECRET_KEY 换过了"
        add = "`dajuan chat add --platform wecom_robot --name 群名`"
        advice = f"换回原来的 SECRET_KEY；或逐个重新登记：{add}，密钥在 {ROBOT}"
        yield Found("wecom robots", Level.FAIL, about, advice)
    else:
        yield Found("wecom robots", Level.OK, f"{len(known.robots)}个，密钥都打得开")


def _is_opened(ring: KeyRing, sealed: str) -> bool:
    try:
        return bool(ring.opened(sealed))
    except DeliveryError:
        return False


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


def _groups(wecom: WecomSettings, known: Known) -> Iterator[Found]:
    """Groups that are to get digests and into which nobody can speak unasked."""
    speaking = {wecom_robot.NAME}
    if _doors(wecom)[_LINKED]:
        speaking.add(NAME)
    mute = [each for each in known.groups if not speaking & each.doors]
    if mute:
        titles = "、".join(each.title for each in mute)
        advice = "加群机器人：`dajuan chat add --platform wecom_robot --chat 编号 --name 群名`"
        yield Found("wecom groups", Level.WARN, f"这些群只能答话，简报发不进去：{titles}", advice)


def _note_date(response: httpx2.Response, dates: list[tuple[datetime, str]]) -> None:
    dates.append((datetime.now(UTC), response.headers.get("Date", "")))


def _clock(dates: list[tuple[datetime, str]]) -> Iterator[Found]:
    """This machine's clock beside that of WeCom's servers."""
    away = [abs((here - there).total_seconds()) for here, text in dates if (there := _date(text))]
    if not away:
        return
    least = min(away)  # the later ones of a row waited for each other
    if least > WINDOW.total_seconds():
        about = f"与企业微信相差{least / 60:.0f}分钟，对方的消息会被当作过期的拒收"
        yield Found("wecom clock", Level.FAIL, about, "用 NTP 校准本机时钟")
    elif least > _NOTICED:
        about = f"与企业微信相差{least:.0f}秒"
        yield Found("wecom clock", Level.WARN, about, "用 NTP 校准本机时钟")
    else:
        yield Found("wecom clock", Level.OK, "与企业微信一致")


def _date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _said(secret: SecretStr) -> bool:
    return bool(secret.get_secret_value())
