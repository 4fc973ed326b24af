"""A report by its number, for those who may change it: the liaisons of its unit."""

import re
from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from handlers.context import Context
from handlers.reading.marks import GAP
from handlers.reading.normalise import normalise
from handlers.reporting.naming import clause_named, is_own, matter_named
from handlers.standing.matters import Matter, matters_of
from models.errors import Refused
from models.member import RoleName
from models.obligation import Obligation, ObligationUnit, owing_units
from models.submission import (
    Submission,
    SubmissionState,
    SubmissionVersion,
    submission_for_update,
)

#: How long after a report further pictures still belong to it.
FOLLOW_UP = timedelta(minutes=30)

_NUMBER = re.compile(r"\s*(?:报送|编号|第)?\s*#?\s*(\d{1,9})(?!\d)\s*号?[\s,:;、]*")


def number_and_rest(text: str) -> tuple[int, str] | None:
    """The report's number at the beginning of *text* and what follows; None without one."""
    first, mark, more = text.lstrip().partition("\n")
    plain = normalise(first)
    found = _NUMBER.match(plain)
    if found is None:
        return None
    # Normalising may change lengths, so the rest is cut off behind the last digit as written.
    digits = 0
    for place, char in enumerate(first):
        digits += char.isdigit()
        if digits == len(found[1]):
            rest = first[place + 1 :].lstrip(" \u3000\t号,，:：;；、")
            return int(found[1]), f"{rest}{mark}{more}"
    return None


def as_line(text: str) -> str:
    """完成数 1701 as the line 完成数：1701; what has a mark or a figure before the gap stays."""
    field, gap, value = text.strip().partition(" ")
    is_field = gap and not re.search(r"[\d:：\n]", field)
    return f"{field}：{value.strip()}" if is_field else text.strip()


def own_report(context: Context, number: int, word: str) -> Submission:
    """Report #*number*, locked; Refused where there is none or it is another unit's."""
    found = submission_for_update(context.session, number)
    if found is None:
        raise Refused(f"没有编号为 #{number} 的报送。请核对报送时收到的编号，再发“{word} 编号”。")
    obligation = context.session.get_one(Obligation, found.obligation_id)
    units = owing_units(context.session, [obligation.id or 0])[obligation.id or 0]
    own = context.speaker.unit_ids(RoleName.LIAISON, programme_id=obligation.programme_id)
    if not set(units) & set(own):
        raise Refused(f"#{number} 不是您单位的报送，不能{word}。您的待办请发“任务”查看。")
    return found


def only_report(context: Context, *states: SubmissionState) -> Submission | None:
    """The one report of the speaker's units in these states; None for none or several."""
    found = context.session.exec(_reports(context, *states).limit(2)).all()
    return found[0] if len(found) == 1 else None


def newest_reports(context: Context, most: int) -> Sequence[Submission]:
    """The newest reports of the speaker's units that were not taken back, the newest first."""
    states = (each for each in SubmissionState if each is not SubmissionState.WITHDRAWN)
    return context.session.exec(_reports(context, *states).limit(most)).all()


def _reports(context: Context, *states: SubmissionState) -> SelectOfScalar[Submission]:
    """The reports of the speaker's units in these states, the newest first."""
    units = context.speaker.unit_ids(RoleName.LIAISON)
    query = (
        select(Submission)
        .join(ObligationUnit, col(ObligationUnit.obligation_id) == col(Submission.obligation_id))
        .where(col(ObligationUnit.unit_id).in_(units))
        .order_by(col(Submission.id).desc())
        .distinct()
    )
    return query.where(col(Submission.state).in_(states)) if states else query


def report_of_task(context: Context, text: str, word: str) -> tuple[Submission, str] | None:
    """The newest report of the task or clause that *text* begins with, and what follows the name.

    Refused where reports on several clauses of the task may be meant.
    """
    clause = clause_named(context, text)
    name, more = (clause[1], text.strip()[len(clause[1]) :]) if clause else _first_word(text)
    if not name or not is_own(context, name):
        return None
    waiting = (SubmissionState.SUBMITTED, SubmissionState.RETURNED)
    matter = matter_named(context, name, f"{word} {{}}")
    if not isinstance(matter, Matter):
        # Two tasks bear the name: the one of the only report that waits is meant.
        found = only_report(context, *waiting)
    else:
        whole = matter if clause else Matter(matter.task)
        found = _newest(context, whole, word, *waiting)
        found = found or _newest(context, whole, word, SubmissionState.ACCEPTED)
    more = more.lstrip(" \t\u3000:：,，;；、")
    return (own_report(context, found.id or 0, word), more) if found else None


def _newest(
    context: Context, matter: Matter, word: str, *states: SubmissionState
) -> Submission | None:
    """The newest report on it in these states; refused where it is one of several clauses."""
    query = _reports(context, *states).where(Submission.task_id == matter.task.id)
    rows = context.session.exec(query).all()
    obligations = {
        row.id: row
        for row in context.session.exec(
            select(Obligation).where(col(Obligation.id).in_({r.obligation_id for r in rows}))
        ).all()
    }
    known = matters_of(context.session, obligations.values(), {matter.task.id or 0: matter.task})
    of_clause: dict[int | None, tuple[Submission, Matter]] = {}
    for row in rows:
        each = known[row.obligation_id]
        if matter.clause is None or each.clause_id == matter.clause_id:
            of_clause.setdefault(each.clause_id, (row, each))
    if len(of_clause) > 1:
        several = "、".join(f"{each.label} #{row.id}" for row, each in of_clause.values())
        raise Refused(
            f"{matter.task.number} 有几件报送：{several}。请写编号，如“{word} {rows[0].id}”。"
        )
    return next((row for row, _ in of_clause.values()), None)


def _first_word(text: str) -> tuple[str, str]:
    name, *more = GAP.split(text.strip(), maxsplit=1)
    return name, more[0] if more else ""


def fresh_report(context: Context) -> Submission | None:
    """The speaker's unreviewed report of the last half hour, to which pictures still belong."""
    newest = context.session.exec(
        select(Submission)
        .join(SubmissionVersion, col(SubmissionVersion.submission_id) == col(Submission.id))
        .where(
            SubmissionVersion.member_id == context.speaker.id,
            Submission.state == SubmissionState.SUBMITTED,
            SubmissionVersion.version == Submission.version,
            col(SubmissionVersion.received_at) >= context.now - FOLLOW_UP,
        )
        .order_by(col(SubmissionVersion.id).desc())
    ).first()
    return newest


def only_returned(context: Context) -> Submission | None:
    """The one report of the speaker that was returned; None where there are none or several."""
    found = context.session.exec(
        select(Submission).where(
            Submission.member_id == context.speaker.id,
            Submission.state == SubmissionState.RETURNED,
        )
    ).all()
    return found[0] if len(found) == 1 else None


def last_unreviewed(session: Session, member_id: int) -> Submission | None:
    """The member's newest report that nobody has reviewed."""
    return session.exec(
        select(Submission)
        .where(
            Submission.member_id == member_id,
            Submission.state == SubmissionState.SUBMITTED,
        )
        .order_by(col(Submission.id).desc())
    ).first()
