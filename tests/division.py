"""A small division of work by clauses: led, shared, each for itself, by the month and quarter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from sqlmodel import Session

from models.db import Database
from models.member import RoleName
from models.programme import Programme
from models.requirement import Requirement
from models.task import Clause, Task, UnitRole
from models.unit import Unit
from tests.conftest import at
from tests.factories import (
    PROBLEMS,
    a_clause,
    a_member,
    a_programme,
    a_requirement,
    a_task,
    a_unit,
    an_obligation,
)
from tests.rows import Rows
from tests.supervising import with_open_chats
from tests.talk import Talk

#: A Thursday; what covers January to March is due on Sunday the 10th.
APRIL = at("2022-04-07T09:30")
PROGRESS = {"name": "进展", "aliases": ["进展情况"], "need": "required", "minimum": 4}
_UNITS = "省发展改革委 省商务厅 省财政厅 省农业农村厅 省政府办公厅 省审计厅 省统计局"
_MARCH = (date(2022, 1, 1), date(2022, 3, 31))
_APRIL = (date(2022, 1, 1), date(2022, 4, 30))
_JUNE = (date(2022, 1, 1), date(2022, 6, 30))


@cache
def _rows(quarterly: bool) -> Rows:
    return Rows(lambda session: _division(session, quarterly=quarterly))


def division_talk(database: Database, *, quarterly: bool = False) -> Talk:
    """Three tasks with six clauses, each unit with a liaison, an admin and a leader."""
    talk = Talk(database, now=APRIL, empty=True)
    with database.write() as session:
        _rows(quarterly).into(session)
    return with_open_chats(talk)


@dataclass
class _Division:
    session: Session
    programme: Programme
    quarterly: bool

    def task(self, number: str, title: str, short: str, lead: Sequence[Unit]) -> Task:
        return a_task(
            self.session, self.programme, number, title, lead, kind="narrative", aliases=[short]
        )

    def clause(
        self,
        task: Task,
        text: str,
        lead: Sequence[Unit],
        role: UnitRole = UnitRole.LEAD,
        *,
        place: int = 0,
        supporting: Sequence[Unit] = (),
    ) -> None:
        clause = a_clause(
            self.session, task, text, lead, role=role, supporting=supporting, position=place
        )
        months = [
            (_MARCH, at("2022-04-10T23:59:59"), at("2022-05-10T23:59:59")),
            (_APRIL, at("2022-05-10T23:59:59"), None),
        ]
        quarters = [
            (_MARCH, at("2022-04-10T23:59:59"), at("2022-07-10T23:59:59")),
            (_JUNE, at("2022-07-10T23:59:59"), None),
        ]
        for periods in [months, quarters][: 2 if self.quarterly else 1]:
            needed = self._requirement(task, clause, each=role is UnitRole.EACH)
            for covers, due, closes in periods:
                self._owe(needed, task, lead, covers, due, closes)

    def _requirement(self, task: Task, clause: Clause, *, each: bool) -> Requirement:
        return a_requirement(
            self.session, task, sections=(PROGRESS, PROBLEMS), clause_id=clause.id, each=each
        )

    def _owe(
        self,
        needed: Requirement,
        task: Task,
        lead: Sequence[Unit],
        covers: tuple[date, date],
        due: datetime,
        closes: datetime | None,
    ) -> None:
        for units in [[unit] for unit in lead] if needed.each else [lead]:
            an_obligation(
                self.session,
                needed,
                task,
                units,
                due=due,
                covers=covers,
                closes=closes,
                key=f"{covers[1]}/{units[0].id}",
            )


def _division(session: Session, *, quarterly: bool) -> None:
    units = {name: a_unit(session, name) for name in _UNITS.split()}
    reform, trade, money, farms, office, audit, numbers = units.values()
    programme = a_programme(session, "fengong-2022", "重点工作分工", year=2022)
    work = _Division(session, programme, quarterly)
    spending = work.task("政7", "消费提质与县域商业", "促进消费", [reform, trade, money])
    work.clause(spending, "扶持老字号，培育新型消费", [reform], supporting=[farms, trade])
    work.clause(spending, "完善县域商业体系", [trade], place=1)
    shared = [reform, trade, money]
    work.clause(spending, "促进农村消费升级和耐用品换代", shared, UnitRole.SHARED, place=2)
    city = work.task("政8", "国际消费中心城市建设", "国际消费中心城市", [trade, reform])
    work.clause(city, "建设国际消费中心城市", [trade, reform], supporting=[farms])
    law = work.task("政78", "接受监督与审计统计监督", "接受监督", [office, audit, numbers])
    work.clause(law, "接受人大、政协、社会和舆论监督", [office])
    work.clause(law, "加强审计、统计监督", [audit, numbers], UnitRole.EACH, place=1)
    for name, unit in units.items():
        a_member(session, f"{name}联络员", (RoleName.LIAISON, unit))
    a_member(session, "两家联络员", (RoleName.LIAISON, audit), (RoleName.LIAISON, numbers))
    a_member(session, "管理员甲", (RoleName.ADMIN, None))
    a_member(session, "领导甲", (RoleName.LEADER, None))
