"""Settings: listed where people look for them, refused with what to do, secrets never shown."""

import re
from pathlib import Path

import pytest

from bot.app import House, build
from bot.dingtalk.settings import DingTalkSettings, read_dingtalk_settings
from bot.settings import SAMPLE_SECRET, Settings, check_start, platform_settings, read_settings
from bot.wecom.settings import WecomSettings, read_wecom_settings
from models.errors import SettingsError

EXAMPLE = Path(__file__).parents[2] / ".env.example"
EVERY = (Settings, WecomSettings, DingTalkSettings)
LINE = re.compile(r"^([A-Z_]+)=(.*)$", re.MULTILINE)


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for each in EVERY:
        for name in each.model_fields:
            monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def opened(**settings: object) -> House:
    """The service as these settings describe it, closed again."""
    house = build(read_settings(**{"media_url": "file://media", **settings}))
    house.close()
    return house


def test_the_example_lists_exactly_the_settings_with_their_defaults() -> None:
    listed = dict(LINE.findall(EXAMPLE.read_text(encoding="utf-8")))

    assert set(listed) == {name.upper() for each in EVERY for name in each.model_fields}
    for each in EVERY:
        assert each(_env_file=EXAMPLE) == each(_env_file=None)


def test_every_setting_of_the_example_is_explained() -> None:
    blocks = EXAMPLE.read_text(encoding="utf-8").split("\n\n")[1:]

    assert all(block.startswith("# ") for block in blocks)


@pytest.mark.parametrize(
    ("name", "value"),
    [("TIMEZONE", "Mars/Olympus"), ("LOG_FORMAT", "xml"), ("SANDBOX", "perhaps")],
)
def test_a_wrong_value_is_named_with_its_setting(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError, match=name):
        read_settings()


def test_the_sample_secret_refuses_to_start_except_in_the_sandbox() -> None:
    with pytest.raises(SettingsError, match="SECRET_KEY"):
        check_start(read_settings(secret_key=SAMPLE_SECRET))

    check_start(read_settings(secret_key=SAMPLE_SECRET, sandbox=True))
    check_start(read_settings(secret_key="3n5Qm0-random-and-long"))


def test_secrets_show_neither_in_text_nor_in_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    url = "postgresql+psycopg://dajuan:hunter2@db/dajuan"
    settings = read_settings(secret_key="hunter2", database_url=url)
    assert "hunter2" not in f"{settings!r} {settings} {settings.model_dump()}"

    with pytest.raises(SettingsError) as error:
        opened(secret_key="a-secret-of-twenty-two", database_url="mysql://dajuan:hunter2@db/dajuan")
    assert "hunter2" not in str(error.value)


@pytest.mark.parametrize("url", ["nonsense", "mysql://db/dajuan", "sqlite+aiosqlite:///x.db"])
def test_a_database_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="DATABASE_URL"):
        opened(secret_key="a-secret-of-twenty-two", database_url=url)


def test_a_media_address_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(SettingsError, match="MEDIA_URL"):
        opened(sandbox=True, database_url="sqlite:///x.db", media_url="ftp://media")


@pytest.mark.parametrize("name", ["WECOM_CORP_ID", "DINGTALK_CLIENT_ID"])
@pytest.mark.parametrize("place", ["environment", ".env"])
def test_the_sandbox_refuses_to_run_beside_a_platform_of_real_people(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, place: str
) -> None:
    if place == ".env":
        (tmp_path / ".env").write_text(f"{name}=ww4711\n")
    else:
        monkeypatch.setenv(name, "ww4711")

    with pytest.raises(SettingsError, match=name):
        opened(sandbox=True, database_url="sqlite:///x.db")


def test_who_copies_the_example_may_practise_as_well(tmp_path: Path) -> None:
    """It says where the platforms' servers are, and by that alone nobody is reached."""
    (tmp_path / ".env").write_bytes(EXAMPLE.read_bytes())

    assert platform_settings() == []
    assert opened(sandbox=True, database_url="sqlite:///x.db").sandbox is not None


def test_a_platform_setting_without_a_value_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WECOM_CORP_ID", "")

    assert platform_settings() == []


def test_the_sandbox_refuses_a_database_it_did_not_make() -> None:
    opened(secret_key="a-secret-of-twenty-two", database_url="sqlite:///real.db")

    with pytest.raises(SettingsError, match="not made by the sandbox"):
        opened(sandbox=True, database_url="sqlite:///real.db")


