"""研判总表: the counts of annex 1, what changed since, and silence where nothing did."""

from pathlib import Path

import pytest
from sqlmodel import select

from models.chat import Chat
from models.db import Database, open_database
from models.programmes.files import read_definition
from models.programmes.loader import load
from scheduler.digest_run import run_digests
from tests.conftest import at
from tests.factories import a_group
from tests.incentives import incentive_talk
from tests.supervising import outbox, seed_digests
from tests.talk import Talk

OCTOBER, NOVEMBER = "2022-10-15T09:00", "2022-11-15T09:00"


@pytest.fixture
def talk(database: Database) -> Talk:
    talk = incentive_talk(database)
    with database.write() as session:
        group = session.exec(select(Chat).where(Chat.name == "领导群")).one()
        group.purpose, group.names_laggards = "leaders", True
    seed_digests(talk)
    return talk


def told(talk: Talk, when: str) -> list[str]:
    talk.set_clock(when)
    before = len(outbox(talk.database, "digest:jili-2022:outlook_board:"))
    run_digests(talk.database, talk.services, at(when))
    rows = outbox(talk.database, "digest:jili-2022:outlook_board:")[before:]
    return [row.text for row in rows if row.text]


def test_the_annex_of_2022_gives_its_own_counts(sqlite_template: Path, tmp_path: Path) -> None:
    (tmp_path / "full.db").write_bytes(sqlite_template.read_bytes())
    database = open_database(f"sqlite:///{tmp_path / 'full.db'}")
    with database.write() as session:
        load(session, read_definition("jili-2022"), at("2022-10-01T08:00"))
        group = a_group(session, "领导群")
        group.purpose, group.names_laggards = "leaders", True
    talk = Talk(database, now=at(OCTOBER), empty=True)
    seed_digests(talk)

    lines = told(talk, OCTOBER)[0].splitlines()

    assert lines[0] == "【真抓实干激励】研判总表（数据截至2022年10月15日）"
    assert lines[1] == (
        "共65项：很有可能12项，有可能30项，难度较大21项，不太可能2项（其中评定2项）"
    )
    assert len([row for row in outbox(database, "digest:jili-2022:outlook") if row.media]) == 2


def test_a_changed_level_is_told_old_and_new(talk: Talk) -> None:
    talk.say("管理员甲", "研判 营商环境 吉首市 有可能")
    first = told(talk, OCTOBER)[0]
    talk.say("管理员甲", "研判 营商环境 吉首市 很有可能")
    second = told(talk, NOVEMBER)[0]

    assert "较上次" not in first
    assert (
        second.splitlines()[1]
        == "共3项：很有可能1项，有可能0项，难度较大0项，不太可能0项，未研判2项"
    )
    assert second.splitlines()[2] == "较上次变动1项：激2 营商环境 有可能 → 很有可能"


def test_a_month_in_which_nothing_changed_is_not_told(talk: Talk) -> None:
    talk.say("管理员甲", "研判 营商环境 吉首市 有可能")
    told(talk, OCTOBER)

    assert told(talk, NOVEMBER) == []


def test_a_group_without_names_reads_counts_and_gets_no_picture(talk: Talk) -> None:
    with talk.database.write() as session:
        session.exec(select(Chat).where(Chat.name == "领导群")).one().names_laggards = False
    talk.say("管理员甲", "研判 营商环境 吉首市 有可能")

    text = told(talk, OCTOBER)[0]

    assert "营商环境" not in text
    assert not [row for row in outbox(talk.database, "digest:jili-2022:outlook") if row.media]


def test_a_programme_that_nobody_judges_has_none(database: Database) -> None:
    talk = Talk(database)
    seed_digests(talk)
    run_digests(talk.database, talk.services, at("2021-09-15T09:00"))

    assert outbox(database, "digest:dajuan-2021:outlook_board") == []
    assert "研判总表" not in talk.say("管理员甲", "发布")[0]
