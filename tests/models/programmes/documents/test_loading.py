"""From a document to rows: its dues, a second load, and a later version of the file."""

from collections import Counter
from pathlib import Path

from sqlmodel import Session, select

from models.obligation import Obligation
from models.programmes.loader import load
from models.task import Task
from tests.conftest import at
from tests.models.programmes.documents.paper import HEAD, a_text, a_word_file, by_line, read

AUGUST = at("2023-08-16T08:00")
COUNTY = "8月25日前报送1—7月情况；\n9月份起，每月20日前报1月1日至上月的全县累计情况。"
PROVINCE = "8月25日前报送1—7月情况；\n9月份起，每月19日前报1月1日至上月的全县累计情况。"
OPEN = "8月25日前报送1—7月情况；\n9月份起，按季度报送累计情况。"
LIST = (
    HEAD,
    ("一、省定任务清单", "←", "←", "←", "←"),
    ("1", "就业", "开展技能培训", "县人社局", PROVINCE),
    ("二、县定任务清单", "←", "←", "←", "←"),
    ("1", "就业", "1．建设零工市场", "县人社局、县住建局", COUNTY),
    ("↑", "↑", "2．举办招聘会", "县总工会", OPEN),
)


def test_a_lists_wordings_become_dues_and_an_open_one_stays_open(
    session: Session, tmp_path: Path
) -> None:
    report = load(session, read(a_word_file(tmp_path, LIST)).definition, AUGUST)

    days = Counter(f"{o.due:%m-%d}" for o in session.exec(select(Obligation)))
    assert (days["08-25"], days["09-19"], days["09-20"]) == (3, 1, 1)
    assert report.tasks == ("省1", "县1-1", "县1-2")
    assert [problem.text for problem in report.not_understood] == [
        "“按季度”只写了频次，没有写明日期，未设期限"
    ]


def test_the_same_document_again_changes_nothing(session: Session, tmp_path: Path) -> None:
    path = a_word_file(tmp_path, LIST)
    load(session, read(path).definition, AUGUST)

    assert not load(session, read(path).definition, AUGUST).changed


def test_a_later_version_changes_only_what_it_says(session: Session, tmp_path: Path) -> None:
    rows = (("序号", "项目名称", "责任单位"), ("1", "修桥", "交通局"), ("2", "补路", "公路局"))
    load(session, read(a_text(tmp_path, by_line(rows))).definition, AUGUST)

    later = (*rows[:2], ("2", "补路和划线", "公路局"))
    report = load(session, read(a_text(tmp_path, by_line(later))).definition, AUGUST)
    assert report.differences
    assert all("任务 2" in line or "专项" in line for line in report.differences)
    titles = session.exec(select(Task.title).order_by(Task.number)).all()
    assert list(titles) == ["修桥", "补路和划线"]
