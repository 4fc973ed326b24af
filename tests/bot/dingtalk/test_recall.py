"""`dajuan outbox recall`: what left within a day is taken back, and what stays says why."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot import cli_queues
from bot.keys import KeyRing
from bot.recall import TAKEN_BACK, Outcome, recall_words
from bot.roster_chats import Wanted, add_robot
from models.audit import trail_of
from models.chat import Chat, Door
from models.db import Database
from models.message import Reply
from models.outbox import OutboxMessage, OutboxState, Priority, say
from tests.connected import SECRET, Office
from tests.console import Dajuan
from tests.dingtalk import DingTalkOffice
from tests.wecom import open_wecom

BATCH, FROM_GROUP = "robot/otoMessages/batchRecall", "robot/groupMessages/recall"
ADMIN, GROUP, PLACE = "管理员甲", "联络员群", "联络员群"


def chat_of(office: Office, address: str) -> int:
    with office.house.database.read() as session:
        return session.exec(select(Door.chat_id).where(Door.address == address)).one()


def say_to(office: Office, chat: int, *texts: str) -> list[int]:
    """Words that each are a message of their own; their numbers."""
    with office.house.database.write() as session:
        for text in texts:
            reply, now = Reply(text, secret=True), office.house.clock()
            say(session, chat, reply, key=text, now=now, priority=Priority.ALARM)
    office.works()
    rows = words(office)
    return [next(row.id or 0 for row in rows if row.key == f"{text}:0") for text in texts]


def words(office: Office) -> list[OutboxMessage]:
    with office.house.database.read() as session:
        return list(session.exec(select(OutboxMessage).order_by(col(OutboxMessage.id))).all())


def recall(office: Office, *numbers: int) -> list[Outcome]:
    house = office.house
    return recall_words(house.database, house.platforms, numbers, house.clock())


@pytest.fixture
def known(office: DingTalkOffice) -> DingTalkOffice:
    """The same once the admin has a single chat and the group's robot is in its group."""
    office.says(ADMIN, "任务")
    office.twin.corp.meets(PLACE)
    return office


def test_19_twenty_five_words_are_taken_back_by_twenties(known: DingTalkOffice) -> None:
    chat = chat_of(known, ADMIN)
    numbers = say_to(known, chat, *(f"第{n}条" for n in range(15)))
    known.forward(2)  # twenty a second is all that is taken
    numbers += say_to(known, chat, *(f"第{n}条" for n in range(15, 25)))
    before = len(known.twin.seen(ADMIN))

    outcomes = recall(known, *numbers)

    assert outcomes == [Outcome(number) for number in numbers]
    assert [len(each.body["processQueryKeys"]) for each in known.twin.sent(BATCH)] == [20, 5]
    assert len(known.twin.seen(ADMIN)) == before - 25
    rows = [row for row in words(known) if row.id in numbers]
    assert {(row.state, row.answer) for row in rows} == {(OutboxState.DROPPED, TAKEN_BACK)}
    with known.house.database.read() as session:
        [act] = trail_of(session, "outbox", numbers[0])
    assert (act.action, act.before["state"]) == ("recall", "sent")
    assert act.before["answer"].startswith("query")


def test_19_words_to_people_and_to_a_group_are_called_back_each_by_their_own_way(
    known: DingTalkOffice,
) -> None:
    [alone] = say_to(known, chat_of(known, ADMIN), "给本人")
    [openly] = say_to(known, chat_of(known, PLACE), "给全群")

    assert recall(known, alone, openly) == [Outcome(alone), Outcome(openly)]

    [people], [group] = known.twin.sent(BATCH), known.twin.sent(FROM_GROUP)
    assert group.body["openConversationId"] == PLACE
    assert people.body["robotCode"] == group.body["robotCode"]
    assert known.twin.seen(PLACE) == []


def test_what_was_said_to_several_in_one_call_is_taken_back_from_all_of_them(
    office: DingTalkOffice,
) -> None:
    people = [ADMIN, "领导甲", "州公安局联络员"]
    for person in people:
        office.says(person, "帮助")
    with office.house.database.write() as session:
        for person in people:
            chat = session.exec(select(Door.chat_id).where(Door.address == person)).one()
            say(session, chat, Reply("今晚停机"), key=person, now=office.house.clock())
    office.works()
    rows = [row for row in words(office) if row.text == "今晚停机"]
    assert len({row.answer for row in rows}) == 1

    outcomes = recall(office, rows[1].id or 0)

    assert outcomes == [Outcome(row.id or 0) for row in rows]
    assert len(office.twin.sent(BATCH)) == 1
    for person in people:
        assert "今晚停机" not in [each.text for each in office.twin.seen(person)]


