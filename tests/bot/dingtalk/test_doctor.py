"""`dajuan doctor` on an office with DingTalk: each step of the set-up, and where to mend it."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest

from bot.check_address import Caller, check_links, check_public_url
from bot.dingtalk.calls import Calls
from bot.dingtalk.check_callback import check_callback
from bot.dingtalk.check_stream import check_stream
from bot.dingtalk.gateway import Gateway
from bot.dingtalk.known import Known
from bot.dingtalk.settings import API_HOST, read_dingtalk_settings
from bot.doctor import examine
from bot.findings import Found, Level
from bot.http import open_client
from bot.keys import KeyRing
from models.chat import Door
from models.quota import Usage, month_of, quotas, spend
from models.workday import calendar
from scheduler.lease import holds_lease
from tests.bot.dingtalk.calling import Spent
from tests.connected import SECRET
from tests.installed import Examined, Installation, examined, findings, free_url, serving
from tests.twins.dingtalk.corp import SCOPES, Member
from tests.twins.dingtalk.environment import robot_settings, stream_settings
from tests.twins.dingtalk.twin import Twin
from tests.twins.wecom.environment import callback_settings
from tests.twins.wecom.twin import Twin as WecomTwin

NOWHERE = {"PUBLIC_URL": "http://127.0.0.1:9"}
TEMPLATE = {"DINGTALK_CARD_TEMPLATE": "4d18414c.schema"}
Office = Examined[Twin]


@pytest.fixture(scope="module")
def twin() -> Iterator[Twin]:
    with Twin(now=time.time(), live=True, members=[Member("WangWu", "王五")]) as twin:
        yield twin


@pytest.fixture(scope="module")
def served(
    twin: Twin, tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> Iterator[Installation]:
    """A real service with the robot at its address, that has heard somebody."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "dajuan.db").write_bytes(sqlite_template.read_bytes())
    url = free_url()
    office = Installation(folder, {"PUBLIC_URL": url, **robot_settings(twin)})
    with serving(office):
        twin.robot.callback_url = f"{url}/webhooks/dingtalk"
        twin.robot.says("WangWu", "帮助").answer()
        twin.seen("WangWu", 1)
        yield office


@pytest.fixture
def office(
    twin: Twin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_template: Path
) -> Iterator[Office]:
    with examined(twin, "dingtalk", tmp_path, monkeypatch, sqlite_template) as office:
        office.sets(NOWHERE)
        yield office
    twin.robot.robot.scopes = SCOPES
    twin.tokens.trusts_caller = True
    assert twin.complaints == []


def levels(findings: dict[str, dict[str, str]]) -> dict[str, str]:
    return {check: each["level"] for check, each in findings.items() if "dingtalk" in check}


def test_a_whole_set_up_is_well_and_nobody_is_told_anything(
    served: Installation, twin: Twin
) -> None:
    told = len(twin.record.of(None))

    code, found = findings(served.runs("doctor", "--json"))

    assert code == 0
    assert levels(found) == {
        "dingtalk app": "ok",
        "dingtalk address": "ok",
        "dingtalk clock": "ok",
        "dingtalk quota api": "ok",
        "dingtalk quota webhook": "ok",
    }
    assert found["platforms"]["about"] == "钉钉：企业机器人（HTTP模式）"
    assert "最近一次来消息" in found["dingtalk address"]["about"]
    paths = [each.path for each in twin.record.of(None)[told:]]
    assert paths == ["oauth2/accessToken", "robot/oToMessages/readStatus"]


def test_the_command_names_a_wrong_setting_with_its_page(served: Installation) -> None:
    """And nothing but its findings stands on its output."""
    code, found = findings(served.with_({"DINGTALK_CLIENT_SECRET": "old"}).runs("doctor", "--json"))

    assert code == 1
    assert "invalidClientIdOrSecret" in found["dingtalk app"]["about"]
    assert "本应用 → 凭证与基础信息" in found["dingtalk app"]["advice"]
    assert "old" not in str(found)  # the secret that was tried


@pytest.mark.parametrize(
    ("changed", "check", "about", "advice"),
    [
        ({"DINGTALK_ROBOT_CODE": "dingother"}, "dingtalk app", "机器人编码", "RobotCode"),
        ({"DINGTALK_API_BASE": "http://127.0.0.1:9"}, "dingtalk app", "连不上钉钉", "DINGTALK_API"),
        ({"DINGTALK_OAPI_BASE": "ftp://x"}, "DINGTALK_…", "DINGTALK_OAPI_BASE", ".env"),
        ({"DINGTALK_MODE": "socket"}, "DINGTALK_…", "DINGTALK_MODE", "Stream模式填 stream"),
        ({"DINGTALK_CORP_ID": "dingother"}, "dingtalk address", "CorpId", "重启"),
        ({"DINGTALK_CLIENT_SECRET": "other"}, "dingtalk address", "Client Secret", "重启"),
        (NOWHERE, "dingtalk address", "连不上", "还有消息"),
    ],
)
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


