"""Cards of DingTalk: offered, tapped, tapped again, by whoever may not, and said without them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import col, select
from structlog.testing import capture_logs

from bot.dingtalk.cards import MOST, card_data
from bot.dingtalk.signature import check_card_signature
from bot.dingtalk.tracks import LONGEST, Track, Tracks
from bot.platforms.dingtalk import PATIENCE
from bot.queues import retry_word
from bot.recall import Outcome, recall_words
from bot.spool import SPOOL
from models.db import Database
from models.errors import BadRequest
from models.inbox import InboxMessage
from models.message import ChatKind, Choice
from models.outbox import OutboxMessage, OutboxState
from models.quota import month_of, spend
from models.shown import Page, Shown, Table
from models.submission import SubmissionState
from scheduler.routing import Parcel
from tests.bot.dingtalk.card_hands import (
    ADMIN,
    CREATE,
    GROUP,
    POLICE,
    REGISTER,
    REPORT,
    TEMPLATE,
    UPDATE,
    CardHands,
    labels,
    params_of,
    stands,
    with_cards,
)
from tests.connected import SECRET
from tests.handlers.test_reporting_crops import CAPTION, HIGH, OFFICE
from tests.handlers.test_reporting_crops import REPORT as WITH_PICTURE
from tests.twins.courier import Letter

LONG = REPORT + "\n问题：" + "杆线资源不足，部分村寨供电不稳，需要乡镇协调。" * 18
AMENDED = REPORT.replace("3600", "3601").replace("报送", "更正")
CHOICE = (Choice("通过", "通过 1 〔第1版〕"),)


@pytest.fixture(params=["http", "stream"])
def hands(
    request: pytest.FixtureRequest,
    sqlite: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[CardHands]:
    monkeypatch.chdir(tmp_path)  # where the spool is kept
    with with_cards(sqlite, tmp_path, monkeypatch, stream=request.param == "stream") as hands:
        yield hands
        assert hands.office.twin.complaints == []


@pytest.fixture
def called(
    sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[CardHands]:
    """The robot at its address, where how it hears does not matter."""
    with with_cards(sqlite, tmp_path, monkeypatch) as hands:
        yield hands
        assert hands.office.twin.complaints == []


def rows(hands: CardHands, prefix: str = "") -> list[OutboxMessage]:
    with hands.office.house.database.read() as session:
        query = select(OutboxMessage).where(col(OutboxMessage.key).startswith(prefix))
        return list(session.exec(query.order_by(col(OutboxMessage.id))).all())


def heard(hands: CardHands) -> list[InboxMessage]:
    return hands.office.heard()


def tries(hands: CardHands, path: str) -> int:
    return hands.office.twin.record.tries[path]


# 31: single-use, the actor checked, a second click harmless, and without cards


def test_31_a_report_is_passed_by_a_tap_and_once(hands: CardHands) -> None:
    hands.says(POLICE, REPORT)
    hands.says(ADMIN, "查看 1")
    card = hands.card(ADMIN)
    assert labels(card) == ["通过", "退回"]
    assert params_of(card)["title"].startswith("#1 州公安局 州1-7")
    assert "3600" in params_of(card)["text"]

    hands.taps(ADMIN, card, "通过")

    assert (labels(card), stands(card)) == ([], "已选：通过")
    assert [each for each in hands.reads(ADMIN) if each.startswith("已通过：#1")]
    assert hands.report().state == SubmissionState.ACCEPTED
    before = hands.reads(ADMIN)
    hands.taps(ADMIN, card, "通过")
    assert hands.reads(ADMIN) == before
    assert len([each for each in rows(hands) if "已审核通过" in each.text]) == 1


def test_31_an_old_card_passes_nothing_that_was_not_seen(hands: CardHands) -> None:
    hands.says(POLICE, REPORT)
    hands.says(ADMIN, "查看 1")
    old = hands.card(ADMIN)
    hands.says(POLICE, AMENDED)
    assert stands(old) == "已有更正"

    hands.taps(ADMIN, old, "通过")

    assert hands.report().state == SubmissionState.SUBMITTED
    assert "第2版" in hands.reads(ADMIN)[-1]


def test_31_whoever_may_not_is_refused_by_a_tap_as_by_words(hands: CardHands) -> None:
    hands.says(POLICE, REPORT)
    hands.says(ADMIN, "查看 1")
    card = hands.card(ADMIN)
    hands.says(POLICE, "通过 1")
    by_words = hands.reads(POLICE)[-1]

    hands.taps(POLICE, card, "通过")

    assert hands.reads(POLICE)[-2:] == [by_words, by_words]
    assert hands.report().state == SubmissionState.SUBMITTED
    assert labels(card) == ["通过", "退回"], "what another tapped takes no button from the admin"


def test_31_the_reason_of_a_return_follows_the_tap(called: CardHands) -> None:
    called.says(POLICE, REPORT)
    called.says(ADMIN, "待审")

    called.taps(ADMIN, called.card(ADMIN), "退回")
    assert any("请直接回复原因" in each for each in called.reads(ADMIN))
    called.says(ADMIN, "图片有水印，请换原图")

    assert called.report().return_reason == "图片有水印，请换原图"


def test_31_a_crop_on_offer_is_taken_by_a_tap(called: CardHands) -> None:
    called.says(OFFICE, f"{WITH_PICTURE}\n{CAPTION}", HIGH)
    card = called.card(OFFICE)

    called.taps(OFFICE, card, "用裁剪图")

    assert stands(card) == "已选：用裁剪图"
    assert any("已收到 #1" in each for each in called.reads(OFFICE))


def test_31_a_card_in_a_group_calls_back_without_a_mention(hands: CardHands) -> None:
    hands.office.says(ADMIN, "进度", GROUP)
    hands.robot.send(GROUP, Parcel("bulk:1:0", "待审1件", choices=(Choice("进度", "进度"),)))
    card, before = hands.card(GROUP), len(hands.reads(GROUP))

    hands.taps(ADMIN, card, "进度")

    [said] = [each for each in heard(hands) if each.message_id.startswith("card:")]
    assert (said.chat_id, said.message["chat_kind"]) == (GROUP, ChatKind.GROUP)
    assert (said.sender_id, said.message["tapped"]) == (ADMIN, "")
    assert len(hands.reads(GROUP)) == before + 1
    assert hands.of(card).private == {ADMIN: {"chosen": "已选：进度"}}
    assert labels(card) == ["进度"], "others may choose for themselves"


def test_31_an_answer_to_a_tap_takes_no_address_of_a_session(called: CardHands) -> None:
    called.says(POLICE, REPORT)
    called.says(ADMIN, "查看 1")
    called.taps(ADMIN, called.card(ADMIN), "通过")

    said = called.office.twin.seen(ADMIN)[-1]
    assert (said.door, said.text.startswith("已通过：#1")) == ("api", True)


def test_31_a_card_is_known_by_what_nobody_can_guess() -> None:
    one, other = Tracks(SECRET), Tracks("another secret, long enough")
    track = Track("digest:minsheng-2021:weekly:2021-W35:chat7:0", GROUP)

    assert one.of(track) == one.of(track)
    assert one.read(one.of(track)) == track
    assert len({one.of(track), other.of(track), one.of(Track(track.key))}) == 3
    assert len(one.of(track)) <= LONGEST
    for said in ("", "dajuan_", "dajuan_x.y", other.of(track), one.of(track)[:-1], "é", "\ud800"):
        with pytest.raises(BadRequest) as refused:
            one.read(said)
        assert refused.value.status == 403


@pytest.mark.parametrize("words", ["通过 1 〔第1版〕", "通过 2", "AAAAAAAAAAAA 通过 1 〔第1版〕"])
def test_31_a_card_says_nothing_that_it_does_not_offer(called: CardHands, words: str) -> None:
    """Only the time of a call is signed: whoever saw one could write what they like."""
    called.says(POLICE, REPORT)
    called.says(ADMIN, "查看 1")
    card, before = called.card(ADMIN), len(heard(called))

    called.hands_back(ADMIN, called.of(card).track, words)

    assert len(heard(called)) == before
    assert labels(card) == ["通过", "退回"]


def test_31_what_one_card_offers_another_does_not(called: CardHands) -> None:
    called.says(POLICE, REPORT)
    called.says(ADMIN, "查看 1")
    called.says(ADMIN, "待审")
    one, other = called.cards(ADMIN)

    called.hands_back(ADMIN, called.of(other).track, params_of(one)["w1"])

    assert called.report().state == SubmissionState.SUBMITTED


def test_31_what_a_card_cannot_say_comes_whole_with_its_buttons(called: CardHands) -> None:
    called.says(POLICE, LONG)
    called.says(ADMIN, "查看 1")

    assert called.cards(ADMIN) == []
    assert "乡镇协调" in called.office.twin.seen(ADMIN)[-1].text
    assert called.links(ADMIN) == ["通过", "退回"]


@pytest.mark.parametrize(
    "parcel",
    [
        Parcel("key", "待审1件"),
        Parcel("key", "待审", choices=CHOICE * (MOST + 1)),
        Parcel("key", "题\n" + "文" * 334, choices=CHOICE),
        Parcel("key", "题\n文", choices=(Choice("通过", "通" * 334),)),
        Parcel("key", "题", mime="image/png", choices=CHOICE),
    ],
    ids=["no choices", "seven", "long", "long words", "picture"],
)
def test_31_no_card_cuts_a_word(parcel: Parcel) -> None:
    assert card_data(parcel) is None


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        ("待审1件：\n#2 州卫健委", "待审1件", "#2 州卫健委"),
        ("待审1件", "待审1件", ""),
        ("题" * 41 + "\n正文", "请查看", "题" * 41 + "  \n  正文"),
        ("【提示】x\n<b> [a](dtmd://x) **y**", "【提示】x", "＜b＞ ［a］(dtmd：//x) ＊＊y＊＊"),
        ("题\n" + "文" * 333, "题", "文" * 333),
    ],
)
def test_31_a_card_shows_all_of_a_word_and_nothing_of_it_acts(
    text: str, title: str, body: str
) -> None:
    data = card_data(Parcel("key", text, choices=CHOICE))

    assert data is not None
    assert (data["title"], data["text"]) == (title, body)
    assert (data["b1"], data["w1"]) == ("通过", "通过 1 〔第1版〕")
    assert {data[f"{kind}{n}"] for kind in "bw" for n in range(2, 7)} == {""}


def test_31_a_card_has_the_table_and_the_page_of_a_word() -> None:
    page = Page("查看看板（9月6日前有效）", "https://dajuan.example/board/7")
    shown = Shown("草稿已生成：\n共1件", Table(("期", "数"), (("8月", "1"),)), "请核对", page)
    data = card_data(Parcel("key", "草稿", choices=CHOICE, shown=shown))

    assert data is not None
    assert data["title"] == "草稿已生成"
    assert data["text"] == (
        "共1件\n\n> **8月** 数：1\n\n请核对\n\n"
        "[查看看板（9月6日前有效）](https://dajuan.example/board/7)"
    )


NOT_DRAWN = {
    "not there": ("param.templateNotExist", "DINGTALK_CARD_TEMPLATE"),
    "not published": ("param.templateUnpublished", "DINGTALK_CARD_TEMPLATE"),
    "no right": ("Forbidden.AccessDenied.AccessTokenPermissionDenied", "权限管理"),
}


@pytest.mark.parametrize(("code", "told"), NOT_DRAWN.values(), ids=NOT_DRAWN)
def test_31_without_a_card_the_words_come_as_before_and_the_operators_hear_why(
    called: CardHands, code: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    warnings = list[str]()
    monkeypatch.setattr(called.robot._cards, "_warn", lambda text, key="": warnings.append(text))
    called.office.twin.faults.answer(CREATE, code, times=None)
    called.says(POLICE, REPORT)

    for asked in ("查看 1", "待审"):
        called.says(ADMIN, asked)
        assert called.links(ADMIN)[-2:] == ["通过", "退回"]

    assert tries(called, CREATE) == 1, "what has to be set right is not tried word by word"
    [warning] = warnings
    assert told in warning
    called.office.twin.faults.clear()
    called.office.twin.clock.forward(3600)
    called.says(ADMIN, "查看 1")
    assert labels(called.card(ADMIN)) == ["通过", "退回"]


def test_31_a_card_that_was_made_and_reached_nobody_is_said_in_words(called: CardHands) -> None:
    called.says(POLICE, REPORT)
    called.office.twin.cards.failing[ADMIN] = "卡片投放失败"
    called.says(ADMIN, "查看 1")

    assert called.cards(ADMIN) == []
    assert called.links(ADMIN) == ["通过", "退回"]


def test_31_what_is_refused_for_its_content_is_said_in_words(called: CardHands) -> None:
    called.says(POLICE, REPORT)
    called.office.twin.faults.answer(CREATE, "param.contentUnsafe")
    called.says(ADMIN, "查看 1")
    assert called.links(ADMIN) == ["通过", "退回"]

    called.says(ADMIN, "查看 1")
    assert labels(called.card(ADMIN)) == ["通过", "退回"], "the next one is a card again"


def test_31_where_dingtalk_is_busy_the_card_comes_later(called: CardHands) -> None:
    called.says(POLICE, REPORT)
    before = len(called.office.twin.seen(ADMIN))
    called.office.twin.faults.answer(CREATE, "system.error")
    called.says(ADMIN, "查看 1")
    assert len(called.office.twin.seen(ADMIN)) == before

    called.office.forward(60)
    assert labels(called.card(ADMIN)) == ["通过", "退回"]


def test_31_a_card_of_unknown_fate_is_not_repeated_and_a_word_of_command_makes_no_second(
    called: CardHands,
) -> None:
    called.office.twin.cards.refuses_known = True
    called.says(POLICE, REPORT)
    called.office.twin.faults.hang_up(CREATE, acted=True)

    called.says(ADMIN, "查看 1")
    called.office.forward(3600)
    [word] = [each for each in rows(called, "reply:") if each.state == OutboxState.UNKNOWN]
    with called.office.house.database.write() as session:
        retry_word(session, word.id or 0, called.office.house.clock())
    called.office.works()

    assert tries(called, CREATE) == 2
    assert len(called.cards(ADMIN)) == 1
    assert {each.state for each in rows(called, word.key)} == {OutboxState.SENT}


def test_31_a_card_can_be_emptied_as_words_are_taken_back(called: CardHands) -> None:
    called.says(POLICE, REPORT)
    called.says(ADMIN, "查看 1")
    card, house = called.card(ADMIN), called.office.house
    [word] = [each for each in rows(called, "reply:") if each.choices]

    outcomes = recall_words(house.database, house.platforms, [word.id or 0], house.clock())

    assert outcomes == [Outcome(word.id or 0)]
    assert card.text.strip() == "本条已撤回\n\n\n\n\n\n\n\n\n\n\n\n\n\n已撤回"
    assert labels(card) == []


@pytest.mark.parametrize(("used", "is_card"), [(3900, True), (4100, False)])
def test_31_choices_are_cards_until_calls_are_scarce(
    called: CardHands, used: int, is_card: bool
) -> None:
    called.says(POLICE, REPORT)
    house = called.office.house
    with house.database.write() as session:
        spend(session, "dingtalk", "api", month_of(house.clock()), used)
    called.office.forward(61)  # what others used is looked at once a minute

    called.says(ADMIN, "查看 1")

    assert bool(called.cards(ADMIN)) is is_card
    if not is_card:
        assert called.links(ADMIN) == ["通过", "退回"]
        assert "session" in {each.door for each in called.office.twin.seen(ADMIN)}


def test_31_each_card_is_counted_as_a_call(called: CardHands) -> None:
    used = called.office.twin.quota.api
    called.says(POLICE, REPORT)
    before = used.used
    called.says(ADMIN, "查看 1")

    assert used.used - before == 2, "the address is registered before the first card"
    called.says(ADMIN, "查看 1")
    assert used.used - before == 3


def test_11_no_log_holds_what_a_card_is_known_by_or_says(hands: CardHands) -> None:
    twin = hands.office.twin
    with capture_logs() as logs:
        hands.says(POLICE, REPORT)
        hands.says(ADMIN, "查看 1")
        card = hands.card(ADMIN)
        track, offered = hands.of(card).track, params_of(card)["w1"]
        twin.faults.answer(CREATE, "param.contentUnsafe")
        hands.says(ADMIN, "查看 1")
        twin.cards.failing[ADMIN] = "卡片投放失败"
        hands.says(ADMIN, "待审")
        hands.hands_back(ADMIN, track, "通过 2")
        hands.office.speech.taps(ADMIN, track, {"words": offered}, corp="dingother").answer()
        twin.faults.answer(UPDATE, "param.cardNotExist")
        hands.taps(ADMIN, card, "通过")
        hands.says(POLICE, "撤回 1")

    events = {each["event"] for each in logs}
    assert {"card not shown", "card not delivered"} <= events
    kept = [track, offered, SECRET, *(e for _, e in twin.cards.callbacks.values())]
    assert not [each for each in (*kept, "通过 2", "3600", ADMIN) if each in str(logs)]


# 32: answered at once, and signed


def test_32_a_tap_is_answered_before_it_is_handled(hands: CardHands) -> None:
    hands.says(POLICE, REPORT)
    hands.says(ADMIN, "查看 1")
    card = hands.card(ADMIN)
    words = params_of(card)["w1"]

    hands.office.speech.taps(ADMIN, hands.of(card).track, {"words": words}).answer()

    hands.office.twin.record.wait(lambda: stands(card) == "已选：通过", 10, "the card")
    assert hands.report().state == SubmissionState.SUBMITTED
    hands.office.works()
    assert hands.report().state == SubmissionState.ACCEPTED


def test_32_a_tap_is_answered_though_the_database_cannot_be_written(
    hands: CardHands, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert PATIENCE < 1
    hands.says(POLICE, REPORT)
    hands.says(ADMIN, "查看 1")
    card = hands.card(ADMIN)
    with hands.office.house.database.write() as session:
        session.execute(text("SELECT 1"))  # on this engine whoever writes, writes alone
        track, words = hands.of(card).track, params_of(card)["w1"]
        hands.office.speech.taps(ADMIN, track, {"words": words}).answer()
        assert len(list(SPOOL.glob("*.json"))) == 1
    hands.office.works()
    hands.office.works()

    assert stands(card) == "已选：通过"
    assert hands.report().state == SubmissionState.ACCEPTED


def test_32_the_same_tap_told_several_times_is_one(hands: CardHands) -> None:
    hands.says(POLICE, REPORT)
    hands.says(ADMIN, "查看 1")
    card = hands.card(ADMIN)
    track, words = hands.of(card).track, params_of(card)["w1"]

    taps = [hands.office.speech.taps(ADMIN, track, {"words": words}) for _ in range(4)]
    for each in taps:
        each.answer()
    hands.office.works()

    assert len([e for e in heard(hands) if e.message_id.startswith("card:")]) == 1
    assert len([e for e in hands.reads(ADMIN) if e.startswith("已通过：#1")]) == 1


def test_32_words_may_stand_under_the_name_that_one_page_gives_them(hands: CardHands) -> None:
    hands.says(POLICE, REPORT)
    hands.says(ADMIN, "查看 1")
    card = hands.card(ADMIN)
    params = {"words": params_of(card)["w1"]}
    hands.office.speech.taps(ADMIN, hands.of(card).track, params, field="value").answer()
    hands.office.works()

    assert hands.report().state == SubmissionState.ACCEPTED


def test_32_whoever_is_of_another_organisation_taps_in_vain(hands: CardHands) -> None:
    hands.says(POLICE, REPORT)
    hands.says(ADMIN, "查看 1")
    card = hands.card(ADMIN)
    params = {"words": params_of(card)["w1"]}
    hands.office.speech.taps(ADMIN, hands.of(card).track, params, corp="dingother").answer()
    hands.office.works()

    assert hands.report().state == SubmissionState.SUBMITTED
    assert labels(card) == ["通过", "退回"]


THEN = datetime.fromtimestamp(1577262236.757, UTC)
SIGNED = {
    "x-ddpaas-signature-timestamp": "1577262236757",
    "x-ddpaas-signature": "ZuBB8APvAfMswxax1h80oQdfPu9Q5mVz2g7oFX+/N6w=",
}


def test_32_the_published_vector_opens() -> None:
    check_card_signature("card-secret", SIGNED, THEN)


@pytest.mark.parametrize(
    ("changed", "after"),
    [
        ({"x-ddpaas-signature-timestamp": "1577262236758"}, 0),
        ({"x-ddpaas-signature": SIGNED["x-ddpaas-signature"].lower()}, 0),
        ({"x-ddpaas-signature": ""}, 0),
        ({"x-ddpaas-signature-timestamp": ""}, 0),
        ({}, 61),
        ({}, -61),
    ],
    ids=["time", "sign", "no sign", "no time", "old", "ahead"],
)
def test_32_any_other_signature_opens_nothing(changed: dict[str, str], after: int) -> None:
    with pytest.raises(BadRequest) as refused:
        check_card_signature("card-secret", SIGNED | changed, THEN + timedelta(minutes=after))

    assert refused.value.status == 403


def test_32_a_robots_signature_opens_no_tap_and_a_cards_no_message(called: CardHands) -> None:
    twin = called.office.twin
    called.says(POLICE, REPORT)
    called.says(ADMIN, "查看 1")
    track, words = called.of(called.card(ADMIN)).track, params_of(called.card(ADMIN))["w1"]
    tapped = twin.robot._tapped(ADMIN, track, {"words": words}, "", "content")
    said = twin.robot.body(ADMIN, "", {"msgtype": "text", "text": {"content": "通过 1"}})
    _, secret = twin.cards.callback(track)
    before = len(heard(called))

    for body, headers in (
        (tapped, twin.robot.letter(b"").headers),
        (said, twin.courier.card_letter(b"", secret).headers),
        (tapped, twin.courier.card_letter(b"", twin.robot.robot.client_secret).headers),
    ):
        made = twin.robot.post(Letter({}, twin.robot.letter(body).body, headers)).answer()
        assert made.status in (400, 403)
    assert len(heard(called)) == before


def test_32_the_address_is_registered_once_before_the_first_card(called: CardHands) -> None:
    called.says(POLICE, REPORT)
    for _ in range(3):
        called.says(ADMIN, "查看 1")

    [registered] = called.office.twin.sent(REGISTER)
    body = registered.body
    assert body["callbackUrl"].endswith("/webhooks/dingtalk")
    assert body["forceUpdate"] is True
    assert SECRET not in str(body)
    assert len(body["apiSecret"]) == 64
    [*_, card] = called.office.twin.sent(CREATE)
    assert card.body["callbackRouteKey"] == body["callbackRouteKey"]
    assert card.body["callbackType"] == "HTTP"
    assert card.body["cardTemplateId"] == TEMPLATE


def test_32_where_it_cannot_be_registered_words_leave_without_a_card(called: CardHands) -> None:
    called.says(POLICE, REPORT)
    called.office.twin.faults.hang_up(REGISTER)
    called.says(ADMIN, "查看 1")
    assert called.links(ADMIN) == ["通过", "退回"]

    called.says(ADMIN, "查看 1")
    assert labels(called.card(ADMIN)) == ["通过", "退回"]


def test_32_on_the_stream_nothing_is_registered(
    sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with with_cards(sqlite, tmp_path, monkeypatch, stream=True) as hands:
        hands.says(POLICE, REPORT)
        hands.says(ADMIN, "查看 1")

        [card] = hands.office.twin.sent(CREATE)
        assert card.body["callbackType"] == "STREAM"
        assert tries(hands, REGISTER) == 0


def test_the_place_of_a_card_is_named_by_the_letters_of_its_person(called: CardHands) -> None:
    called.says(POLICE, REPORT)
    called.says(ADMIN, "查看 1")
    called.office.says(ADMIN, "进度", GROUP)
    called.robot.send(GROUP, Parcel("bulk:1:0", "待审1件", choices=CHOICE))

    alone, together = (each.body for each in called.office.twin.sent(CREATE))
    assert alone["openSpaceId"] == f"dtv1.card//IM_ROBOT.{ADMIN}"
    assert together["openSpaceId"] == f"dtv1.card//IM_GROUP.{GROUP}"
