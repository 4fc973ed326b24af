"""Who above is told of reports that stay overdue: the unit head, then the programme's admin."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from handlers.standing.duties import DutyStanding
from handlers.supervising.texts import owed_lines
from models.audience import Holder
from models.audit import Audit, record
from models.member import RoleName
from models.rules.ladder import Escalation, EscalationKind, escalations
from models.rules.zone import local_zone
from scheduler.moment import Moment, Word

#: Who is told at each rung, and what the slot of that message is called.
_RUNGS = {
    EscalationKind.UNIT_HEAD: (RoleName.UNIT_HEAD, "head"),
    EscalationKind.ORDER: (RoleName.ADMIN, "admin"),
}
ABOVE_SLOTS = tuple(slot for _, slot in _RUNGS.values())
_TABLE = "obligation"


def escalations_due(
    session: Session, owed: Sequence[DutyStanding], people: Iterable[Holder], moment: Moment
) -> list[Word]:
    """One word for each person above, of everything that reached their rung and was not told.

    An obligation is told once a rung (the audit trail remembers it), however long nobody could
    be reached; an extension begins anew.
    """
    overdue = [each for each in owed if each.is_overdue]
    told = _told(session, overdue)
    found: dict[tuple[int, EscalationKind], list[DutyStanding]] = {}
    holders = list(people)
    for each in overdue:
        policy = moment.policies[each.obligation.programme_id]
        for step in escalations(each.duty.deadline, moment.now, moment.days, policy):
            if _is_told(each, step, told):
                continue
            for member_id in _above(each, step.kind, holders):
                found.setdefault((member_id, step.kind), []).append(each)
    return [_word(member_id, kind, theirs, moment) for (member_id, kind), theirs in found.items()]


def mark_told(session: Session, words: Iterable[Word], now: datetime) -> None:
    """Remember who was told of what: it is not told again, and is evidence for a 督办单."""
    for word in words:
        for obligation_id, kind in word.escalated:
            record(
                session,
                at=now,
                member_id=None,
                action=_action(kind),
                table=_TABLE,
                row=obligation_id,
                after={"told": word.member_id},
            )


def _action(kind: EscalationKind) -> str:
    return f"escalate_{kind}"


def _told(session: Session, overdue: Sequence[DutyStanding]) -> dict[tuple[int, str], datetime]:
    """When each obligation was last told at each rung."""
    if not overdue:
        return {}
    rows = session.exec(
        select(Audit.row, Audit.action, Audit.at)
        .where(
            Audit.table == _TABLE,
            col(Audit.row).in_([each.id for each in overdue]),
            col(Audit.action).in_([_action(kind) for kind in EscalationKind]),
        )
        .order_by(col(Audit.id))
    ).all()
    return {(row, action): at for row, action, at in rows}


def _is_told(each: DutyStanding, step: Escalation, told: dict[tuple[int, str], datetime]) -> bool:
    at = told.get((each.id, _action(step.kind)))
    return at is not None and at > each.duty.deadline


def _above(each: DutyStanding, kind: EscalationKind, people: Iterable[Holder]) -> list[int]:
    """Unit heads of the owing units, or the admins of the programme, each once."""
    role, _ = _RUNGS[kind]
    units = {unit.id for unit in each.units}
    return list(
        dict.fromkeys(
            holder.member_id
            for holder in people
            if holder.role is role
            and holder.serves(each.obligation.programme_id)
            and (role is RoleName.ADMIN or holder.unit_id in units)
        )
    )


def _word(
    member_id: int, kind: EscalationKind, overdue: Sequence[DutyStanding], moment: Moment
) -> Word:
    lines = owed_lines(
        overdue,
        moment.now,
        moment.days,
        local_zone(),
        with_units=True,
        count_units=kind is EscalationKind.ORDER,
    )
    policies = [moment.policies[each.obligation.programme_id] for each in overdue]
    return Word(
        member_id=member_id,
        slot=_RUNGS[kind][1],
        text="\n".join([_head(kind), *lines, *_foot(kind, overdue, moment)]),
        cap=min(policy.daily_cap for policy in policies),
        escalated=tuple((each.id, kind) for each in overdue),
    )


def _head(kind: EscalationKind) -> str:
    if kind is EscalationKind.UNIT_HEAD:
        return "【逾期提醒】您好，贵单位以下报送已逾期，请督促联络员尽快办理："
    return "【逾期提醒】以下报送逾期较久，已提醒联络员和单位负责人："


def _foot(kind: EscalationKind, overdue: Sequence[DutyStanding], moment: Moment) -> list[str]:
    """What to do next; only commands that this installation has are offered."""
    if kind is EscalationKind.UNIT_HEAD:
        return []
    first = overdue[0]
    lines = [f"再次提醒请发“催报 {first.units[0].name if first.units else first.task.number}”。"]
    order = f"督办 {first.task.number} 期限 要求"
    if moment.services.registry.command_for(order) is not None:
        lines.append(f"如需督办，请发“{order}”。")
    return lines
