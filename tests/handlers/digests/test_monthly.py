"""月度小结: statuses, laggards, what changed since last month, pictures; corrected once."""

import io
from pathlib import Path

import pytest
from PIL import Image
from sqlmodel import select

from models.chat import Chat
from models.db import Database, open_database
from models.digest import DigestSchedule
from models.programme import active_programmes, programme_by_code
from models.programmes.files import read_definition
from models.programmes.loader import load
from scheduler.digest_run import run_digests
from tests.conftest import at
from tests.factories import a_group
from tests.stores import fresh_sqlite
from tests.supervising import counted_queries, hand_in, outbox, seed_digests
from tests.talk import Talk

DEVICES, CHECKS = "乡村公共部位安防设备", "“两癌”免费检查"
AUGUST, SEPTEMBER = "2021-08-27T09:00", "2021-09-25T09:00"


@pytest.fixture
def talk(database: Database) -> Talk:
    return named_in_its_group(database)


def named_in_its_group(database: Database) -> Talk:
    """The small programmes of 2021, whose leaders' group wants to read names."""
    talk = Talk(database)
    with database.write() as session:
        session.exec(select(Chat).where(Chat.name == "领导群")).one().names_laggards = True
    seed_digests(talk)
    return talk


def told(talk: Talk, when: str, code: str = "dajuan-2021") -> list[str]:
    """The lines of the newest summary after a run at that moment."""
    talk.set_clock(when)
    run_digests(talk.database, talk.services, at(when))
    rows = [row for row in outbox(talk.database, f"digest:{code}:monthly:") if row.text]
    return rows[-1].text.splitlines() if rows else []


def by_hand(talk: Talk, when: str) -> list[str]:
    talk.set_clock(when)
    talk.say("管理员甲", "发布 月报 答卷专栏")
    return outbox(talk.database, "digest:dajuan-2021:monthly:")[0].text.splitlines()


def test_a_month_without_any_report_says_so(talk: Talk) -> None:
    lines = by_hand(talk, AUGUST)

    assert lines[0] == "【答卷专栏】月度小结（2021年8月，数据截至2021年7月31日）"
    assert lines[1] == (
        "状态：共8项，达到省定验收标准0项，工作有序推进0项，工作进度相对滞后0项，"
        "暂无数据或不能判定6项，以文字报送2项"
    )
    assert lines[2] == "滞后：暂无可判定的数据"
    assert lines[3] == "较上期：首次小结，暂无对比"
    assert lines[4] == "报送：应报8件，按时0件，逾期报送0件，未报8件，报送率0.00%"
    assert lines[5].startswith("详情请点看板")


def test_the_next_month_tells_what_changed(talk: Talk) -> None:
    hand_in(talk, "州1-7", {DEVICES: "1710"}, accepted=True)
    hand_in(talk, "州1-13", {CHECKS: "23421"}, accepted=True)
    first = by_hand(talk, AUGUST)
    talk.set_clock("2021-09-16T10:00")
    hand_in(talk, "州1-7", {DEVICES: "4200"}, month=9, accepted=True)
    hand_in(talk, "州1-13", {CHECKS: "23421"}, month=9, accepted=True)

    lines = told(talk, SEPTEMBER)

    assert "滞后：1项，州1-7 雪亮工程 28.50%（州公安局）" in first
    assert lines[0] == "【答卷专栏】月度小结（2021年9月，数据截至2021年8月31日）"
    assert "较上期：转为“工作有序推进”1项（州1-7 雪亮工程）" in lines


def test_a_group_without_names_reads_counts_and_sees_no_units(talk: Talk) -> None:
    hand_in(talk, "州1-7", {DEVICES: "1710"}, accepted=True)
    with talk.database.write() as session:
        session.exec(select(Chat).where(Chat.name == "领导群")).one().names_laggards = False

    lines = by_hand(talk, AUGUST)

    assert "滞后：1项" in lines
    assert "州公安局" not in "".join(lines)


def test_a_late_report_makes_one_more_edition(talk: Talk) -> None:
    by_hand(talk, AUGUST)
    talk.later(minutes=30)
    report = hand_in(talk, "州1-7", {DEVICES: "3600"})
    talk.say("管理员甲", f"通过 {report}")

    lines = told(talk, "2021-08-30T09:00")
    again = told(talk, "2021-08-31T09:00")

    assert lines[1] == "更正：工作有序推进 0项 → 1项"
    assert any(
        line.startswith("更正：报送 应报8件，按时0件，逾期报送0件，未报8件") for line in lines
    )
    assert lines[0].startswith("【答卷专栏】月度小结（2021年8月，")
    assert again == lines


@pytest.fixture
def livelihood(sqlite_template: Path, tmp_path: Path) -> Talk:
    """S3 as it stood at the end of May 2021, loaded in May."""
    (tmp_path / "full.db").write_bytes(sqlite_template.read_bytes())
    database = open_database(f"sqlite:///{tmp_path / 'full.db'}")
    with database.write() as session:
        load(session, read_definition("minsheng-2021"), at("2021-05-10T08:00"))
        a_group(session, "领导群").purpose = "leaders"
        session.exec(select(Chat)).one().names_laggards = True
        assert programme_by_code(session, "minsheng-2021") is not None
    talk = Talk(database, now=at("2021-05-10T08:00"), empty=True)
    seed_digests(talk)
    return talk


def test_the_document_of_may_gives_its_own_counts(livelihood: Talk) -> None:
    lines = told(livelihood, "2021-06-25T09:00", "minsheng-2021")

    assert lines[1] == ("状态：共20项，达到省定验收标准3项，工作有序推进10项，工作进度相对滞后7项")
    assert lines[2].startswith("滞后：7项，新5 农村公路安防设施 0.00%（州交通运输局）")


def test_its_picture_shows_twenty_projects(livelihood: Talk) -> None:
    told(livelihood, "2021-06-25T09:00", "minsheng-2021")
    refs = [row.media_ref() for row in outbox(livelihood.database, "digest:") if row.media]
    names = [ref.name for ref in refs if ref]
    pictures = [livelihood.shelf.get(ref.sha) for ref in refs if ref]

    # No county has a figure yet: the document of May names what lags where.
    assert names == ["重点民生实事进度2021-06.png", "重点民生实事县市滞后事项2021-06.png"]
    assert Image.open(io.BytesIO(pictures[0])).width == 1080
    assert all(len(picture) < 2_000_000 for picture in pictures)


def nothing_else(talk: Talk) -> None:
    """Of all digests and programmes only S3's monthly summary is left on."""
    with talk.database.write() as session:
        for row in session.exec(select(DigestSchedule)).all():
            row.enabled = row.digest == "monthly"
        for programme in active_programmes(session):
            programme.active = programme.code == "minsheng-2021"


def test_a_month_costs_the_same_statements_whatever_its_size(
    livelihood: Talk, sqlite_template: Path, tmp_path: Path
) -> None:
    """20 projects with the counties' laggards as issued, and two projects, on one engine."""
    with fresh_sqlite(sqlite_template, tmp_path) as database:
        few = named_in_its_group(database)
        counts = [_statements(livelihood, "2021-06-25T09:00"), _statements(few, "2021-10-25T09:00")]

    # Two pictures more are two messages more.
    assert abs(counts[0] - counts[1]) <= 2


def _statements(talk: Talk, when: str) -> int:
    nothing_else(talk)
    with counted_queries(talk.database) as seen:
        assert told(talk, when, "minsheng-2021")
    return len(seen)
