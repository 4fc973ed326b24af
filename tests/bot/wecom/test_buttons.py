"""Buttons by each of WeCom's doors: offered, tapped, tapped again, and by whoever may not."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from bot.wecom.cards import APP, BOT, PICK, button_card, card_of, key_of, task_id
from models.db import Database
from models.member import Account
from models.message import Choice
from models.outbox import OutboxMessage
from models.submission import Submission, SubmissionState
from scheduler.routing import Parcel
from tests.handlers.test_reporting_crops import CAPTION, HIGH, OFFICE
from tests.handlers.test_reporting_crops import REPORT as WITH_PICTURE
from tests.talk import MORNING, Talk
from tests.twins.record import Bubble
from tests.wecom import WecomOffice, move_to_wecom, serving

POLICE, ADMIN = "州公安局联络员", "管理员甲"
REPORT = "报送 州1-7\n截至：7月31日\n完成数：3600个\n措施：分片包干，逐村安装调试。"
LONG = REPORT + "\n问题：" + "杆线资源不足，部分村寨供电不稳，需要乡镇协调。" * 8


@dataclass
class Hands:
    """What people do at one of the doors: they write, and they tap."""

    office: WecomOffice
    door: str

    def says(self, person: str, text: str, *pictures: bytes) -> None:
        twin = self.office.twin
        if self.door == "app":
            for each in pictures:
                twin.app.shows(person, each).answer()
            twin.app.says(person, text).answer()
            self.office.works()
        elif self.door == "bot":
            said = twin.bot.mixes(person, text, *pictures)
            said.answer()
            self.office.works()
            said.until_finished()
        else:
            twin.answers(twin.linked.mixes(person, text, *pictures))
            self.office.works()

    def taps(self, person: str, label: str) -> Bubble:
        """The newest button of this label that *person* sees; the card as it stands then."""
        card, key = self.button(person, label)
        self.sends(person, card, key)
        return card

    def sends(self, person: str, card: Bubble, key: str) -> None:
        """A tap that sends *key*, also one that is no longer, or never was, to be seen."""
        twin = self.office.twin
        # WeCom tells two taps of one second apart by nothing.
        twin.clock.forward(1)
        if self.door == "app":
            twin.app.taps_card(person, card, key).answer()
        elif self.door == "bot":
            twin.bot.taps_card(person, card.body, key).answer()
        else:
            twin.answers(twin.linked.taps_card(person, card.body, key))
        self.office.works()

    def button(self, person: str, label: str) -> tuple[Bubble, str]:
        for card in reversed(self.cards(person)):
            for each in card.body["button_list"]:
                if each["text"] == label:
                    assert card.door == ("app" if self.door == "app" else "bot")
                    return card, each["key"]
        raise AssertionError(f"no button {label}")

    def cards(self, person: str) -> list[Bubble]:
        seen = self.office.twin.seen(person)
        return [each for each in seen if each.msgtype == "template_card"]

    def reads(self, person: str) -> list[str]:
        """Everything that *person* sees, oldest first."""
        return [words_of(each) for each in self.office.twin.seen(person)]

    def report(self, number: int = 1) -> Submission:
        with self.office.house.database.read() as session:
            return session.get_one(Submission, number)


def words_of(bubble: Bubble) -> str:
    if bubble.msgtype != "template_card":
        return bubble.text.replace("\\", "")
    title = bubble.body["main_title"]
    lines = (title["title"], title.get("desc", ""), bubble.body.get("sub_title_text", ""))
    return "\n".join(filter(None, lines))


def shown_after(card: Bubble) -> list[str]:
    """What a card shows that was tapped: the app's has one word in the place of all buttons."""
    if "button" in card.body:
        return [card.body["button"]]
    return [each["text"] for each in card.body["button_list"]]


@pytest.fixture(params=["app", "bot", "link"])
def hands(
    request: pytest.FixtureRequest,
    sqlite: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Hands]:
    Talk(sqlite)
    with sqlite.write() as session:
        move_to_wecom(session)
        people = list(session.exec(select(Account.user_id)).all())
    linked = request.param == "link"
    with serving(sqlite, tmp_path, monkeypatch, people, MORNING, linked=linked) as office:
        yield Hands(office, request.param)
        assert office.twin.complaints == []


