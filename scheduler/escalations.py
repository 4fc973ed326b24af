"""Who above is told of what stays overdue, once: the unit heads of their reports."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from handlers.standing.duties import DutyStanding
from handlers.standing.openings import opening
from handlers.supervising.texts import owed_lines
from models.audience import Holder, by_unit
from models.audit import Audit, record
from models.db import batches
from models.member import RoleName
from models.rules.ladder import EscalationKind, escalations
from models.rules.opening import Opening
from models.rules.zone import local_zone
from scheduler.moment import Moment, Word

#: What the slot of a message to somebody above is called.
HEAD_SLOT = "head"
ADMIN_SLOT = "admin"
ABOVE_SLOTS = (HEAD_SLOT, ADMIN_SLOT)
_TABLE = "obligation"


def heads_told(
    session: Session, owed: Sequence[DutyStanding], people: Iterable[Holder], moment: Moment
) -> list[Word]:
    """One word for each unit head, of everything that reached their rung and was not told.

    An obligation is told once (the audit trail remembers it), however long nobody could be
    reached; an extension begins anew. What stays overdue for longer is offered to the admins as
    supervision orders.
    """
    kind = EscalationKind.UNIT_HEAD
    overdue = [each for each in owed if each.is_overdue]
    told = told_at(session, _TABLE, [each.id for each in overdue])
    heads = by_unit(each for each in people if each.role is RoleName.UNIT_HEAD)
    found: dict[int, list[DutyStanding]] = {}
    for each in overdue:
        policy = moment.policies[each.obligation.programme_id]
        deadline = each.duty.deadline
        rungs = escalations(deadline, moment.now, moment.days, policy)
        is_told = was_told(told, each.id, kind, deadline)
        if is_told or kind not in {rung.kind for rung in rungs}:
            continue
        for member_id in _of_units(each, heads):
            found.setdefault(member_id, []).append(each)
    return [_word(member_id, theirs, moment) for member_id, theirs in found.items()]


def mark_told(session: Session, words: Iterable[Word], now: datetime) -> None:
    """Remember who was told of what: it is not told again, and is evidence for a 督办单."""
    for word in words:
        for table, row, kind in word.escalated:
            record(
                session,
                at=now,
                member_id=None,
                action=_action(kind),
                table=table,
                row=row,
                after={"told": word.member_id},
            )


def _action(kind: EscalationKind) -> str:
    return f"escalate_{kind}"


def told_at(session: Session, table: str, ids: Sequence[int]) -> dict[tuple[int, str], datetime]:
    """When each of these rows was last told at each rung."""
    return {
        (row, action): at
        for some in batches(ids)
        for row, action, at in session.exec(
            select(Audit.row, Audit.action, Audit.at)
            .where(
                Audit.table == table,
                col(Audit.row).in_(some),
                col(Audit.action).in_([_action(kind) for kind in EscalationKind]),
            )
            .order_by(col(Audit.id))
        )
    }


def was_told(
    told: Mapping[tuple[int, str], datetime], row: int, kind: EscalationKind, since: datetime
) -> bool:
    """Whether a row was told at this rung *since* its deadline: a later one begins anew."""
    at = told.get((row, _action(kind)))
    return at is not None and at > since


def _of_units(each: DutyStanding, heads: Mapping[int | None, Sequence[Holder]]) -> list[int]:
    """The heads of the owing units, each once, in the order in which they joined."""
    units = dict.fromkeys(unit.id for unit in each.units)
    found = (head for unit_id in units for head in heads.get(unit_id, ()))
    return sorted({head.member_id for head in found if head.serves(each.obligation.programme_id)})


def _word(member_id: int, overdue: Sequence[DutyStanding], moment: Moment) -> Word:
    lines = owed_lines(overdue, moment.now, moment.days, local_zone(), with_units=True)
    policies = [moment.policies[each.obligation.programme_id] for each in overdue]
    head = opening(Opening.HEAD, (each.programme for each in overdue))
    return Word(
        member_id=member_id,
        slot=HEAD_SLOT,
        text="\n".join([head, *lines]),
        cap=min(policy.daily_cap for policy in policies),
        escalated=tuple((_TABLE, each.id, EscalationKind.UNIT_HEAD) for each in overdue),
    )
