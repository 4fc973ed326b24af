"""Group robots: what an office says through them, what the group sees, and what is never lost."""

import io
import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
from docx import Document
from PIL import Image
from sqlmodel import col, select
from starlette.testclient import TestClient

from bot.app import create_app
from bot.keys import KeyRing
from bot.roster_chats import Seated, Wanted, add_robot
from models.chat import Chat, Door
from models.db import Database
from models.member import Account, Member, members_named
from models.message import MediaRef, Reply
from models.outbox import OutboxMessage, OutboxState, say
from models.shown import Page, Shown, Table
from scheduler.delivery import MAX_ATTEMPTS
from scheduler.digest_run import run_digests
from tests.conftest import at
from tests.pictures import a_photo
from tests.supervising import seed_digests
from tests.talk import MORNING, Talk
from tests.twins.record import Bubble
from tests.wecom import SECRET, WecomOffice, move_to_wecom, serving

KEY = "693a91f6-7b1c-4bc4-97a0-0ec2fa5aaa11"
OTHER = "a1b2c3d4-0000-4000-8000-00000000beef"
GROUP = "联络员群"
PLACE = "group of the liaisons"


@pytest.fixture
def group(office: WecomOffice) -> int:
    """The liaisons' group, spoken to by a robot alone; an admin who hears of troubles."""
    office.twin.add_robot(KEY, PLACE)
    office.says("管理员甲", "任务")
    with office.house.database.write() as session:
        chat = session.exec(select(Chat).where(Chat.name == GROUP)).one()
        for door in session.exec(select(Door).where(Door.chat_id == chat.id)).all():
            session.delete(door)
        session.flush()
    return seat(office, chat.id or 0).chat


def seat(office: WecomOffice, chat: int, key: str = KEY, secret: str = SECRET) -> Seated:
    with office.house.database.write() as session:
        wanted = Wanted(GROUP, chat=chat)
        ring, now = KeyRing(secret), office.house.clock()
        return add_robot(session, wanted, "wecom_robot", key, ring, now)


def owe(office: WecomOffice, chat: int, reply: Reply, key: str = "bulk") -> None:
    with office.house.database.write() as session:
        say(session, chat, reply, key=key, now=office.house.clock())


def said(office: WecomOffice, chat: int, reply: Reply) -> Bubble:
    """What the group sees of one word."""
    before = len(office.twin.seen(PLACE))
    owe(office, chat, reply, key=f"word{before}")
    office.works()
    return office.twin.seen(PLACE, before + 1)[-1]


def kept(office: WecomOffice, data: bytes, name: str, mime: str) -> MediaRef:
    return office.house.services.keep(data, name, mime)


def rows(office: WecomOffice, chat: int) -> list[OutboxMessage]:
    with office.house.database.read() as session:
        query = select(OutboxMessage).where(OutboxMessage.chat_id == chat)
        return list(session.exec(query.order_by(col(OutboxMessage.id))).all())


def alarms(office: WecomOffice) -> list[str]:
    with office.house.database.read() as session:
        query = select(OutboxMessage.text).where(col(OutboxMessage.key).startswith("alarm:"))
        return list(session.exec(query.order_by(col(OutboxMessage.id))).all())


def opened(office: WecomOffice, address: str) -> httpx2.Response:
    """What the service's own page gives behind a link."""
    assert address.startswith(office.house.settings.public_url)
    client = TestClient(create_app(office.house))
    return client.get(urlsplit(address).path)


# Digests


def a_digest(office: WecomOffice, when: str) -> Bubble:
    """What the group sees at that hour of the digests that fall due."""
    talk = Talk(office.house.database, empty=True)
    seed_digests(talk)
    with office.house.database.write() as session:
        for chat in session.exec(select(Chat).where(Chat.name == GROUP)).all():
            chat.names_laggards = True
    seconds = at(when).timestamp() - office.twin.clock.now()
    office.twin.clock.forward(seconds)
    run_digests(office.house.database, office.house.services, at(when))
    office.works()
    return next(each for each in office.twin.seen(PLACE, 1) if "到期提示" in each.text)


def test_what_is_due_tomorrow_comes_as_a_table(office: WecomOffice, group: int) -> None:
    seen = a_digest(office, "2021-08-24T09:00")

    assert seen.msgtype == "markdown_v2"
    lines = seen.text.splitlines()
    assert lines[:2] == [
        "【**答卷专栏**】到期提示（8月24日）",
        "明天（8月25日）截止、尚未报送的8件，涉及7个单位",
    ]
    table = [line for line in lines if line.startswith("|")]
    assert table[:2] == ["| 单位 | 事项 |", "| --- | --- |"]
    assert "| 州公安局 | 州1-7 雪亮工程 |" in table
    assert len(table) == 2 + 7
    assert lines[-1].startswith("请在与我的单聊中发“任务”")


