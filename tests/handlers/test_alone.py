"""Groups that hand over no files: what people are told there, and where the rest goes."""

import pytest
from sqlmodel import col, select

from handlers import phrases
from models.message import MessageKind
from models.outbox import OutboxMessage
from models.shown import Page, Shown
from tests.talk import Talk

POLICE, OFFICE, GROUP = "州公安局联络员", "州发改委联络员", "联络员群"
REPORT = "报送 省2\n措施：建立清单，逐项销号\n成效：重点项目按期开工"
WAY = "点我的头像，选“发消息”"
OPENED = f"打开单聊：{WAY}。"
LIMITS = f"群里只收得到提到我的文字和图片；文件、语音请在与我的单聊中发送。\n{OPENED}"
HERE = "图片、文件请直接在这里发，群里收不到文件。"


@pytest.fixture
def limited(light: Talk) -> Talk:
    """A talk on a platform whose groups hand over no files."""
    light.way_alone = WAY
    return light


def test_a_mention_and_nothing_else_tells_what_a_group_can_do(limited: Talk) -> None:
    [answer] = limited.say(POLICE, "", group=GROUP)

    assert answer.startswith("您好，我在。")
    assert "群里可发：进度、为什么。" in answer
    assert answer.endswith(LIMITS)
    assert limited.heard(POLICE) == []


def test_alone_whoever_says_nothing_gets_the_help(light: Talk) -> None:
    assert light.say(POLICE, "") == light.say(POLICE, "帮助")


def test_nothing_of_the_limits_is_said_where_there_are_none(light: Talk) -> None:
    for words in ("", "帮助", REPORT, "待审"):
        light.say(OFFICE, words, group=GROUP)

    said = "".join(light.heard_in(GROUP) + light.heard(OFFICE))
    assert "打开单聊" not in said
    assert "收不到" not in said


def test_a_kind_that_is_not_read_is_answered_with_the_limits(limited: Talk) -> None:
    assert limited.say(POLICE, group=GROUP, kind=MessageKind.OTHER) == [
        f"{phrases.UNKNOWN_KIND}\n{LIMITS}"
    ]
    assert limited.say(POLICE, kind=MessageKind.OTHER) == [phrases.UNKNOWN_KIND]


def test_the_help_asked_for_in_a_group_says_alone_where_files_go(limited: Talk) -> None:
    limited.say(POLICE, "帮助", group=GROUP)

    assert limited.heard_in(GROUP) == []
    assert limited.heard(POLICE)[-1].endswith(HERE)
    assert HERE not in limited.say(POLICE, "帮助")[0]


def test_a_report_begun_in_a_group_that_wants_pictures_says_where_they_go(limited: Talk) -> None:
    limited.say(OFFICE, REPORT, group=GROUP)

    said = limited.heard(OFFICE)[-1]
    assert "图片：还差1张" in said
    assert said.endswith(f"\n{HERE}")


def test_a_report_that_wants_no_pictures_is_answered_as_ever(limited: Talk) -> None:
    limited.say(POLICE, "报送 州1-7", group=GROUP)

    assert HERE not in limited.heard(POLICE)[-1]


def test_what_is_only_done_alone_is_refused_with_the_way_there(limited: Talk) -> None:
    [refused] = limited.say("管理员甲", "邀请 名单", group=GROUP)

    assert refused == f"{phrases.only_in_single_chat('邀请')}\n{OPENED}"
    [refused] = limited.say("管理员甲", "通报 作废", group=GROUP)
    assert refused == f"{phrases.only_in_single_chat('通报')}\n{OPENED}"


def test_a_stranger_is_told_the_way_to_bind(limited: Talk) -> None:
    assert limited.say("生人", "任务", group=GROUP) == [f"{phrases.NOT_BOUND}\n{OPENED}"]
    assert limited.say("生人", "绑定 ABCD", group=GROUP) == [
        f"{phrases.BIND_IN_SINGLE_CHAT}\n{OPENED}"
    ]
    assert limited.say("生人", "任务") == [phrases.NOT_BOUND]


def test_the_way_can_be_tapped_where_the_platform_knows_a_link(limited: Talk) -> None:
    limited.link_alone = "dingtalk://dingtalkclient/action/jumprobot?dingtalkid=bot"
    limited.say(POLICE, "", group=GROUP)
    limited.say(POLICE, "进度 州1-7", group=GROUP)

    with limited.database.read() as session:
        greeting, progress = session.exec(
            select(OutboxMessage).order_by(col(OutboxMessage.id))
        ).all()
    assert greeting.shown_as() == Shown(greeting.text, page=Page("打开单聊", limited.link_alone))
    assert OPENED in greeting.text
    assert progress.shown_as() is None


def test_another_link_than_the_first_is_not_believed(limited: Talk) -> None:
    for link in ("dingtalk://first", "dingtalk://forged", "dingtalk://first"):
        limited.link_alone = link
        limited.say(POLICE, "", group=GROUP)

    with limited.database.read() as session:
        rows = session.exec(select(OutboxMessage).order_by(col(OutboxMessage.id))).all()
    shown = [each.shown_as() for each in rows]
    pages = [each.page.address for each in shown if each and each.page]
    assert (len(rows), pages) == (3, ["dingtalk://first", "dingtalk://first"])
