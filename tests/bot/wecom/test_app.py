"""The self-built app: what WeCom sends, what it is told, what people see."""

from dataclasses import replace

import pytest
from sqlmodel import col, select

from models.chat import chat_at
from models.inbox import InboxState
from models.media import Media
from models.message import ChatKind, Choice, Reply
from models.outbox import OutboxMessage, OutboxState, say
from tests.pictures import a_photo
from tests.wecom import WecomOffice

POLICE = "州公安局联络员"
REPORT = "报送 州1-7\n截至：7月31日\n完成数：1710个\n措施：分三批建设，先易后难\n问题：杆线资源不足"


def outbox(office: WecomOffice) -> list[OutboxMessage]:
    with office.house.database.read() as session:
        return list(session.exec(select(OutboxMessage).order_by(col(OutboxMessage.id))).all())


def owe(office: WecomOffice, reply: Reply, key: str = "bulk", to: str = POLICE) -> None:
    """Something that answers nobody."""
    with office.house.database.write() as session:
        now = office.house.clock()
        chat = chat_at(session, "wecom", to.casefold(), ChatKind.SINGLE, now)
        say(session, chat.id or 0, reply, key=key, now=now)


def test_02_the_address_check_is_answered_with_the_bare_echo(office: WecomOffice) -> None:
    answer = office.twin.app.checks_address()

    assert answer.status_code == 200
    assert answer.text == "1616140317555161061"
    assert answer.headers["content-type"].startswith("text/plain")


def test_07_a_message_is_acknowledged_with_nothing_and_answered_by_the_api(
    office: WecomOffice,
) -> None:
    said = office.twin.app.says(POLICE, REPORT).answer()

    assert (said.status, said.body) == (200, b"")
    assert office.twin.seen(POLICE) == []

    office.works()

    assert office.twin.sees(POLICE, "已收到 #1").msgtype == "text"


def test_08_the_same_message_four_times_is_handled_once(office: WecomOffice) -> None:
    letter = office.twin.app.letter(
        {
            **office.twin.app._common(POLICE, "text"),
            "Content": REPORT,
            "MsgId": 7_000_000_000_000_000_001,
            "AgentID": 1000002,
        }
    )
    for _ in range(4):
        office.twin.app.post(letter).answer()
    office.works()

    assert len(office.heard()) == 1
    assert len(office.twin.seen(POLICE, 1)) == 1


def test_08_events_without_a_number_are_told_apart(office: WecomOffice) -> None:
    for key in ("任务", "帮助", "任务"):
        office.twin.app.taps_menu(POLICE, key).answer()
    office.works()

    assert [row.message["text"] for row in office.heard()] == ["任务", "帮助"]


def test_09_a_member_is_one_however_the_id_is_written(office: WecomOffice) -> None:
    office.says(POLICE, "任务")
    [row] = office.heard()

    assert row.sender_id == POLICE.casefold()
    assert row.platform == "wecom"
    assert row.message["via"] == "wecom_app"


@pytest.mark.parametrize("kind", ["voice", "video", "location", "link"])
def test_10_what_cannot_be_read_is_answered_kindly(office: WecomOffice, kind: str) -> None:
    app = office.twin.app
    send = {
        "voice": lambda: app.speaks(POLICE),
        "video": lambda: app.films(POLICE),
        "location": lambda: app.locates(POLICE, 28.3, 109.7, "吉首市"),
        "link": lambda: app.links(POLICE, "标题", "https://a.example"),
    }[kind]

    assert send().answer().status == 200
    office.works()

    assert "暂不能处理这类消息" in office.twin.seen(POLICE, 1)[0].text


def test_10_a_picture_and_a_file_come_with_their_bytes(office: WecomOffice) -> None:
    office.twin.app.shows(POLICE, a_photo()).answer()
    office.twin.app.hands(POLICE, "台账.txt", "任务".encode()).answer()
    office.forward(10)

    with office.house.database.read() as session:
        names = {row.name for row in session.exec(select(Media)).all()}
    assert any(name.endswith(".txt") for name in names)
    assert all(row.state == InboxState.DONE for row in office.heard())


