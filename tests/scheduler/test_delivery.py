"""How owed words leave: in order, urgent ones first, tried again, and never said twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from handlers.context import Services
from handlers.registry import Registry
from models.chat import Chat, Door, chat_at
from models.db import Database, open_database
from models.errors import DeliveryError
from models.inbox import InboxMessage, InboxState
from models.member import RoleName
from models.message import ChatKind, Reply
from models.outbox import OutboxMessage, OutboxState, Priority, oldest_unsent, say
from scheduler.delivery import CLAIM, MAX_ATTEMPTS, Delivery, back_off
from scheduler.routing import Pace, Parcel
from tests.conftest import SHANGHAI
from tests.factories import a_group, a_member
from tests.post import NOW, FakeSender, Post
from tests.talk import ADDRESSES, MediaShelf

THROTTLED = DeliveryError("发送太快", retryable=True)
NOT_IN_GROUP = DeliveryError("机器人不在群里", retryable=False)
NO_ANSWER = DeliveryError("等待回应超时", retryable=True, unknown=True)


class Crash(BaseException):
    """The process dies here."""


@pytest.fixture
def post(sqlite: Database) -> Post:
    """What does not depend on the engine is tried on one."""
    return Post(sqlite)


@pytest.fixture
def on_both(database: Database) -> Post:
    return Post(database)


def test_a_chat_hears_its_words_in_the_order_in_which_they_were_owed(on_both: Post) -> None:
    texts = [f"第{number}句" for number in range(1, 26)]
    for text in texts:
        on_both.owe(text)

    assert on_both.deliver() == 25
    assert on_both.sender.texts == texts


def test_an_answer_goes_before_alarms_and_alarms_before_digests(post: Post) -> None:
    post.owe("周排名")
    post.owe("告警", chat=post.other, priority=Priority.ALARM)
    post.owe("已收到 #128", chat=post.alarms, priority=Priority.REPLY)

    post.deliver()

    assert post.sender.texts == ["已收到 #128", "告警", "周排名"]


def test_a_word_waits_for_the_older_one_of_its_chat_and_other_chats_do_not(post: Post) -> None:
    post.owe("通报第一段")
    post.owe("通报第二段")
    post.owe("另一群的排名", chat=post.other)
    post.sender.troubles = [THROTTLED]

    post.deliver()
    assert post.sender.texts == ["另一群的排名"]

    post.deliver(seconds=11)
    assert post.sender.texts == ["另一群的排名", "通报第一段", "通报第二段"]


def test_an_answer_does_not_wait_for_a_digest_that_is_tried_again(post: Post) -> None:
    post.owe("周排名")
    post.sender.troubles = [THROTTLED]
    post.deliver()
    post.owe("已收到 #128", priority=Priority.REPLY)

    post.deliver()

    assert post.sender.texts == ["已收到 #128"]


def test_a_word_is_not_said_before_its_time(post: Post) -> None:
    post.owe("明早的提醒", now=NOW + timedelta(hours=1))

    assert post.deliver() == 0
    assert post.deliver(hours=1) == 1


@pytest.mark.parametrize(
    ("failed", "seconds"),
    [(1, 10), (2, 60), (3, 600), (30, 600)],
)
def test_the_wait_grows_up_to_ten_minutes_and_is_not_the_same_for_all(
    failed: int, seconds: int
) -> None:
    assert back_off(failed, 0) == timedelta(seconds=seconds)
    assert back_off(failed, 1) == timedelta(seconds=seconds * 0.8)


def test_a_throttled_word_is_tried_again_after_its_wait_and_not_before(on_both: Post) -> None:
    on_both.owe("周排名")
    on_both.sender.troubles = [THROTTLED, THROTTLED]

    tries = [on_both.deliver(seconds=wait) for wait in (0, 9, 1, 59, 1)]

    assert tries == [1, 0, 1, 0, 1]
    row = on_both.row("周排名")
    assert (row.state, row.attempts, row.answer) == (OutboxState.SENT, 3, "taken")
    assert row.sent_at == NOW + timedelta(seconds=70)
    assert on_both.alarm_texts() == []


def test_a_word_that_never_gets_through_is_given_up_and_the_operator_told_once(post: Post) -> None:
    post.owe("周排名")
    post.sender.troubles = [THROTTLED] * MAX_ATTEMPTS

    for _ in range(MAX_ATTEMPTS + 3):
        post.deliver(minutes=10)

    row = post.row("周排名")
    assert (row.state, row.attempts) == (OutboxState.FAILED, MAX_ATTEMPTS)
    assert len(post.alarm_texts()) == 1
    assert f"dajuan outbox show {row.id}" in post.alarm_texts()[0]
    assert "周排名" not in post.alarm_texts()[0]


def test_what_is_permanent_fails_at_once_and_frees_the_words_behind_it(post: Post) -> None:
    post.owe("通报第一段")
    post.owe("通报第二段")
    post.sender.troubles = [NOT_IN_GROUP]

    post.deliver()

    assert post.row("通报第一段").state == OutboxState.FAILED
    assert post.row("通报第一段").answer == "机器人不在群里"
    assert "通报第二段" in post.sender.texts
    assert len(post.alarm_texts()) == 1


def test_a_failed_alarm_raises_no_further_alarm(post: Post) -> None:
    post.owe("周排名")
    post.sender.troubles = [NOT_IN_GROUP, NOT_IN_GROUP]

    post.deliver()
    post.deliver()

    assert len(post.alarm_texts()) == 1


def test_a_chat_without_a_door_that_is_served_fails_with_its_reason(post: Post) -> None:
    post.owe("周排名")

    post.delivery(FakeSender("wecom_app")).deliver_due()

    row = post.row("周排名")
    assert (row.state, row.answer) == (OutboxState.FAILED, "这个会话没有可用的发送通道")


def test_a_file_takes_the_first_door_that_can_carry_it(post: Post) -> None:
    robot, app = FakeSender("sandbox"), FakeSender("wecom_app")
    robot.refuses_files = True
    sha = post.shelf.put(b"%PDF-1.7")
    services = Services(post.shelf, Registry(), SHANGHAI, ADDRESSES)
    with post.database.write() as session:
        session.add(Door(chat_id=post.group, platform="wecom_app", address="wr-1"))
        ref = services.keep(b"%PDF-1.7", "通报.pdf", "application/pdf")
        say(session, post.group, Reply("通报如下", files=(ref,)), key="bulletin", now=NOW)

    post.delivery(robot, app).deliver_due()

    assert ref.sha == sha
    assert robot.said == [("联络员群", "通报如下")]
    assert app.said == [("wr-1", "通报.pdf")]


def test_a_picture_missing_from_the_media_store_fails_without_blocking(post: Post) -> None:
    services = Services(MediaShelf(), Registry(), SHANGHAI, ADDRESSES)
    with post.database.write() as session:
        lost = services.keep(b"lost", "排名.png", "image/png")
        say(session, post.group, Reply("本周排名", pictures=(lost,)), key="digest", now=NOW)
    post.owe("下一条")

    post.deliver()

    assert [text for text in post.sender.texts if "告警" not in text] == ["本周排名", "下一条"]
    with post.database.read() as session:
        row = session.exec(select(OutboxMessage).where(OutboxMessage.key == "digest:1")).one()
    assert row.state == OutboxState.FAILED


def test_without_a_key_an_unknown_outcome_is_recorded_and_never_repeated(
    on_both: Post,
) -> None:
    on_both.owe("周排名")
    on_both.sender.troubles = [NO_ANSWER]

    for _ in range(3):
        on_both.deliver(hours=1)

    assert on_both.row("周排名").state == OutboxState.UNKNOWN
    assert [key for key in on_both.sender.keys if not key.startswith("alarm:")] == ["周排名:0"]
    assert "结果不明" in on_both.alarm_texts()[0]


def test_with_a_key_an_unknown_outcome_is_repeated_under_the_same_key(post: Post) -> None:
    post.sender = FakeSender(knows_keys=True)
    post.owe("周排名")
    post.sender.troubles = [NO_ANSWER]

    post.deliver()
    post.deliver(seconds=10)

    assert post.row("周排名").state == OutboxState.SENT
    assert post.sender.keys == ["周排名:0", "周排名:0"]
    assert post.alarm_texts() == []


def test_with_a_key_an_outcome_that_stays_unknown_ends_as_unknown(post: Post) -> None:
    post.sender = FakeSender(knows_keys=True)
    post.owe("周排名")
    post.sender.troubles = [NO_ANSWER] * MAX_ATTEMPTS

    for _ in range(MAX_ATTEMPTS + 1):
        post.deliver(minutes=10)

    assert post.row("周排名").state == OutboxState.UNKNOWN


@pytest.mark.parametrize(
    ("knows_keys", "state", "tries"),
    [(False, OutboxState.UNKNOWN, 1), (True, OutboxState.SENT, 2)],
    ids=["without a key it may have left", "with a key it is tried again"],
)
def test_a_bug_in_a_platforms_file_holds_up_nothing(
    post: Post, knows_keys: bool, state: OutboxState, tries: int
) -> None:
    """The request may have left before the fault, so it counts as a send of unknown outcome."""
    post.sender = FakeSender(knows_keys=knows_keys)
    post.sender.troubles = [KeyError("errcode")]
    post.owe("周排名")
    post.owe("另一群的排名", chat=post.other)

    post.deliver()
    assert "另一群的排名" in post.sender.texts

    post.deliver(minutes=1)
    assert (post.row("周排名").state, post.row("周排名").attempts) == (state, tries)


@pytest.mark.parametrize(
    ("knows_keys", "state", "said"),
    [(False, OutboxState.UNKNOWN, []), (True, OutboxState.SENT, ["周排名"])],
    ids=["without keys", "with keys"],
)
def test_a_crash_while_a_word_is_in_flight(
    post: Post, knows_keys: bool, state: OutboxState, said: list[str]
) -> None:
    post.sender = FakeSender(knows_keys=knows_keys)
    post.sender.troubles = [Crash()]
    post.owe("周排名")
    with pytest.raises(Crash):
        post.deliver()

    assert post.deliver(seconds=30) == 0, "the claim of the dead process still holds"
    post.deliver(seconds=CLAIM.total_seconds())

    assert post.row("周排名").state == state
    assert [text for text in post.sender.texts if "告警" not in text] == said
    assert len(post.alarm_texts()) == (0 if knows_keys else 1)


def test_a_crash_costs_only_the_word_in_flight_and_not_its_batch(on_both: Post) -> None:
    chats = [on_both.group, on_both.other]
    for number in range(6):
        on_both.owe(f"第{number}句", chat=chats[number % 2])
    on_both.sender.troubles = [None, Crash()]
    with pytest.raises(Crash):
        on_both.deliver()

    on_both.deliver(minutes=3)

    states = [on_both.row(f"第{number}句").state for number in range(6)]
    assert states.count(OutboxState.UNKNOWN) == 1
    assert states.count(OutboxState.SENT) == 5


def test_a_word_dropped_by_the_operator_while_it_was_claimed_is_not_sent(post: Post) -> None:
    post.owe("周排名")
    post.owe("另一群的排名", chat=post.other)

    def drop_the_next(parcel: Parcel) -> None:
        with post.database.write() as session:
            row = session.exec(
                select(OutboxMessage).where(OutboxMessage.text == "另一群的排名")
            ).one()
            row.state = OutboxState.DROPPED

    post.sender.before = drop_the_next
    post.deliver()

    assert post.sender.texts == ["周排名"]


def test_a_slow_deliverer_leaves_rows_to_the_one_that_took_them_over(
    on_both: Post, database_url: str
) -> None:
    """The claim of a batch can run out while its first word hangs; each goes out once even so."""
    slow, quick = FakeSender(), FakeSender()
    for number in range(10):
        on_both.owe(f"第{number}句", chat=(on_both.group, on_both.other)[number % 2])
    other = open_database(database_url)

    def hang(parcel: Parcel) -> None:
        slow.before = lambda parcel: None
        on_both.now += CLAIM + timedelta(seconds=1)
        on_both.delivery(quick, database=other).deliver_due()

    slow.before = hang
    on_both.delivery(slow).deliver_due()
    on_both.delivery(slow).deliver_due(on_both.now + CLAIM)
    other.dispose()

    words = [text for text in (*slow.texts, *quick.texts) if "告警" not in text]
    assert sorted(words) == [f"第{number}句" for number in range(10)]


def test_two_deliverers_at_once_never_double_and_keep_each_chats_order(
    on_both: Post, database: Database, database_url: str
) -> None:
    with on_both.database.write() as session:
        chats = [a_group(session, f"群{number}").id or 0 for number in range(4)]
    texts = [f"{number:03}" for number in range(60)]
    for number, text in enumerate(texts):
        on_both.owe(text, chat=chats[number % 4])
    databases = [open_database(database_url) for _ in range(2)]
    deliveries = [on_both.delivery(database=each) for each in databases]

    def deliver(which: Delivery) -> None:
        while is_waiting():
            which.deliver_due()

    def is_waiting() -> bool:
        with database.read() as session:
            return oldest_unsent(session) is not None

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(deliver, deliveries))
    for each in databases:
        each.dispose()

    assert sorted(on_both.sender.texts) == texts
    for number in range(4):
        heard = [text for address, text in on_both.sender.said if address == f"群{number}"]
        assert heard == sorted(heard)


def test_without_an_alarm_chat_and_operators_the_admins_hear_it(post: Post) -> None:
    services = Services(post.shelf, Registry(), SHANGHAI, ADDRESSES)
    with post.database.write() as session:
        a_member(session, "管理员甲", (RoleName.ADMIN, None))
        chat = a_group(session, "管理员甲的单聊")
        chat.kind = "single"
        door = session.exec(select(Door).where(Door.chat_id == chat.id)).one()
        door.address = "管理员甲"
    post.owe("周排名")
    post.sender.troubles = [NOT_IN_GROUP]
    delivery = Delivery(post.database, {"sandbox": post.sender}, services, lambda: NOW)

    delivery.deliver_due()

    assert [address for address, _ in post.sender.said] == ["管理员甲"]
    assert post.sender.texts[0].startswith("【运维告警】")


def test_a_door_that_may_say_no_more_waits_and_loses_nothing(on_both: Post) -> None:
    on_both.sender.paces = (Pace(2, timedelta(minutes=1)),)
    for number in range(1, 6):
        on_both.owe(f"第{number}条" + "长" * 400)

    told = []
    for _ in range(9):
        on_both.deliver(seconds=15)
        told.append(len(on_both.sender.texts))

    assert told == [2, 2, 2, 2, 4, 4, 4, 4, 5]


def test_texts_that_had_to_wait_leave_as_one_message(on_both: Post) -> None:
    on_both.sender.paces = (Pace(2, timedelta(minutes=1)),)
    for number in range(1, 7):
        on_both.owe(f"第{number}条")

    on_both.deliver()

    assert on_both.sender.texts == ["第1条", "第2条\n第3条\n第4条\n第5条\n第6条"]
    assert {on_both.row(f"第{number}条").state for number in range(1, 7)} == {OutboxState.SENT}


def test_a_picture_stays_in_its_place_among_texts_that_waited(post: Post) -> None:
    post.sender.paces = (Pace(2, timedelta(minutes=1)),)
    services = Services(post.shelf, Registry(), SHANGHAI, ADDRESSES)
    post.owe("第1条")
    with post.database.write() as session:
        shown = services.keep(b"png", "排名.png", "image/png")
        say(session, post.group, Reply("第2条", pictures=(shown,)), key="digest", now=NOW)
    post.owe("第3条")

    for _ in range(4):
        post.deliver(seconds=61)

    assert post.sender.texts == ["第1条", "第2条", "排名.png", "第3条"]


def test_another_chat_does_not_wait_for_a_slow_one(post: Post) -> None:
    post.sender.paces = (Pace(1, timedelta(minutes=1)),)
    post.owe("第1条" + "长" * 600)
    post.owe("第2条" + "长" * 600)
    post.owe("另一群", chat=post.other)

    post.deliver()

    assert sorted(post.sender.texts)[0] == "另一群"
    assert len(post.sender.texts) == 2


def test_a_slow_hour_is_counted_beside_a_slow_minute(post: Post) -> None:
    post.sender.paces = (Pace(5, timedelta(minutes=1)), Pace(6, timedelta(hours=1)))
    for number in range(1, 9):
        post.owe(f"第{number}条" + "长" * 600)

    for _ in range(10):
        post.deliver(minutes=2)

    assert len(post.sender.texts) == 6
    post.deliver(minutes=45)
    assert len(post.sender.texts) == 8


def test_where_a_door_says_that_another_may_do_better_the_next_is_taken(post: Post) -> None:
    app, bot = FakeSender("app", platform="sandbox"), FakeSender("bot", platform="sandbox")
    app.troubles = [DeliveryError("不在可见范围", retryable=False, elsewhere=True)]
    post.owe("周排名")

    post.delivery(app, bot).deliver_due()

    assert (app.texts, bot.texts) == ([], ["周排名"])
    assert post.row("周排名").platform == "bot"


def test_the_last_door_says_why_it_did_not_go(post: Post) -> None:
    app, bot = FakeSender("app", platform="sandbox"), FakeSender("bot", platform="sandbox")
    app.troubles = [DeliveryError("不在可见范围", retryable=False, elsewhere=True)]
    bot.troubles = [DeliveryError("没有说过话", retryable=False, elsewhere=True)]
    post.owe("周排名")

    post.delivery(app, bot).deliver_due()

    row = post.row("周排名")
    assert (row.state, row.answer) == (OutboxState.FAILED, "没有说过话")


def test_a_platform_says_how_long_to_wait(post: Post) -> None:
    post.owe("周排名")
    post.sender.troubles = [
        DeliveryError("调用太频繁", retryable=True, after=timedelta(seconds=60))
    ]

    post.deliver()
    post.deliver(seconds=59)
    assert post.sender.texts == []
    post.deliver(seconds=1)

    assert post.sender.texts == ["周排名"]


@pytest.mark.parametrize("heard_by", ["app", "bot"])
def test_an_answer_leaves_by_the_door_of_its_question(post: Post, heard_by: str) -> None:
    app, bot = FakeSender("app", platform="sandbox"), FakeSender("bot", platform="sandbox")
    with post.database.write() as session:
        chat = chat_at(session, "sandbox", "联络员甲", ChatKind.SINGLE, NOW)
        asked = a_message(session, sender="联络员甲", via=heard_by)
        say(session, chat.id or 0, Reply("已收到"), key="r", now=NOW, reply_to=asked.id)

    post.delivery(app, bot).deliver_due()

    said = {"app": app.texts, "bot": bot.texts}
    assert said.pop(heard_by) == ["已收到"]
    assert [*said.values()] == [[]]


def test_what_a_groups_door_cannot_carry_goes_to_whoever_asked(post: Post) -> None:
    robot, app = FakeSender("robot", platform="sandbox"), FakeSender("app", platform="sandbox")
    robot.reaches_people = False
    robot.refuses_files = True
    services = Services(post.shelf, Registry(), SHANGHAI, ADDRESSES)
    with post.database.write() as session:
        group = Chat(kind=ChatKind.GROUP, name="机器人群", created_at=NOW)
        session.add(group)
        session.flush()
        session.add(Door(chat_id=group.id, platform="sandbox", via="robot", address="key-1"))
        asked = a_message(session, sender="联络员甲", via="robot")
        ref = services.keep(b"%PDF-1.7", "通报.pdf", "application/pdf")
        reply = Reply("通报如下", files=(ref,))
        say(session, group.id or 0, reply, key="b", now=NOW, reply_to=asked.id)

    post.delivery(robot, app).deliver_due()

    assert robot.said == [("key-1", "通报如下")]
    assert app.said == [("联络员甲", "通报.pdf")]


def a_message(session: Session, sender: str, via: str) -> InboxMessage:
    """A message that came by the door *via*."""
    row = InboxMessage(
        platform="sandbox",
        message_id="m1",
        sender_id=sender,
        chat_id=sender,
        received_at=NOW,
        raw=b"",
        message={"via": via},
        state=InboxState.DONE,
    )
    session.add(row)
    session.flush()
    return row
