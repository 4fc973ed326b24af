"""How long a text may be: one limit and one refusal, in chat and on the command line."""

import pytest

from handlers.reading.limits import LONGEST, MOST_NUMBERS, refuse_too_long
from models.errors import Refused


def test_four_thousand_characters_are_read_and_one_more_is_refused_with_both_numbers() -> None:
    refuse_too_long("长" * LONGEST)

    with pytest.raises(Refused, match="这段文字有4001字，一次最多可读4000字。请分成几段发送"):
        refuse_too_long("长" * (LONGEST + 1))


def test_what_nobody_sees_is_not_counted() -> None:
    refuse_too_long("长\u200b" * LONGEST)


@pytest.mark.parametrize("number", ["1个、", "\t12", "½、"])
def test_as_many_numbers_are_read_as_a_long_table_has_and_no_more(number: str) -> None:
    most = MOST_NUMBERS // (2 if number == "½、" else 1)
    refuse_too_long(number * most)

    with pytest.raises(Refused, match="个数，一次最多可读600个。请分成几段发送"):
        refuse_too_long(number * (most + 1))


@pytest.mark.parametrize("sign", ["\ufdfa", "㋿", "½"])
def test_signs_that_stand_for_many_characters_are_refused_in_number(sign: str) -> None:
    refuse_too_long(sign)

    with pytest.raises(Refused, match=r"特殊符号太多|一次最多可读"):
        refuse_too_long(sign * LONGEST + "个")
