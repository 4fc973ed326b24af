"""Buttons of DingTalk: offered, tapped, tapped again, copied by others, and said without them."""

from dataclasses import dataclass

import pytest
from sqlmodel import select

from bot.dingtalk.buttons import MOST
from bot.dingtalk.words import for_api, for_webhook, worded
from models.message import Choice
from models.outbox import OutboxMessage
from models.quota import month_of, spend
from models.shown import Page, Shown
from models.submission import Submission, SubmissionState
from scheduler.routing import Parcel
from tests.dingtalk import DingTalkOffice
from tests.handlers.test_reporting_crops import CAPTION, HIGH, OFFICE
from tests.handlers.test_reporting_crops import REPORT as WITH_PICTURE
from tests.twins.dingtalk.record import Bubble

POLICE, ADMIN = "州公安局联络员", "管理员甲"
GROUP = "cidGroup=="
REPORT = "报送 州1-7\n截至：7月31日\n完成数：3600个\n措施：分片包干，逐村安装调试。"
AMENDED = REPORT.replace("3600", "3601").replace("报送", "更正")
PROBLEM = "杆线资源不足，部分村寨供电不稳，需要乡镇协调。"


@dataclass
class Hands:
    """What people do: they write, and they tap; an answer comes by the API or in place."""

    office: DingTalkOffice
    way: str

    def says(self, person: str, *parts: str | bytes) -> None:
        robot = self.office.twin.robot
        if len(parts) == 1 and isinstance(parts[0], str):
            robot.says(person, parts[0]).answer()
        else:
            robot.mixes(person, *parts).answer()
        self.office.works()

    def taps(self, person: str, label: str) -> Bubble:
        """The newest button of this label that *person* sees."""
        card = self.button(person, label)
        self.follows(person, card, label)
        return card

    def follows(self, person: str, card: Bubble, label: str) -> None:
        """A tap on a card, also on one of long ago."""
        self.office.twin.robot.follows(person, card, label).answer()
        self.office.works()

    def button(self, person: str, label: str) -> Bubble:
        for each in reversed(self.office.twin.seen(person)):
            if isinstance(each, Bubble) and label in each.links:
                return each
        raise AssertionError(f"no button {label}")

    def reads(self, person: str) -> list[str]:
        """Everything that *person* sees, oldest first."""
        return [each.text for each in self.office.twin.seen(person)]

    def report(self, number: int = 1) -> Submission:
        with self.office.house.database.read() as session:
            return session.get_one(Submission, number)


@pytest.fixture(params=["api", "session"])
def hands(request: pytest.FixtureRequest, office: DingTalkOffice) -> Hands:
    if request.param == "session":
        with office.house.database.write() as session:
            spend(session, "dingtalk", "api", month_of(office.house.clock()), 4900)
    return Hands(office, request.param)


def test_31_a_report_is_passed_by_a_tap_and_once(hands: Hands) -> None:
    hands.says(POLICE, REPORT)
    hands.says(ADMIN, "查看 1")
    offered = hands.button(ADMIN, "通过")
    assert list(offered.links) == ["通过", "退回"]
    assert offered.door == hands.way

    card = hands.taps(ADMIN, "通过")
    assert any(each.startswith("已通过：#1") for each in hands.reads(ADMIN))
    hands.follows(ADMIN, card, "通过")

    assert "未重复处理" in hands.reads(ADMIN)[-1]
    assert hands.report().state == SubmissionState.ACCEPTED
    with hands.office.house.database.read() as session:
        told = [e.text for e in session.exec(select(OutboxMessage)).all() if "已审核通过" in e.text]
    assert len(told) == 1


def test_31_an_old_button_passes_nothing_that_was_not_seen(hands: Hands) -> None:
    hands.says(POLICE, REPORT)
    hands.says(ADMIN, "查看 1")
    old = hands.button(ADMIN, "通过")
    hands.says(POLICE, AMENDED)
    assert hands.report().version == 2

    hands.follows(ADMIN, old, "通过")

    assert hands.report().state == SubmissionState.SUBMITTED
    assert "第2版" in hands.reads(ADMIN)[-1]


@pytest.mark.parametrize("words", ["通过 1 〔第1版〕", "通过 1"])
def test_31_whoever_may_not_gains_nothing_by_a_copy_of_the_words(hands: Hands, words: str) -> None:
    hands.says(POLICE, REPORT)
    hands.says(ADMIN, "查看 1")
    hands.button(ADMIN, "通过")

    hands.says(POLICE, words)

    assert hands.report().state == SubmissionState.SUBMITTED
    assert "已通过" not in hands.reads(POLICE)[-1]


def test_31_the_reason_of_a_return_follows_the_tap(hands: Hands) -> None:
    hands.says(POLICE, REPORT)
    hands.says(ADMIN, "待审")

    hands.taps(ADMIN, "退回")
    assert any("请直接回复原因" in each for each in hands.reads(ADMIN))
    hands.says(ADMIN, "图片有水印，请换原图")

    assert hands.report().return_reason == "图片有水印，请换原图"