def test_a_service_that_listens_on_the_stream_has_no_address(
    served: Installation, office: Office
) -> None:
    url = f"{served.settings['PUBLIC_URL']}/webhooks/other"
    office.sets(served.settings)
    with httpx2.Client() as client:
        found = check_callback(client, url, read_dingtalk_settings(), Known(), datetime.now(UTC))

    assert found.level == Level.FAIL
    assert "DINGTALK_MODE=stream" in found.about


def answering(*statuses: int, text: str = "") -> httpx2.Client:
    """A client for an address that answers one call after the other with these statuses."""
    left = list(statuses)

    def answer(request: httpx2.Request) -> httpx2.Response:
        # In pieces, as from a socket: only then is it timed.
        return httpx2.Response(left.pop(0), content=iter([text.encode()]))

    return httpx2.Client(transport=httpx2.MockTransport(answer))


@pytest.mark.parametrize(
    ("statuses", "text", "about"),
    [
        ((302,), "", "跳转"),
        ((502,), "", "HTTP 502"),
        ((200,), "<html>欢迎</html>", "别的程序"),
        ((400,), "<html>400 Bad Request</html>", "HTTP 400"),
        ((400, 400), "", "签名不对"),
        ((400, 200), "", "应当拒收"),
    ],
)
def test_whatever_else_answers_at_the_address_is_told(
    office: Office, statuses: tuple[int, ...], text: str, about: str
) -> None:
    office.sets(robot_settings(office.twin))
    with answering(*statuses, text=text) as client:
        found = check_callback(
            client, "http://office/x", read_dingtalk_settings(), Known(), datetime.now(UTC)
        )

    assert found.level == Level.FAIL
    assert about in found.about


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8000", "https://10.1.2.3", "http://dajuan.example.gov.cn"]
)
def test_an_address_that_dingtalk_cannot_call_is_told(url: str) -> None:
    """It calls https alone."""
    caller = Caller("钉钉", API_HOST, API_HOST, "改用Stream模式", is_encrypted=True)

    (found,) = check_public_url(url, caller)

    assert found.level == Level.FAIL
    assert not list(check_public_url("https://dajuan.example.gov.cn", caller))


def test_without_dingtalk_nothing_is_asked_of_anybody(office: Office, twin: Twin) -> None:
    told = len(twin.record.of(None))

    found = office.found()

    assert found["platforms"].level == Level.WARN
    assert "钉钉怎么接" in found["platforms"].advice
    assert "企业微信怎么接" in found["platforms"].advice
    assert not [check for check in found if "dingtalk" in check.lower()]
    assert len(twin.record.of(None)) == told


def test_an_office_on_both_platforms_is_told_of_both_at_once(office: Office) -> None:
    with WecomTwin(now=time.time()) as wecom:
        office.sets(robot_settings(office.twin) | callback_settings(wecom))
        about = [each.about for each in examine() if each.check == "platforms"]

    assert about == ["企业微信：智能机器人（URL回调）；钉钉：企业机器人（HTTP模式）"]


def test_half_a_robot_is_no_office_without_a_platform(office: Office) -> None:
    office.sets(robot_settings(office.twin) | {"DINGTALK_CORP_ID": ""})

    found = office.found()

    assert "platforms" not in found
    assert found["DINGTALK_CORP_ID"].level == Level.FAIL
    assert "首页 → CorpId" in found["DINGTALK_CORP_ID"].advice


def test_an_address_that_is_not_listed_is_named(office: Office) -> None:
    office.sets(robot_settings(office.twin))
    office.twin.tokens.trusts_caller = False

    found = office.found()["dingtalk app"]

    assert found.level == Level.FAIL
    assert "127.0.0.1" in found.about
    assert "安全设置 → 服务器出口IP" in found.advice


def test_a_permission_that_lacks_is_named_before_anything_is_owed(office: Office) -> None:
    office.sets(robot_settings(office.twin) | TEMPLATE)
    robot = office.twin.robot.robot
    robot.scopes = SCOPES - {"qyapi_robot_sendmsg"}
    sending = office.found()["dingtalk app"]
    robot.scopes = SCOPES - {"Card.Instance.Write"}
    cards = office.found()["dingtalk cards"]

    assert (sending.level, "qyapi_robot_sendmsg" in sending.about) == (Level.FAIL, True)
    assert (cards.level, "Card.Instance.Write" in cards.about) == (Level.FAIL, True)
    assert "权限管理" in sending.advice
    assert "版本管理与发布" in cards.advice