def test_21_a_crop_on_offer_is_taken_by_a_tap_and_once(hands: Hands) -> None:
    hands.says(OFFICE, f"{WITH_PICTURE}\n{CAPTION}", HIGH)
    _, words = hands.button(OFFICE, "用裁剪图")

    card = hands.taps(OFFICE, "用裁剪图")

    assert shown_after(card) == ["已选：用裁剪图"]
    assert any("已收到 #1" in each for each in hands.reads(OFFICE))
    hands.sends(OFFICE, card, words)
    assert hands.reads(OFFICE)[-1].startswith("这是先前的提示")
    assert hands.report().version == 1


def test_21_a_report_is_passed_by_a_tap_and_once(hands: Hands) -> None:
    hands.says(POLICE, LONG)
    hands.says(ADMIN, "查看 1")
    _, words = hands.button(ADMIN, "通过")
    assert [each["text"] for each in hands.cards(ADMIN)[-1].body["button_list"]] == ["通过", "退回"]

    card = hands.taps(ADMIN, "通过")
    assert shown_after(card) == ["已选：通过"]
    assert any(each.startswith("已通过：#1") for each in hands.reads(ADMIN))
    hands.sends(ADMIN, card, words)

    assert "未重复处理" in hands.reads(ADMIN)[-1]
    assert hands.report().state == SubmissionState.ACCEPTED
    with hands.office.house.database.read() as session:
        told = [e.text for e in session.exec(select(OutboxMessage)).all() if "已审核通过" in e.text]
    assert len(told) == 1


def test_21_the_reason_of_a_return_follows_the_tap(hands: Hands) -> None:
    hands.says(POLICE, REPORT)
    hands.says(ADMIN, "待审")

    hands.taps(ADMIN, "退回")
    assert any("请直接回复原因" in each for each in hands.reads(ADMIN))
    hands.says(ADMIN, "图片有水印，请换原图")

    assert hands.report().state == SubmissionState.RETURNED
    assert hands.report().return_reason == "图片有水印，请换原图"


def test_21_whoever_may_not_is_refused_by_a_tap_as_by_words(hands: Hands) -> None:
    hands.says(POLICE, REPORT)
    hands.says(ADMIN, "查看 1")
    card, key = hands.button(ADMIN, "通过")

    hands.says(POLICE, "通过 1")
    by_words = hands.reads(POLICE)[-1]
    hands.sends(POLICE, card, key)

    assert hands.reads(POLICE)[-1] == by_words
    assert hands.report().state == SubmissionState.SUBMITTED


def test_21_a_button_that_was_tapped_sends_nothing_more(hands: Hands) -> None:
    hands.says(POLICE, REPORT)
    hands.says(ADMIN, "查看 1")
    card = hands.taps(ADMIN, "退回")
    if hands.door == "app":
        return  # what stands there then is no button
    [left] = card.body["button_list"]
    before = hands.reads(ADMIN)

    hands.sends(ADMIN, card, left["key"])

    assert hands.reads(ADMIN) == before
    assert hands.report().state == SubmissionState.SUBMITTED


def test_an_admin_answers_a_wish_by_a_tap(office: WecomOffice) -> None:
    hands = Hands(office, "app")
    office.twin.clock.forward(23 * 24 * 3600)
    hands.says(ADMIN, "帮助")
    hands.says(POLICE, "延期 新7 9月27日 数据没汇总完")
    office.forward(60)
    [asked] = hands.cards(ADMIN)
    assert "【申请1】州公安局 新7" in words_of(asked)

    hands.taps(ADMIN, "同意")

    assert any(each.startswith("已同意申请1") for each in hands.reads(ADMIN))
    assert shown_after(asked) == ["已选：同意"]


def test_a_word_too_long_for_a_card_comes_with_its_buttons_below(office: WecomOffice) -> None:
    hands = Hands(office, "app")
    hands.says(POLICE, LONG)
    before = len(office.twin.seen(ADMIN))
    hands.says(ADMIN, "查看 1")

    text, card = office.twin.seen(ADMIN)[before:]
    assert "乡镇协调" in text.text
    assert "审核请发“通过 1”或“退回 1 原因”。" in text.text
    assert words_of(card) == "#1 州公安局 州1-7 雪亮工程"


