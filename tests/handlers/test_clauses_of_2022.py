"""82 items with 194 clauses, by the month and by the quarter: short answers, few questions."""

import shutil
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest
from sqlmodel import col, func, select

from models.db import open_database
from models.member import RoleName
from models.obligation import Obligation
from models.programmes.files import read_definition
from models.programmes.loader import load
from models.requirement import Requirement
from models.unit import Unit
from scheduler.reminders import remind
from tests.conftest import at
from tests.factories import a_member
from tests.supervising import counted_queries, outbox, with_open_chats
from tests.talk import Talk

LOADED = at("2022-03-18T08:00")
APRIL = at("2022-04-08T09:05")
ADMIN, REFORM, TRADE = "管理员甲", "省发展改革委联络员", "省商务厅联络员"


@cache
def _loaded(template: Path) -> Path:
    """The whole programme, its assumed days confirmed, with a liaison for every unit."""
    path = Path(mkdtemp(prefix="dajuan-clauses-")) / "clauses.db"
    shutil.copy(template, path)
    database = open_database(f"sqlite:///{path}")
    with database.write() as session:
        load(session, read_definition("fengong-2022"), LOADED)
        for each in session.exec(select(Requirement)).all():
            each.confirmed_at = LOADED
        for unit in session.exec(select(Unit).order_by(col(Unit.id))).all():
            a_member(session, f"{unit.name}联络员", (RoleName.LIAISON, unit))
        a_member(session, ADMIN, (RoleName.ADMIN, None))
    database.dispose()
    return path


@pytest.fixture
def talk(tmp_path: Path, sqlite_template: Path) -> Iterator[Talk]:
    """The last working day before Sunday, 10 April, when January to March is due."""
    path = tmp_path / "clauses.db"
    shutil.copy(_loaded(sqlite_template), path)
    database = open_database(f"sqlite:///{path}")
    yield with_open_chats(Talk(database, now=APRIL, empty=True))
    database.dispose()


def test_clauses_by_periods_are_what_is_owed(talk: Talk) -> None:
    """187 clauses name units; 3 of them ask seven units each for themselves: 191 × 16."""
    with talk.database.read() as session:
        count = session.exec(select(func.count(col(Obligation.id)))).one()

    assert count == 191 * 16
    assert "应报191件\n" in talk.say(ADMIN, "状态")[0]


def test_53_clauses_of_one_unit_fit_on_a_phone(talk: Talk) -> None:
    listing = "\n".join(talk.say(REFORM, "任务"))
    lines = listing.splitlines()

    assert lines[0] == "待报53项："
    assert lines[6].startswith("6. 政7（1）扶持老字号")
    assert lines[11].startswith("另有1—3月43项：政21（2）、政22（1）（2）、政23、")
    assert lines[12] == "其余43项请发“任务 第2页”查看，或直接发“报送”加编号。"
    assert len(lines) == 14
    assert len(listing) < 800


def test_every_clause_of_one_unit_is_listed_with_its_title_on_some_page(talk: Talk) -> None:
    pages = [talk.say(REFORM, f"任务 第{page}页")[0].splitlines() for page in range(1, 7)]

    numbered = [line for page in pages for line in page if line.split(". ")[0].isdecimal()]
    assert [line.split(". ")[0] for line in numbered] == [str(n) for n in range(1, 54)]
    assert all("截止" in line for line in numbered)
    assert len(set(numbered)) == 53
    assert pages[1][0] == "待报53项："
    assert pages[1][1].startswith("11. 政21（2）")
    assert pages[1][11] == "其余33项请发“任务 第3页”查看，或直接发“报送”加编号。"
    assert len(pages[5]) == 5
    assert talk.say(REFORM, "任务 第7页") == ["待报共53项，分6页，没有第7页。请发第1至6页。"]


def test_a_number_on_a_later_page_begins_that_report(talk: Talk) -> None:
    talk.say(REFORM, "任务 第2页")

    assert talk.say(REFORM, "11")[0].startswith("政21（2）")
    talk.say(REFORM, "任务 第2页")
    assert talk.say(REFORM, "1")[0].startswith("政2 ")


