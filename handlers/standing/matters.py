"""What a report is on: a task, or one of its responsibility clauses, with the name it goes by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlmodel import Session, col, select

from handlers.standing.tasks import short_name
from models.obligation import Obligation
from models.requirement import Requirement
from models.rules.clause import clause_label, clause_number, short_text
from models.task import Clause, Task, clauses_of


@dataclass(frozen=True)
class Matter:
    """A task, or a clause of it; *place* counts its clauses and is 0 where there is but one."""

    task: Task
    clause: Clause | None = None
    place: int = 0

    @property
    def clause_id(self) -> int | None:
        """The clause's id; None for the task as a whole."""
        return self.clause.id if self.clause else None

    @property
    def key(self) -> tuple[str, int]:
        """By what many are listed together."""
        return self.task.number, self.place

    @property
    def number(self) -> str:
        """What is typed for it: 州1-7, 政7-2."""
        return clause_number(*self.key)

    @property
    def label(self) -> str:
        """What it is called where there is no room for words: 州1-7, 政7（2）."""
        return clause_label(*self.key)

    @property
    def name(self) -> str:
        """Number and a few words, as a phone shows it: 州1-7 雪亮工程, 政7（2）县域商业体系建设."""
        if self.clause is None or not self.place:
            return short_name(self.task)
        return f"{self.label}{short_text(self.clause.text)}"


def clause_matters(session: Session, tasks: Iterable[Task]) -> dict[int, list[Matter]]:
    """The clauses of these tasks in printed order, by task, in one query."""
    known = {task.id or 0: task for task in tasks}
    return {
        task_id: [
            Matter(known[task_id], clause, at if len(clauses) > 1 else 0)
            for at, clause in enumerate(clauses, start=1)
        ]
        for task_id, clauses in clauses_of(session, known).items()
    }


def matters_of(
    session: Session, obligations: Iterable[Obligation], tasks: Mapping[int, Task]
) -> dict[int, Matter]:
    """What each of these obligations is about, by its id, in at most two queries."""
    rows = list(obligations)
    wanted = {row.requirement_id for row in rows}
    clause_ids = dict(
        session.exec(
            select(col(Requirement.id), col(Requirement.clause_id)).where(
                col(Requirement.id).in_(wanted), col(Requirement.clause_id).is_not(None)
            )
        ).all()
    )
    known = by_clause(session, (tasks[r.task_id] for r in rows if r.requirement_id in clause_ids))
    return {
        row.id or 0: known.get(clause_ids.get(row.requirement_id) or 0)
        or Matter(tasks[row.task_id])
        for row in rows
    }


def by_clause(session: Session, tasks: Iterable[Task]) -> dict[int, Matter]:
    """The clauses of these tasks by their ids; nothing is asked where there are no tasks."""
    found = clause_matters(session, tasks)
    return {each.clause_id or 0: each for matters in found.values() for each in matters}


def matter_of(session: Session, obligation: Obligation) -> Matter:
    """What one obligation is about."""
    task = session.get_one(Task, obligation.task_id)
    clause_id = session.get_one(Requirement, obligation.requirement_id).clause_id
    return by_clause(session, [task] if clause_id else []).get(clause_id or 0) or Matter(task)
