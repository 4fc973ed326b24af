"""Chats, robots and accounts from the command line: keys stay secret, one group stays one."""

from pathlib import Path

import pytest
from sqlmodel import select

from bot.keys import KeyRing
from models.chat import Chat, ChatPurpose, Door, chat_at
from models.db import open_database
from models.message import ChatKind
from tests.conftest import at
from tests.console import Dajuan

SECRET = "a secret of the office, long enough"
KEY = "693a91f6-7b1c-4bc4-97a0-0ec2fa5aaa11"
OTHER = "A1B2C3D4-0000-4000-8000-00000000beef"
ADDRESS = f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}"
ROBOT = ("chat", "add", "--platform", "wecom_robot", "--name", "领导群")
TOKEN = "66d9c1c5b3a4f0e7" * 4
SIGNING = "SEC" + "7a1b2c3d4e5f6071" * 4
WEBHOOK = f"https://oapi.dingtalk.com/robot/send?access_token={TOKEN}"
DINGTALK = ("chat", "add", "--platform", "dingtalk_robot", "--name", "领导群")


@pytest.fixture
def office(dajuan: Dajuan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dajuan:
    """The command line of an office that serves real people."""
    (tmp_path / "var").mkdir()
    monkeypatch.setenv("SANDBOX", "false")
    monkeypatch.setenv("SECRET_KEY", SECRET)
    assert dajuan("migrate").code == 0
    return dajuan


def a_heard_group(address: str = "wrGroup1", name: str = "") -> int:
    """A group that became known when somebody called the bot in it."""
    database = open_database("sqlite:///var/dajuan.db")
    with database.write() as session:
        now = at("2026-03-02T09:00")
        chat = chat_at(session, "wecom", address, ChatKind.GROUP, now, "wecom_bot")
        chat.name, chat.purpose = name, ChatPurpose.LEADERS
        number = chat.id or 0
    database.dispose()
    return number


def doors() -> list[Door]:
    database = open_database("sqlite:///var/dajuan.db")
    with database.read() as session:
        found = list(session.exec(select(Door).join(Chat).where(Chat.kind == "group")).all())
    database.dispose()
    return found


def keys() -> list[str]:
    return [KeyRing(SECRET).opened(each.address) for each in doors() if each.via == "wecom_robot"]


@pytest.mark.parametrize("typed", [KEY, f"  {KEY}\r", ADDRESS], ids=["key", "spaces", "address"])
def test_a_robot_is_seated_by_its_key_or_its_address(office: Dajuan, typed: str) -> None:
    ran = office(*ROBOT, "--purpose", "leaders", stdin=f"{typed}\n")

    assert (ran.code, ran.out, ran.err) == (0, "chat 1\n", "")
    assert keys() == [KEY]
    assert KEY not in (door := doors()[0]).address
    assert (door.platform, door.via) == ("wecom", "wecom_robot")
    [chat] = office("chat", "list", "--json").json
    assert (chat["name"], chat["purpose"], chat["doors"]) == ("领导群", "leaders", ["wecom_robot"])
    assert KEY.encode() not in Path("var/dajuan.db").read_bytes()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "8-4-4-4-12"),
        ("693a91f6", "8-4-4-4-12"),
        (f"{KEY}x", "8-4-4-4-12"),
        ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send", "8-4-4-4-12"),
        (f"https://oapi.dingtalk.com/robot/send?access_token={KEY}", "no address of a group robot"),
        (f"https://[qyapi/cgi-bin/webhook/send?key={KEY}", "no address of a group robot"),
        (f"https://qyapi.example.gov.cn/cgi-bin/webhook/send?key={KEY}", "WECOM_API_BASE"),
    ],
)
def test_what_is_no_key_is_refused_in_a_line_that_repeats_nothing(
    office: Dajuan, typed: str, told: str
) -> None:
    ran = office(*ROBOT, stdin=f"{typed}\n")

    assert (ran.code, ran.out, len(ran.err.splitlines())) == (1, "", 1)
    assert told in ran.err
    assert KEY not in ran.err
    assert doors() == []


