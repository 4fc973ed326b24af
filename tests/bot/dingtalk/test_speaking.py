"""What the enterprise robot says by the API: to whom, in which form, and what becomes of it."""

import io
import json

import pytest
from PIL import Image
from sqlmodel import Session, col, select

from bot.dingtalk.speaking import Speaking
from models.chat import Door, chat_at
from models.errors import DeliveryError, Shut
from models.member import Account
from models.message import ChatKind, MediaRef, Reply
from models.outbox import OutboxMessage, OutboxState, say
from models.shown import Page, Shown, Table
from scheduler.routing import Parcel
from tests.dingtalk import DingTalkOffice
from tests.pictures import a_photo
from tests.twins.dingtalk.corp import Member

POLICE, ADMIN = "州公安局联络员", "管理员甲"
GROUP = "cidGroup=="
PEOPLE, TO_GROUP = "robot/oToMessages/batchSend", "robot/groupMessages/send"


def rows(office: DingTalkOffice, prefix: str = "") -> list[OutboxMessage]:
    with office.house.database.read() as session:
        query = select(OutboxMessage).where(col(OutboxMessage.key).startswith(prefix))
        return list(session.exec(query.order_by(col(OutboxMessage.id))).all())


def owe(
    office: DingTalkOffice, reply: Reply, to: str = POLICE, key: str = "bulk", group: bool = False
) -> None:
    """Something that answers nobody."""
    with office.house.database.write() as session:
        now, kind = office.house.clock(), ChatKind.GROUP if group else ChatKind.SINGLE
        chat = chat_at(session, "dingtalk", to, kind, now)
        say(session, chat.id or 0, reply, key=key, now=now)


def kept(office: DingTalkOffice, data: bytes, name: str, mime: str) -> MediaRef:
    return office.house.services.keep(data, name, mime)


def door(office: DingTalkOffice) -> Speaking:
    found = office.house.platforms["dingtalk"]
    assert isinstance(found, Speaking)
    return found


def spell(session: Session, old: str, letters: str) -> None:
    """Somebody's account as the roster has it."""
    account = session.exec(select(Account).where(Account.user_id == old)).one()
    account.user_id, account.spelling = letters.casefold(), letters
    for each in session.exec(select(Door).where(Door.address == old)).all():
        each.address = letters.casefold()


def test_a_word_goes_to_a_person_by_the_letters_of_their_id(office: DingTalkOffice) -> None:
    office.twin.corp.join([Member("ZhangSan", "张三")])
    with office.house.database.write() as session:
        spell(session, POLICE, "ZhangSan")

    owe(office, Reply("周排名"), to="zhangsan")
    office.works()

    [call] = office.twin.sent(PEOPLE, 1)
    assert call.body["userIds"] == ["ZhangSan"]
    assert office.twin.seen("ZhangSan", 1)[0].text == "周排名"


def test_who_is_on_no_roster_is_answered_by_the_letters_they_wrote_with(
    office: DingTalkOffice,
) -> None:
    office.twin.corp.join([Member("LiSi", "李四")])
    office.twin.robot.says("LiSi", "任务", sessionWebhook=None).answer()

    office.works()

    assert "尚未绑定" in office.twin.seen("LiSi", 1)[0].text
    assert office.twin.record.tries[PEOPLE] == 1


def test_a_word_goes_to_a_group_by_its_own_address(office: DingTalkOffice) -> None:
    office.twin.corp.meets(GROUP, POLICE)

    owe(office, Reply("周排名"), to=GROUP, group=True)
    office.works()

    assert office.twin.seen(GROUP, 1)[0].door == "api"
    assert office.twin.record.tries[TO_GROUP] == 1


def test_a_person_whose_id_looks_like_a_groups_is_a_person(office: DingTalkOffice) -> None:
    office.twin.corp.join([Member("cid007", "王五")])

    owe(office, Reply("周排名"), to="cid007")
    office.works()

    assert len(office.twin.seen("cid007", 1)) == 1


def test_18_whom_the_robot_does_not_reach_has_not_got_it(office: DingTalkOffice) -> None:
    office.says(ADMIN, "任务")
    office.twin.corp.members[POLICE].visible = False
    before = office.twin.record.tries[PEOPLE]

    owe(office, Reply("周排名"))
    office.works()

    [word] = rows(office, "bulk")
    assert word.state == OutboxState.FAILED
    assert "没有这个账号" in word.answer
    assert office.twin.record.tries[PEOPLE] - before == 2, "the word and the alarm"
    assert POLICE in office.twin.sees(ADMIN, "没有送达").text