def test_who_owes_today_is_called_by_name_and_nobody_else(office: WecomOffice, group: int) -> None:
    seen = a_digest(office, "2021-08-25T09:00")

    assert seen.msgtype == "text"
    assert "今天（8月25日）截止、尚未报送的8件" in seen.text
    called = seen.body["mentioned_list"]
    assert len(called) == len(set(called)) == 8
    assert {"州公安局联络员", "联络员甲", "州妇联联络员"} < set(called)
    assert not {"州农业农村局联络员", "管理员甲", "领导甲"} & set(called)


# Tables, pages


def test_15_a_table_that_is_too_long_is_said_in_lines(office: WecomOffice, group: int) -> None:
    long = Table(("单位", "事项"), tuple((f"单位{n}", "事项" * 30) for n in range(30)))
    fits = Table(("单位", "事项"), (("州公安局", "州1-7 雪亮工程"),))
    text = "【答卷专栏】到期\n州公安局（州1-7 雪亮工程）"

    whole = said(office, group, Reply(text, shown=Shown("【答卷专栏】到期", fits)))
    lines = said(office, group, Reply(text, shown=Shown("【答卷专栏】到期", long)))

    assert "| 州公安局 | 州1-7 雪亮工程 |" in whole.text
    assert lines.text == "【**答卷专栏**】到期\n州公安局（州1-7 雪亮工程）"


def test_nothing_that_people_wrote_acts_in_a_table(office: WecomOffice, group: int) -> None:
    cell = "甲|乙 *急* <@all> [点](https://x.example) `a`\n# 题\n| b |"
    table = Table(("单位", "事项"), ((cell, "_斜_ ~~删~~ \\"),))

    seen = said(office, group, Reply("行", shown=Shown("# 头\n---\n- 项", table, "> 尾")))

    head, rule, item, _, *lines, _, tail = seen.text.splitlines()
    assert (head, rule, item, tail) == ("＃ 头", "－－－", "- 项", "＞ 尾")
    assert len(lines) == 3
    assert lines[2].count("|") == 3
    assert not set("*<>[]`_~\\@#") & set(lines[2].replace("# 题", ""))
    assert "https://" not in lines[2]


def test_what_grows_too_long_as_markdown_is_said_as_it_is(office: WecomOffice, group: int) -> None:
    seen = said(office, group, Reply("填写说明\n" + "_" * 1900))

    assert (seen.msgtype, seen.text) == ("text", "填写说明\n" + "_" * 1900)


def test_an_address_of_ours_stays_whole(office: WecomOffice, group: int) -> None:
    address = "https://dajuan.example/board/7-1.a_b-c_d~e"

    seen = said(office, group, Reply(f"【看板】\n详情：{address}", links=True))

    assert f"详情：{address}" in seen.text


def test_a_board_is_a_card_where_that_shows_all_and_else_a_line_to_tap(
    office: WecomOffice, group: int
) -> None:
    page = Page("查看看板（9月6日09:00前有效）", "https://dajuan.example/board/7")
    short = Shown("【答卷专栏】周排名（第35周）\n完成18件，滞后3件。", page=page)
    long = Shown("【答卷专栏】周排名（第35周）\n" + "州公安局完成1710个。" * 20, page=page)

    card = said(office, group, Reply("周排名", shown=short, links=True))
    text = said(office, group, Reply("周排名", shown=long, links=True))

    assert (card.msgtype, card.body["card_type"]) == ("template_card", "text_notice")
    assert card.body["main_title"]["title"] == "【答卷专栏】周排名（第35周）"
    assert card.body["sub_title_text"] == f"完成18件，滞后3件。\n{page.label}"
    assert card.body["card_action"] == {"type": 1, "url": page.address}
    assert text.msgtype == "markdown_v2"
    assert text.text.endswith(f"[{page.label}]({page.address})")


# Pictures and files


def noise(megabytes: float) -> bytes:
    """A PNG of so many megabytes."""
    side = int((megabytes * 1_000_000 / 3) ** 0.5)
    image = Image.frombytes("RGB", (side, side), random.Random(7).randbytes(3 * side * side))
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=0)
    return file.getvalue()


def test_a_picture_goes_as_it_is(office: WecomOffice, group: int) -> None:
    photo = a_photo()

    seen = said(office, group, Reply(pictures=(kept(office, photo, "排名.jpg", "image/jpeg"),)))

    assert (seen.msgtype, seen.body["data"] == photo) == ("image", True)