def test_31_a_crop_on_offer_is_taken_by_a_tap_and_once(hands: Hands) -> None:
    hands.says(OFFICE, f"{WITH_PICTURE}\n{CAPTION}", HIGH)

    card = hands.taps(OFFICE, "用裁剪图")

    assert any("已收到 #1" in each for each in hands.reads(OFFICE))
    hands.follows(OFFICE, card, "用裁剪图")
    assert hands.reads(OFFICE)[-1].startswith("这是先前的提示")
    assert hands.report().version == 1


def test_31_what_is_asked_of_one_is_not_answered_by_another(hands: Hands) -> None:
    hands.says(OFFICE, f"{WITH_PICTURE}\n{CAPTION}", HIGH)
    card = hands.button(OFFICE, "用裁剪图")

    hands.follows(POLICE, card, "用裁剪图")

    assert not any("已收到 #1" in each for each in hands.reads(OFFICE))
    assert "已收到" not in hands.reads(POLICE)[-1]


def test_31_the_words_do_it_without_any_button(hands: Hands) -> None:
    hands.says(POLICE, REPORT)

    hands.says(ADMIN, "通过 1")

    assert hands.report().state == SubmissionState.ACCEPTED


@pytest.mark.parametrize("times", [18, 45], ids=["one piece", "pieces"])
def test_31_a_long_word_comes_whole_with_its_buttons_below_in_one_message(
    hands: Hands, times: int
) -> None:
    hands.says(POLICE, f"{REPORT}\n问题：{PROBLEM * times}")
    before = len(hands.reads(ADMIN))
    hands.says(ADMIN, "查看 1")

    [said] = hands.office.twin.seen(ADMIN)[before:]
    assert said.text.count("乡镇协调") == times
    assert "markdown" in said.msgtype.lower()
    assert list(said.links) == ["通过", "退回"]
    hands.taps(ADMIN, "通过")
    assert hands.report().state == SubmissionState.ACCEPTED


def test_31_in_a_group_the_words_stand_without_buttons(office: DingTalkOffice) -> None:
    """What a tap sends there lacks the mention, and never reaches the robot."""
    parcel = Parcel("key", "待审1件", choices=(Choice("通过", "通过 1"),))
    office.says(POLICE, "进度", GROUP)

    office.house.platforms["dingtalk"].send(GROUP, parcel)

    said = office.twin.seen(GROUP)[-1]
    assert (said.msgtype, said.text) == ("sampleText", "待审1件")


def choices(count: int, label: str = "通过") -> tuple[Choice, ...]:
    return tuple(Choice(f"{label}{n}", f"{label} {n} 〔第1版〕") for n in range(count))


@pytest.mark.parametrize(
    ("offered", "key"),
    [
        (choices(1), "sampleActionCard"),
        (choices(2), "sampleActionCard6"),
        (choices(2, "确认载入并审核"), "sampleActionCard2"),
        (choices(3), "sampleActionCard3"),
        (choices(4), "sampleActionCard4"),
        (choices(MOST), "sampleActionCard5"),
        (choices(MOST + 1), "sampleMarkdown"),
    ],
    ids=["one", "two", "two long", "three", "four", "five", "six"],
)
def test_31_so_many_choices_are_so_many_buttons(offered: tuple[Choice, ...], key: str) -> None:
    said = worded(Parcel("key", "【提示】请选择", choices=offered), alone=True)
    form, param = for_api(said)

    assert form == key
    assert str(param).count("dtmd://dingtalkclient/sendMessage?content=") == len(offered)


def test_31_a_tap_sends_the_words_to_the_last_sign(office: DingTalkOffice) -> None:
    words = "签发 〔草稿3〕 100%&a=b#?"

    office.house.platforms["dingtalk"].send(
        POLICE, Parcel("key", "草稿已生成", choices=(Choice("签发", words),))
    )
    office.twin.robot.follows(POLICE, office.twin.seen(POLICE, 1)[0], "签发").answer()

    assert office.heard()[-1].message["text"] == words


def test_31_a_page_stands_above_the_buttons_that_decide_on_it() -> None:
    page = Page("查看看板（9月6日前有效）", "https://dajuan.example/board/7")
    shown = Shown("草稿已生成", page=page)
    said = worded(Parcel("key", "草稿", choices=choices(2), shown=shown), alone=True)

    assert said.text.endswith("[查看看板（9月6日前有效）](https://dajuan.example/board/7)")
    assert [each.label for each in said.buttons] == ["通过0", "通过1"]


@pytest.mark.parametrize(("count", "orientation"), [(2, "1"), (3, "0")])
def test_31_a_webhook_has_the_same_buttons(count: int, orientation: str) -> None:
    said = worded(Parcel("key", "待审1件", choices=choices(count)), alone=True)
    body = for_webhook(said)["actionCard"]

    assert [each["title"] for each in body["btns"]] == [e.label for e in choices(count)]
    assert body["btnOrientation"] == orientation


def test_31_a_webhook_has_one_button_as_a_title_of_the_card() -> None:
    said = for_webhook(worded(Parcel("key", "待审1件", choices=choices(1)), alone=True))

    assert said["actionCard"]["singleTitle"] == "通过0"