def test_18_who_is_held_back_gets_it_a_minute_later_and_others_at_once(
    office: DingTalkOffice,
) -> None:
    office.twin.messages.flow_controlled = {POLICE}
    owe(office, Reply("第1条"))
    owe(office, Reply("第2条"), to=ADMIN, key="other")

    office.works()
    assert office.twin.seen(POLICE) == []
    assert len(office.twin.seen(ADMIN, 1)) == 1
    office.twin.messages.flow_controlled = set()
    office.forward(59)
    assert office.twin.seen(POLICE) == []
    office.forward(1)

    assert len(office.twin.seen(POLICE, 1)) == 1


def test_18_of_many_each_has_their_own_outcome(office: DingTalkOffice) -> None:
    people = [f"person{number}" for number in range(23)]
    office.twin.corp.join([Member(each, each) for each in people])
    office.twin.corp.members["person3"].visible = False
    office.twin.messages.flow_controlled = {"person22"}

    outcome = door(office).send_to_many(people, Parcel("key", "今日告警1条"))

    assert [len(each.body["userIds"]) for each in office.twin.sent(PEOPLE)] == [20, 3]
    errors = {who: e for who, e in outcome.items() if isinstance(e, DeliveryError)}
    assert {who: error.shut for who, error in errors.items()} == {
        "person3": Shut.CHAT,
        "person22": None,
    }
    assert errors["person22"].retryable
    first, last = outcome["person0"], outcome["person20"]
    assert isinstance(first, str)
    assert office.twin.seen("person0")[0].key == first
    assert first != last


@pytest.mark.parametrize("acted", [False, True])
@pytest.mark.parametrize("to", [POLICE, GROUP])
def test_28_a_word_of_unknown_outcome_is_left_to_the_operator(
    office: DingTalkOffice, acted: bool, to: str
) -> None:
    office.says(ADMIN, "任务")
    office.twin.corp.meets(GROUP, POLICE)
    path = TO_GROUP if to == GROUP else PEOPLE
    office.twin.faults.hang_up(path, acted=acted)

    owe(office, Reply("周排名"), to=to, group=to == GROUP)
    office.works()
    office.forward(3600)

    assert rows(office, "bulk")[0].state == OutboxState.UNKNOWN
    assert len(office.twin.seen(to)) == int(acted)
    assert "结果不明" in office.twin.sees(ADMIN, "结果不明").text


def test_28_what_breaks_before_the_message_is_no_message_of_unknown_outcome(
    office: DingTalkOffice,
) -> None:
    picture = kept(office, a_photo(), "排名.jpg", "image/jpeg")
    office.twin.faults.hang_up("media/upload", acted=True)
    owe(office, Reply(pictures=(picture,)))

    office.works()
    assert rows(office)[0].state == OutboxState.WAITING
    office.forward(10)

    assert len(office.twin.seen(POLICE, 1)) == 1


def test_20_a_long_answer_is_one_message_and_the_longest_a_few_in_order(
    office: DingTalkOffice,
) -> None:
    text = "\n".join(f"{number}. 州1-{number} 乡村公共部位安防设备建设" for number in range(1, 400))

    owe(office, Reply(text))
    office.works()

    seen = office.twin.seen(POLICE, 4)
    assert len(rows(office)) >= 10
    assert len(seen) == 4
    assert "\n".join(each.text for each in seen) == text


def test_20_a_table_that_would_be_too_long_is_said_in_lines(office: DingTalkOffice) -> None:
    table = Table(("单位", "事项"), tuple((f"单位{n}", "雪亮工程" * 20) for n in range(100)))

    owe(office, Reply("共100件，见看板", shown=Shown("共100件", table)))
    office.works()

    [said] = office.twin.seen(POLICE, 1)
    assert (said.msgtype, said.text) == ("sampleText", "共100件，见看板")


def test_21_msgparam_is_a_text_with_its_chinese_as_it_is(office: DingTalkOffice) -> None:
    owe(office, Reply("已收到 #128 👍 “州1-7”"))
    office.works()

    [call] = office.twin.sent(PEOPLE, 1)
    assert json.loads(call.body["msgParam"]) == {"content": "已收到 #128 👍 “州1-7”"}
    assert "州1-7" in call.body["msgParam"]


def test_what_is_due_tomorrow_comes_as_quoted_lines_with_its_page(office: DingTalkOffice) -> None:
    shown = Shown(
        "【答卷专栏】到期提示",
        Table(("截止", "单位"), (("今天", "州公安局"),)),
        page=Page("查看看板（9月6日前有效）", "https://dajuan.example/board/7"),
    )

    owe(office, Reply("【答卷专栏】到期提示\n今天 州公安局", shown=shown))
    office.works()

    [said] = office.twin.seen(POLICE, 1)
    assert said.msgtype == "sampleActionCard"
    assert said.title == "【答卷专栏】到期提示"
    assert "> **今天** 单位：州公安局" in said.text
    assert said.links == {"查看看板": "https://dajuan.example/board/7"}


