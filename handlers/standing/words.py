"""What was last said of many tasks at once: progress and problems, of documents and reports."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlmodel import Session, col, select

from handlers.standing.facts import section_of
from models.note import Note, NoteKind, notes_of
from models.rules.zone import local_zone
from models.submission import Submission, SubmissionVersion

#: A section of a report stands in a table up to its last sentence end before this.
LONGEST = 200

Words = Mapping[NoteKind, Sequence[str]]


def words_of(session: Session, task_ids: Collection[int], until: date) -> dict[int, Words]:
    """The newest words on each task up to a day, in two queries.

    Like `facts_of`: those of an issued document, or of the last accepted report if that is newer.
    What speaks of one county alone is left out.
    """
    notes: dict[tuple[int, str], list[Note]] = defaultdict(list)
    for note in notes_of(session, task_ids, until):
        if note.unit_id is None:
            notes[note.task_id, note.kind].append(note)
    reports = _last_reports(session, task_ids, until)
    return {
        task_id: {
            kind: _newest(notes.get((task_id, kind), []), reports.get(task_id), kind)
            for kind in NoteKind
        }
        for task_id in task_ids
    }


def _newest(
    own: Sequence[Note], report: tuple[date, SubmissionVersion] | None, kind: NoteKind
) -> list[str]:
    newest = own[0].as_of if own else None
    said = section_of(report[1], kind) if report else ""
    if said and report and (newest is None or report[0] >= newest):
        return [brief(said)]
    return [note.text for note in own if note.as_of == newest]


def _last_reports(
    session: Session, task_ids: Collection[int], until: date
) -> dict[int, tuple[date, SubmissionVersion]]:
    """The newest accepted report on each task with the day it speaks of."""
    rows = session.exec(
        select(Submission.task_id, SubmissionVersion)
        .join(SubmissionVersion, col(SubmissionVersion.submission_id) == col(Submission.id))
        .where(
            col(Submission.task_id).in_(set(task_ids)),
            col(SubmissionVersion.version) == col(Submission.accepted_version),
        )
        .order_by(col(SubmissionVersion.id))
    ).all()
    found: dict[int, tuple[date, SubmissionVersion]] = {}
    for task_id, version in rows:
        day = version.as_of or version.received_at.astimezone(local_zone()).date()
        if day <= until and (task_id not in found or day >= found[task_id][0]):
            found[task_id] = (day, version)
    return found


def brief(text: str, most: int = LONGEST) -> str:
    """Its first sentences in one line."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    end = line.rfind("。", 0, most)
    return line[: end + 1] if end > 0 else f"{line[:most]}……"