@pytest.mark.parametrize(
    "event",
    ["subscribe", "unsubscribe", "enter_agent", "view", "LOCATION", "scancode_push",
     "pic_sysphoto", "location_select", "batch_job_result", "open_approval_change", "no_such"],
)  # fmt: skip
def test_10_events_that_ask_for_nothing_are_acknowledged(office: WecomOffice, event: str) -> None:
    answer = office.twin.app.event(POLICE, event, {"EventKey": ""}).answer()

    assert (answer.status, answer.body) == (200, b"")
    assert office.heard() == []


def test_10_that_an_unused_app_is_about_to_be_disabled_is_an_alarm(office: WecomOffice) -> None:
    office.says("管理员甲", "任务")

    office.twin.app.event("sys", "inactive_alert", {"EffectTime": "1629936000"}).answer()
    office.twin.app.event("sys", "inactive_alert", {"EffectTime": "1629936000"}).answer()

    alarms = {row.text for row in outbox(office) if row.key.startswith("alarm:")}
    assert len(alarms) == 1
    assert "即将停用" in alarms.pop()


def test_12_one_token_serves_many_calls_and_is_renewed_once(office: WecomOffice) -> None:
    for _ in range(3):
        office.says(POLICE, "任务")
    assert office.twin.record.tries["gettoken"] == 1

    office.twin.tokens.expire(42001)
    office.says(POLICE, "任务")

    assert office.twin.record.tries["gettoken"] == 2
    assert len(office.twin.seen(POLICE, 4)) == 4


@pytest.mark.parametrize("code", [-1, 45033])
def test_13_a_busy_server_is_asked_again(office: WecomOffice, code: int) -> None:
    office.twin.faults.answer("message/send", code, times=2)

    office.says(POLICE, "任务")
    office.forward(10)
    office.forward(60)

    assert len(office.twin.seen(POLICE, 1)) == 1


def test_13_who_calls_too_often_waits_a_minute(office: WecomOffice) -> None:
    office.twin.faults.answer("message/send", 45009, times=1)

    office.says(POLICE, "任务")
    office.forward(59)
    assert office.twin.seen(POLICE) == []
    office.forward(1)

    assert len(office.twin.seen(POLICE, 1)) == 1


def test_15_a_long_answer_comes_whole_in_pieces(office: WecomOffice) -> None:
    text = "\n".join(f"{number}. 州1-{number} 乡村公共部位安防设备建设" for number in range(1, 80))

    owe(office, Reply(text))
    office.works()

    seen = office.twin.seen(POLICE, 2)
    assert "\n".join(each.text for each in seen) == text
    assert max(len(each.text.encode()) for each in seen) <= 2048


def test_17_whom_the_app_does_not_reach_is_told_with_the_reason(office: WecomOffice) -> None:
    office.twin.corp.members[POLICE.casefold()].licensed = False

    owe(office, Reply("周排名"))
    office.works()

    [row] = [row for row in outbox(office) if row.key.startswith("bulk")]
    assert row.state == OutboxState.FAILED
    assert "可见范围" in row.answer


def test_18_thirty_words_a_minute_and_nothing_is_lost(office: WecomOffice) -> None:
    for number in range(40):
        owe(office, Reply(f"第{number}条" + "长" * 600), key=f"bulk{number}")

    office.works()
    assert len(office.twin.seen(POLICE, 30)) == 30
    office.forward(61)

    assert len(office.twin.seen(POLICE, 40)) == 40
    assert [each.dropped for each in office.twin.sent("message/send")] == [()] * 40


