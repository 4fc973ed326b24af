"""动态统计: which project published in which month, while the month can still be filled."""

import pytest
from sqlmodel import select

from models.chat import Chat
from models.db import Database
from scheduler.digest_run import run_digests
from tests.conftest import at
from tests.livelihood import livelihood_talk
from tests.supervising import outbox, seed_digests
from tests.talk import Talk

SEPTEMBER = "2024-09-25T09:00"


@pytest.fixture
def talk(database: Database) -> Talk:
    talk = livelihood_talk(database)
    with database.write() as session:
        session.exec(select(Chat).where(Chat.name == "联络员群")).one().names_laggards = True
    seed_digests(talk)
    return talk


def told(talk: Talk, when: str) -> list[str]:
    talk.set_clock(when)
    run_digests(talk.database, talk.services, at(when))
    rows = outbox(talk.database, "digest:kegan-2024:activity_matrix:")
    return rows[0].text.splitlines() if rows else []


def test_the_running_month_and_the_gaps_before_are_told(talk: Talk) -> None:
    lines = told(talk, SEPTEMBER)

    assert lines[0] == "【民生可感】动态统计（2024年1—9月，数据截至9月25日）"
    assert lines[1] == ("9月：3个项目中1个已有动态；2024年1—9月共4条（要求每个项目每月不少于1条）")
    assert lines[2] == "本月还没有：促进高质量充分就业、农村水源保障及灌溉能力提升"
    assert "困难重度残疾人家庭无障碍改造（1、2、3、4、7月）" in lines[3]
    assert lines[4] == "补登请在与我的单聊中发“动态 促进高质量充分就业 标题 链接”。"


def test_it_comes_with_the_matrix_as_a_picture(talk: Talk) -> None:
    told(talk, SEPTEMBER)
    rows = outbox(talk.database, "digest:kegan-2024:activity_matrix:")

    names = [ref.name for row in rows if (ref := row.media_ref())]

    assert names == ["民生可感动态统计2024-09-25.png"]


def test_a_complete_month_is_not_told(talk: Talk) -> None:
    for number in ("感26", "感30"):
        lead = "人社局" if number == "感26" else "水利局"
        answer = talk.say(f"{lead}联络员", f"动态 {number} 9月 现场会举办 https://x.example/1")
        assert "已" in answer[0]

    assert told(talk, SEPTEMBER) == []


def test_a_group_without_names_reads_counts(talk: Talk) -> None:
    with talk.database.write() as session:
        session.exec(select(Chat).where(Chat.name == "联络员群")).one().names_laggards = False

    lines = told(talk, SEPTEMBER)

    assert lines[2] == "本月还没有：2个项目"
    assert not [r for r in outbox(talk.database, "digest:kegan-2024:activity") if r.media]


def test_a_programme_that_asks_for_none_has_none(database: Database) -> None:
    talk = Talk(database)
    seed_digests(talk)
    run_digests(talk.database, talk.services, at("2021-09-25T09:00"))

    assert outbox(database, "digest:dajuan-2021:activity_matrix") == []
