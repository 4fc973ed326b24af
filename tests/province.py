"""A province with years of reports, made by the database itself: a million rows in seconds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Table,
    case,
    cast,
    func,
    insert,
    literal,
    null,
    select,
)
from sqlmodel import Session, SQLModel

from handlers.registry import Registry
from handlers.schedules import seed_schedules
from models.chat import Chat, ChatPurpose, Door
from models.db import ExactDecimal
from models.figure import Figure
from models.indicator import Indicator
from models.member import Account, Member, Role, RoleName
from models.message import ChatKind
from models.obligation import Obligation, ObligationState, ObligationUnit
from models.programme import Programme
from models.requirement import Requirement
from models.rules.period import Due, closing_times, programme_dues
from models.rules.recurrence import Recurrence, to_data
from models.rules.wording import read_wording
from models.submission import Submission, SubmissionVersion
from models.task import Task, TaskUnit
from models.unit import Unit, UnitKind
from tests.conftest import at
from tests.factories import PLATFORM, a_programme

PROGRAMMES, YEAR = 3, 2021
#: A Monday morning, two working days before most reports on October are due.
MONDAY = at("2021-11-08T09:05")
#: Each unit leads so many tasks of each programme.
_LED = 5
#: Of a hundred reports that are due these days, so many have not come, and so many wait for review.
_OPEN, _IN_REVIEW = 40, 10
#: Of a hundred that were due before: never reported, returned last month.
_NEVER, _RETURNED = 2, 1
_MONTHS = 12
_MONTHLY = "每月{day}日前报送截至上月底累计情况"
_ONCE = "2021年11月{day}日前报送"
#: When reports came that were in time, and were reviewed.
FIRST = at("2019-01-20T10:00")


@dataclass(frozen=True)
class Province:
    """How much there is: *history* years behind this one, *tasks* in each of its programmes.

    With *all_open* only one month was asked for so far, and nobody has reported.
    """

    tasks: int
    history: int = 2
    all_open: bool = False

    @classmethod
    def of(cls, obligations: int) -> "Province":
        """Three years of it with about so many obligations."""
        return cls(tasks=max(1, obligations // (PROGRAMMES * (1 + cls.history) * _MONTHS)))

    @classmethod
    def open_at_once(cls, obligations: int) -> "Province":
        """So many obligations that are all due these days."""
        return cls(tasks=obligations // PROGRAMMES, history=0, all_open=True)

    @property
    def units(self) -> int:
        """How many units report."""
        return min(2000, max(1, self.tasks // _LED))

    def into(self, session: Session, registry: Registry) -> None:
        """Put it into an empty database, with its people, groups and digests."""
        years = range(YEAR - self.history, YEAR + 1)
        programmes = [
            a_programme(session, f"p{n}-{year}", f"专项{n}", year=year)
            for year in years
            for n in range(PROGRAMMES)
        ]
        for each in programmes:
            each.loaded_at = at(f"{each.year}-01-04T09:00")
            seed_schedules(session, each, registry)
        people = _people(session, programmes[0].area_id, self.units)
        _groups(session, after=people)
        for position, each in enumerate(programmes):
            # Not all on one day: the first programme of a year is due a day before the others.
            day = 9 if position % PROGRAMMES == 0 else 10
            wording = (_ONCE if self.all_open else _MONTHLY).format(day=day)
            rules = read_wording(wording, date(each.year, 1, 1)).recurrences
            self._asked(session, each, wording, rules)
            dues = programme_dues(rules, each.year)
            for due, closes in zip(dues, closing_times(dues), strict=True):
                self._due(session, each, due, closes)
        _reports(session)

    def _asked(
        self, session: Session, programme: Programme, wording: str, rules: Sequence[Recurrence]
    ) -> None:
        """Tasks, each led by one unit, with what they count and what is asked every month."""
        of = programme.id or 0
        _add(
            session,
            Task,
            [
                {"programme_id": of, "number": f"重{n}", "title": f"重点工作{n}", "position": n}
                for n in range(1, self.tasks + 1)
            ],
        )
        task = _table(Task)
        tasks = select(task).where(task.c.programme_id == of)
        lead = 1 + task.c.position % self.units
        _fill(session, TaskUnit, tasks, {"task_id": task.c.id, "unit_id": lead})
        asked = {"wording": wording, "recurrences": to_data(rules)}
        _fill(session, Requirement, tasks, {"task_id": task.c.id, **asked})
        counted = {"name": "完成数", "unit": "个", "target": Decimal(1200)}
        _fill(session, Indicator, tasks, {"task_id": task.c.id, **counted})

    def _due(
        self, session: Session, programme: Programme, due: Due, closes: datetime | None
    ) -> None:
        """What all tasks of a programme owe by one time."""
        task, requirement = _table(Task), _table(Requirement)
        asked = select(task).join(requirement, requirement.c.task_id == task.c.id)
        covers_from, covers_to = due.covers or (None, None)
        owed = {
            "requirement_id": requirement.c.id,
            "task_id": task.c.id,
            "programme_id": task.c.programme_id,
            "key": due.label,
            "label": due.label,
            "due": due.due,
            "closes": closes,
            "covers_from": covers_from,
            "covers_to": covers_to,
            "state": self._state(due.due),
        }
        _fill(session, Obligation, asked.where(task.c.programme_id == programme.id), owed)

    def _state(self, due: datetime) -> ColumnElement[str] | str:
        """How what was due then stands, by the place of its task."""
        place = _table(Task).c.position * 37 % 100
        if self.all_open or due > MONDAY + timedelta(days=7):
            return ObligationState.OWED.value
        if due > MONDAY:
            return case(
                (place < _OPEN, ObligationState.OWED.value),
                (place < _OPEN + _IN_REVIEW, ObligationState.SUBMITTED.value),
                else_=ObligationState.ACCEPTED.value,
            )
        back = _RETURNED if due > MONDAY - timedelta(days=40) else 0
        return case(
            (place < _NEVER, ObligationState.OWED.value),
            (place < _NEVER + back, ObligationState.RETURNED.value),
            else_=ObligationState.ACCEPTED.value,
        )


def _people(session: Session, area_id: int, units: int) -> int:
    """The units, each with a liaison and a head in their single chats, and an admin; how many."""
    _add(
        session,
        Unit,
        [
            {
                "id": n,
                "area_id": area_id,
                "name": f"单位{n}",
                "kind": UnitKind.DEPARTMENT,
                "position": n,
            }
            for n in range(1, units + 1)
        ],
    )
    roles = [(RoleName.LIAISON, n) for n in range(1, units + 1)]
    roles += [(RoleName.UNIT_HEAD, n) for n in range(1, units + 1)]
    roles.append((RoleName.ADMIN, None))
    known = list(enumerate(roles, start=1))
    _add(session, Member, [{"id": n, "name": f"人员{n}", "created_at": MONDAY} for n, _ in known])
    accounts = [{"member_id": n, "platform": PLATFORM, "user_id": f"u{n}"} for n, _ in known]
    _add(session, Account, accounts)
    told = [{"member_id": n, "role": role, "unit_id": unit} for n, (role, unit) in known]
    _add(session, Role, told)
    _add(
        session, Chat, [{"id": n, "kind": ChatKind.SINGLE, "created_at": MONDAY} for n, _ in known]
    )
    doors = [{"chat_id": n, "platform": PLATFORM, "address": f"u{n}"} for n, _ in known]
    _add(session, Door, doors)
    return len(known)


def _groups(session: Session, after: int) -> None:
    """A group of each kind that hears digests, with names."""
    purposes = (ChatPurpose.LEADERS, ChatPurpose.ADMINS, ChatPurpose.LIAISONS)
    same = {"kind": ChatKind.GROUP, "names_laggards": True, "created_at": MONDAY}
    groups = [{"id": n, "purpose": each} for n, each in enumerate(purposes, start=after + 1)]
    _add(session, Chat, [{"name": f"{each['purpose']}群", **each, **same} for each in groups])


def _reports(session: Session) -> None:
    """What came in for all that is no longer owed: reports, their versions and figures."""
    obligation, owing = _table(Obligation), _table(ObligationUnit)
    lead, indicator = _table(TaskUnit), _table(Indicator)
    submission, version = _table(Submission), _table(SubmissionVersion)
    owed = select(obligation).join(lead, lead.c.task_id == obligation.c.task_id)
    parts = {"obligation_id": obligation.c.id, "unit_id": lead.c.unit_id}
    _fill(session, ObligationUnit, owed, parts)
    came = (
        select(obligation)
        .join(owing, owing.c.obligation_id == obligation.c.id)
        .where(obligation.c.state != ObligationState.OWED)
    )
    is_taken = obligation.c.state == ObligationState.ACCEPTED
    of_report = {
        "obligation_id": obligation.c.id,
        "task_id": obligation.c.task_id,
        "unit_id": owing.c.unit_id,
        "member_id": owing.c.unit_id,
        "state": obligation.c.state,
        "accepted_version": case((is_taken, 1)),
        # Every ninth is late.
        "first_received_at": case((obligation.c.id % 9 == 0, MONDAY), else_=FIRST),
        "returns": case((obligation.c.state == ObligationState.RETURNED, 1), else_=0),
        "reviewed_at": FIRST,
    }
    _fill(session, Submission, came, of_report)
    of_version = {
        "submission_id": submission.c.id,
        "version": 1,
        "member_id": submission.c.member_id,
        "received_at": submission.c.first_received_at,
        "sections": {"措施": "按月调度，逐项推进。"},
        "original": "报送\n完成数：100个\n措施：按月调度，逐项推进。",
    }
    _fill(session, SubmissionVersion, select(submission), of_version)
    counted = (
        select(obligation)
        .join(submission, submission.c.obligation_id == obligation.c.id)
        .join(version, version.c.submission_id == submission.c.id)
        .join(indicator, indicator.c.task_id == obligation.c.task_id)
        .where(is_taken)
    )
    month = cast(func.substr(obligation.c.label, 6, 2), Integer)
    # Every fiftieth task lags.
    done = month * case((obligation.c.task_id % 50 == 0, 40), else_=101)
    of_figure = {
        "version_id": version.c.id,
        "task_id": obligation.c.task_id,
        "indicator_id": indicator.c.id,
        "as_of": obligation.c.covers_to,
        "value": cast(done, ExactDecimal),
        "accepted_at": FIRST,
    }
    _fill(session, Figure, counted, of_figure)


def _table(model: type[SQLModel]) -> Table:
    return SQLModel.metadata.tables[str(model.__tablename__)]


def _add(session: Session, model: type[SQLModel], rows: list[dict[str, Any]]) -> None:
    """These rows with the defaults of their model."""
    session.execute(insert(_table(model)), [{**_defaults(model, each), **each} for each in rows])


def _fill(
    session: Session, model: type[SQLModel], rows: Select[Any], own: Mapping[str, Any]
) -> None:
    """A row of *model* for each of *rows*, with these columns and the defaults."""
    values = {**_defaults(model, own), **own}
    columns = [
        (value if isinstance(value, ColumnElement) else _typed(model, name, value)).label(name)
        for name, value in values.items()
    ]
    query = rows.with_only_columns(*columns, maintain_column_froms=True)
    session.execute(insert(_table(model)).from_select(list(values), query))


def _typed(model: type[SQLModel], name: str, value: object) -> ColumnElement[Any]:
    """A value as this column keeps it."""
    kind = _table(model).c[name].type
    return cast(null(), kind) if value is None else literal(value, kind)


def _defaults(model: type[SQLModel], own: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: field.get_default(call_default_factory=True)
        for name, field in model.model_fields.items()
        if name not in own and name != "id" and not field.is_required()
    }