def test_what_one_unit_owes_stands_together_for_the_admin(talk: Talk) -> None:
    [listed] = talk.say(ADMIN, "未报 省发展改革委")

    assert listed.splitlines()[:2] == ["省发展改革委", "【重点工作分工】"]
    assert listed.splitlines()[2].startswith(
        "1—3月，4月10日截止，53件：政2、政3、政4、政5、政6、政7（1）（3）、政8、政13（1）、"
    )
    assert len(listed.splitlines()) == 3


def test_one_report_that_meets_month_and_quarter_is_counted_once_everywhere(talk: Talk) -> None:
    """53 clauses of the unit owe the first quarter, 191 reports of all: 任务, 未报, 状态, 催报."""
    assert talk.say(REFORM, "任务")[0].startswith("待报53项")
    assert "，53件：" in talk.say(ADMIN, "未报 省发展改革委")[0]
    talk.say(REFORM, "报送 政3\n截至：3月31日\n进展：长赣高铁完成征地三成")
    assert talk.say(REFORM, "任务")[0].startswith("待报52项")

    stands = talk.say(ADMIN, "状态")[0]

    assert "应报191件\n已报1件：按时1件，逾期报送0件\n" in stands
    assert "未报190件\n报送率0.52%（1/191）" in stands
    assert "未报190件，涉及83个单位" in talk.say(ADMIN, "未报")[0]
    assert "涉及52件" in talk.say(ADMIN, "催报 省发展改革委")[0]
    assert "，52件：" in talk.heard(REFORM)[-1]


def test_units_are_listed_page_by_page_and_chosen_by_number(talk: Talk) -> None:
    pages = ["\n".join(talk.say(ADMIN, f"未报 第{page}页")) for page in (1, 2, 3)]

    assert "【重点工作分工】未报191件，涉及83个单位" in pages[0]
    assert "14. 省发展改革委：4月10日截止53件：政2、政3、政4等\n" in pages[0]
    assert "其余53个单位请发“未报 第2页”。" in pages[0]
    assert "\n31. " in pages[1]
    assert "\n83. " in pages[2]
    assert all(len(page) < 1500 for page in pages)
    assert talk.say(ADMIN, "14")[0].startswith("省发展改革委\n")
    assert "分3页，没有第4页" in talk.say(ADMIN, "未报 第4页")[0]


def test_a_reminder_counts_and_names_the_first_few(talk: Talk) -> None:
    assert remind(talk.database, talk.services, APRIL) == 83

    texts = {row.text for row in outbox(talk.database, "remind:")}
    [reform] = [text for text in texts if "53件" in text]
    assert reform.splitlines()[1:] == [
        "1. 重点工作分工（1—3月）4月10日截止，53件：政2、政3、政4、政5、政6、政7（1）（3）等",
        "报送请发“报送 政2”；查看全部待办请发“任务”。",
    ]
    assert max(map(len, texts)) < 600


def test_a_chase_of_everybody_is_as_short(talk: Talk) -> None:
    [answer] = talk.say(ADMIN, "催报 全部")

    assert answer.startswith("已催报83人，涉及191件")
    assert "，53件：政2、政3、" in talk.heard(REFORM)[-1]


def test_a_unit_head_reads_only_the_own_unit_of_what_is_owed_together(talk: Talk) -> None:
    with talk.database.write() as session:
        unit = session.exec(select(Unit).where(Unit.name == "省发展改革委")).one()
        a_member(session, "处长甲", (RoleName.UNIT_HEAD, unit))

    [listed] = talk.say("处长甲", "未报")

    assert listed.splitlines()[0] == "【重点工作分工】未报53件，涉及1个单位"
    assert listed.splitlines()[1].startswith("1. 省发展改革委：4月10日截止53件：政2、")
    assert talk.say("处长甲", "1")[0].startswith("省发展改革委\n")


