"""`dajuan doctor` on an office with WeCom: each step of the set-up, and where to mend it."""

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest

from bot.doctor import examine
from bot.findings import Level
from bot.keys import KeyRing
from bot.wecom.check_address import Place, check_place
from bot.wecom.envelope import Envelope
from bot.wecom.ownership import Ownership, Standing
from models.chat import Door
from scheduler.lease import holds_lease
from tests.installed import Examined, Installation, examined, findings, free_url, serving
from tests.twins.wecom.corp import ENCODING_KEY, TOKEN
from tests.twins.wecom.corp import Member as Colleague
from tests.twins.wecom.environment import app_settings, callback_settings, linked_settings
from tests.twins.wecom.twin import Twin
from tests.wecom import SECRET


@pytest.fixture(scope="module")
def twin() -> Iterator[Twin]:
    with Twin(now=time.time(), live=True, members=[Colleague("WangWu", "王五")]) as twin:
        yield twin


@pytest.fixture(scope="module")
def served(
    twin: Twin, tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> Iterator[Installation]:
    """A real service with the app and the bot at its address, that has heard both."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "dajuan.db").write_bytes(sqlite_template.read_bytes())
    url = free_url()
    settings = {"PUBLIC_URL": url, **app_settings(twin), **callback_settings(twin)}
    office = Installation(folder, settings)
    with serving(office):
        twin.app.callback_url = f"{url}/webhooks/wecom/app"
        twin.bot.callback_url = f"{url}/webhooks/wecom/bot"
        twin.app.says("WangWu", "帮助").answer()
        twin.bot.says("WangWu", "帮助").delivery.answer()
        twin.seen("WangWu", 2)
        yield office


def levels(findings: dict[str, dict[str, str]]) -> dict[str, str]:
    return {check: each["level"] for check, each in findings.items() if "wecom" in check}


def test_a_whole_set_up_is_well(served: Installation, twin: Twin) -> None:
    told = len(twin.record.of(None))

    code, found = findings(served.runs("doctor", "--json"))

    assert code == 0
    assert levels(found) == {
        "wecom app": "ok",
        "wecom app address": "ok",
        "wecom bot address": "ok",
        "wecom callers": "ok",
        "wecom clock": "ok",
    }
    assert found["platforms"]["about"] == "企业微信：自建应用、智能机器人（URL回调）"
    assert "最近一次来消息" in found["wecom app address"]["about"]
    paths = {each.path for each in twin.record.of(None)[told:]}
    # The bot's answer is still asked for; nobody is told anything.
    assert paths - {"answer"} == {"gettoken", "agent/get", "getcallbackip"}


WRONG = [
    ({"WECOM_APP_SECRET": "old"}, "wecom app", "40001", "应用 → 自建 → 本应用 → Secret"),
    ({"WECOM_APP_AES_KEY": "x" * 42}, "WECOM_APP_AES_KEY", "42个字符", "设置API接收"),
    ({"WECOM_APP_TOKEN": ""}, "WECOM_APP_TOKEN", "没有填", "接收消息 → 设置API接收 → Token"),
    ({"WECOM_API_BASE": "http://127.0.0.1:9"}, "wecom app", "连不上企业微信", "防火墙"),
]
MORE = [
    ({"WECOM_CORP_ID": "ww1"}, "wecom app", "40013", "我的企业 → 企业信息 → 企业ID"),
    ({"WECOM_APP_AGENT_ID": "1"}, "wecom app", "40056", "本应用 → AgentId"),
    ({"WECOM_APP_AES_KEY": "x" * 43}, "wecom app address", "EncodingAESKey", "重启"),
    ({"WECOM_BOT_TOKEN": "other"}, "wecom bot address", "Token", "重启"),
    ({"WECOM_BOT_NAME": ""}, "WECOM_BOT_NAME", "没有填", "智能机器人 → 本机器人 → 名称"),
    ({"PUBLIC_URL": "http://127.0.0.1:9"}, "wecom app address", "连不上", "还有消息"),
    ({"WECOM_API_BASE": "ftp://x"}, "WECOM_…", "WECOM_API_BASE", ".env"),
    ({"WECOM_BOT_ID": "aib"}, "WECOM_BOT_TOKEN", "只能用一种", "API配置"),
]


def test_the_command_names_each_wrong_setting_with_its_page(served: Installation) -> None:
    programs = [served.with_(wrong).runs("doctor", "--json") for wrong, *_ in WRONG]
    for program, (_, check, about, advice) in zip(programs, WRONG, strict=True):
        code, found = findings(program)

        assert code == 1
        assert about in found[check]["about"]
        assert advice in found[check]["advice"]
        assert "old" not in str(found)  # the secret that was tried


def test_an_address_that_is_not_trusted_is_named(served: Installation, twin: Twin) -> None:
    twin.tokens.trusts_caller = False
    try:
        code, found = findings(served.runs("doctor", "--json"))
    finally:
        twin.tokens.trusts_caller = True

    assert code == 1
    assert found["wecom app"]["level"] == "fail"
    assert "127.0.0.1" in found["wecom app"]["about"]
    assert "企业可信IP" in found["wecom app"]["advice"]
    assert "可信域名" in found["wecom app"]["advice"]


Office = Examined[Twin]


@pytest.fixture
def office(
    twin: Twin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_template: Path
) -> Iterator[Office]:
    with examined(twin, "wecom", tmp_path, monkeypatch, sqlite_template) as office:
        yield office
    app = twin.app.app
    app.is_closed, app.sees_everyone, app.sees = False, True, ()


@pytest.mark.parametrize(("changed", "check", "about", "advice"), MORE)
def test_each_wrong_setting_is_named_with_its_page(
    served: Installation,
    office: Office,
    changed: dict[str, str],
    check: str,
    about: str,
    advice: str,
) -> None:
    office.sets(served.settings | changed)
    office.set.setenv("DATABASE_URL", f"sqlite:///{served.folder}/dajuan.db")

    found = office.found()[check]

    assert about in found.about
    assert advice in found.advice


def test_without_a_platform_nothing_is_asked_of_anybody(office: Office) -> None:
    found = office.found()

    assert found["platforms"].level == Level.WARN
    assert "企业微信怎么接" in found["platforms"].advice
    assert not [check for check in found if "wecom" in check]


def test_an_app_that_nobody_sees_or_that_is_off_is_told(office: Office) -> None:
    office.sets(app_settings(office.twin))
    app = office.twin.app.app
    app.sees_everyone = False
    assert "可见范围" in office.found()["wecom app"].advice

    app.sees = ("WangWu",)
    assert "1名成员" in office.found()["wecom app"].about

    app.is_closed = True
    assert office.found()["wecom app"].level == Level.FAIL
    assert "已停用" in office.found()["wecom app"].about


def test_people_whom_the_app_does_not_reach_are_named(office: Office) -> None:
    office.sets(app_settings(office.twin))
    office.twin.corp.join([Colleague("ZhaoLiu", "赵六", visible=False)])
    office.knows("wangwu", "zhaoliu")
    unseen = office.found()["wecom people"]
    assert (unseen.level, "zhaoliu" in unseen.about) == (Level.WARN, True)
    assert "可见范围" in unseen.advice

    office.knows("wangwv")
    about = [each.about for each in examine() if each.check == "wecom people"]
    assert "名册上有1个账号在企业微信中查不到：wangwv" in about
    assert "名册上有1人能够送达" in about


def test_a_clock_that_is_away_is_told_before_every_call_is_refused(office: Office) -> None:
    office.sets(app_settings(office.twin))
    office.twin.clock.forward(90)
    assert office.found()["wecom clock"].level == Level.WARN
    office.twin.clock.forward(600)
    assert office.found()["wecom clock"].level == Level.FAIL
    office.twin.clock.forward(-690)
    assert office.found()["wecom clock"].level == Level.OK


@pytest.mark.parametrize(
    ("url", "level"),
    [
        ("http://127.0.0.1:8000", Level.FAIL),
        ("https://10.1.2.3", Level.FAIL),
        ("http://dajuan.invalid", Level.WARN),
    ],
)
def test_an_address_that_wecom_cannot_call_is_told(office: Office, url: str, level: Level) -> None:
    office.sets(callback_settings(office.twin))
    office.set.delenv("WECOM_API_BASE")
    office.sets({"PUBLIC_URL": url, "NO_PROXY": "*"})

    assert office.found()["PUBLIC_URL"].level == level


def test_an_address_behind_which_nothing_runs_is_told_so(office: Office) -> None:
    office.sets(callback_settings(office.twin) | {"PUBLIC_URL": "http://127.0.0.1:9"})
    office.heard("bot:1", "wangwu")
    found = office.found()
    assert found["service"].level == Level.WARN
    assert found["wecom bot address"].level == Level.FAIL
    assert "dajuan serve" in found["wecom bot address"].advice

    holds_lease(office.database, "a process", datetime.now(UTC))
    found = office.found()
    assert found["service"].level == Level.OK
    assert found["wecom bot address"].level == Level.WARN  # it was heard a moment ago


@pytest.mark.parametrize(
    ("status", "body", "about"),
    [
        (302, "", "跳转"),
        (404, "", "没有这个地址"),
        (502, "", "HTTP 502"),
        (200, "<html>欢迎</html>", "别的程序"),
    ],
)
def test_whatever_else_answers_at_the_address_is_told(
    office: Office, status: int, body: str, about: str
) -> None:
    client = httpx2.Client(
        transport=httpx2.MockTransport(lambda _: httpx2.Response(status, text=body))
    )
    envelope = Envelope(TOKEN, ENCODING_KEY, "")
    place = Place("wecom bot address", "http://office/x", envelope, "page", None, True)

    found = check_place(client, place, datetime.now(UTC))

    assert found.level == Level.FAIL
    assert about in found.about


def test_an_address_that_answers_well_is_told_with_its_time(served: Installation) -> None:
    """Also where nothing but the bot at its address is set up."""
    settings = {name: "" for name in served.settings if name.startswith("WECOM_APP_")}

    with served.with_({**settings, "WECOM_CORP_ID": ""}).runs("doctor") as doctor:
        said = doctor.communicate(timeout=60)[0]

    assert "wecom bot address: " in said
    assert "应答正确（0." in said


def test_a_bot_that_can_only_answer_is_told(office: Office) -> None:
    office.sets(callback_settings(office.twin))

    found = office.found()["wecom people"]

    assert found.level == Level.WARN
    assert "主动消息发不出去" in found.about


def owner_of(office: Office) -> Ownership:
    """A process that has the connection."""
    owner = Ownership(office.database, lambda: datetime.now(UTC))
    owner.renew()
    return owner


def test_how_the_connection_stands_is_told_without_a_second_one(office: Office) -> None:
    office.sets(linked_settings(office.twin))
    assert "没有进程" in office.found()["wecom connection"].about

    owner = owner_of(office)
    assert f"进程 {os.getpid()} 刚接手" in office.found()["wecom connection"].about

    owner.note(Standing.CONNECTED)
    silent = office.found()["wecom connection"]
    assert (silent.level, "帮助" in silent.advice) == (Level.WARN, True)
    office.heard("bot:1", "wangwu")
    assert office.found()["wecom connection"].level == Level.OK
    assert office.twin.gateway.opened == 0


@pytest.mark.parametrize("standing", [Standing.LOST, Standing.HALTED])
def test_a_connection_that_is_down_is_told_with_why(office: Office, standing: Standing) -> None:
    office.sets(linked_settings(office.twin) | {"WECOM_BOT_WS": "ws://127.0.0.1:9"})
    owner_of(office).note(standing, "机器人的 ID 或 Secret 不正确" * (standing == Standing.HALTED))

    found = office.found()

    assert found["wecom connection"].level == Level.FAIL
    assert ("Secret 不正确" in found["wecom connection"].about) == (standing == Standing.HALTED)
    assert "127.0.0.1:9" in found["WECOM_BOT_WS"].about


def test_whom_the_bot_may_not_address_yet_is_counted(office: Office) -> None:
    office.sets(linked_settings(office.twin))
    office.knows("wangwu", "zhaoliu", "lisi")
    office.heard("bot:1", "lisi")

    assert "2人" in office.found()["wecom people"].about
    office.sets(app_settings(office.twin))
    assert "不能先找" not in office.found()["wecom people"].about


def test_groups_that_digests_cannot_reach_are_named(office: Office) -> None:
    office.sets(callback_settings(office.twin))
    number = office.seats(("wecom", "wecom_bot", "wrG"))
    mute = office.found()["groups"]
    assert (mute.level, f"{number}号" in mute.about) == (Level.WARN, True)

    with office.database.write() as session:
        address = KeyRing(SECRET).sealed("key")
        session.add(Door(chat_id=number, platform="wecom", via="wecom_robot", address=address))
    assert "groups" not in office.found()


def test_robots_whose_keys_were_sealed_under_another_secret_are_counted(office: Office) -> None:
    for number, secret in enumerate((SECRET, "another secret of the office")):
        office.seats(("wecom", "wecom_robot", KeyRing(secret).sealed(f"key-{number}")))

    found = office.found()["wecom robots"]

    assert found.level == Level.FAIL
    assert "2个群机器人中，1个" in found.about
    office.set.setenv("SECRET_KEY", "another secret of the office")
    assert "1个" in office.found()["wecom robots"].about


def test_without_a_database_wecom_is_checked_all_the_same(office: Office) -> None:
    office.sets(app_settings(office.twin))
    office.set.setenv("DATABASE_URL", "postgresql+psycopg://u@127.0.0.1:1/x")

    assert office.found()["DATABASE_URL"].level == Level.FAIL
    assert office.found()["wecom app"].level == Level.OK
