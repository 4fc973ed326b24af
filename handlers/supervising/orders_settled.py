"""Orders about a report that is missing or was returned: the report itself answers them."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from handlers.supervising.orders import OrderStanding
from models.rules.order import UNDER_WAY, OrderState
from models.submission import Submission, SubmissionState, submissions_of
from models.supervision_order import OrderStep, StepKind, steps_among


def settle(session: Session, orders: Sequence[OrderStanding], now: datetime) -> None:
    """Note reports that came in since their order, and those that were returned again.

    Nobody has to say to the order what the report says already. Two queries, whatever the number.
    """
    by_report = [e for e in orders if e.order.obligation_id is not None and e.state in UNDER_WAY]
    if not by_report:
        return
    found = submissions_of(session, [each.order.obligation_id or 0 for each in by_report])
    steps = steps_among(session, [each.id for each in by_report])
    for each in by_report:
        report = found.get(each.order.obligation_id or 0)
        if report is not None:
            _settle(session, each, report, steps[each.id], now)
    session.flush()


def _settle(
    session: Session,
    each: OrderStanding,
    report: Submission,
    steps: Sequence[OrderStep],
    now: datetime,
) -> None:
    said = [step for step in steps if step.kind == StepKind.EVIDENCE]
    again = f"，第{report.version}版" if report.version > 1 else ""
    text = f"已报送（编号{report.id}{again}）"
    is_returned = report.state == SubmissionState.RETURNED
    if each.state is OrderState.OPEN and not is_returned:
        if all(step.text != text for step in said):
            each.order.state = OrderState.ANSWERED
            session.add(_step(each, StepKind.EVIDENCE, report.member_id, text, now))
    elif each.state is OrderState.ANSWERED and is_returned and said and said[-1].inbox_id is None:
        each.order.state = OrderState.OPEN
        why = f"报送（编号{report.id}）已退回：{report.return_reason}"
        session.add(_step(each, StepKind.SENT_BACK, report.reviewed_by, why, now))


def _step(
    each: OrderStanding, kind: StepKind, member_id: int | None, text: str, now: datetime
) -> OrderStep:
    return OrderStep(order_id=each.id, at=now, kind=kind, member_id=member_id, text=text)