def test_what_is_overdue_for_long_reaches_those_above_in_a_few_lines(talk: Talk) -> None:
    with talk.database.write() as session:
        unit = session.exec(select(Unit).where(Unit.name == "省发展改革委")).one()
        a_member(session, "处长甲", (RoleName.UNIT_HEAD, unit))
    with_open_chats(talk)

    for day in (13, 18):
        remind(talk.database, talk.services, at(f"2022-04-{day}T09:05"))

    assert talk.heard("处长甲")[0].splitlines()[1:] == [
        "1. 重点工作分工（1—3月）4月10日截止，已逾期3个工作日，53件："
        "政2、政3、政4、政5、政6、政7（1）（3）等"
    ]
    assert "已逾期6个工作日，191件，涉及83个单位：政2、政3、" in talk.heard(ADMIN)[-1]


def test_the_month_before_the_loading_is_taken_when_it_is_named(talk: Talk) -> None:
    [answer] = talk.say(REFORM, "报送 政3\n截至：2月28日\n进展：长赣高铁完成征地三成")
    [again] = talk.say(REFORM, "报送 政3\n截至：3月31日\n进展：长赣高铁完成征地五成")

    assert answer.startswith("已收到 #1 政3 十大基础设施项目（1—2月）")
    assert again.startswith("已收到 #2 政3 十大基础设施项目（1—3月）")
    assert again.endswith("已一并报送，无需再报（#3）。")


@pytest.mark.parametrize(
    ("person", "text", "most"),
    [
        (REFORM, "任务", 26),
        (REFORM, "报送 政7", 30),
        (TRADE, "报送 政7-2", 45),
        (REFORM, "报送 政3\n截至：3月31日\n进展：长赣高铁完成征地三成", 55),
        (ADMIN, "状态", 35),
        (ADMIN, "未报", 35),
        (ADMIN, "未报 省发展改革委", 35),
    ],
)
def test_three_thousand_obligations_cost_no_more_queries_than_a_few(
    talk: Talk, person: str, text: str, most: int
) -> None:
    with counted_queries(talk.database) as queries:
        talk.say(person, text)

    assert len(queries) < most


def test_each_further_row_of_a_table_adds_little_but_what_it_stores(talk: Talk) -> None:
    """What the forms of all rows need is read once: a row has its reports and their states."""

    def queries_of(numbers: Sequence[str]) -> int:
        rows = "\n".join(f"{number}\t3月31日\t已召开调度会{number}" for number in numbers)
        with counted_queries(talk.database) as queries:
            [answer] = talk.say(REFORM, f"任务编号\t截至\t进展情况\n{rows}")
        assert f"已报送{len(numbers)}项" in answer
        return len(queries)

    two = queries_of(("政2", "政3"))
    ten = queries_of([f"政{place}" for place in (4, 5, 6, 8, 16, "21-2", "22-1", 23, 24, "25-1")])

    assert (ten - two) / 8 < 22


def test_a_round_of_reminders_reads_in_a_fixed_number_of_queries(talk: Talk) -> None:
    with counted_queries(talk.database) as queries:
        remind(talk.database, talk.services, APRIL)

    assert len([each for each in queries if each.startswith("SELECT")]) < 83 + 32


def test_a_leader_reads_in_a_few_queries_how_much_of_191_clauses_came_in(talk: Talk) -> None:
    with talk.database.write() as session:
        a_member(session, "领导甲", (RoleName.LEADER, None))
    talk.say(REFORM, "报送 政3\n截至：3月31日\n进展：长赣高铁完成征地五成")

    with counted_queries(talk.database) as queries:
        overview = talk.say("领导甲", "进度")[0].splitlines()
    of_unit = talk.say("领导甲", "进度 省发展改革委")[0]

    assert overview[1:] == ["文字报送82项：1—3月已报1/应报191"]
    assert "政3 十大基础设施项目：1—3月已报1/应报1" in of_unit
    assert "尚无通过的数据" not in of_unit
    assert len(queries) < 40
