"""What was kept long enough ends, and nothing before it: on both engines, in small steps."""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, SQLModel, col, func, select
from structlog.typing import EventDict

from bot.media import FolderStore
from handlers.reporting.waiting import waiting_pictures
from models.chat import ChatPurpose
from models.db import Database
from models.errors import MediaUnavailable
from models.inbox import InboxMessage, InboxState, find_message
from models.invite import Invite, InviteTry, make_invite
from models.link import Link, file_link
from models.listing import Listing
from models.media import Media, SceneKey, keep_media
from models.member import RoleName, members_named
from models.message import MediaRef, Reply
from models.outbox import OutboxMessage, OutboxState, say, was_said
from models.picture import Picture
from models.retention_media import Needed, forget_media
from models.rules.retention import Periods
from models.submission import SubmissionVersion
from models.suggestion import Suggestion
from scheduler import retention
from scheduler.retention import GRACE, end_what_is_over, is_due
from tests.conftest import SHANGHAI, at
from tests.factories import PLATFORM, a_group
from tests.pictures import a_photo, a_view, encoded
from tests.served import until
from tests.stores import waits
from tests.talk import Talk

OFFICE = "州发改委联络员"
POLICE = "州公安局联络员"
REPORT = (
    "报送 省2\n措施：建立清单，逐项销号\n成效：重点项目按期开工\n"
    "图1 重点项目集中开工；2021年7月20日；吉首市经开区"
)
PERIODS = Periods(raw=30, chat=180, words=730)


