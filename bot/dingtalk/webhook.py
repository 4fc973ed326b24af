"""Which sessionWebhook may be called: it comes in a body that nobody signed."""

import re
from urllib.parse import urlsplit

from bot.dingtalk.settings import DingTalkSettings
from bot.hosts import origin

_PATH = "/robot/sendBySession"
#: What libraries for addresses read alike.
_PLAIN = re.compile(r"[!-~]{1,2000}")
_SESSION = re.compile(r"(?:^|&)session=[^&]")


def answering_address(said: str, settings: DingTalkSettings) -> str:
    """The address at which a message may be answered; empty where it leads elsewhere.

    Scheme, host and port are those of one of DingTalk's own hosts, and written as the settings
    have them.
    """
    if not _PLAIN.fullmatch(said) or "\\" in said:
        return ""
    told = origin(said)
    ours = (settings.dingtalk_oapi_base, settings.dingtalk_api_base)
    base = next((each for each in ours if told and origin(each) == told), "")
    if not base:
        return ""
    parts = urlsplit(said)
    if parts.path != _PATH or parts.fragment or not _SESSION.search(parts.query):
        return ""
    host = urlsplit(base)
    return f"{host.scheme}://{host.netloc}{_PATH}?{parts.query}"