def test_a_machine_that_dingtalk_blocks_is_no_fault_of_the_settings(office: Office) -> None:
    office.sets(robot_settings(office.twin))
    quota = office.twin.quota
    office.set.setattr(quota, "is_barred", lambda: True)

    found = office.found()["dingtalk app"]

    assert (found.level, "暂停5分钟" in found.about) == (Level.WARN, True)
    quota.has_told = False


def test_cards_are_spoken_of_where_they_are_wanted(office: Office) -> None:
    office.sets(robot_settings(office.twin))
    assert "dingtalk cards" not in office.found()

    office.sets(TEMPLATE)
    found = office.found()["dingtalk cards"]

    assert (found.level, "第一张卡片" in found.about) == (Level.OK, True)
    assert office.twin.cards.all == {}


def test_what_doctor_asked_itself_is_counted(office: Office) -> None:
    office.sets(robot_settings(office.twin) | TEMPLATE)
    examine()

    with office.database.read() as session:
        month = month_of(datetime.now(UTC))
        assert session.get_one(Usage, ("dingtalk", "api", month)).count == 2


def test_people_whom_the_robot_does_not_reach_are_named(office: Office) -> None:
    office.sets(robot_settings(office.twin))
    office.twin.corp.join([Member("ZhaoLiu", "赵六", visible=False)])
    office.knows("WangWu", "ZhaoLiu", "wangwv")
    office.heard("msg1", "WangWu")

    about = {each.about: each for each in examine() if each.check == "dingtalk people"}

    assert [*about] == [
        "名册上有1个账号在钉钉中查不到：wangwv",
        "名册上有1人不在应用的通讯录授权范围内：ZhaoLiu",
        "名册上有1人能够送达",
        "名册上有3个钉钉账号，2个还没有写过消息",
    ]
    assert "员工UserID" in about["名册上有1个账号在钉钉中查不到：wangwv"].advice


def test_where_the_address_book_is_closed_one_person_is_asked_after(office: Office) -> None:
    office.sets(robot_settings(office.twin))
    office.twin.robot.robot.scopes = SCOPES - {"qyapi_get_member"}
    office.knows(*(f"person{number}" for number in range(30)))
    told = len(office.twin.record.of("topapi/v2/user/get"))

    found = office.found()["dingtalk people"]

    assert found.level == Level.WARN
    assert "qyapi_get_member" in found.advice
    assert len(office.twin.record.of("topapi/v2/user/get")) - told <= 4  # those asked at once


def test_a_clock_that_is_away_is_told(office: Office) -> None:
    office.sets(robot_settings(office.twin))
    levels = []
    for seconds in (90, 3600, -3690):
        office.twin.clock.forward(seconds)
        levels.append(office.found()["dingtalk clock"].level)

    assert levels == [Level.WARN, Level.FAIL, Level.OK]


def standing(office: Office, told: str | None, known: Known | None = None) -> dict[str, Found]:
    """What is found of the stream where the service says *told* of its connection."""
    office.sets(stream_settings(office.twin))

    def answer(request: httpx2.Request) -> httpx2.Response:
        if told is None:
            raise httpx2.ConnectError("refused")
        return httpx2.Response(200, json={"database": "ok", "dingtalk": told})

    client = httpx2.Client(transport=httpx2.MockTransport(answer))
    with open_client() as way, client:
        calls = Calls(way, lambda: datetime.now(UTC), Spent())
        gateway = Gateway(calls, read_dingtalk_settings())
        found = check_stream(client, gateway, "http://office", known or Known())
        return {each.check: each for each in found}


HEARD = Known(heard=datetime(2026, 8, 16, 1, 12, tzinfo=UTC))


@pytest.mark.parametrize(
    ("told", "known", "level", "about"),
    [
        ("ok", HEARD, Level.OK, "服务已连上，最近一次来消息 08-16 09:12"),
        ("ok", Known(), Level.WARN, "服务已连上，还没有收到过消息"),
        ("ok: connecting", HEARD, Level.WARN, "正在连接"),
        ("not connected, 7 tries failed", HEARD, Level.FAIL, "自动重连"),
        ("refused: 应用的 Client ID 不正确", HEARD, Level.FAIL, "Client ID 不正确"),
        (None, HEARD, Level.OK, "服务在运行"),
        (None, Known(is_served=False), Level.WARN, "没有进程在运行"),
    ],
)
def test_how_the_stream_stands_is_told_as_the_service_says_it(
    office: Office, told: str | None, known: Known, level: Level, about: str
) -> None:
    found = standing(office, told, known)

    assert found["dingtalk gateway"].level == Level.OK
    assert (found["dingtalk stream"].level, about in found["dingtalk stream"].about) == (
        level,
        True,
    )
    assert office.twin.gateway.opened == 0


