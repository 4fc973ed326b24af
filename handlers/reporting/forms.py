"""The forms of obligations while a message is answered: what many of them need is read at once."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from sqlmodel import Session, col, select

from handlers.reading.names import Name
from handlers.reporting.content import Extra
from handlers.reporting.extra_rows import ExtraKnown, extras_asked, extras_before
from handlers.reporting.form import Form, picture_rule, section_forms
from handlers.standing.matters import Matter, by_clause
from models.area import Area
from models.comment import CommentCount, accepted_comments
from models.figure import Figure, Series, accepted_figures
from models.indicator import Indicator, indicators_of, linked_to
from models.obligation import Obligation
from models.programme import Programme
from models.requirement import Requirement
from models.rules.figure_checks import Linked
from models.submission import SubmissionVersion
from models.task import Task, TaskUnit
from models.unit import Unit, UnitKind


class Forms:
    """Forms by obligation, with all that their tasks have in the database, read as it is asked for.

    What was accepted does not change while one message is answered.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._made: dict[tuple[int, int | None], Form] = {}
        self._known: set[int] = set()
        self._matters: dict[int, Matter] = {}
        self._indicators: dict[int, list[Indicator]] = {}
        self._links: dict[int, list[tuple[Indicator, Task]]] = {}
        self._figures: dict[int, list[Figure]] = {}
        self._comments: dict[int, list[CommentCount]] = {}
        self._task_units: dict[int, tuple[Task, set[int]]] = {}
        self._areas: dict[int, tuple[str, tuple[Unit, ...]]] = {}

    def of(self, obligation: Obligation, besides: int | None = None) -> Form:
        """The form of an obligation; figures of report *besides*, now corrected, are no history."""
        key = (obligation.id or 0, besides)
        if key not in self._made:
            self.read([obligation])
            self._made[key] = self._form(obligation, besides)
        return self._made[key]

    def read(self, obligations: Iterable[Obligation]) -> None:
        """Read what the forms of all of these need, in as many queries as for one."""
        fresh = [each for each in obligations if each.requirement_id not in self._known]
        if not fresh:
            return
        session = self._session
        requirements = [session.get_one(Requirement, each.requirement_id) for each in fresh]
        self._known |= {each.id or 0 for each in requirements}
        tasks = {each.task_id: session.get_one(Task, each.task_id) for each in fresh}
        of_clauses = {each.task_id for each in requirements if each.clause_id}
        self._matters |= by_clause(session, [tasks[each] for each in of_clauses])
        if commented := {each.task_id for each in requirements if each.comments}:
            for count in accepted_comments(session, commented, date.max):
                self._comments.setdefault(count.task_id, []).append(count)
        self._read_tasks({key: each for key, each in tasks.items() if key not in self._indicators})
        for programme_id in {each.programme_id for each in fresh}:
            self._read_area(session.get_one(Programme, programme_id).area_id)

    def _read_tasks(self, tasks: dict[int, Task]) -> None:
        if not tasks:
            return
        session = self._session
        indicators = indicators_of(session, tasks)
        links = linked_to(session, [each.id or 0 for own in indicators.values() for each in own])
        self._indicators |= indicators
        self._links |= links
        linked = {task.id or 0 for pairs in links.values() for _, task in pairs}
        wanted = (tasks.keys() | linked) - self._figures.keys()
        self._figures |= {each: [] for each in wanted}
        for figure in accepted_figures(session, wanted, date.max):
            self._figures[figure.task_id].append(figure)
        self._read_neighbours(tasks)

    def _read_neighbours(self, tasks: dict[int, Task]) -> None:
        """The tasks in which the units of these have a part, theirs and others, with the units."""
        own = select(TaskUnit.unit_id).where(col(TaskUnit.task_id).in_(tasks))
        programmes = {each.programme_id for each in tasks.values()}
        rows = self._session.exec(
            select(Task, TaskUnit.unit_id)
            .join(TaskUnit, col(TaskUnit.task_id) == col(Task.id))
            .where(
                col(Task.programme_id).in_(programmes),
                col(Task.active),
                col(TaskUnit.unit_id).in_(own),
            )
        ).all()
        for task, unit_id in rows:
            self._task_units.setdefault(task.id or 0, (task, set()))[1].add(unit_id)

    def _read_area(self, area_id: int) -> None:
        """The name of an area, and its counties."""
        if area_id in self._areas:
            return
        counties = (Unit.area_id == area_id, Unit.kind == UnitKind.COUNTY)
        query = select(Unit).where(*counties).order_by(col(Unit.position), col(Unit.id))
        found = tuple(self._session.exec(query).all())
        self._areas[area_id] = self._session.get_one(Area, area_id).name, found

    def _form(self, obligation: Obligation, besides: int | None) -> Form:
        session = self._session
        task = session.get_one(Task, obligation.task_id)
        requirement = session.get_one(Requirement, obligation.requirement_id)
        programme = session.get_one(Programme, obligation.programme_id)
        area, counties = self._areas[programme.area_id]
        own = frozenset[int | None]() if besides is None else _versions(session, besides)
        last_day = obligation.covers_to or date(programme.year, 12, 31)
        return Form(
            obligation=obligation,
            programme=programme,
            task=task,
            matter=self._matters.get(requirement.clause_id or 0) or Matter(task),
            requirement=requirement,
            indicators=tuple(self._indicators[task.id or 0]),
            counties=counties if requirement.county_figures else (),
            sections=section_forms(requirement),
            rule=picture_rule(requirement, programme),
            history=self._history(task, programme.year, last_day, own),
            linked=self._linked(task, obligation.covers_to or obligation.due.date()),
            extras=extras_asked(task, requirement),
            before=self._before(task, programme.year, last_day, own),
            area=area,
            places=tuple(name for each in counties for name in (each.name, *each.aliases)),
            others=tuple(self._others(task)),
        )

    def _history(
        self, task: Task, year: int, last_day: date, own: frozenset[int | None]
    ) -> dict[int, tuple[Figure, ...]]:
        """Accepted figures up to the end of the period: a later one is no past of a late report."""
        by_day: dict[int, dict[date, Figure]] = {}
        for each in self._figures[task.id or 0]:
            counts = each.series == Series.REPORTED and each.as_of.year == year
            is_past = each.as_of <= last_day and each.version_id not in own
            if counts and is_past and each.indicator_id is not None:
                by_day.setdefault(each.indicator_id, {})[each.as_of] = each
        return {key: tuple(days.values()) for key, days in by_day.items()}

    def _linked(self, task: Task, until: date) -> dict[int, Linked]:
        """The newest values of the year that count the same elsewhere, by the indicator here."""
        found: dict[int, Linked] = {}
        for indicator in self._indicators[task.id or 0]:
            key = indicator.id or 0
            for other, its_task in self._links.get(key, ()):
                for each in _reported(self._figures[its_task.id or 0], other, until):
                    newest = found.get(key)
                    if newest is None or newest.as_of <= each.as_of:
                        found[key] = Linked(each.value, each.as_of, its_task.number)
        return found

    def _before(
        self, task: Task, year: int, last_day: date, own: frozenset[int | None]
    ) -> dict[Extra, ExtraKnown]:
        """What was accepted last on the further lines, of the year and up to the period's end."""
        figures = (e for e in self._figures[task.id or 0] if e.version_id not in own)
        comments = (e for e in self._comments.get(task.id or 0, ()) if e.version_id not in own)
        return extras_before(figures, comments, date(year, 1, 1), last_day)

    def _others(self, task: Task) -> Iterator[Name]:
        """The other tasks of the programme in which the same units have a part."""
        own = self._task_units.get(task.id or 0, (task, set()))[1]
        of_programme = (
            (each, units)
            for each, units in self._task_units.values()
            if each.programme_id == task.programme_id and each.id != task.id
        )
        near = (each for each, units in of_programme if units & own)
        for each in sorted(near, key=lambda other: (other.position, other.id or 0)):
            yield Name(str(each.id), each.number, each.title, tuple(each.aliases))


def _reported(figures: Sequence[Figure], indicator: Indicator, until: date) -> Iterator[Figure]:
    """The reported values of an indicator in the year up to a day."""
    for each in figures:
        is_own = each.indicator_id == indicator.id and each.series == Series.REPORTED
        if is_own and each.as_of <= until and each.as_of.year == until.year:
            yield each


def _versions(session: Session, submission_id: int) -> frozenset[int | None]:
    rows = session.exec(
        select(SubmissionVersion.id).where(col(SubmissionVersion.submission_id) == submission_id)
    ).all()
    return frozenset(rows)
