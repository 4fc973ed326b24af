"""What people say to DingTalk's robot at its address: stored, acknowledged, answered once."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import select

import bot.inbox
from bot.app import build
from bot.burst import message_of
from bot.dingtalk.body import TO_THE_ROBOT, body_of
from bot.platforms.base import Request
from bot.platforms.dingtalk import PATIENCE
from handlers import phrases
from models.inbox import InboxMessage, InboxState
from models.media import Media
from models.outbox import OutboxMessage
from scheduler.unreached import ASK_ALONE
from tests.connected import hang
from tests.dingtalk import DingTalkOffice
from tests.pictures import a_photo, a_view, encoded
from tests.twins.courier import Letter

POLICE, HEALTH, ADMIN = "州公安局联络员", "州卫健委联络员", "管理员甲"
GROUP = "cidLiaisonsOfThePrefecture=="
REPORT = "报送 州1-7\n截至：7月31日\n完成数：1710个\n措施：逐村安装，按月调度"
NOTHING = b'{"msgtype":"empty"}'


def knock(office: DingTalkOffice, letter: Letter) -> int:
    """What the door tells a call."""
    request = Request("POST", letter.headers, letter.query, letter.body)
    return office.house.door.accept("dingtalk", request).status


def letter(office: DingTalkOffice, words: str = "任务", **fields: Any) -> Letter:
    """A line of a liaison's, signed and not yet sent."""
    return office.twin.robot.letter(body(office, words, **fields))


def body(office: DingTalkOffice, words: str = "任务", **fields: Any) -> dict[str, Any]:
    item = {"msgtype": "text", "text": {"content": words}}
    return office.twin.robot.body(POLICE, "", item, fields)


def in_group(office: DingTalkOffice) -> str:
    """A group with the liaisons and the robot."""
    office.twin.corp.meets(GROUP, POLICE, HEALTH)
    return GROUP


def only(office: DingTalkOffice) -> InboxMessage:
    [row] = office.heard()
    return row


def owed(office: DingTalkOffice) -> list[OutboxMessage]:
    with office.house.database.read() as session:
        return list(session.exec(select(OutboxMessage)).all())


