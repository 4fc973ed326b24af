"""What an order's record says of a notice: whether it reached its reader, and when."""

from datetime import datetime

import pytest

from handlers.supervising.orders_text import sent_text
from models.outbox import OutboxMessage, OutboxState
from models.supervision_order import OrderStep, StepKind
from tests.conftest import SHANGHAI, at

KEY = "order:1:issued"
TOLD = at("2021-09-18T09:05")


@pytest.mark.parametrize(
    ("state", "sent_at", "told"),
    [
        (OutboxState.WAITING, None, "待发送"),
        (OutboxState.SENT, TOLD, "9月18日09:05已送达"),
        (OutboxState.FAILED, None, "未送达"),
        (OutboxState.DROPPED, None, "未发送"),
        (OutboxState.DROPPED, TOLD, "9月18日09:05送达，后已撤回"),
    ],
)
def test_a_notice_is_told_as_it_went(
    state: OutboxState, sent_at: datetime | None, told: str
) -> None:
    row = OutboxMessage(
        key=KEY, chat_id=1, state=state, sent_at=sent_at, created_at=TOLD, not_before=TOLD
    )
    step = OrderStep(order_id=1, at=TOLD, kind=StepKind.REMINDED, key=KEY)

    assert sent_text(step, {KEY: row}, SHANGHAI) == told