def test_a_gateway_that_cannot_be_reached_is_told(office: Office) -> None:
    before = office.twin.gateway.url
    office.twin.gateway.url = "ws://127.0.0.1:9/connect"
    found = standing(office, "ok")["dingtalk gateway"]
    office.twin.gateway.url = before

    assert found.level == Level.FAIL
    assert "127.0.0.1:9" in found.about
    assert "防火墙" in found.advice


def test_a_gateway_in_trouble_of_its_own_is_no_fault_of_the_settings(office: Office) -> None:
    office.twin.faults.status("gateway/connections/open", 503)

    found = standing(office, "ok")["dingtalk gateway"]

    assert (found.level, "HTTP 503" in found.about) == (Level.FAIL, True)
    assert "自动重连" in found.advice
    assert "Stream模式" not in found.advice


def test_a_gateway_that_lets_nobody_in_is_told(office: Office) -> None:
    office.sets(stream_settings(office.twin) | {"DINGTALK_CLIENT_SECRET": "old"})

    found = office.found()

    assert found["dingtalk gateway"].level == Level.FAIL
    assert "ticket" not in str(found)
    assert "old" not in str(found["dingtalk gateway"])


def test_links_that_nobody_can_open_are_told_where_no_address_is_called() -> None:
    (found,) = check_links("http://127.0.0.1:8000", API_HOST)

    assert (found.level, "上传" in found.about) == (Level.WARN, True)
    assert not list(check_links("http://10.1.2.3", API_HOST))  # an office may stay inside


def test_groups_on_either_platform_are_spoken_to_by_any_door(office: Office) -> None:
    number = office.seats(("dingtalk", "", "cidG"))
    assert f"{number}号" in office.found()["groups"].about

    office.sets(robot_settings(office.twin))
    assert "groups" not in office.found()  # the enterprise robot speaks where it was heard

    heard_by_wecom = office.seats(("wecom", "wecom_bot", "wrG"))
    assert f"{heard_by_wecom}号" in office.found()["groups"].about
    with office.database.write() as session:
        address = KeyRing(SECRET).sealed("token secret")
        robot = {"platform": "dingtalk", "via": "dingtalk_robot", "address": address}
        session.add(Door(chat_id=heard_by_wecom, **robot))
    assert "groups" not in office.found()


def test_robots_whose_keys_were_sealed_under_another_secret_are_counted(office: Office) -> None:
    for number, secret in enumerate((SECRET, "another secret of the office")):
        sealed = KeyRing(secret).sealed(f"token{number} SEC{number}")
        office.seats(("dingtalk", "dingtalk_robot", sealed))

    found = office.found()["dingtalk robots"]

    assert found.level == Level.FAIL
    assert "2个群机器人中，1个" in found.about
    assert "--platform dingtalk_robot" in found.advice


def test_a_quota_that_runs_out_is_told_where_it_is_used(office: Office) -> None:
    now = datetime.now(UTC)
    with office.database.write() as session:
        spend(session, "dingtalk", "api", month_of(now), 4800)
        assert quotas(session, "dingtalk", now, calendar(session))
    assert "dingtalk quota api" not in office.found()  # nothing of it is set up

    office.sets(robot_settings(office.twin))
    found = office.found()["dingtalk quota api"]

    assert found.level == Level.WARN
    assert "升级专业版" in found.advice


@pytest.mark.parametrize("lately", [True, False])
def test_an_address_behind_which_nothing_runs_is_told_so(office: Office, lately: bool) -> None:
    office.sets(robot_settings(office.twin))
    office.heard("msg1", "WangWu", timedelta() if lately else timedelta(days=3))
    stopped = office.found()["dingtalk address"]
    assert (stopped.level, "dajuan serve" in stopped.advice) == (Level.FAIL, True)

    holds_lease(office.database, "a process", datetime.now(UTC))
    found = office.found()["dingtalk address"]
    assert found.level == (Level.WARN if lately else Level.FAIL)


def test_without_a_database_dingtalk_is_checked_all_the_same(office: Office) -> None:
    office.sets(robot_settings(office.twin))
    office.set.setenv("DATABASE_URL", "postgresql+psycopg://u@127.0.0.1:1/x")

    found = office.found()

    assert found["DATABASE_URL"].level == Level.FAIL
    assert found["dingtalk app"].level == Level.OK
