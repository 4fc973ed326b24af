"""How long a text may be: one limit and one refusal, in chat and on the command line."""

import pytest

from handlers.reading.limits import LONGEST, refuse_too_long
from models.errors import Refused


def test_four_thousand_characters_are_read_and_one_more_is_refused_with_both_numbers() -> None:
    refuse_too_long("长" * LONGEST)

    with pytest.raises(Refused, match="这段文字有4001字，一次最多可读4000字。请分成几段发送"):
        refuse_too_long("长" * (LONGEST + 1))


def test_what_nobody_sees_is_not_counted() -> None:
    refuse_too_long("长\u200b" * LONGEST)