def test_a_real_service_refuses_the_sandboxs_database() -> None:
    opened(sandbox=True, database_url="sqlite:///play.db")
    opened(sandbox=True, database_url="sqlite:///play.db")

    with pytest.raises(SettingsError, match="made by the sandbox"):
        opened(secret_key="a-secret-of-twenty-two", database_url="sqlite:///play.db")


def test_the_sandbox_takes_a_database_that_only_has_its_schema(
    sqlite_template: Path, tmp_path: Path
) -> None:
    """After `dajuan migrate`, which PostgreSQL needs, no service has been at the database yet."""
    (tmp_path / "fresh.db").write_bytes(sqlite_template.read_bytes())

    assert opened(sandbox=True, database_url="sqlite:///fresh.db").sandbox is not None


def test_on_postgresql_the_schema_is_asked_for_and_not_changed(
    request: pytest.FixtureRequest,
) -> None:
    server = request.getfixturevalue("postgresql")

    with pytest.raises(SettingsError, match="dajuan migrate"):
        opened(secret_key="a-secret-of-twenty-two", database_url=server)


APP = {
    "WECOM_CORP_ID": "wx5823bf96d3bd56c7",
    "WECOM_APP_AGENT_ID": "1000002",
    "WECOM_APP_SECRET": "app-secret",
    "WECOM_APP_TOKEN": "QDG6eK",
    "WECOM_APP_AES_KEY": "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
}


def test_a_door_of_wecom_is_set_up_by_all_of_its_settings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert not read_wecom_settings().has_app

    for name, value in APP.items():
        monkeypatch.setenv(name, value)

    found = read_wecom_settings()
    assert (found.has_app, found.has_callback, found.has_connection) == (True, False, False)


@pytest.mark.parametrize("missing", [name for name in APP if name != "WECOM_CORP_ID"])
def test_half_an_app_is_no_app_and_what_lacks_is_named(
    monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    for name, value in APP.items():
        monkeypatch.setenv(name, "" if name == missing else value)

    with pytest.raises(SettingsError, match=f"^{missing} missing"):
        assert read_wecom_settings().has_app


def test_a_bot_has_an_address_or_a_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("WECOM_BOT_TOKEN", "WECOM_BOT_AES_KEY", "WECOM_BOT_ID", "WECOM_BOT_SECRET"):
        monkeypatch.setenv(name, "x")

    with pytest.raises(SettingsError, match="one of both"):
        read_wecom_settings()


@pytest.mark.parametrize(
    ("name", "value"), [("WECOM_API_BASE", "qyapi"), ("WECOM_BOT_WS", "https://a.example")]
)
def test_an_address_of_wecom_that_is_none_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError, match=name):
        read_wecom_settings()


ROBOT = {
    "DINGTALK_CLIENT_ID": "dingappkey7xk2",
    "DINGTALK_CLIENT_SECRET": "client-secret",
    "DINGTALK_ROBOT_CODE": "dingappkey7xk2",
    "DINGTALK_CORP_ID": "dingcorp9f50b15bccd16741",
}


def test_the_robot_of_dingtalk_is_set_up_by_all_of_its_settings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert not read_dingtalk_settings().has_robot

    for name, value in ROBOT.items():
        monkeypatch.setenv(name, value)

    found = read_dingtalk_settings()
    assert (found.has_robot, found.dingtalk_mode, found.has_cards) == (True, "stream", False)


@pytest.mark.parametrize("missing", ROBOT)
def test_half_a_robot_is_none_and_what_lacks_is_named(
    monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    for name, value in ROBOT.items():
        monkeypatch.setenv(name, "" if name == missing else value)

    assert read_dingtalk_settings().missing() == [missing]
    with pytest.raises(SettingsError, match=f"^{missing} missing"):
        assert read_dingtalk_settings().has_robot


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DINGTALK_API_BASE", "api.dingtalk.com"),
        ("DINGTALK_OAPI_BASE", "https://me@oapi.dingtalk.com"),
        ("DINGTALK_MODE", "websocket"),
        ("DINGTALK_CALLS_PER_SECOND", "0"),
    ],
)
def test_a_setting_of_dingtalk_that_is_none_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError, match=name):
        read_dingtalk_settings()
