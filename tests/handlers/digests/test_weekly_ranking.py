"""The Monday ranking in the leaders' group: frozen, five lines, a picture, also of nothing."""

import io
from pathlib import Path

import pytest
from PIL import Image
from sqlmodel import select

from handlers.digest_owing import Occasion, owe_digest
from models.chat import Chat, ChatPurpose
from models.db import Database
from models.programme import programme_by_code
from models.snapshot import Snapshot
from scheduler.digest_run import run_digests
from tests.conftest import at
from tests.factories import a_group
from tests.supervising import counted_queries, hand_in, outbox, seed_digests, the_whole_demo
from tests.talk import Talk

DEVICES = "乡村公共部位安防设备"
MONDAY, NEXT = at("2021-08-30T09:00"), at("2021-09-06T09:00")


@pytest.fixture
def talk(database: Database) -> Talk:
    talk = Talk(database)
    with database.write() as session:
        session.exec(select(Chat).where(Chat.name == "领导群")).one().names_laggards = True
        for code in ("dajuan-2021", "minsheng-2021"):
            programme = programme_by_code(session, code)
            assert programme is not None
            programme.demo = code == "minsheng-2021"
    seed_digests(talk)
    return talk


def test_it_works_before_anybody_reported(talk: Talk) -> None:
    assert run_digests(talk.database, talk.services, MONDAY) == 2

    first = talk.heard_in("领导群")[0].splitlines()
    assert len(first) == 6
    assert first[0] == "【答卷专栏】排名（2021年第35周，数据截至2021年7月31日）"
    assert first[1] == "领先：暂无（尚无计分的数据）"
    assert first[3].startswith("逾期未报：8件，涉及7个单位：")
    assert first[4].startswith("排名办法：")
    assert first[5] == "详情请点看板（9月6日09:00前有效）：https://dajuan.example/board/1"


def test_a_link_that_the_group_holds_already_is_not_called_longer_than_it_lives(
    talk: Talk,
) -> None:
    talk.now = at("2021-08-25T10:00")
    talk.say("领导甲", "看板", group="领导群")
    run_digests(talk.database, talk.services, MONDAY)

    told = [line for text in talk.heard_in("领导群") for line in text.splitlines()]
    assert "详情请点看板（9月1日10:00前有效）：https://dajuan.example/board/1" in told


def test_each_programme_sends_a_picture_a_phone_can_show(talk: Talk) -> None:
    run_digests(talk.database, talk.services, MONDAY)

    refs = [row.media_ref() for row in outbox(talk.database, "digest:") if row.media]
    pictures = [Image.open(io.BytesIO(talk.shelf.get(ref.sha))) for ref in refs if ref]

    assert [picture.width for picture in pictures] == [1080, 1080]
    assert all(len(talk.shelf.get(ref.sha)) < 2_000_000 for ref in refs if ref)


def test_a_demonstration_says_so(talk: Talk) -> None:
    run_digests(talk.database, talk.services, MONDAY)

    assert ["【演示数据】" in text for text in talk.heard_in("领导群")] == [False, True]


def test_what_was_published_does_not_change_with_later_figures(talk: Talk) -> None:
    run_digests(talk.database, talk.services, MONDAY)
    talk.set_clock("2021-08-30T14:00")
    hand_in(talk, "州1-7", {DEVICES: "3600"}, accepted=True)

    explained = talk.say("领导甲", "为什么 州公安局")[0]

    assert "2021年第35周已发布的排名" in explained
    assert "其中1项无数据计0分" in explained


def test_the_next_week_shows_the_change_of_places(talk: Talk) -> None:
    hand_in(talk, "州1-7", {DEVICES: "1710"}, accepted=True)
    run_digests(talk.database, talk.services, MONDAY)
    talk.set_clock("2021-09-01T10:00")
    hand_in(talk, "州1-13", {"“两癌”免费检查": "29000"}, accepted=True)
    run_digests(talk.database, talk.services, NEXT)
    with talk.database.read() as session:
        snapshots = session.exec(
            select(Snapshot).where(Snapshot.kind == "ranking").order_by(Snapshot.id)
        ).all()

    assert [row.period for row in snapshots] == ["2021-W35", "2021-W35", "2021-W36", "2021-W36"]
    assert "下降1位" in talk.say("领导甲", "为什么 州公安局")[0]


def test_a_group_without_names_gets_the_number_of_laggards_only(talk: Talk) -> None:
    hand_in(talk, "州1-7", {DEVICES: "3600"}, accepted=True)
    hand_in(talk, "州1-13", {"“两癌”免费检查": "5800"}, accepted=True)
    with talk.database.write() as session:
        session.exec(select(Chat).where(Chat.name == "领导群")).one().names_laggards = False
    run_digests(talk.database, talk.services, MONDAY)

    text = talk.heard_in("领导群")[0]

    assert "州妇联" not in text
    assert "滞后：1个单位1项任务" in text


def test_a_monday_of_the_holiday_has_its_digest_too(talk: Talk) -> None:
    assert run_digests(talk.database, talk.services, at("2021-09-20T09:00")) == 2

    assert "2021年第38周" in talk.heard_in("领导群")[0]


def test_what_was_never_reported_is_told_apart_from_what_is_overdue(talk: Talk) -> None:
    run_digests(talk.database, talk.services, at("2021-09-27T09:00"))

    said = talk.heard_in("领导群")[0].splitlines()[3]

    assert said.startswith("逾期未报：8件，涉及7个单位：")
    assert said.endswith("；已截止未报8件")


def _statements(talk: Talk) -> int:
    """How many questions it takes to make and owe the weekly ranking of S1."""
    digest = talk.services.registry.digests["weekly_ranking"]
    with talk.database.write() as session:
        programme = programme_by_code(session, "dajuan-2021")
        assert programme is not None
        occasion = Occasion(programme, digest, ChatPurpose.LEADERS, "2021-W35")
        with counted_queries(talk.database) as seen:
            assert owe_digest(session, talk.services, occasion, MONDAY).count == 1
    return len([each for each in seen if each.startswith("SELECT")])


def test_thirty_nine_items_cost_no_more_statements_than_eight(
    talk: Talk, sqlite_template: Path, tmp_path: Path
) -> None:
    with the_whole_demo(sqlite_template, tmp_path) as whole:
        with whole.database.write() as session:
            if not session.exec(select(Chat).where(Chat.purpose == "leaders")).all():
                a_group(session, "领导群", ChatPurpose.LEADERS)
        large = _statements(whole)

    assert large == _statements(talk)