def test_a_large_picture_is_drawn_again(office: WecomOffice, group: int) -> None:
    data = noise(15)
    assert len(data) > 15_000_000

    seen = said(office, group, Reply(pictures=(kept(office, data, "全景.png", "image/png"),)))

    assert len(seen.body["data"]) <= 2_000_000
    with Image.open(io.BytesIO(seen.body["data"])) as image:
        assert (image.format, image.size) == ("JPEG", (1080, 1080))


def test_a_picture_of_another_kind_is_drawn_again(office: WecomOffice, group: int) -> None:
    file = io.BytesIO()
    Image.new("RGB", (640, 480), "navy").save(file, "WEBP")

    seen = said(
        office, group, Reply(pictures=(kept(office, file.getvalue(), "图.webp", "image/webp"),))
    )

    with Image.open(io.BytesIO(seen.body["data"])) as image:
        assert (image.format, image.size) == ("JPEG", (640, 480))


@pytest.mark.parametrize(
    ("name", "mime", "data", "preview"),
    [
        ("IMG_1.HEIC", "image/heic", b"\0\0\0\x18ftypheic" + bytes(500), False),
        ("现场.webp", "image/webp", b"RIFF\xff\0\0\0WEBPVP8 " + bytes(500), False),
        ("全景.jpg", "image/jpeg", b"\xff\xd8\xff" + bytes(2_100_000), True),
    ],
    ids=["HEIC", "damaged", "large and damaged"],
)
def test_a_picture_that_cannot_be_drawn_is_opened_by_a_link(
    office: WecomOffice, group: int, name: str, mime: str, data: bytes, preview: bool
) -> None:
    seen = said(office, group, Reply(pictures=(kept(office, data, name, mime),)))

    assert seen.msgtype == "news"
    [article] = seen.body["articles"]
    assert article["title"] == "图片请点开查看"
    assert article["description"] == f"《{name}》\n打开（24小时内有效）"
    assert ("picurl" in article) is preview
    page = opened(office, article["url"])
    assert (page.status_code, page.content == data) == (200, True)


def test_19_a_word_document_keeps_its_chinese_name(office: WecomOffice, group: int) -> None:
    file = io.BytesIO()
    document = Document()
    document.add_paragraph("关于8月工作进展的通报")
    document.save(file)
    mime = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

    seen = said(
        office, group, Reply(files=(kept(office, file.getvalue(), "通报（第8期）.docx", mime),))
    )

    assert (seen.msgtype, seen.body["name"]) == ("file", "通报（第8期）.docx")
    assert seen.body["data"] == file.getvalue()


def test_a_file_over_twenty_megabytes_is_a_card_that_opens_it_for_a_day(
    office: WecomOffice, group: int
) -> None:
    data = random.Random(7).randbytes(20_000_001)

    seen = said(
        office, group, Reply(files=(kept(office, data, "佐证材料.zip", "application/zip"),))
    )

    assert (seen.msgtype, seen.body["card_type"]) == ("template_card", "text_notice")
    assert seen.body["main_title"]["title"] == "文件请点开查看"
    assert seen.body["sub_title_text"] == "《佐证材料.zip》\n打开（24小时内有效）"
    address = seen.body["card_action"]["url"]
    page = opened(office, address)
    assert page.content == data
    assert "filename*=UTF-8''%E4%BD%90" in page.headers["content-disposition"]
    office.twin.clock.forward(24 * 3600)
    assert opened(office, address).status_code == 410


# Limits and troubles


def test_18_forty_five_words_at_once_are_merged_in_order_and_none_is_lost(
    office: WecomOffice, group: int
) -> None:
    for number in range(1, 46):
        owe(office, group, Reply(f"第{number}条：州公安局已报送"), key=f"bulk{number:02}")

    for _ in range(3):
        office.works()
        office.twin.clock.forward(60)
    office.works()

    lines = [line for each in office.twin.seen(PLACE) for line in each.text.splitlines()]
    assert lines == [f"第{number}条：州公安局已报送" for number in range(1, 46)]
    assert len(office.twin.seen(PLACE)) < 30
    assert {each.errcode for each in office.twin.sent("webhook/send", all=True)} == {0}
    assert office.twin.complaints == []


def test_13_a_robot_that_said_too_much_waits_a_minute(office: WecomOffice, group: int) -> None:
    office.twin.faults.answer("webhook/send", 45009)
    owe(office, group, Reply("周排名"))

    office.works()
    office.forward(59)
    assert office.twin.record.tries["webhook/send"] == 1
    office.forward(1)

    assert [each.text for each in office.twin.seen(PLACE, 1)] == ["周排名"]
    assert alarms(office) == []