def test_what_cannot_be_taken_back_stays_and_says_why(known: DingTalkOffice) -> None:
    house, chat = known.house, chat_of(known, ADMIN)
    [old] = say_to(known, chat, "昨天的")
    known.forward(timedelta(hours=24).total_seconds())
    [gone] = say_to(known, chat, "本人已撤回的")
    known.twin.seen(ADMIN)[-1].recalled = True
    known.twin.record.screens[ADMIN].pop()
    with house.database.write() as session:
        say(session, chat, Reply("还在等"), key="later", now=house.clock() + timedelta(hours=1))
    waiting = words(known)[-1].id or 0

    outcomes = {each.number: each.why for each in recall(known, old, gone, waiting, 999)}

    assert "24 hours" in outcomes[old]
    assert outcomes[gone].startswith("钉钉没有撤回（消息不存在")
    assert "not sent" in outcomes[waiting]
    assert "not sent" in outcomes[999]
    states = {row.id: row.state for row in words(known)}
    assert (states[old], states[gone]) == (OutboxState.SENT, OutboxState.SENT)
    assert states[waiting] == OutboxState.WAITING


def test_a_robots_words_stay(known: DingTalkOffice) -> None:
    token = "66d9c1c5b3a4f0e7" * 4
    known.twin.add_robot(token, "", PLACE)
    with known.house.database.write() as session:
        chat = session.exec(select(Chat).where(Chat.name == GROUP)).one()
        for door in session.exec(select(Door).where(Door.chat_id == chat.id)).all():
            session.delete(door)
        session.flush()
        wanted, now = Wanted(GROUP, chat=chat.id or 0), known.house.clock()
        add_robot(session, wanted, "dingtalk_robot", f"{token} SEC", KeyRing(SECRET), now)
    [number] = say_to(known, chat.id or 0, "周排名")

    assert recall(known, number) == [
        Outcome(number, "dingtalk_robot cannot take back what it said")
    ]


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        (lambda faults: faults.answer(BATCH, "system.error"), "钉钉系统繁忙"),
        (lambda faults: faults.hang_up(BATCH), "等待钉钉回应超时"),
    ],
    ids=["refused", "no answer"],
)
def test_where_the_call_comes_to_nothing_the_words_stay_and_can_be_called_back_again(
    known: DingTalkOffice, trouble: Callable[[object], None], told: str
) -> None:
    [number] = say_to(known, chat_of(known, ADMIN), "给本人")
    trouble(known.twin.faults)

    [first] = recall(known, number)

    assert told in first.why
    assert recall(known, number) == [Outcome(number)]


def test_the_command_says_of_each_word_what_came_of_it(
    known: DingTalkOffice, dajuan: Dajuan, monkeypatch: pytest.MonkeyPatch
) -> None:
    [number] = say_to(known, chat_of(known, ADMIN), "给本人")
    monkeypatch.setattr(cli_queues, "open_house", lambda: nullcontext(known.house))

    well = dajuan("outbox", "recall", str(number))
    again = dajuan("outbox", "recall", str(number), "999")

    assert (well.code, well.out) == (0, f"word {number} taken back\n")
    assert again.code == 1
    assert again.out.splitlines()[1].startswith("word 999 stays: it was not sent")
    assert not (Path.cwd() / "var").exists()


def test_an_app_of_wecom_takes_its_words_back_as_well(
    sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_wecom(sqlite, tmp_path, monkeypatch) as office:
        office.says(ADMIN, "任务")
        numbers = say_to(office, chat_of(office, ADMIN), "第1条", "第2条")
        assert len(office.twin.seen(ADMIN)) == 3

        assert recall(office, *numbers) == [Outcome(number) for number in numbers]

        assert len(office.twin.seen(ADMIN)) == 1
        assert len(office.twin.sent("message/recall")) == 2
        assert office.twin.complaints == []
