"""Reminders by the ladder: who still owes at this moment, one message a person and slot."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from handlers.context import Services
from handlers.standing.duties import DutyFilter, DutyStanding, any_duty, duties
from handlers.standing.openings import opening
from handlers.standing.wishes import unanswered
from handlers.supervising.chasing import Person, people_owing
from handlers.supervising.texts import owed_lines, what_to_send
from models.audience import Holder, holders, said_among, single_chats
from models.db import Database
from models.member import RoleName
from models.message import Reply
from models.obligation import OPEN_STATES
from models.outbox import say_each
from models.rules.ladder import Policy, Slot, on_day, slot_due, times_of_day
from models.rules.opening import Opening
from models.rules.reporting import State, takes_reports
from models.rules.zone import local_zone
from models.supervision_order import any_order
from scheduler.escalations import ABOVE_SLOTS, heads_told, mark_told
from scheduler.moment import Moment, Word, one_each
from scheduler.orders import (
    WATCHED,
    note_told,
    order_texts,
    order_words,
    scan_orders,
    watched_orders,
)
from scheduler.unsent import drop_unsent, has_waiting, note_run

_FRIDAY = 5
_ROLES = (RoleName.LIAISON, RoleName.UNIT_HEAD, RoleName.ADMIN)


def remind(database: Database, services: Services, now: datetime) -> int:
    """Owe every reminder whose slot has come to those who still owe; returns how many.

    Each under a unique key of day, slot and person, so that a second run is harmless. Nothing is
    locked until there is something to say.
    """
    with database.read() as session:
        moment = Moment.at(session, services, now)
    scan_orders(database, moment)
    with database.read() as session:
        waiting = has_waiting(session)
        words = _words(session, moment) if _may_be_due(session, moment) else []
    note_run(database, moment)
    if not words and not waiting:
        return 0
    with database.write() as session:
        # Looked at again under the lock: somebody may have reported meanwhile.
        if waiting:
            drop_unsent(session, moment, _texts_now(session, moment))
        return _say(session, moment) if words else 0


def _say(session: Session, moment: Moment) -> int:
    addressed = _words(session, moment)
    keyed = ((chat, moment.key(word.slot, word.member_id), word) for chat, word in addressed)
    say_each(session, ((chat, key, Reply(word.text)) for chat, key, word in keyed), moment.now)
    words = [word for _, word in addressed]
    mark_told(session, words, moment.now)
    note_told(session, words, moment)
    return len(words)


def _within_reach(moment: Moment) -> DutyFilter:
    return DutyFilter(
        programme_ids=tuple(each for each in moment.policies if each not in moment.over),
        until=moment.horizon,
        states=OPEN_STATES,
        with_history=False,
    )


def _may_be_due(session: Session, moment: Moment) -> bool:
    """A cheap look: a slot is open, and something within reach of the ladder is still owed."""
    return moment.is_slot_open and (
        any_duty(session, _within_reach(moment)) or any_order(session, WATCHED)
    )


def _owed(session: Session, moment: Moment) -> list[DutyStanding]:
    """What is chased, still owed and can still be reported, within reach of the ladder."""
    found = duties(session, _within_reach(moment), moment.now, local_zone())
    return [
        each
        for each in found
        if each.chased
        and each.duty.deadline <= moment.horizon
        and takes_reports(each.duty, moment.now)
    ]


def _asked_for(
    session: Session, owed: Sequence[DutyStanding], moment: Moment
) -> list[DutyStanding]:
    """What is reminded of. Whoever asked for more time, or to be let off, waits for an admin.

    The due time holds until that answer, so that its own day is called to mind all the same.
    """
    waiting = unanswered(session, owed)
    return [each for each in owed if each.id not in waiting or _is_its_day(each, moment)]


def _is_its_day(each: DutyStanding, moment: Moment) -> bool:
    return on_day(each.duty.deadline, moment.days, _policy(each, moment)) == moment.today


def _texts_now(session: Session, moment: Moment) -> dict[int, str]:
    """What each liaison would be told now: of reports, of supervision orders, or of both."""
    liaisons = holders(session, (RoleName.LIAISON,), moment.today)
    asked = _asked_for(session, _owed(session, moment), moment)
    owing = people_owing(asked, liaisons)
    reports = {person.member_id: _text(person, moment) for person in owing}
    orders = order_texts(watched_orders(session), liaisons, moment)
    return {
        member_id: "\n".join(part[member_id] for part in (reports, orders) if member_id in part)
        for member_id in {*reports, *orders}
    }


def _words(session: Session, moment: Moment) -> list[tuple[int, Word]]:
    """What is to be said now in which chat, and was not said before; so many a person and day.

    People who cannot be reached are left out: a `催报` or `未报` shows them to the admin.
    """
    owed = _owed(session, moment)
    asked = _asked_for(session, owed, moment)
    people = holders(session, _ROLES, moment.today)
    wanted = _to_liaisons(asked, people, moment)
    wanted += heads_told(session, asked, people, moment)
    of_orders = order_words(session, watched_orders(session), people, owed, moment)
    wanted = one_each([*wanted, *of_orders])
    chats = single_chats(session, [word.member_id for word in wanted])
    said = said_among(session, _keys_of_today(wanted, moment))
    told = Counter(key.rpartition(":")[2] for key in said)
    found = list[tuple[int, Word]]()
    for word in wanted:
        member = f"member{word.member_id}"
        is_said = moment.key(word.slot, word.member_id) in said
        if is_said or word.member_id not in chats or told[member] >= word.cap:
            continue
        told[member] += 1
        found.append((chats[word.member_id], word))
    return found


def _to_liaisons(
    owed: Sequence[DutyStanding], people: Iterable[Holder], moment: Moment
) -> list[Word]:
    """A word for everybody with a slot now, listing all that they owe within the ladder's reach."""
    liaisons = [each for each in people if each.role is RoleName.LIAISON]
    found = []
    for person in people_owing(owed, liaisons):
        slots = [(slot, each) for each in person.owed if (slot := _slot(each, moment))]
        if slots:
            latest = max(slot.at for slot, _ in slots)
            cap = min(_policy(each, moment).daily_cap for _, each in slots)
            found.append(Word(person.member_id, f"{latest:%H%M}", _text(person, moment), cap))
    return found