def test_19_a_picture_is_uploaded_once_for_all_and_again_after_its_life(
    office: WecomOffice,
) -> None:
    shown = office.house.services.keep(a_photo(), "排名.jpg", "image/jpeg")

    for person in (POLICE, "联络员甲", "管理员甲"):
        owe(office, Reply(pictures=(shown,)), key=person, to=person)
    office.works()
    assert len(office.twin.sent("media/upload")) == 1
    assert len(office.twin.sent("message/send")) == 3

    office.forward(3 * 24 * 3600)
    owe(office, Reply(pictures=(shown,)), key="later")
    office.works()

    assert len(office.twin.sent("media/upload")) == 2
    assert [each.msgtype for each in office.twin.seen(POLICE, 2)] == ["image"] * 2


def test_19_what_was_uploaded_and_is_gone_is_uploaded_again(office: WecomOffice) -> None:
    shown = office.house.services.keep(a_photo(), "排名.jpg", "image/jpeg")
    office.twin.faults.answer("message/send", 40007, times=1)

    owe(office, Reply(pictures=(shown,)))
    office.works()
    office.forward(10)

    assert len(office.twin.sent("media/upload")) == 2
    assert len(office.twin.seen(POLICE, 1)) == 1


def test_19_a_file_keeps_its_chinese_name(office: WecomOffice) -> None:
    kept = office.house.services.keep(b"%PDF-1.7 ...", "通报“8月”.pdf", "application/pdf")

    owe(office, Reply(files=(kept,)))
    office.works()

    assert office.twin.seen(POLICE, 1)[0].body["name"] == "通报“8月”.pdf"


def test_20_text_travels_as_it_is(office: WecomOffice) -> None:
    owe(office, Reply("已收到 #128 👍 州1-7"))
    office.works()

    assert office.twin.seen(POLICE, 1)[0].text == "已收到 #128 👍 州1-7"


def test_21_a_tap_on_a_card_is_a_command_and_the_card_shows_it(office: WecomOffice) -> None:
    choices = (Choice("任务", "任务"), Choice("帮助", "帮助"))
    owe(office, Reply("【提示】请选择\n回复“任务”或“帮助”。", choices=choices))
    office.works()
    [card] = office.twin.seen(POLICE, 1)

    office.twin.app.taps_card(POLICE, card, "任务").answer()
    office.works()

    assert office.heard()[-1].message["text"] == "任务"
    assert len(office.twin.seen(POLICE, 2)) == 2


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"<xml></xml>", b"<xml><Encrypt></Encrypt></xml>", b"not xml",
     b'<!DOCTYPE x [<!ENTITY a "b">]><xml><Encrypt>&a;</Encrypt></xml>', b"\xff\xfe<xml/>"],
)  # fmt: skip
def test_06_a_malformed_call_learns_nothing(office: WecomOffice, body: bytes) -> None:
    letter = replace(office.twin.app.letter("<xml></xml>"), body=body)

    answer = office.twin.app.post(letter, repeats=0).answer()

    assert answer.status in (400, 403)
    assert answer.body == b""
    assert office.heard() == []


@pytest.mark.parametrize("wrong", [{"token": "another"}, {"receiver": "wx0000000000000000"},
                                   {"timestamp": "1"}])  # fmt: skip
def test_01_a_forged_call_learns_nothing(office: WecomOffice, wrong: dict[str, object]) -> None:
    plain = {**office.twin.app._common(POLICE, "text"), "Content": "任务", "MsgId": 7}
    letter = office.twin.app.letter(plain, **wrong)

    answer = office.twin.app.post(letter, repeats=0).answer()

    assert answer.status in (400, 403)
    assert answer.body == b""
    assert office.heard() == []


def test_30_no_secret_appears_in_any_log(
    office: WecomOffice, logs: list[dict[str, object]]
) -> None:
    office.twin.faults.answer("message/send", 40058, times=None)
    office.says(POLICE, "任务")
    office.twin.faults.clear()
    office.twin.faults.hang_up("message/send", times=2)
    office.says(POLICE, "任务")

    said = repr(logs) + repr([row.answer for row in outbox(office)])
    for secret in ("app-secret", "access_token", "QDG6eK", "jWmYm7qr5nMoAUwZRjGt", "corpsecret"):
        assert secret not in said