def test_what_nobody_asked_for_comes_as_one_message(office: WecomOffice) -> None:
    long = Parcel("key", "很长的话。\n" + "说明" * 200, choices=(Choice("同意", "同意 1"),))
    app = office.house.platforms["wecom_app"]

    app.send(ADMIN, long)

    assert [each.msgtype for each in office.twin.seen(ADMIN)] == ["text"]


def test_buttons_that_are_refused_take_nothing_from_the_words(office: WecomOffice) -> None:
    hands = Hands(office, "app")
    hands.says(POLICE, LONG)
    app, calls = office.house.platforms["wecom_app"], list[str]()
    parcel = Parcel("key", LONG, choices=(Choice("通过", "通过 1"),), answers="app:1")
    post = app._api.post  # type: ignore[attr-defined]

    def refusing(path: str, body: dict[str, Any]) -> dict[str, Any]:
        calls.append(body["msgtype"])
        if body["msgtype"] == "template_card":
            office.twin.faults.answer("message/send", 40058)
        return post(path, body)

    app._api.post = refusing  # type: ignore[attr-defined]
    assert app.send(ADMIN, parcel)
    assert calls == ["text", "template_card"]
    assert [each.msgtype for each in office.twin.seen(ADMIN)] == ["text"]


CHOICE = (Choice("通过", "通过 128"),)


@pytest.mark.parametrize(
    ("text", "title", "line", "body"),
    [
        ("标题\n正文", "标题", None, "正文"),
        ("题" * 36 + "\n" + "文" * 160, "题" * 36, None, "文" * 160),
        ("题\n" + "行" * 44 + "\n" + "文" * 160, "题", "行" * 44, "文" * 160),
        ("题" * 37 + "\n正文", "请点选", None, "题" * 37 + "\n正文"),
    ],
)
def test_a_card_shows_all_of_a_word(text: str, title: str, line: str | None, body: str) -> None:
    card = card_of(Parcel("key", text, choices=CHOICE), APP)

    assert card is not None
    assert card["main_title"] == {"title": title} | ({"desc": line} if line else {})
    assert card["sub_title_text"] == body


@pytest.mark.parametrize(
    "text", ["题\n" + "文" * 161, "题" * 161, "题\n" + "行" * 45 + "\n" + "文" * 160]
)
def test_no_card_cuts_a_word(text: str) -> None:
    parcel = Parcel("key", text, choices=CHOICE)

    assert card_of(parcel, APP) is None
    assert card_of(Parcel("key", "题\n" + "文" * 113, choices=CHOICE), BOT) is None
    assert len(button_card(parcel)["main_title"]["title"]) <= BOT.title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("待审1件：\n#2 州卫健委", "待审1件"),
        (
            "州1-9 尚未报完，先为您放下。\n州1-12 产前筛查（1—7月）\n请核对：",
            "州1-12 产前筛查（1—7月）",
        ),
        ("草稿已生成。\n核对无误请发“签发”。", "草稿已生成。"),
        ("", PICK),
    ],
)
def test_buttons_stand_below_what_they_are_about(text: str, title: str) -> None:
    card = button_card(Parcel("key", text, choices=CHOICE))

    assert card["main_title"]["title"] == title


@pytest.mark.parametrize("key", ["reply:128:0", "tell:7:1:exception:0", "digest:周报:2021-W35:0"])
def test_a_card_names_the_word_behind_it(key: str) -> None:
    assert key_of(task_id(key)) == key


def test_a_key_too_long_for_a_card_still_tells_it_from_others() -> None:
    one, other = task_id("k" * 200), task_id("k" * 201)

    assert one != other
    assert len(one) <= 128
    assert key_of(one) != "k" * 200


@pytest.mark.parametrize("task", ["", "dajuan_", "dajuan_%%%", "another", "dajuan_/+", "长"])
def test_a_card_of_nobodys_names_no_word(task: str) -> None:
    key_of(task)