def said(office: DingTalkOffice, chat: str) -> list[str]:
    return [bubble.text for bubble in office.twin.seen(chat)]


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The spool lies below the folder in which the service runs."""
    monkeypatch.chdir(tmp_path)


# Acknowledged at once, answered once


def test_03_a_call_is_acknowledged_with_nothing_before_it_is_handled(
    office: DingTalkOffice,
) -> None:
    made = office.twin.robot.says(POLICE, "任务").answer()

    assert (made.status, made.body) == (200, NOTHING)
    assert only(office).state == InboxState.NEW
    assert owed(office) == []

    office.works()
    assert "待报" in said(office, POLICE)[0]


def test_03_nobody_waits_for_the_database_longer_than_a_tapped_card_does(
    office: DingTalkOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited = hang(office.house, monkeypatch)

    assert office.twin.robot.says(POLICE, "任务").answer().body == NOTHING
    assert waited == [PATIENCE]
    assert PATIENCE < 1


def test_04_the_same_message_at_once_and_again_is_one(either_office: DingTalkOffice) -> None:
    office = either_office
    same = body(office)
    letters = [office.twin.robot.letter(same) for _ in range(6)]
    with ThreadPoolExecutor(6) as threads:
        assert set(threads.map(lambda each: knock(office, each), letters)) == {200}
    office.works()
    for seconds in (60, 9 * 60):
        office.forward(seconds)
        assert office.twin.robot.repeat(same).answer().body == NOTHING
        office.works()

    assert len(office.heard()) == 1
    assert len(said(office, POLICE)) == 1


def test_04_the_same_message_after_a_restart_is_one(either_office: DingTalkOffice) -> None:
    office = either_office
    same = body(office)
    office.twin.robot.repeat(same).answer()
    office.works()

    again = build(office.house.settings, office.house.clock)
    try:
        restarted = replace(office, house=again)
        assert knock(restarted, office.twin.robot.letter(same)) == 200
        restarted.works()
    finally:
        again.close()

    assert len(office.heard()) == 1
    assert len(said(office, POLICE)) == 1


def test_04_an_old_body_under_a_new_signature_is_refused(office: DingTalkOffice) -> None:
    same = body(office)
    office.twin.robot.repeat(same).answer()
    office.forward(61 * 60)

    assert office.twin.robot.repeat(same).answer().status == 403
    assert len(office.heard()) == 1


def test_05_what_failed_before_any_answer_is_handled_again(
    either_office: DingTalkOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, answer = either_office, bot.inbox.answer
    troubles = [OperationalError("select", {}, Exception("gone")) for _ in range(2)]

    def handled(*args: Any) -> None:
        answer(*args)
        if troubles:
            raise troubles.pop()

    monkeypatch.setattr(bot.inbox, "answer", handled)
    same = body(office)
    office.twin.robot.repeat(same).answer()
    office.works()
    assert (only(office).state, owed(office)) == (InboxState.NEW, [])

    office.twin.robot.repeat(same).answer()
    office.forward(3)
    office.forward(5)

    assert only(office).state == InboxState.DONE
    assert len(said(office, POLICE)) == 1


# Every kind of message


def test_12_words_and_pictures_in_one_message_keep_their_order(office: DingTalkOffice) -> None:
    first, second = encoded(a_view(1)), encoded(a_view(2))
    at = {"type": "at", "atName": "答卷", "atUserId": office.twin.robot.robot.user_id}
    office.twin.robot.mixes(
        POLICE,
        at,
        REPORT,
        first,
        {"type": "hologram", "id": 7},
        "图1 立杆",
        second,
        chat=in_group(office),
    ).answer()
    office.works()

    row = only(office)
    assert row.message["text"] == f"{REPORT}\n图1 立杆"
    assert [each["is_picture"] for each in row.message["attachments"]] == [True, True]
    assert all("sha" in kept for kept in row.media.values())
    with office.house.database.read() as session:
        assert len(session.exec(select(Media)).all()) == 2
    assert "已收到 #1" in office.twin.sees(POLICE, "州1-7").text


MENTION = {"type": "at", "atName": "答卷"}
PICTURE = {"type": "picture", "downloadCode": "code"}
PARTS: list[tuple[list[Any], str]] = [
    (["州1-7 完成数 ", "1701", {"type": "emoji", "text": "[笑]"}], "州1-7 完成数 1701[笑]"),
    ([MENTION, " 任务"], "任务"),
    ([MENTION], ""),
    (["@答卷", "任务"], "任务"),
    (["任务", "@答卷 "], "任务"),
    (["@答卷 任务"], "任务"),
    (["@答卷", PICTURE], ""),
    (["图1 a@b.cn 立杆"], "图1 a@b.cn 立杆"),
    ([PICTURE, "@答卷\u2005", "图1 a@b.cn 立杆"], "图1 a@b.cn 立杆"),
    (["第一项", PICTURE, "第二项\n\n第三项", PICTURE], "第一项\n第二项\n\n第三项"),
    ([7, None, ["x"], {"text": 7}, "任务"], "任务"),
]


def test_12_the_parts_of_a_message_are_read_one_by_one(office: DingTalkOffice) -> None:
    chat = in_group(office)
    for parts, _ in PARTS:
        rich = [{"text": each} if isinstance(each, str) else each for each in parts]
        item = {"msgtype": "richText", "content": {"richText": rich}}
        office.twin.robot.sends(office.twin.robot.body(POLICE, chat, item)).answer()

    assert [row.message["text"] for row in office.heard()] == [heard for _, heard in PARTS]
    assert {row.message["kind"] for row in office.heard()} == {"text"}


def test_12_whoever_else_is_mentioned_stays_in_the_words(office: DingTalkOffice) -> None:
    robot = office.twin.robot.robot.user_id
    mentioned = [{"dingtalkId": robot}, {"dingtalkId": "$:LWCP_v1:$w", "staffId": "WangWu"}]
    by_id = {"type": "at", "atName": "答卷", "atUserId": robot}
    for rich in (
        [by_id, {"text": "转告 "}, {"type": "at", "atName": "王五", "atUserId": "WangWu"}],
        [{"text": "@答卷"}, {"text": "转告 "}, {"text": "@王五"}],
    ):
        item = {"msgtype": "richText", "content": {"richText": rich}, "atUsers": mentioned}
        office.twin.robot.sends(office.twin.robot.body(POLICE, in_group(office), item)).answer()

    assert [row.message["text"] for row in office.heard()] == ["转告 @王五"] * 2


def test_12_a_picture_and_a_file_are_fetched_with_their_names(office: DingTalkOffice) -> None:
    office.twin.robot.shows(POLICE, a_photo()).answer()
    office.twin.robot.hands(POLICE, "任务".encode(), "台账 8月.txt").answer()
    office.forward(7)

    picture, file = office.heard()
    assert [set(kept) for kept in picture.media.values()] == [{"sha", "name"}]
    assert [each["is_picture"] for each in picture.message["attachments"]] == [True]
    assert [kept["name"] for kept in file.media.values()] == ["台账 8月.txt"]


def test_12_a_voice_message_is_what_was_recognised(office: DingTalkOffice) -> None:
    office.twin.robot.speaks(POLICE, "进度。").answer()
    office.works()

    assert only(office).message["text"] == "进度。"
    assert "暂不能" not in said(office, POLICE)[0]


def test_12_what_cannot_be_read_is_answered_kindly(office: DingTalkOffice) -> None:
    robot = office.twin.robot
    robot.films(POLICE)
    robot.speaks(POLICE, "")
    for kind in ("chatRecord", "interactiveCard", "unknownMsgType", "hologram"):
        robot.forwards(POLICE, kind).answer()
    office.works()

    assert {row.message["kind"] for row in office.heard()} == {"other"}
    assert said(office, POLICE) == [phrases.UNKNOWN_KIND] * 6


@pytest.mark.parametrize("short_names", [False, True])
def test_12_words_that_were_kept_back_are_told_to_the_operators(
    office: DingTalkOffice, short_names: bool
) -> None:
    office.says(ADMIN, "任务")
    for person in (POLICE, HEALTH):
        office.twin.robot.withheld(person, short_names=short_names).answer()
    office.works()

    assert [row.message["kind"] for row in office.heard()[1:]] == ["withheld"] * 2
    assert "额度" in said(office, POLICE)[0]
    assert len([text for text in said(office, ADMIN) if "【运维告警】" in text]) == 1


def test_12_a_message_without_its_words_breaks_nothing(office: DingTalkOffice) -> None:
    office.twin.robot.sends(office.twin.robot.body(POLICE, "", {"msgtype": "text"})).answer()
    office.works()

    assert only(office).state == InboxState.DONE
    assert said(office, POLICE) == [phrases.UNKNOWN_KIND]


# Groups


def test_13_the_blank_behind_a_mention_is_cut(office: DingTalkOffice) -> None:
    office.twin.robot.says(POLICE, "进度 州1-7", chat=in_group(office)).answer()
    office.works()

    assert only(office).message["text"] == "进度 州1-7"
    assert "州1-7" in said(office, GROUP)[0]


def test_13_a_mention_and_nothing_else_gets_the_help_and_the_limits(office: DingTalkOffice) -> None:
    office.twin.robot.says(POLICE, "", chat=in_group(office)).answer()
    office.works()

    [told] = said(office, GROUP)
    assert "任务" in told
    assert "文件、语音请在与我的单聊中发送" in told
    assert "点我的头像" in told
    assert said(office, POLICE) == []


def test_13_whom_the_robot_cannot_reach_is_told_in_the_group_how_to_come(
    office: DingTalkOffice,
) -> None:
    chat = in_group(office)
    office.twin.corp.members[POLICE].visible = False
    office.twin.robot.says(POLICE, "任务", chat=chat).answer()
    office.works()

    [told] = office.twin.seen(chat)
    assert told.text == f"{ASK_ALONE}  \n  打开单聊：{TO_THE_ROBOT}。"
    robot = quote(office.twin.robot.robot.user_id, safe="")
    assert told.links == {
        "打开单聊": f"dingtalk://dingtalkclient/action/jumprobot?dingtalkid={robot}"
    }


@pytest.mark.parametrize("robot", ["", "bot", "$:LWCP_v1:$" + "x" * 200, "$:LWCP_v1:$a&b=c", 7])
def test_13_no_link_is_made_of_what_is_no_robots_id(office: DingTalkOffice, robot: object) -> None:
    item = {"msgtype": "text", "text": {"content": " "}}
    told = office.twin.robot.body(POLICE, in_group(office), item, {"chatbotUserId": robot})
    assert knock(office, office.twin.robot.letter(told)) == 200
    office.works()

    assert only(office).message["single_chat_link"] == ""
    assert [each.links for each in office.twin.seen(GROUP)] == [{}]


def test_13_files_and_voice_never_come_from_a_group(office: DingTalkOffice) -> None:
    chat = in_group(office)
    office.twin.robot.hands(POLICE, b"x", "台账.txt", chat=chat)
    office.twin.robot.speaks(POLICE, "进度", chat=chat)

    assert len(office.twin.robot.kept_back) == 2
    assert office.heard() == []


# Quotes


def test_a_quote_says_which_message_is_meant(office: DingTalkOffice) -> None:
    report = body(office, REPORT)
    office.twin.robot.sends(report).answer()
    office.works()
    office.twin.robot.says(POLICE, "完成数 1701", quote=office.twin.robot.quoted(report)).answer()
    office.works()

    assert office.heard()[-1].message["quoted_id"] == report["msgId"]
    assert "1710个 → 1701个" in said(office, POLICE)[-1]


def test_a_quote_of_the_bots_own_word_is_understood_by_its_words(office: DingTalkOffice) -> None:
    office.says(POLICE, REPORT)
    receipt = office.twin.sees(POLICE, "已收到 #1")
    quote = office.twin.robot.quoted(receipt)
    office.twin.robot.says(POLICE, "撤回", quote=quote).answer()
    office.works()

    assert "已撤回 #1" in said(office, POLICE)[-1]


def test_a_file_quoted_in_a_group_is_handed_to_the_bot(office: DingTalkOffice) -> None:
    """By itself it never comes from there."""
    content = {"fileName": "台账.txt", **office.twin.robot._codes("任务".encode(), "台账.txt")}
    quote = office.twin.robot.quoted(
        office.twin.robot.body(POLICE, "", {"msgtype": "file", "content": content})
    )
    office.twin.robot.says(POLICE, "进度 州1-7", chat=in_group(office), quote=quote).answer()
    office.works()

    assert [kept["name"] for kept in only(office).media.values()] == ["台账.txt"]


def test_a_picture_quoted_in_a_group_is_shown_to_the_bot(office: DingTalkOffice) -> None:
    picture = {"msgtype": "picture", "content": office.twin.robot._codes(a_photo())}
    quote = office.twin.robot.quoted(office.twin.robot.body(POLICE, "", picture))
    office.twin.robot.says(POLICE, "进度 州1-7", chat=in_group(office), quote=quote).answer()
    office.twin.robot.says(POLICE, "进度 州1-7", quote=quote).answer()
    office.works()

    of_group, alone = office.heard()
    assert [set(kept) for kept in of_group.media.values()] == [{"sha", "name"}]
    assert alone.message["attachments"] == []


# Times and people


@pytest.mark.parametrize("form", [int, str])
def test_14_times_come_as_numbers_and_as_texts(office: DingTalkOffice, form: Any) -> None:
    written = office.house.clock() - timedelta(minutes=2)
    fields = {
        "createAt": form(int(written.timestamp() * 1000)),
        "sessionWebhookExpiredTime": form(int(written.timestamp() * 1000) + 5_400_000),
    }
    assert knock(office, letter(office, **fields)) == 200
    office.twin.robot.speaks(POLICE, "进度", duration=form(5)).answer()
    office.works()

    row, spoken = office.heard()
    assert message_of(row).sent_at == written
    lives_until = body_of(row.raw).session_webhook_expired_time
    assert lives_until == written + timedelta(minutes=90)
    assert (spoken.message["text"], spoken.state) == ("进度", InboxState.DONE)


NO_TIMES = [None, "", "soon", 0, -1, 1_629_421_200, "9" * 30, 10**300, 1e400, True, [1], "1e12"]


def test_14_a_message_of_no_known_time_is_of_the_time_it_came(office: DingTalkOffice) -> None:
    for when in NO_TIMES:
        raw = json.dumps({**body(office), "createAt": when, "sessionWebhookExpiredTime": when})
        assert knock(office, office.twin.robot.letter(raw.encode())) == 200, when
    office.works()

    assert len(office.heard()) == len(NO_TIMES)
    for row in office.heard():
        assert (message_of(row).sent_at, row.state) == (row.received_at, InboxState.DONE)


def test_15_an_outsider_is_told_once_a_day_that_nothing_is_said(office: DingTalkOffice) -> None:
    for words in ("任务", REPORT, "绑定 ABCD"):
        office.twin.robot.says("路人", words).answer()
    office.works()

    assert said(office, "路人") == [phrases.OUTSIDER]
    assert {row.message["text"] for row in office.heard()} == {""}
    assert all(row.sender_id.startswith("outsider:") for row in office.heard())


def test_15_a_member_of_another_organisation_with_a_known_id_is_an_outsider(
    office: DingTalkOffice,
) -> None:
    chat = in_group(office)
    office.twin.robot.says(POLICE, "进度 州1-7", chat=chat, senderCorpId="dingother").answer()
    office.twin.robot.says(POLICE, "进度 州1-7", senderCorpId="dingother").answer()
    office.works()

    assert said(office, chat) == [phrases.OUTSIDER]
    assert {row.message["kind"] for row in office.heard()} == {"outsider"}
    assert "州1-7" not in "".join(row.text for row in owed(office))


def test_15_pictures_of_outsiders_are_not_fetched(office: DingTalkOffice) -> None:
    office.twin.robot.shows("路人", a_photo()).answer()
    office.forward(7)

    assert only(office).message["attachments"] == []
    assert office.twin.sent("robot/messageFiles/download", all=True) == []


def test_15_before_the_robot_is_published_everybody_is_an_outsider(office: DingTalkOffice) -> None:
    office.twin.robot.is_published = False
    office.twin.robot.says(POLICE, "任务").answer()
    office.works()

    assert only(office).message["kind"] == "outsider"
    assert "待报" not in "".join(row.text for row in owed(office))


def test_15_a_member_without_an_account_is_told_how_to_bind(office: DingTalkOffice) -> None:
    office.twin.corp.members["NewOne"] = replace(office.twin.corp.members[POLICE], userid="NewOne")
    office.says("NewOne", "任务")

    assert only(office).sender_id == "NewOne"
    assert said(office, "NewOne") == [phrases.NOT_BOUND]
