"""Every code of WeCom's at the app's door: calls, pauses, what becomes of words, who hears it."""

import pytest
from sqlmodel import col, select

from models.chat import chat_at
from models.message import ChatKind, Reply
from models.outbox import OutboxMessage, OutboxState, say
from scheduler.delivery import CLAIM
from tests.pictures import a_photo
from tests.wecom import WecomOffice

POLICE, ADMIN = "州公安局联络员", "管理员甲"
TO = POLICE.casefold()
MINUTE = 60


@pytest.fixture(autouse=True)
def _known(office: WecomOffice) -> None:
    """The admin, who is told of troubles, has written before."""
    office.says(ADMIN, "任务")


def rows(office: WecomOffice) -> list[OutboxMessage]:
    with office.house.database.read() as session:
        return list(session.exec(select(OutboxMessage).order_by(col(OutboxMessage.id))).all())


def word(office: WecomOffice, key: str = "bulk") -> OutboxMessage:
    [found] = [row for row in rows(office) if row.key == f"{key}:0"]
    return found


def alarms(office: WecomOffice) -> list[str]:
    return [row.text for row in rows(office) if row.key.startswith("alarm:")]


def owe(office: WecomOffice, reply: Reply, key: str = "bulk", to: str = POLICE) -> None:
    """Something that answers nobody."""
    with office.house.database.write() as session:
        now = office.house.clock()
        chat = chat_at(session, "wecom", to.casefold(), ChatKind.SINGLE, now)
        say(session, chat.id or 0, reply, key=key, now=now)


def calls(office: WecomOffice) -> int:
    return office.twin.record.tries["message/send"]


SETUP = {
    40001: "WECOM_APP_SECRET",
    40091: "WECOM_APP_SECRET",
    40013: "WECOM_CORP_ID",
    41001: "WECOM_CORP_ID",
    41002: "WECOM_CORP_ID",
    41004: "WECOM_APP_SECRET",
    60020: "企业可信IP",
    48002: "没有调用这个接口的权限",
    40056: "WECOM_APP_AGENT_ID",
    50003: "WECOM_APP_AGENT_ID",
    301002: "WECOM_APP_AGENT_ID",
}


@pytest.mark.parametrize(("code", "told"), SETUP.items())
def test_14_what_the_office_has_to_set_right_keeps_every_word_and_alarms_once(
    office: WecomOffice, code: int, told: str
) -> None:
    office.twin.faults.answer("message/send", code, times=None)
    before = calls(office)
    for number in range(10):
        owe(office, Reply(f"第{number}条"), f"bulk{number}", (POLICE, "联络员甲")[number % 2])

    office.works()
    for _ in range(9):
        office.forward(MINUTE)
    assert calls(office) - before <= 2, "the next try is in ten minutes"
    kept = [word(office, f"bulk{number}") for number in range(10)]
    assert {(row.state, row.attempts) for row in kept} == {(OutboxState.WAITING, 0)}
    assert told in kept[0].answer
    assert len(alarms(office)) == 1
    assert told in alarms(office)[0]
    assert "恢复后自动发送" in alarms(office)[0]

    office.twin.faults.clear()
    office.forward(MINUTE)
    office.forward(MINUTE)

    assert {word(office, f"bulk{number}").state for number in range(10)} == {OutboxState.SENT}
    assert len(office.twin.seen(POLICE, 5)) == 5


def test_14_an_address_that_is_not_trusted_is_named_to_the_operator(office: WecomOffice) -> None:
    office.twin.tokens.trusts_caller = False

    office.says(POLICE, "任务")

    [alarm] = alarms(office)
    assert "企业可信IP" in alarm
    assert "127.0.0.1" in alarm
    [reply] = [row for row in rows(office) if row.reply_to and row.state == OutboxState.WAITING]
    assert "127.0.0.1" in reply.answer

    office.twin.tokens.trusts_caller = True
    office.forward(10 * MINUTE)
    office.forward(3)

    assert len(office.twin.seen(POLICE, 1)) == 1
    assert office.twin.sees(ADMIN, "企业可信IP")


@pytest.mark.parametrize("code", [40001, 40013, 40091, 60020])
def test_12_a_secret_that_gets_no_token_is_asked_for_once_in_ten_minutes(
    office: WecomOffice, code: int
) -> None:
    """Two thousand calls in vain within an hour would have WeCom block the office."""
    office.twin.tokens.expire()
    office.twin.faults.answer("gettoken", code, times=None)
    before = office.twin.record.tries["gettoken"]
    for number in range(40):
        owe(office, Reply(f"第{number}条"), f"bulk{number}")

    for _ in range(60):
        office.forward(MINUTE)

    assert office.twin.record.tries["gettoken"] - before <= 7
    assert len(alarms(office)) == 1
    assert word(office, "bulk0").state == OutboxState.WAITING