def test_a_private_deployment_has_addresses_of_its_own(
    office: Dajuan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WECOM_API_BASE", "https://wecom.example.gov.cn:8443/")
    typed = f"https://wecom.example.gov.cn:8443/cgi-bin/webhook/send?key={KEY}"

    assert office(*ROBOT, stdin=typed).code == 0
    assert keys() == [KEY]


def test_a_key_on_the_command_line_and_a_group_without_address_are_wrong_usage(
    office: Dajuan,
) -> None:
    both = office(*ROBOT, "--address", KEY, stdin=KEY)
    none = office("chat", "add", "--platform", "wecom", "--name", "领导群")

    assert (both.code, none.code) == (2, 2)
    assert "standard input" in both.err
    assert "--address" in none.err
    assert doors() == []


@pytest.mark.parametrize("secret", ["please-change-me", "short"])
def test_without_a_secret_no_key_is_stored(
    office: Dajuan, monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    monkeypatch.setenv("SECRET_KEY", secret)

    ran = office(*ROBOT, stdin=KEY)

    assert (ran.code, "SECRET_KEY" in ran.err) == (1, True)
    assert doors() == []


def test_the_practice_chat_has_no_robots(dajuan: Dajuan, tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()

    ran = dajuan(*ROBOT, stdin=KEY)

    assert (ran.code, "SANDBOX" in ran.err) == (1, True)


def test_a_group_that_the_bot_hears_gets_the_robot_as_one_more_door(office: Dajuan) -> None:
    number = a_heard_group(name="领导群")

    ran = office(*ROBOT, stdin=KEY)

    assert ran.out == f"chat {number}: the robot is one more door of it\n"
    [chat] = office("chat", "list", "--json").json
    assert chat["doors"] == ["wecom_bot:wrGroup1", "wecom_robot"]
    assert chat["purpose"] == "leaders"


def test_a_group_that_nobody_named_is_named_with_its_robot(office: Dajuan) -> None:
    """WeCom does not tell the bot what a group is called."""
    number = a_heard_group()

    unseen = office(*ROBOT, stdin=KEY)
    assert f"chats without a name: {number}." in unseen.err
    assert "dajuan chat remove 2" in unseen.err
    assert office("chat", "remove", "2").code == 0
    seen = office(*ROBOT, "--chat", str(number), stdin=KEY)

    assert seen.out == f"chat {number}: the robot is one more door of it\n"
    chat = office("chat", "list", "--json").json[0]
    assert (chat["id"], chat["name"]) == (number, "领导群")


def test_of_two_groups_of_one_name_the_number_is_asked_for(office: Dajuan) -> None:
    numbers = [a_heard_group("wrGroup1", "领导群"), a_heard_group("wrGroup2", "领导群")]

    ran = office(*ROBOT, stdin=KEY)

    assert ran.code == 1
    assert f"chats {numbers[0]}, {numbers[1]}" in ran.err
    assert "--chat NUMBER" in ran.err
    assert office(*ROBOT, "--chat", str(numbers[1]), stdin=KEY).code == 0
    assert office(*ROBOT, "--chat", "99", stdin=OTHER).err.strip().endswith("`dajuan chat list`")


def test_a_second_robot_takes_the_place_of_the_first(office: Dajuan) -> None:
    office(*ROBOT, stdin=KEY)

    ran = office(*ROBOT, stdin=OTHER)

    assert ran.out == "chat 1: the key of its robot was replaced\n"
    assert keys() == [OTHER]


def test_one_robot_speaks_in_one_group(office: Dajuan) -> None:
    office(*ROBOT, stdin=KEY)

    ran = office(*ROBOT[:-1], "联络员群", stdin=ADDRESS)

    assert ran.code == 1
    assert ran.err.startswith("this key is the robot of chat 1 already")
    assert "`dajuan chat remove 1`" in ran.err
    assert keys() == [KEY]


def test_a_removed_group_frees_its_robot(office: Dajuan) -> None:
    office(*ROBOT, stdin=KEY)
    office("chat", "remove", "1")

    assert office(*ROBOT, stdin=KEY).out == "chat 2\n"


@pytest.mark.parametrize("platform", ["wecom", "wecom_bot"])
def test_a_group_of_wecom_is_found_behind_the_bot_which_alone_hears_groups(
    office: Dajuan, platform: str
) -> None:
    group = ("chat", "add", "--name", "领导群", "--platform", platform, "--address", "wrGroup1")

    assert office(*group, "--purpose", "leaders").code == 0
    assert a_heard_group() == 1
    assert [(each.via, each.address) for each in doors()] == [("wecom_bot", "wrGroup1")]


def test_an_unknown_platform_and_a_door_without_groups_are_refused(office: Dajuan) -> None:
    for platform in ("wecom_app", "weixin"):
        ran = office("chat", "add", "--name", "群", "--platform", platform, "--address", "g")

        assert (ran.code, len(ran.err.splitlines())) == (1, 1)
        assert f"'{platform}' is no platform of groups" in ran.err
        assert "wecom_robot" in ran.err


@pytest.mark.parametrize("platform", ["wecom", "wecom_app", "wecom_bot"])
def test_an_account_is_one_by_whatever_door_it_is_called(office: Dajuan, platform: str) -> None:
    office("member", "add", "张三", "--role", "admin", "--account", "wecom:zhangsan")

    again = office("member", "add", "张三", "--role", "leader", "--account", f"{platform}:ZhangSan")

    assert again.out == "member 1\n"
    [person] = office("member", "list", "--json").json
    assert (person["accounts"], person["roles"]) == (["wecom:zhangsan"], ["管理员", "领导"])


def test_an_account_at_no_platform_is_refused_with_those_there_are(office: Dajuan) -> None:
    ran = office("member", "add", "张三", "--role", "admin", "--account", "weixin:zhangsan")

    assert (ran.code, len(ran.err.splitlines())) == (1, 1)
    assert "wecom, wecom_app, wecom_bot, dingtalk, sandbox" in ran.err


# DingTalk's robots


@pytest.mark.parametrize("typed", [WEBHOOK, f" {TOKEN}\r"], ids=["address", "token"])
def test_a_robot_of_dingtalk_is_seated_by_its_address_and_its_secret(
    office: Dajuan, typed: str
) -> None:
    ran = office(*DINGTALK, "--purpose", "leaders", stdin=f"{typed}\n{SIGNING}\n")

    assert (ran.code, ran.out, ran.err) == (0, "chat 1\n", "")
    [door] = doors()
    assert (door.platform, door.via) == ("dingtalk", "dingtalk_robot")
    assert KeyRing(SECRET).opened(door.address) == f"{TOKEN} {SIGNING}"
    kept = Path("var/dajuan.db").read_bytes()
    assert TOKEN.encode() not in kept
    assert SIGNING.encode() not in kept
    [chat] = office("chat", "list", "--json").json
    assert (chat["purpose"], chat["doors"]) == ("leaders", ["dingtalk_robot"])


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "no access_token"),
        (f"{WEBHOOK}\n", "tick 加签"),
        (f"{WEBHOOK}\n{SIGNING[3:]}", "tick 加签"),
        (f"https://oapi.dingtalk.com/robot/send\n{SIGNING}", "no access_token"),
        (f"{ADDRESS}\n{SIGNING}", "no address of a group robot such as https://oapi.dingtalk.com"),
        (f"{WEBHOOK.replace('send', 'sendBySession')}\n{SIGNING}", "no address of a group robot"),
        (f"{WEBHOOK.replace('.com', '.com.evil.tld')}\n{SIGNING}", "DINGTALK_OAPI_BASE"),
        (f"{WEBHOOK.replace('oapi', 'x@oapi')}\n{SIGNING}", "DINGTALK_OAPI_BASE"),
        (f"{WEBHOOK.replace('.com', '.com:8443')}\n{SIGNING}", "DINGTALK_OAPI_BASE"),
    ],
)
def test_what_is_no_robot_of_dingtalk_is_refused_in_a_line_that_repeats_nothing(
    office: Dajuan, typed: str, told: str
) -> None:
    ran = office(*DINGTALK, stdin=typed)

    assert (ran.code, ran.out, len(ran.err.splitlines())) == (1, "", 1)
    assert told in ran.err
    for secret in (TOKEN, SIGNING, SIGNING[3:]):
        assert secret not in ran.err
    assert doors() == []


def test_a_group_has_a_robot_of_each_platform_and_one_of_each(office: Dajuan) -> None:
    office(*ROBOT, stdin=KEY)

    further = office(*DINGTALK, stdin=f"{WEBHOOK}\n{SIGNING}")
    newer = office(*DINGTALK, stdin=f"{WEBHOOK}\n{SIGNING[:-4]}beef")
    elsewhere = office(*DINGTALK[:-1], "联络员群", stdin=f"{WEBHOOK}\n{SIGNING}")

    assert further.out == "chat 1: the robot is one more door of it\n"
    assert newer.out == "chat 1: the key of its robot was replaced\n"
    assert elsewhere.err.startswith("this key is the robot of chat 1 already")
    assert [each.via for each in doors()] == ["wecom_robot", "dingtalk_robot"]
    assert KeyRing(SECRET).opened(doors()[1].address).endswith("beef")