def _slot(each: DutyStanding, moment: Moment) -> Slot | None:
    return slot_due(each.duty.deadline, moment.now, moment.days, _policy(each, moment))


def _policy(each: DutyStanding, moment: Moment) -> Policy:
    return moment.policies[each.obligation.programme_id]


def _text(person: Person, moment: Moment) -> str:
    several = person.units > 1
    lines = owed_lines(person.owed, moment.now, moment.days, local_zone(), with_units=several)
    return "\n".join([_opening(person, moment), *lines, what_to_send(person.owed)])


def _opening(person: Person, moment: Moment) -> str:
    """What the list below is: still in time, before a break, late, or sent back."""
    ahead = [e for e in person.owed if not e.is_overdue and e.state is not State.RETURNED]
    before = _break_ahead(ahead, moment)
    if all(each.is_overdue for each in person.owed):
        which = Opening.LATE
    elif all(each.state is State.RETURNED for each in person.owed):
        which = Opening.RETURNED
    elif before:
        which = Opening.BEFORE_BREAK
    else:
        which = Opening.IN_TIME if len(ahead) == len(person.owed) else Opening.MIXED
    return opening(which, (each.programme for each in person.owed), before)


def _break_ahead(ahead: Iterable[DutyStanding], moment: Moment) -> str:
    """周末 or 放假 where today is the last working day before something is due on a day off."""
    dues = [each.duty.deadline.astimezone(local_zone()).date() for each in ahead]
    if not any(
        moment.today < due and moment.days.previous_workday_on_or_before(due) == moment.today
        for due in dues
    ):
        return ""
    back = moment.days.next_workday(moment.today)
    is_weekend = all(
        (moment.today + timedelta(days=n)).isoweekday() > _FRIDAY
        for n in range(1, (back - moment.today).days)
    )
    return "周末" if is_weekend else "放假"


def _keys_of_today(words: Iterable[Word], moment: Moment) -> list[str]:
    """Every key under which these people may have been told something today."""
    hours = {f"{at:%H%M}" for policy in moment.policies.values() for at in times_of_day(policy)}
    slots = {*hours, *ABOVE_SLOTS}
    members = {word.member_id for word in words}
    return [moment.key(slot, member_id) for member_id in members for slot in slots]
