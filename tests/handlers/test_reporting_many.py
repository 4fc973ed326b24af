"""Many reports in one message: each costs the same, however many come and whoever sends them."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from models.db import Database
from models.member import RoleName
from tests.factories import (
    a_member,
    a_programme,
    a_requirement,
    a_task,
    a_unit,
    an_indicator,
    monthly,
)
from tests.talk import Talk

#: What one more report may ask of the database: its own rows, and what is known of its task.
MOST_EACH = 30
PERSON = "多家单位的联络员"


def give_tasks(talk: Talk, *, units: int, tasks: int) -> None:
    """A programme whose tasks are shared out among so many units of one person."""
    with talk.database.write() as session:
        programme = a_programme(session, "many-2021", "安防设施", default_day=20)
        owing = [a_unit(session, f"州{name}中心") for name in _names(units)]
        for at, name in enumerate(_names(tasks)):
            leads = [owing[at % units]]
            task = a_task(session, programme, f"安{at + 1}", f"建设{name}路安防设施", leads)
            an_indicator(session, task, f"{name}路安防设施", "公里", "550")
            monthly(session, task, leads, a_requirement(session, task))
        a_member(session, PERSON, *((RoleName.LIAISON, unit) for unit in owing))


def _names(count: int) -> list[str]:
    return [f"{chr(0x5E72 + at * 5)}{chr(0x6C34 + at * 7)}" for at in range(count)]


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements sent to the database meanwhile."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        said.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield said
    event.remove(database.engine, "before_cursor_execute", note)


def table(numbers: range) -> str:
    rows = (f"安{number}\t7月31日\t{300 + number}公里\t逐段安装" for number in numbers)
    return "\n".join(["任务编号\t截至\t完成数\t措施", *rows])


def queries_of(talk: Talk, text: str, count: int) -> int:
    with counted(talk.database) as said:
        answer = talk.say(PERSON, text)[0]
    assert answer.startswith(f"读到{count}项：已报送{count}项。")
    return len(said)


@pytest.mark.parametrize("units", [1, 30])
def test_each_further_row_asks_the_same_of_the_database(light: Talk, units: int) -> None:
    give_tasks(light, units=units, tasks=32)

    few = queries_of(light, table(range(1, 3)), 2)
    many = queries_of(light, table(range(3, 33)), 30)

    assert (many - few) / 28 < MOST_EACH


def test_twenty_parts_ask_little_more_than_their_own(light: Talk) -> None:
    give_tasks(light, units=3, tasks=22)
    parts = [
        f"报送 安{number}\n截至：7月31日\n完成数：{number}公里\n措施：逐段安装"
        for number in range(1, 23)
    ]

    few = queries_of(light, "\n".join(parts[:2]), 2)
    many = queries_of(light, "\n".join(parts[2:]), 20)

    assert (many - few) / 18 < MOST_EACH


def test_a_task_in_two_rows_is_seen_as_the_first_left_it(light: Talk) -> None:
    """What was stored is not spoken of as it was read before."""
    give_tasks(light, units=1, tasks=3)
    light.say(PERSON, table(range(1, 4)))

    [answer] = light.say(PERSON, table(range(1, 3)))

    assert answer.count("已报送 #1") == answer.count("已报送 #2") == 1
    assert "未受理2项" in answer
