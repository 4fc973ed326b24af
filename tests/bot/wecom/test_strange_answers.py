"""Answers that are none of WeCom's: pages of a gateway, silence before a token was had."""

import pytest

from models.message import Reply
from models.outbox import OutboxState
from tests.bot.wecom.test_app import POLICE, outbox, owe
from tests.wecom import WecomOffice


@pytest.mark.parametrize("path", ["message/send", "gettoken"])
def test_a_page_of_a_gateway_is_no_success(office: WecomOffice, path: str) -> None:
    office.twin.faults.page(path)
    owe(office, Reply("8月通报已印发"))
    office.works()
    assert [each.state for each in outbox(office)] == [OutboxState.WAITING]

    office.forward(60)

    assert [each.state for each in outbox(office)] == [OutboxState.SENT]
    assert len(office.twin.sent("message/send")) == 1


def test_an_answer_that_never_left_for_want_of_a_token_is_sent_later(office: WecomOffice) -> None:
    office.twin.faults.hang_up("gettoken")
    office.says(POLICE, "帮助")
    assert [each.state for each in outbox(office)] == [OutboxState.WAITING]

    office.forward(60)

    assert {each.state for each in outbox(office)} == {OutboxState.SENT}
