"""What the environment or `.env` decides; what a platform needs is read by its own file."""

import os
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.flooding import CALLS_AT_ONCE, PER_DAY, PER_MINUTE
from models.errors import SettingsError
from models.rules.retention import SHORTEST, Periods

#: The value in `.env.example`; whoever left it there has no secret.
SAMPLE_SECRET = "please-change-me"


#: Settings of platforms that speak to real people; the sandbox refuses to run beside them.
PLATFORM_PREFIXES = ("WECOM_", "DINGTALK_")
#: How the names end of those that only say how a platform is reached, as `.env.example` has them.
_NOBODYS = ("_BASE", "_WS", "_MODE", "_CALLS_PER_SECOND")
_ENV_FILE = ".env"


SHORTEST_SECRET = 16
SECRET_ADVICE = (
    "put a random one into .env, for instance from "
    "`python3 -c 'import secrets; print(secrets.token_urlsafe(32))'`"
)


class Settings(BaseSettings):
    """The common settings; each platform's own stand in its file."""

    model_config = SettingsConfigDict(env_file=_ENV_FILE, env_ignore_empty=True, extra="ignore")

    database_url: SecretStr = SecretStr("sqlite:///var/dajuan.db")
    media_url: str = "file://var/media"
    aws_endpoint_url: str = ""
    aws_region: str = "us-east-1"
    aws_access_key_id: SecretStr = SecretStr("")
    aws_secret_access_key: SecretStr = SecretStr("")
    aws_virtual_hosted_style_request: bool = False
    aws_ca_bundle: Path | None = None
    public_url: str = "http://127.0.0.1:8000"
    forwarded_allow_ips: str = "127.0.0.1"
    secret_key: SecretStr = SecretStr(SAMPLE_SECRET)
    timezone: str = "Asia/Shanghai"
    sandbox: bool = False
    log_level: str = "INFO"
    log_format: str = "text"
    font_path: Path | None = None
    alarm_chat: str = ""
    messages_per_minute: int = Field(default=PER_MINUTE, ge=1)
    messages_per_day: int = Field(default=PER_DAY, ge=1)
    calls_at_once: int = Field(default=CALLS_AT_ONCE, ge=1)
    ocr: bool | None = None
    retention_raw: int = Periods.raw
    retention_chat: int = Periods.chat
    retention_words: int = Periods.words

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("is no IANA time zone such as Asia/Shanghai") from error
        return value

    @field_validator("log_format")
    @classmethod
    def _known_format(cls, value: str) -> str:
        if value not in ("text", "json"):
            raise ValueError("is neither text nor json")
        return value

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, value: str) -> str:
        if value.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
            raise ValueError("is none of DEBUG, INFO, WARNING, ERROR")
        return value.upper()

    @field_validator("aws_endpoint_url")
    @classmethod
    def _is_endpoint(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in ("http", "https") or not parts.hostname or parts.query):
            raise ValueError("is no address such as https://oss.example.gov.cn")
        return value.rstrip("/")

    @field_validator("public_url")
    @classmethod
    def _is_address(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("is no address such as https://dajuan.example.gov.cn")
        return value.rstrip("/")

    @field_validator("retention_raw", "retention_chat", "retention_words")
    @classmethod
    def _long_enough(cls, value: int, info: ValidationInfo) -> int:
        least = SHORTEST[(info.field_name or "").removeprefix("retention_")]
        if value and value < least:
            raise ValueError(f"is neither 0 (kept for good) nor at least {least} days")
        return value

    @property
    def periods(self) -> Periods:
        """How long what is no official record is kept."""
        return Periods(self.retention_raw, self.retention_chat, self.retention_words)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of due days and working hours."""
        return ZoneInfo(self.timezone)

    @property
    def database(self) -> str:
        """The address of the database; a secret, since it may hold a password."""
        return self.database_url.get_secret_value()


def read_settings(**overrides: object) -> Settings:
    """The settings as the environment has them; raises SettingsError naming what is wrong."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # pydantic checks them
    except ValueError as error:
        raise SettingsError(f"settings are not valid: {wrong_settings(error)}") from error


def check_start(settings: Settings) -> None:
    """Refuse to serve with the sample secret or one that can be guessed, but for the sandbox."""
    if not settings.sandbox and (wrong := secret_problem(settings)):
        raise SettingsError(f"SECRET_KEY {wrong}: {SECRET_ADVICE}")


def secret_problem(settings: Settings) -> str:
    """What is wrong with the secret; empty when nothing is."""
    secret = settings.secret_key.get_secret_value().strip()
    if secret == SAMPLE_SECRET:
        return "still has its sample value"
    return "" if len(secret) >= SHORTEST_SECRET else f"is shorter than {SHORTEST_SECRET} characters"


def platform_settings() -> list[str]:
    """The names of the settings by which real people are reached that hold a value."""
    values = {**dotenv_values(_ENV_FILE), **os.environ}
    names = {name.upper() for name, value in values.items() if value}
    of_platforms = (name for name in names if name.startswith(PLATFORM_PREFIXES))
    return sorted(name for name in of_platforms if not name.endswith(_NOBODYS))


def wrong_settings(error: ValueError) -> str:
    """Every wrong setting by its name, without its value."""
    errors = getattr(error, "errors", None)
    if errors is None:
        return str(error).splitlines()[0]
    return "; ".join(f"{'.'.join(map(str, e['loc'])).upper()} {e['msg']}" for e in errors())


def is_set(value: object) -> bool:
    """Whether a setting holds anything, be it a secret."""
    return bool(value.get_secret_value() if isinstance(value, SecretStr) else value)
