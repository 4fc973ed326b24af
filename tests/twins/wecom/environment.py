"""The settings of an office whose WeCom is the stand-in, by the names that the service reads."""

from tests.twins.wecom.twin import Twin

_BOT_NAME = "答卷"


def app_settings(twin: Twin) -> dict[str, str]:
    """The self-built app."""
    app = twin.app.app
    return {
        "WECOM_API_BASE": twin.url,
        "WECOM_CORP_ID": twin.corp.id,
        "WECOM_APP_AGENT_ID": str(app.agent_id),
        "WECOM_APP_SECRET": app.secret,
        "WECOM_APP_TOKEN": app.token,
        "WECOM_APP_AES_KEY": app.encoding_key,
    }


def callback_settings(twin: Twin) -> dict[str, str]:
    """The bot at its address."""
    return {
        "WECOM_API_BASE": twin.url,
        "WECOM_BOT_NAME": _BOT_NAME,
        "WECOM_BOT_TOKEN": twin.bot.token,
        "WECOM_BOT_AES_KEY": twin.bot.encoding_key,
    }


def linked_settings(twin: Twin) -> dict[str, str]:
    """The bot on its long connection."""
    return {
        "WECOM_API_BASE": twin.url,
        "WECOM_BOT_NAME": _BOT_NAME,
        "WECOM_BOT_ID": twin.linked.bot_id,
        "WECOM_BOT_SECRET": twin.linked.secret,
        "WECOM_BOT_WS": twin.ws_url,
    }
