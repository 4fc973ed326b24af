"""Too much at once: others are served, little is kept, and whoever floods hears of it once."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from bot import webhooks
from bot.flooding import (
    LINES,
    MOST_BYTES,
    MOST_SENDERS,
    SECONDS,
    Flooding,
    Room,
    Seldom,
)
from bot.precedence import CROWD, Precedence
from handlers import phrases
from models.message import ChatKind, IncomingMessage, MessageKind
from tests.hall import NOW, SIGNED, Hall

DOOR = "/webhooks/sandbox"


def web(hall: Hall) -> FastAPI:
    app = FastAPI()
    webhooks.add_doors(app, hall.door, hall.platforms)
    return app


def test_of_a_thousand_messages_few_are_kept_and_others_are_answered_at_their_turn(
    hall: Hall,
) -> None:
    hall.door.flooding = Flooding(per_minute=10)
    for number in range(1000):
        assert hall.write(f"回声 {number}").status == 200
        if number == 500:
            hall.write("回声 您好", sender="联络员乙")
    hall.work()

    assert len(hall.rows()) == 20 + 1 + 1
    # One of the flood before it, one at each turn: not the hundreds that came before.
    assert [line for line in hall.platform.lines if line[0] != "运维群"][:2] == [
        ("联络员甲", "听到 0"),
        ("联络员乙", "听到 您好"),
    ]
    assert [said for _, said in hall.platform.lines].count(phrases.TOO_MANY) == 1
    assert len(hall.alarms) == 1
    told = next(row for row in hall.rows() if row.message["kind"] == MessageKind.TOO_MANY)
    assert f"消息 {told.id} 起" in hall.alarms[0]
    assert "联络员甲" not in hall.alarms[0]
    assert told.message["text"] == ""


def test_who_floods_is_told_once_an_hour_and_heard_again_after_a_moment(hall: Hall) -> None:
    hall.door.flooding = Flooding(per_minute=4)
    for minute in range(3):
        for number in range(20):
            hall.write(f"回声 {minute}-{number}")
        hall.work()
        hall.later(minutes=2)

    assert len(hall.rows()) == 3 * 8 + 1
    assert hall.ask("回声 好了") == ["听到 好了"]

    hall.later(hours=1)
    for number in range(20):
        hall.write(f"回声 又来{number}")
    hall.work()
    assert [said for _, said in hall.platform.lines].count(phrases.TOO_MANY) == 2
    assert len(hall.alarms) == 1, "the operators hear it once a day"


def test_nine_pictures_to_each_of_ten_reports_are_all_taken_at_once(hall: Hall) -> None:
    for report in range(10):
        for picture in range(9):
            hall.write("", id=f"p{report}-{picture}", files=[f"{report}-{picture}"])
        hall.write(f"回声 报送{report}")

    assert len(hall.rows()) == 100
    assert {row.message["kind"] for row in hall.rows()} == {MessageKind.TEXT}


def test_a_whole_months_reports_in_one_day_are_taken(hall: Hall) -> None:
    """Of S1 39 items are due in August, each with nine pictures, sent over a morning."""
    for report in range(39):
        for part in range(10):
            hall.write(f"回声 {report}-{part}")
        hall.later(minutes=4)

    assert len(hall.rows()) == 390


def test_a_flood_while_the_database_is_away_fills_no_disk(hall: Hall) -> None:
    hall.door.flooding = Flooding(per_minute=4)
    with hall.database.write() as session:
        session.execute(text("ALTER TABLE inbox RENAME TO away"))
    for number in range(20):
        assert hall.write(f"回声 {number}").status == 200

    assert len(hall.spool.waiting()) == 8 + 1
    with hall.database.write() as session:
        session.execute(text("ALTER TABLE away RENAME TO inbox"))

    assert hall.door.take_in_spooled() == 8 + 1, "what was let in is let in to the end"
    assert len(hall.rows()) == 8 + 1


def test_calls_that_nobody_signed_cost_no_row_and_hardly_a_line(hall: Hall) -> None:
    client = TestClient(web(hall))
    with capture_logs() as logs:
        for number in range(300):
            forged = client.post(DOOR, content=b"{" * number, headers={"x-sign": "bad"})
            assert (forged.status_code, forged.content) == (403, b"")

    assert hall.rows() == []
    assert hall.spool.waiting() == []
    assert len([each for each in logs if each["event"] == "call refused"]) == LINES


def test_the_next_line_says_how_many_were_not_logged() -> None:
    now = [0.0]
    seldom = Seldom(lambda: now[0])

    assert sum(seldom.times("dingtalk", "a wrong signature") for _ in range(1000)) == LINES
    assert seldom.times("dingtalk", "a stale call") == 1, "another kind is told at once"
    now[0] = SECONDS
    assert seldom.times("dingtalk", "a wrong signature") == 1000 - LINES + 1
    assert seldom.times("dingtalk", "a wrong signature") == 1


def message(number: int) -> IncomingMessage:
    sender = f"people-{number}"
    return IncomingMessage("dingtalk", f"m{number}", sender, sender, ChatKind.SINGLE, "", NOW)


def test_made_up_senders_fill_no_memory() -> None:
    """DingTalk's HTTP mode signs no body: whoever holds one fresh header may write any name."""
    flooding = Flooding()
    for number in range(MOST_SENDERS + 500):
        assert flooding.admitted(message(number), NOW) is not None

    assert len(flooding._senders) == MOST_SENDERS


