"""What WeCom needs to know of the office: one group of settings a door."""

from pydantic import SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.settings import is_set, wrong_settings
from bot.wecom.api import HOST
from models.errors import SettingsError

WEB_SOCKET = "wss://openws.work.weixin.qq.com"
_NONE = SecretStr("")
_APP = ("wecom_corp_id", "wecom_app_agent_id", "wecom_app_secret", "wecom_app_token",
        "wecom_app_aes_key")  # fmt: skip
_CALLBACK = ("wecom_bot_token", "wecom_bot_aes_key")
_CONNECTION = ("wecom_bot_id", "wecom_bot_secret")


class WecomSettings(BaseSettings):
    """The settings of all doors of WeCom; a door without its own is not served."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore")

    wecom_api_base: str = HOST
    wecom_corp_id: str = ""
    wecom_app_agent_id: int = 0
    wecom_app_secret: SecretStr = _NONE
    wecom_app_token: SecretStr = _NONE
    wecom_app_aes_key: SecretStr = _NONE
    wecom_bot_name: str = ""
    wecom_bot_token: SecretStr = _NONE
    wecom_bot_aes_key: SecretStr = _NONE
    wecom_bot_id: str = ""
    wecom_bot_secret: SecretStr = _NONE
    wecom_bot_ws: str = WEB_SOCKET

    @field_validator("wecom_api_base")
    @classmethod
    def _is_address(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError(f"is no address such as {HOST}")
        return value.rstrip("/")

    @field_validator("wecom_bot_ws")
    @classmethod
    def _is_socket(cls, value: str) -> str:
        if not value.startswith(("ws://", "wss://")):
            raise ValueError(f"is no address such as {WEB_SOCKET}")
        return value

    @property
    def has_app(self) -> bool:
        """Whether the self-built app is set up; raises SettingsError where half of it is."""
        return self._is_whole(_APP)

    @property
    def has_callback(self) -> bool:
        """Whether the bot's address is set up; raises SettingsError where half of it is."""
        return self._is_whole(_CALLBACK)

    @property
    def has_connection(self) -> bool:
        """Whether the bot's long connection is set up; raises SettingsError where half of it is."""
        return self._is_whole(_CONNECTION)

    def missing(self) -> list[str]:
        """The names that are lacking where a part of a door is set up."""
        return [name for names in (_APP, _CALLBACK, _CONNECTION) for name in self._lacking(names)]

    def _is_whole(self, names: tuple[str, ...]) -> bool:
        if missing := self._lacking(names):
            listed = ", ".join(missing)
            raise SettingsError(f"{listed} missing: {names[0].upper()} and the others go together")
        return is_set(getattr(self, names[-1]))

    def _lacking(self, names: tuple[str, ...]) -> list[str]:
        """What lacks beside the rest; the corp alone is no door."""
        missing = [name for name in names if not is_set(getattr(self, name))]
        is_begun = len(missing) < len(names) and not (names is _APP and missing == [*names[1:]])
        return [name.upper() for name in missing] if is_begun else []


def parsed_settings() -> WecomSettings:
    """The settings as the environment has them, whole or not; raises SettingsError.

    To be used where what is missing is told; whatever serves reads them with the next.
    """
    try:
        return WecomSettings()
    except ValidationError as error:
        raise SettingsError(f"settings are not valid: {wrong_settings(error)}") from error


def read_wecom_settings() -> WecomSettings:
    """The settings as the environment has them; raises SettingsError naming what is wrong."""
    found = parsed_settings()
    if found.has_callback and found.has_connection:
        raise SettingsError(
            "WECOM_BOT_TOKEN and WECOM_BOT_ID are both set: a bot is called at its address or "
            "holds a connection, one of both"
        )
    return found
