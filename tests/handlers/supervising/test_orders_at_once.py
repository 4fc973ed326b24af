"""Two admins at the same moment: numbers follow each other, and each thing is decided once."""

import threading

import pytest
from sqlmodel import select

from models.db import Database
from models.member import RoleName
from models.supervision_order import SupervisionOrder
from tests.factories import a_member
from tests.supervising import with_open_chats
from tests.talk import Talk

ADMINS = ("管理员甲", "管理员乙")
LIAISON = "州公安局联络员"


@pytest.fixture
def talks(database: Database) -> list[Talk]:
    """One conversation for each admin over the same database."""
    first = Talk(database)
    with database.write() as session:
        a_member(session, ADMINS[1], (RoleName.ADMIN, None))
    with_open_chats(first)
    return [first, Talk(database, empty=True, first_message=1000)]


def both(talks: list[Talk], *said: str) -> list[str]:
    """What each admin is answered who says this, both at once."""
    answers = ["", ""]
    together = threading.Barrier(2)

    def say(at: int) -> None:
        together.wait()
        [answers[at]] = talks[at].say(ADMINS[at], said[at])

    threads = [threading.Thread(target=say, args=(at,)) for at in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_two_orders_at_once_get_two_numbers(talks: list[Talk]) -> None:
    both(talks, "督办 州1-7 9月30日 加快安装", "督办 州1-12 9月30日 加快筛查")

    with talks[0].database.read() as session:
        numbers = session.exec(select(SupervisionOrder.number)).all()
    assert sorted(numbers) == [1, 2]


def test_the_same_order_at_once_goes_out_once(talks: list[Talk]) -> None:
    answers = both(talks, *["督办 州1-7 9月30日 加快安装"] * 2)

    assert sorted("未重复发出" in each for each in answers) == [False, True]
    assert len(talks[0].heard(LIAISON)) == 1


def test_one_order_is_closed_by_one_of_them(talks: list[Talk]) -> None:
    talks[0].say(ADMINS[0], "督办 州1-7 9月30日 加快安装")
    talks[0].say(LIAISON, "督办1 已补装4290个")
    before = len(talks[0].heard(LIAISON))

    answers = both(talks, "销号 督办1", "销号 督办1")

    assert sorted("本次未处理" in each for each in answers) == [False, True]
    assert len(talks[0].heard(LIAISON)) == before + 1


def test_one_wish_is_answered_by_one_of_them(talks: list[Talk]) -> None:
    talks[0].say(LIAISON, "延期 州1-7 8月31日 停电")

    answers = both(talks, "同意 1", "不同意 1 请按期报")

    assert sorted("未重复处理" in each for each in answers) == [False, True]
    assert len([text for text in talks[0].heard(LIAISON) if text.startswith("申请1")]) == 1


def test_one_report_is_let_off_once(talks: list[Talk]) -> None:
    answers = both(talks, *["免报 州1-7 8月 机构改革"] * 2)

    assert sorted("这一期已免报" in each for each in answers) == [False, True]
    assert len(talks[0].heard(LIAISON)) == 1