async def _all(hall: Hall, *bodies: bytes | AsyncIterator[bytes]) -> list[int]:
    """The statuses of calls that come at the same moment."""
    transport = httpx2.ASGITransport(web(hall))
    async with httpx2.AsyncClient(transport=transport, base_url="http://office") as client:
        calls = (client.post(DOOR, content=each, headers=SIGNED) for each in bodies)
        return [answer.status_code for answer in await asyncio.gather(*calls)]


def test_more_calls_at_once_than_there_is_room_for_are_asked_to_come_again(hall: Hall) -> None:
    hall.door.room = Room(calls=8)
    calls = [hall.call(f"回声 {number}").body for number in range(20)]
    statuses = asyncio.run(_all(hall, *calls))

    assert sorted(set(statuses)) == [200, 503]
    assert statuses.count(200) == len(hall.rows()) == 8
    again = [call for call, status in zip(calls, statuses, strict=True) if status == 503]
    assert asyncio.run(_all(hall, *again[:8])) == [200] * 8, "the room is given back"


async def _trickle(*pieces: bytes) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


async def _never() -> AsyncIterator[bytes]:
    yield b"{"
    await asyncio.Event().wait()


def test_bodies_that_are_held_back_hold_no_room(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "BODY_TIME", 0.01)
    hall.door.room = Room(calls=2)

    assert asyncio.run(_all(hall, _never(), _never())) == [408, 408]
    assert asyncio.run(_all(hall, hall.call("回声 在").body)) == [200]


def test_bodies_share_a_bounded_memory(hall: Hall) -> None:
    hall.door.room = Room(size=1_500)
    body = hall.call("回声 在", id="x" * 600).body
    statuses = asyncio.run(_all(hall, body, _trickle(body[:300], body[300:]), b"{" * 1000))

    assert statuses.count(503) >= 1
    assert MOST_BYTES > 2 * webhooks.LARGEST_BODY
    assert asyncio.run(_all(hall, body)) == [200]


def test_what_is_not_taken_makes_no_crowd_that_answers_wait_for(hall: Hall) -> None:
    """In a crowd of messages work makes way for seconds; strangers must not be able to cause it."""
    hall.door.flooding = Flooding(per_minute=4)
    hall.door.precedence = Precedence(lambda: 0.0)  # there every crowd would last for ever
    client = TestClient(web(hall))
    for number in range(2 * CROWD):
        assert client.post(DOOR, content=b"{}", headers={"x-sign": "bad"}).status_code == 403
        assert hall.write(f"回声 {number}").status == 200

    with ThreadPoolExecutor(1) as one_hand:
        one_hand.submit(hall.door.precedence.make_way).result(10)