class House:
    """An office whose media lie in a folder, where time can pass for files as well."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.talk = Talk(database)
        self.database = database
        self.folder = folder
        self.store = FolderStore(folder)
        self.talk.services = replace(self.talk.services, media=self.store)
        self.talk.shelf = self.store  # type: ignore[assignment]  # the same protocol

    def night(self, periods: Periods = PERIODS, **passed: float) -> int:
        """All words leave, so much time passes, and it is night."""
        with self.database.write() as session:
            for row in session.exec(select(OutboxMessage)).all():
                row.state = OutboxState.WAITING if row.key == "late:0" else OutboxState.SENT
        self.talk.later(**passed)
        moment = self.talk.now.timestamp()
        for file in self.folder.rglob("*"):  # time passes for files, too
            if file.is_file() and passed:
                os.utime(file, (moment - timedelta(**passed).total_seconds(),) * 2)
        return self.round(periods)

    def round(self, periods: Periods = PERIODS) -> int:
        now, services = self.talk.now, self.talk.services
        return end_what_is_over(self.database, services, periods, now, put_before=now - GRACE)

    def count(self, table: type[SQLModel], *where: object) -> int:
        with self.database.read() as session:
            query = select(func.count()).select_from(table).where(*where)  # type: ignore[arg-type]
            return session.exec(query).one()

    def message(self, message_id: str) -> InboxMessage | None:
        with self.database.read() as session:
            return find_message(session, PLATFORM, message_id)


@pytest.fixture
def house(database: Database, tmp_path: Path) -> House:
    return House(database, tmp_path / "media")


@pytest.fixture
def light(sqlite: Database, tmp_path: Path) -> House:
    return House(sqlite, tmp_path / "media")


def test_calls_messages_and_words_end_one_after_the_other(house: House) -> None:
    talk = house.talk
    [asked] = talk.say(POLICE, "进度")
    first = talk.last_message_id
    talk.say(POLICE, "帮助")

    assert house.night(days=29) == 0
    assert house.night(days=2) == 3  # both calls, and the list that a number could answer
    row = house.message(first)
    assert row is not None
    assert (row.raw, row.message["text"]) == (b"", "进度")

    assert house.night(days=150) == 2  # what both said; the answers still refer to them
    row = house.message(first)
    assert row is not None
    assert (row.message, row.sender_id) == ({}, "州公安局联络员")
    assert asked in talk.heard(POLICE)

    assert house.night(days=550) > 0
    assert house.message(first) is None
    assert asked not in talk.heard(POLICE)
    assert house.night(days=1) == 0, "the next night finds nothing"


def test_a_report_outlives_the_message_it_came_by(house: House) -> None:
    talk = house.talk
    picture = a_photo(1200, 600)
    [answer] = talk.say(OFFICE, REPORT, pictures=[picture])
    assert "已收到 #1" in answer
    came_by = talk.last_message_id
    talk.say(POLICE, "进度")

    house.night(days=1000)

    row = house.message(came_by)
    assert row is not None
    assert (row.raw, row.message, row.media) == (b"", {}, {})
    with house.database.read() as session:
        version = session.exec(select(SubmissionVersion)).one()
        shown = session.exec(select(Picture)).one()
        media = session.get_one(Media, shown.media_sha)
    assert version.inbox_id == row.id
    assert version.original.startswith("措施：建立清单")
    assert house.store.get(media.stored_sha)
    assert house.store.get(shown.delivered_sha)
    assert "#1" in "".join(talk.say(OFFICE, "查看 1"))


def test_pictures_of_no_report_go_with_their_message_and_shared_bytes_stay(house: House) -> None:
    talk = house.talk
    reported, other = a_photo(1200, 600), encoded(a_view(7, 1400, 700))
    talk.say(POLICE, pictures=[other])
    talk.say(POLICE, "取消")
    talk.say(OFFICE, REPORT, pictures=[reported])
    talk.say(POLICE, pictures=[reported])  # the same bytes, sent by somebody else for nothing
    with house.database.write() as session:
        for row in session.exec(select(InboxMessage)).all():
            shas = [each.sha for each in session.exec(select(Media)).all()]
            row.media = {str(n): {"sha": sha} for n, sha in enumerate(shas)}
    assert house.count(Media) == 2

    house.night(days=179)
    assert house.count(Media) == 2

    house.night(days=2)
    with house.database.read() as session:
        [left] = session.exec(select(Media)).all()
        [picture] = session.exec(select(Picture)).all()
        keys = set(session.exec(select(SceneKey.media_sha)).all())
    assert left.sha == picture.media_sha
    assert keys <= {left.sha}
    assert set(house.store.addresses()) == {
        sha for sha in (left.stored_sha, left.crop_sha, picture.delivered_sha) if sha
    }


def test_a_picture_that_comes_again_the_same_night_is_not_let_go(
    light: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk, again = light.talk, encoded(a_view(7, 1400, 700))
    talk.say(POLICE, pictures=[again])
    talk.say(POLICE, "取消")
    talk.later(days=200)
    look = retention.needed

    def and_then(session: Session, before: datetime) -> Needed:
        found = look(session, before)
        talk.say(POLICE, pictures=[again])  # between the look and the step
        assert len(found.unused) == 1
        return found

    monkeypatch.setattr(retention, "needed", and_then)
    light.round()

    with light.database.read() as session:
        [row] = session.exec(select(Media)).all()
        waiting = waiting_pictures(session, _member(session, POLICE), talk.now)
    assert waiting is not None
    assert waiting.shas == (row.sha,)
    assert light.store.get(row.stored_sha)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_picture_that_comes_again_while_its_row_goes_is_kept_anew(house: House) -> None:
    talk = house.talk
    talk.say(POLICE, pictures=[encoded(a_view(7, 1400, 700))])
    with house.database.read() as session:
        [row] = session.exec(select(Media)).all()
    later = talk.now + timedelta(days=200)

    def again() -> None:
        with house.database.write() as session:
            keep_media(session, [Media(**row.model_dump() | {"created_at": later})])

    with ThreadPoolExecutor() as pool:
        with house.database.write() as session:
            assert forget_media(session, [row.sha], later - GRACE) == 1
            kept = pool.submit(again)
            until(lambda: waits(house.database), 60, "the picture that comes")
        kept.result(60)

    assert house.count(Media, col(Media.created_at) == later) == 1
    assert house.count(SceneKey) > 0


def test_a_picture_of_today_waits_for_what_will_name_it(light: House) -> None:
    light.talk.say(POLICE, pictures=[encoded(a_view(7, 1400, 700))])
    light.talk.say(POLICE, "取消")

    light.night(hours=23)
    assert light.count(Media) == 1
    light.night(hours=2)
    assert light.count(Media) == 0
    light.night(days=1, hours=1)
    assert list(light.store.addresses()) == []


def test_bytes_put_just_now_wait_for_their_row(light: House) -> None:
    old, fresh = light.store.put(b"nobody names this"), ""
    light.night(days=2)
    fresh = light.store.put(b"its row is not committed yet")
    real = datetime.now(SHANGHAI)
    ended = end_what_is_over(
        light.database, light.talk.services, PERIODS, real, put_before=real - GRACE
    )

    assert ended == 0
    assert light.store.get(fresh)
    with pytest.raises(MediaUnavailable):
        light.store.get(old)


def test_what_waits_or_failed_is_kept_however_old(house: House) -> None:
    talk = house.talk
    talk.say(POLICE, "进度")
    with house.database.write() as session:
        [row] = session.exec(select(InboxMessage)).all()
        row.state = InboxState.FAILED
        chat = a_group(session, "群", ChatPurpose.LIAISONS)
        say(session, chat.id or 0, Reply("还没有发出"), key="late", now=talk.now)
    talk.say(OFFICE, "进度")

    house.night(days=2000)

    row_left = house.message("m1")
    assert row_left is not None
    assert row_left.raw == "进度".encode()
    with house.database.read() as session:
        word = session.exec(select(OutboxMessage).where(OutboxMessage.key == "late:0")).one()
    assert word.text == "还没有发出"


def test_what_was_said_unasked_is_not_said_again(house: House) -> None:
    with house.database.write() as session:
        chat = a_group(session, "群", ChatPurpose.LIAISONS)
        reply = Reply("张三逾期", mentions=(1,), pictures=(MediaRef("0" * 64, "图", "image/png"),))
        say(session, chat.id or 0, reply, key="remind:1", now=house.talk.now)
        for row in session.exec(select(OutboxMessage)).all():
            row.state, row.sent_at, row.answer = OutboxState.SENT, house.talk.now, "msgid-1"
    sent_at = house.talk.now

    house.night(days=731)

    with house.database.read() as session:
        rows = session.exec(select(OutboxMessage).order_by(col(OutboxMessage.id))).all()
        assert was_said(session, "remind:1")
    assert [(each.text, each.mentions, each.media, each.answer) for each in rows] == [
        ("", [], None, ""),
        ("", [], None, ""),
    ]
    assert [(each.state, each.sent_at) for each in rows] == [(OutboxState.SENT, sent_at)] * 2


def test_numbers_are_not_given_out_twice(light: House) -> None:
    """A key such as `reply:7` was said once: the next message must not be number 7 again."""
    talk = light.talk
    talk.say(POLICE, "进度")
    talk.say(POLICE, "帮助")
    with light.database.read() as session:
        newest = session.exec(select(func.max(InboxMessage.id))).one()
        last_word = session.exec(select(func.max(OutboxMessage.id))).one()

    light.night(days=2000)
    assert talk.say(POLICE, "进度") != []

    with light.database.read() as session:
        ids = session.exec(select(InboxMessage.id).order_by(col(InboxMessage.id))).all()
        words = session.exec(select(OutboxMessage.id).order_by(col(OutboxMessage.id))).all()
    assert ids == [newest, newest + 1]
    assert words[0] == last_word
    assert words[1] == last_word + 1


def test_small_things_end_with_what_they_belong_to(house: House) -> None:
    talk = house.talk
    talk.say(POLICE, "建议 希望能按月汇总")
    talk.say(POLICE, "任务")
    with house.database.write() as session:
        for name in ("张三", "李四"):
            make_invite(session, name, RoleName.OPERATOR, talk.now)
        session.add(InviteTry(platform=PLATFORM, user_id="outsider", tried_at=talk.now))
        for name in ("甲.xlsx", "乙.xlsx"):
            file_link(session, MediaRef("0" * 64, name, "x"), None, talk.now)
    few = (InviteTry, Listing)
    many = (Suggestion, Invite, Link)
    before = {table: house.count(table) for table in (*few, *many)}
    assert all(before.values())

    house.night(days=29)
    assert {table: house.count(table) for table in before} == before
    house.night(days=2)
    assert [house.count(table) for table in few] == [0, 0]
    assert [house.count(table) for table in many] == [before[table] for table in many]
    house.night(days=151)
    assert [house.count(table) for table in many] == [0, 1, 1]


def test_what_is_kept_for_good_is_kept(light: House) -> None:
    light.talk.say(POLICE, "进度")
    light.talk.say(POLICE, "帮助")

    assert light.night(Periods(raw=0, chat=0, words=0), days=5000) == 0
    row = light.message("m1")
    assert row is not None
    assert row.raw


def test_a_round_stops_in_time_and_the_next_goes_on(
    light: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "STEP", 2)
    monkeypatch.setattr(retention, "_MOST_STEPS", 2)
    for _ in range(10):
        light.talk.say(POLICE, "帮助")
    light.talk.later(days=31)

    def due() -> bool:
        return is_due(light.database, light.talk.now, SHANGHAI)

    done = []
    while due():
        done.append(light.round())
    assert done == [4, 4, 2]
    assert not due(), "once a day"


def test_a_round_stops_between_two_steps_when_the_service_does(
    light: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "STEP", 2)
    for _ in range(10):
        light.talk.say(POLICE, "帮助")
    light.talk.later(days=31)
    now, asked = light.talk.now, iter([True, True, False])

    ended = end_what_is_over(
        light.database,
        light.talk.services,
        Periods(raw=30, chat=0, words=0),
        now,
        put_before=now - GRACE,
        goes_on=lambda: next(asked, False),
    )

    assert ended == 4
    assert is_due(light.database, now, SHANGHAI), "the next start goes on"


def test_a_round_begins_at_night_and_is_made_up_for_by_day(light: House) -> None:
    def due(when: str) -> bool:
        return is_due(light.database, at(when), SHANGHAI)

    assert not due("2021-09-18T01:59")
    assert due("2021-09-18T02:00")
    light.talk.set_clock("2021-09-18T17:00")
    light.round()
    assert not due("2021-09-18T23:00")
    assert not due("2021-09-19T01:00")
    assert due("2021-09-19T02:00")


def test_a_clock_that_leaps_lets_nothing_go(light: House, logs: list[EventDict]) -> None:
    def due(when: str) -> bool:
        return is_due(light.database, at(when), SHANGHAI)

    light.talk.set_clock("2021-09-18T02:00")
    light.round()

    assert not due("2030-01-01T03:00")
    assert [each["log_level"] for each in logs if "leapt" in each["event"]] == ["warning"]
    assert due("2021-09-19T03:00"), "put right again, it is believed at once"
    assert not due("2030-01-01T04:00")
    assert due("2030-01-02T03:00"), "a day is what an operator has"


def _member(session: Session, name: str) -> int:
    return members_named(session, name)[0].id or 0
