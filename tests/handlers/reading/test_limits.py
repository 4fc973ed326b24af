"""How long a text may be: one limit and one refusal, in chat and on the command line."""

import pytest

from handlers.reading.limits import (
    LONGEST,
    MOST_IN_TABLE,
    MOST_NUMBERS,
    MOST_TABLE_NUMBERS,
    refuse_large_table,
    refuse_too_long,
)
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


def test_a_table_is_measured_by_its_rows_and_not_by_its_figures() -> None:
    refuse_large_table(["完成数：1900个\n" * 30] * 100)
    refuse_large_table(["1个、" * (MOST_NUMBERS // 2)] * 10)


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (["长" * (LONGEST + 1)], "有一行共4001字，一行最多4000字"),
        (["长" * LONGEST] * 11, f"共44000字，一次最多{MOST_IN_TABLE}字，均未受理。请分成2次"),
        (["1个、" * (MOST_NUMBERS + 1)], f"有601个数，一次最多{MOST_TABLE_NUMBERS}个"),
        (["1个、" * MOST_NUMBERS] * 6, "有3600个数"),
        (["吉首市\t" + "1\t" * (MOST_NUMBERS + 1)], "有601个数"),
    ],
)
def test_a_table_that_holds_too_much_is_refused_with_both_numbers(
    rows: list[str], why: str
) -> None:
    with pytest.raises(Refused, match=why):
        refuse_large_table(rows)