@pytest.mark.parametrize("code", [-1, 6000, 45033])
def test_13_a_system_failure_is_tried_three_times_more_and_told_once(
    office: WecomOffice, code: int
) -> None:
    office.twin.faults.answer("message/send", code, times=4)
    before = calls(office)
    owe(office, Reply("周排名"))

    office.works()
    made = []
    for seconds in (7, 3, 44, 16, 440, 160, 3600):
        office.forward(seconds)
        made.append(calls(office) - before)

    assert made[:5] == [1, 2, 2, 3, 3]
    assert word(office).attempts == 4
    assert word(office).state == OutboxState.FAILED
    assert [text for text in alarms(office) if f"错误码{code}" in text] == alarms(office)
    assert len(alarms(office)) == 1


@pytest.mark.parametrize("code", [45009, 45011])
def test_13_who_called_too_often_rests_a_minute_with_every_word(
    office: WecomOffice, code: int
) -> None:
    office.twin.faults.answer("message/send", code, times=1)
    before = calls(office)
    for number in range(8):
        owe(office, Reply(f"第{number}条"), f"bulk{number}", (POLICE, "联络员甲")[number % 2])

    office.works()
    first = calls(office) - before
    office.forward(59)
    assert calls(office) - before == first < 8
    office.forward(1)
    office.forward(3)

    assert {word(office, f"bulk{number}").state for number in range(8)} == {OutboxState.SENT}
    assert alarms(office) == []


@pytest.mark.parametrize("code", [40003, 46004, 60011, 60021, 60111, 81013, 82001])
def test_17_whom_the_app_does_not_reach_costs_one_call(office: WecomOffice, code: int) -> None:
    office.twin.faults.answer("message/send", code)
    before = calls(office)
    owe(office, Reply("周排名"))

    office.works()

    assert calls(office) - before == 2, "the word and the alarm"
    assert word(office).state == OutboxState.FAILED
    assert POLICE in alarms(office)[0]


def test_17_of_a_person_out_of_reach_the_operator_hears_once_a_day(office: WecomOffice) -> None:
    office.twin.corp.members[POLICE.casefold()].visible = False
    for number in range(3):
        owe(office, Reply(f"第{number}条"), f"bulk{number}")

    office.works()

    assert {word(office, f"bulk{number}").state for number in range(3)} == {OutboxState.FAILED}
    assert len(alarms(office)) == 1


@pytest.mark.parametrize(
    "code",
    [40008, 40033, 40035, 40058, 40063, 44004, 45002, 45008, 47001, 40031, 40032, 82002, 82003,
     40004, 45001, 301016, 99999, 41016],
)  # fmt: skip
def test_13_a_refusal_is_never_repeated(office: WecomOffice, code: int) -> None:
    office.twin.faults.answer("message/send", code, times=1)
    before = calls(office)
    owe(office, Reply("周排名"))
    owe(office, Reply("下一条"), "next")

    office.works()
    office.forward(3600)

    assert word(office).state == OutboxState.FAILED
    assert word(office, "next").state == OutboxState.SENT
    assert calls(office) - before == 3, "the word, the next one and the alarm"
    assert f"错误码{code}" in alarms(office)[0]


@pytest.mark.parametrize("path", ["gettoken", "media/upload"])
@pytest.mark.parametrize("acted", [False, True])
def test_13_what_breaks_before_the_message_is_no_message_of_unknown_outcome(
    office: WecomOffice, path: str, acted: bool
) -> None:
    shown = office.house.services.keep(a_photo(), "排名.jpg", "image/jpeg")
    office.twin.tokens.expire()
    office.twin.faults.hang_up(path, acted=acted)
    owe(office, Reply(pictures=(shown,)))

    office.works()
    assert word(office).state == OutboxState.WAITING
    office.forward(10)

    assert word(office).state == OutboxState.SENT
    assert len(office.twin.seen(POLICE, 1)) == 1


@pytest.mark.parametrize("acted", [False, True])
def test_13_a_bulk_word_of_unknown_outcome_is_sent_again_and_read_once(
    office: WecomOffice, acted: bool
) -> None:
    office.twin.faults.hang_up("message/send", acted=acted)
    owe(office, Reply("周排名"))

    office.works()
    assert word(office).state == OutboxState.WAITING
    office.forward(10)

    assert word(office).state == OutboxState.SENT
    assert [each.text for each in office.twin.seen(POLICE)] == ["周排名"]