def test_18_a_robot_that_others_use_too_holds_up_no_other_group(
    office: WecomOffice, group: int
) -> None:
    """What WeCom lets rest for a minute is one robot, not every group of the office."""
    office.twin.add_robot(OTHER, "group of the leaders")
    with office.house.database.write() as session:
        wanted, now = Wanted("领导小群"), office.house.clock()
        leaders = add_robot(session, wanted, "wecom_robot", OTHER, KeyRing(SECRET), now).chat
    for _ in range(30):  # by another program, with the key of the liaisons' robot
        body = {"msgtype": "text", "text": {"content": "他用"}}
        httpx2.post(f"{office.twin.url}/cgi-bin/webhook/send", params={"key": KEY}, json=body)
    owe(office, group, Reply("到期提示"), key="bulk 1")
    owe(office, leaders, Reply("周排名"), key="bulk 2")

    office.works()
    assert [each.text for each in office.twin.seen("group of the leaders", 1)] == ["周排名"]
    refused = [each for each in office.twin.sent("webhook/send", all=True) if each.errcode == 45009]
    assert {each.query["key"] for each in refused} == {KEY}
    office.forward(60)
    office.forward(60)

    assert office.twin.seen(PLACE)[-1].text == "到期提示"
    assert alarms(office) == []


@pytest.mark.parametrize("code", [-1, 45033])
def test_13_a_busy_server_is_asked_again_with_growing_pauses(
    office: WecomOffice, group: int, code: int
) -> None:
    office.twin.faults.answer("webhook/send", code, times=2)
    owe(office, group, Reply("周排名"))

    office.works()
    office.forward(10)
    assert office.twin.seen(PLACE) == []
    office.forward(60)

    assert len(office.twin.seen(PLACE, 1)) == 1
    assert office.twin.record.tries["webhook/send"] == 3


def test_13_what_a_server_never_takes_is_given_up_and_told(office: WecomOffice, group: int) -> None:
    office.twin.faults.answer("webhook/send", -1, times=None)
    owe(office, group, Reply("周排名"))

    for _ in range(10):
        office.forward(600)

    [row] = rows(office, group)
    assert (row.state, row.attempts) == (OutboxState.FAILED, MAX_ATTEMPTS)
    assert office.twin.record.tries["webhook/send"] == MAX_ATTEMPTS == 1 + 3
    assert len(alarms(office)) == 1


def test_what_may_have_left_is_not_said_again(office: WecomOffice, group: int) -> None:
    office.twin.faults.hang_up("webhook/send", acted=True)
    owe(office, group, Reply("周排名"))

    for _ in range(3):
        office.forward(3600)

    assert len(office.twin.seen(PLACE)) == 1
    [row] = rows(office, group)
    assert (row.state, row.attempts) == (OutboxState.UNKNOWN, 1)
    assert sum("结果不明" in each for each in alarms(office)) == 1


def test_an_upload_that_came_to_nothing_is_made_again(office: WecomOffice, group: int) -> None:
    office.twin.faults.hang_up("webhook/upload_media", acted=True)
    document = kept(office, b"%PDF-1.7 ...", "通报.pdf", "application/pdf")
    owe(office, group, Reply(files=(document,)))

    office.works()
    office.forward(60)

    assert [each.body["name"] for each in office.twin.seen(PLACE, 1)] == ["通报.pdf"]


def test_of_a_robot_that_was_removed_the_operator_hears_once_a_day(
    office: WecomOffice, group: int
) -> None:
    office.twin.faults.answer("webhook/send", 93000, times=None)
    for number in range(5):
        owe(office, group, Reply(f"第{number}条"), key=f"bulk{number}")

    office.works()
    office.forward(3600)

    states = [(each.state, each.attempts) for each in rows(office, group)]
    assert states == [(OutboxState.FAILED, 1)] * 5
    [alarm] = alarms(office)
    assert f"会话 {group}“{GROUP}”" in alarm
    assert "请重新登记" in alarm
    assert "错误码93000" in alarm
    assert "同一情况今天不再告警" in alarm

    office.forward(timedelta(days=1).total_seconds())
    owe(office, group, Reply("次日"), key="next day")
    office.works()
    assert len(alarms(office)) == 2


