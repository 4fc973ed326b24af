"""排名 续8: counties by what they did of their shares, each group apart, names by switch."""

from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import select

from models.chat import Chat
from models.figure import Figure
from models.indicator import Indicator
from models.unit import Unit
from tests.conftest import at
from tests.supervising import hand_in
from tests.talk import Talk

LEADER = "领导甲"
TOILETS = "农村户用厕所"


@pytest.fixture
def counted(light: Talk) -> Talk:
    """吉首市 did 3085 of 4113, 龙山县 nothing that was accepted of 20000."""
    light.set_clock("2021-09-16T10:00")
    report = hand_in(light, "续8", {TOILETS: "3085"}, month=9, accepted=True)
    with light.database.write() as session:
        whole = session.exec(select(Figure).join(Indicator).where(Indicator.name == TOILETS)).one()
        county = session.exec(select(Unit).where(Unit.name == "吉首市")).one()
        assert report
        session.add(
            Figure(
                version_id=whole.version_id,
                task_id=whole.task_id,
                indicator_id=whole.indicator_id,
                unit_id=county.id,
                as_of=date(2021, 8, 31),
                value=Decimal(3085),
                accepted_at=at("2021-09-16T10:00"),
            )
        )
    return light


def test_counties_are_ranked_by_their_shares_of_a_task(counted: Talk) -> None:
    lines = counted.say(LEADER, "排名 续8")[0].splitlines()

    assert lines[0].startswith("【重点民生实事】续8 农村户厕县市排名：农村户用厕所（数据截至")
    assert lines[1] == "县市领先：吉首市 75.01%（任务4113，完成3085）"
    assert lines[2] == "县市尚未计分：龙山县"
    assert lines[3].startswith("排名办法：完成率100%（完成数占任务数）")
    assert len(counted.pictures_of(LEADER)) == 1


def test_a_group_without_names_reads_who_leads(counted: Talk) -> None:
    with counted.database.write() as session:
        for chat in session.exec(select(Chat).where(Chat.name == "领导群")).all():
            chat.names_laggards = False

    [answer] = counted.say(LEADER, "排名 续8", group="领导群")

    assert "吉首市 75.01%" in answer
    assert "龙山县" not in answer
    assert "另有1家未列出" in answer


def test_a_task_without_shares_and_a_name_of_nothing_say_what_to_send(light: Talk) -> None:
    assert "没有分到县市的任务数" in light.say(LEADER, "排名 州1-7")[0]
    assert "可查看的专项：答卷专栏、重点民生实事" in light.say(LEADER, "排名 水利")[0]