@pytest.mark.parametrize("acted", [False, True])
def test_13_an_answer_of_unknown_outcome_is_left_to_the_operator(
    office: WecomOffice, acted: bool
) -> None:
    office.twin.faults.hang_up("message/send", acted=acted)

    office.says(POLICE, "任务")
    office.forward(3600)

    [reply] = [row for row in rows(office) if row.state == OutboxState.UNKNOWN]
    assert reply.reply_to
    assert len(office.twin.seen(POLICE)) == int(acted)
    assert "结果不明" in alarms(office)[0]


def test_13_a_page_of_a_gateway_is_no_success(office: WecomOffice) -> None:
    office.twin.faults.page("message/send")
    owe(office, Reply("周排名"))

    office.works()
    assert word(office).state == OutboxState.WAITING
    office.forward(10)

    assert [each.text for each in office.twin.seen(POLICE, 1)] == ["周排名"]


def test_13_a_proxy_that_is_down_all_night_burns_no_word(office: WecomOffice) -> None:
    office.twin.faults.status("message/send", 502, times=None)
    for number in range(6):
        owe(office, Reply(f"第{number}条"), f"bulk{number}", (POLICE, "联络员甲")[number % 2])

    for _ in range(8 * 6):
        office.forward(10 * MINUTE)
    assert {word(office, f"bulk{number}").state for number in range(6)} == {OutboxState.WAITING}
    assert len(alarms(office)) == 1
    office.twin.faults.clear()
    office.forward(10 * MINUTE)
    office.forward(3)

    assert {word(office, f"bulk{number}").state for number in range(6)} == {OutboxState.SENT}


def test_19_an_upload_that_is_refused_names_the_reason(office: WecomOffice) -> None:
    shown = office.house.services.keep(a_photo(), "排名.jpg", "image/jpeg")
    office.twin.faults.answer("media/upload", 40009)
    owe(office, Reply(pictures=(shown,)))

    office.works()

    assert word(office).state == OutboxState.FAILED
    assert "大小不合要求" in word(office).answer


# A process that died while a word was under way


def dies_with(office: WecomOffice, key: str = "bulk") -> None:
    """The word is under way, and the process that sent it is gone."""
    with office.house.database.write() as session:
        row = session.exec(select(OutboxMessage).where(OutboxMessage.key == f"{key}:0")).one()
        row.state, row.in_flight, row.sent_at = OutboxState.WAITING, True, None
        row.locked_until = office.house.clock() + CLAIM


@pytest.mark.parametrize(
    ("minutes", "state", "made"),
    [(2, OutboxState.SENT, 2), (30, OutboxState.UNKNOWN, 1), (8 * 60, OutboxState.UNKNOWN, 1)],
)
def test_13_a_bulk_word_that_a_dead_process_may_have_sent_is_read_once(
    office: WecomOffice, minutes: int, state: OutboxState, made: int
) -> None:
    """WeCom compares with what it was sent in the last half hour, and no longer."""
    owe(office, Reply("周排名"))
    office.works()
    dies_with(office)

    office.forward(minutes * MINUTE)

    assert word(office).state == state
    assert [each.text for each in office.twin.seen(POLICE)] == ["周排名"]
    sent = [each for each in office.twin.sent("message/send") if each.body["touser"] == TO]
    assert len(sent) == made


def test_13_a_picture_that_a_dead_process_may_have_sent_is_left_to_the_operator(
    office: WecomOffice,
) -> None:
    """Uploaded once more it would be another one to WeCom."""
    shown = office.house.services.keep(a_photo(), "排名.jpg", "image/jpeg")
    owe(office, Reply(pictures=(shown,)))
    office.works()
    dies_with(office)

    office.forward(2 * MINUTE)

    assert word(office).state == OutboxState.UNKNOWN
    assert len(office.twin.seen(POLICE)) == 1


def test_that_many_words_fail_alike_is_told_once_a_day(office: WecomOffice) -> None:
    office.twin.faults.answer("message/send", 40058, times=None)
    for number in range(5):
        owe(office, Reply(f"第{number}条"), f"bulk{number}")
    office.works()
    assert {word(office, f"bulk{number}").state for number in range(5)} == {OutboxState.FAILED}
    assert len(alarms(office)) == 1
    assert "dajuan outbox list" in alarms(office)[0]

    office.twin.faults.clear()
    office.forward(24 * 3600)
    office.twin.faults.answer("message/send", 40058)
    owe(office, Reply("再一条"), "again")
    office.works()

    assert len(alarms(office)) == 2