def noise(width: int, height: int) -> bytes:
    """A picture that nothing makes small."""
    file = io.BytesIO()
    Image.effect_noise((width, height), 90).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "mime", "sent_as"),
    [
        (a_photo(), "排名.jpg", "image/jpeg", "排名.jpg"),
        (a_photo(kind="PNG"), "排名.jpg", "image/png", "排名.png"),
        (a_photo(kind="GIF"), "排名.gif", "image/gif", "排名.gif"),
        (a_photo(kind="BMP", width=400, height=200), "排名.bmp", "image/bmp", "排名.bmp"),
        (a_photo(kind="WEBP"), "排名.webp", "image/webp", "排名.jpg"),
        (noise(1200, 1100), "大图.png", "image/png", "大图.jpg"),
    ],
    ids=["jpeg", "png by another name", "gif", "bmp", "webp", "too large"],
)
def test_30_a_picture_stands_in_the_chat_drawn_again_where_it_would_not_be_taken(
    office: DingTalkOffice, data: bytes, name: str, mime: str, sent_as: str
) -> None:
    owe(office, Reply(pictures=(kept(office, data, name, mime),)))
    office.works()

    [said] = office.twin.seen(POLICE, 1)
    assert said.msgtype == "sampleImageMsg"
    assert said.body["name"] == sent_as
    assert len(said.body["data"]) <= 1_000_000
    assert (said.body["data"] == data) is (sent_as.split(".")[0] == "排名" and mime != "image/webp")


@pytest.mark.parametrize(
    ("head", "name"),
    [(b"PK\x03\x04", "台账.xlsx"), (b"%PDF-1.7", "通报“8月”.PDF"), (b"PK\x03\x04", "通报.docx")],
    ids=["xlsx", "PDF", "docx"],
)
def test_30_a_file_of_its_kinds_keeps_its_name(
    office: DingTalkOffice, head: bytes, name: str
) -> None:
    data = head + b" and more"
    owe(office, Reply(files=(kept(office, data, name, "application/octet-stream"),)))
    office.works()

    [said] = office.twin.seen(POLICE, 1)
    assert (said.msgtype, said.body["name"], said.body["data"]) == ("sampleFile", name, data)


@pytest.mark.parametrize(
    ("size", "name"),
    [(9, "说明.txt"), (9, "培训.pptx"), (0, "空.pdf"), (9, "通报"), (20_000_001, "很大.pdf")],
    ids=["txt", "pptx", "empty", "no ending", "too large"],
)
def test_30_any_other_file_is_opened_as_a_page_and_costs_no_upload(
    office: DingTalkOffice, size: int, name: str
) -> None:
    owe(office, Reply(files=(kept(office, bytes(size), name, "application/octet-stream"),)))
    office.works()

    [said] = office.twin.seen(POLICE, 1)
    assert said.msgtype == "sampleActionCard"
    assert name in said.text
    assert list(said.links) == ["打开"]
    assert office.twin.record.tries["media/upload"] == 0


def test_a_picture_is_uploaded_once_for_all_and_again_where_it_was_refused(
    office: DingTalkOffice,
) -> None:
    picture = kept(office, a_photo(), "排名.jpg", "image/jpeg")
    for person in (POLICE, ADMIN):
        owe(office, Reply(pictures=(picture,)), to=person, key=person)
    office.works()
    assert len(office.twin.sent("media/upload")) == 1

    office.twin.faults.answer(PEOPLE, "invalidParameter.msgParam.invalid")
    owe(office, Reply(pictures=(picture,)), key="refused")
    office.works()
    owe(office, Reply(pictures=(picture,)), key="again")
    office.works()

    assert len(office.twin.sent("media/upload")) == 2
    assert rows(office, "again")[0].state == OutboxState.SENT


def test_18_a_group_that_was_dissolved_is_told_once_and_costs_one_call(
    office: DingTalkOffice,
) -> None:
    office.says(ADMIN, "任务")
    office.twin.corp.meets(GROUP, POLICE).is_dissolved = True

    owe(office, Reply("周排名"), to=GROUP, group=True)
    office.works()
    office.forward(3600)

    [word] = rows(office, "bulk")
    assert (word.state, word.attempts) == (OutboxState.FAILED, 1)
    assert office.twin.record.tries[TO_GROUP] == 1
    assert len(rows(office, "alarm:")) == 1


def test_18_who_asked_alone_and_is_not_reached_costs_one_call(office: DingTalkOffice) -> None:
    """Their chat and they themselves are two doors with one address."""
    office.twin.corp.members[POLICE].visible = False
    office.twin.robot.says(POLICE, "任务", sessionWebhook=None).answer()

    office.works()

    assert office.twin.record.tries[PEOPLE] == 1


def test_its_strain_is_the_share_of_the_months_calls(office: DingTalkOffice) -> None:
    before = door(office).strain()

    for number in range(5):
        owe(office, Reply(f"第{number}条" + "长" * 600), key=f"bulk{number}")
    office.works()

    assert before == 0
    assert 0 < door(office).strain() < 0.01
