"""How official documents number their sections."""

import pytest

from handlers.render.document_sections import numeral


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1, "一"),
        (9, "九"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (82, "八十二"),
        (99, "九十九"),
        (122, "122"),
    ],
)
def test_numbers_are_written_out_as_documents_do(number: int, said: str) -> None:
    """Fourteen prefectures make （十四）; 122 counties are counted in figures."""
    assert numeral(number - 1) == said