def test_after_another_secret_a_robot_is_silent_until_it_is_seated_again(
    office: WecomOffice, group: int
) -> None:
    seat(office, group, secret="the secret of the office last year")
    owe(office, group, Reply("周排名"))
    office.works()

    [row] = rows(office, group)
    assert row.state == OutboxState.FAILED
    assert "SECRET_KEY 已更换" in row.answer
    assert len(alarms(office)) == 1
    assert office.twin.record.tries["webhook/send"] == 0

    assert seat(office, group).is_replaced
    assert said(office, group, Reply("月报")).text == "月报"


def test_30_the_key_is_in_no_log_no_alarm_and_no_answer(
    office: WecomOffice,
    group: int,
    logs: list[dict[str, object]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    faults = office.twin.faults
    troubles = [
        lambda: faults.answer("webhook/send", 40058),
        lambda: faults.answer("webhook/send", 93000),
        lambda: faults.hang_up("webhook/send"),
        lambda: faults.page("webhook/send"),
        lambda: faults.status("webhook/send", 404),
        lambda: faults.answer("webhook/upload_media", 40006),
    ]
    for number, trouble in enumerate(troubles):
        trouble()
        document = kept(office, b"%PDF-1.7 ...", "通报.pdf", "application/pdf")
        files = (document,) if number == len(troubles) - 1 else ()
        owe(office, group, Reply("" if files else "周排名", files=files), key=f"bulk{number}")
        office.works()
        office.forward(600)

    told = [each for row in rows(office, group) for each in (row.answer, row.text, row.key)]
    # The stand-in's own server writes down what it is asked.
    logged = [each.getMessage() for each in caplog.records if "uvicorn" not in each.name]
    everything = repr(logs) + repr(logged) + repr(alarms(office)) + repr(told)
    assert sum(each["event"] == "not delivered" for each in logs) >= 4
    assert len(alarms(office)) >= 4
    for secret in (KEY, KEY[:8], "key="):
        assert secret not in everything


def test_someone_without_an_account_here_is_not_called(office: WecomOffice, group: int) -> None:
    with office.house.database.write() as session:
        stranger = Member(name="新来的", created_at=office.house.clock())
        session.add(stranger)
        session.flush()
        known = members_named(session, "州公安局联络员")[0]
        numbers = (stranger.id or 0, known.id or 0)

    both = said(office, group, Reply("今天截止", mentions=numbers))
    alone = said(office, group, Reply("今天截止", mentions=numbers[:1]))

    assert both.body["mentioned_list"] == ["州公安局联络员"]
    assert "mentioned_list" not in alone.body


# Several doors of one group


@pytest.fixture
def linked(
    sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[WecomOffice]:
    """The same office with its bot on the long connection, which has been spoken to in a group."""
    Talk(sqlite)
    with sqlite.write() as session:
        move_to_wecom(session)
        people = session.exec(select(Account.user_id)).all()
    with serving(sqlite, tmp_path, monkeypatch, people, MORNING, linked=True) as office:
        office.twin.linked.says("管理员甲", "帮助", chat=PLACE)
        office.works()
        office.says("管理员甲", "任务")
        office.twin.add_robot(KEY, PLACE)
        yield office
        assert office.twin.complaints == []


def heard(office: WecomOffice) -> int:
    """The group that became known when somebody called the bot there."""
    with office.house.database.read() as session:
        return session.exec(select(Door.chat_id).where(Door.address == PLACE)).one()


def test_the_bot_speaks_in_its_group_and_the_robot_where_people_are_called(
    linked: WecomOffice,
) -> None:
    chat = heard(linked)
    assert seat(linked, chat) == Seated(chat, is_known=True)
    with linked.house.database.read() as session:
        person = members_named(session, "州公安局联络员")[0].id or 0

    mere = said(linked, chat, Reply("【答卷专栏】周排名"))
    call = said(linked, chat, Reply("【答卷专栏】到期提示", mentions=(person,)))

    assert (mere.door, call.door) == ("bot", "robot")
    assert call.body["mentioned_list"] == ["州公安局联络员"]


def test_where_the_robot_was_removed_the_bot_takes_over_and_the_operator_hears_once(
    linked: WecomOffice,
) -> None:
    chat = heard(linked)
    seat(linked, chat)
    linked.twin.faults.answer("webhook/send", 93000, times=None)
    with linked.house.database.read() as session:
        person = members_named(session, "州公安局联络员")[0].id or 0

    words = [Reply(f"第{n}次提示", mentions=(person,)) for n in range(3)]
    seen = [said(linked, chat, each) for each in words]

    assert [(each.door, each.text) for each in seen] == [("bot", f"第{n}次提示") for n in range(3)]
    [alarm] = alarms(linked)
    assert "已改由企业微信智能机器人发送" in alarm
    assert KEY not in alarm
