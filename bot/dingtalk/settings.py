"""What DingTalk needs to know of the office: one enterprise robot, by address or connection."""

from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.hosts import origin
from bot.settings import is_set, wrong_settings
from models.errors import SettingsError

API_HOST = "https://api.dingtalk.com"
OAPI_HOST = "https://oapi.dingtalk.com"
_NONE = SecretStr("")
_ROBOT = (
    "dingtalk_client_id",
    "dingtalk_client_secret",
    "dingtalk_robot_code",
    "dingtalk_corp_id",
)


class DingTalkSettings(BaseSettings):
    """The settings of the enterprise robot; without them it is not served."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore")

    dingtalk_api_base: str = API_HOST
    dingtalk_oapi_base: str = OAPI_HOST
    dingtalk_client_id: str = ""
    dingtalk_client_secret: SecretStr = _NONE
    dingtalk_robot_code: str = ""
    dingtalk_corp_id: str = ""
    dingtalk_mode: Literal["http", "stream"] = "stream"
    #: The card by which choices are offered; an administrator draws it. Empty: none are.
    dingtalk_card_template: str = ""
    #: Calls of one API in a second: 60 with DingTalk's add-on pack.
    dingtalk_calls_per_second: int = Field(default=20, ge=1, le=1000)

    @field_validator("dingtalk_api_base", "dingtalk_oapi_base")
    @classmethod
    def _is_address(cls, value: str) -> str:
        if origin(value) is None:
            raise ValueError(f"is no address such as {API_HOST}")
        return value.rstrip("/")

    @property
    def has_robot(self) -> bool:
        """Whether the robot is set up; raises SettingsError where half of it is."""
        if missing := self.missing():
            listed = ", ".join(missing)
            raise SettingsError(f"{listed} missing: {_ROBOT[0].upper()} and the others go together")
        return bool(self.dingtalk_client_id)

    @property
    def has_cards(self) -> bool:
        """Whether choices are offered as cards."""
        return bool(self.dingtalk_card_template)

    def missing(self) -> list[str]:
        """The names that are lacking where a part of the robot is set up."""
        lacking = [name.upper() for name in _ROBOT if not is_set(getattr(self, name))]
        return lacking if len(lacking) < len(_ROBOT) else []


def read_dingtalk_settings() -> DingTalkSettings:
    """The settings as the environment has them; raises SettingsError naming what is wrong."""
    try:
        return DingTalkSettings()
    except ValidationError as error:
        raise SettingsError(f"settings are not valid: {wrong_settings(error)}") from error
