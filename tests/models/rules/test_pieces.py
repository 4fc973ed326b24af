"""Texts in pieces: never cut inside a character, and whole again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.outbox import TEXT_BYTES
from models.rules.pieces import joined, split_text


@pytest.mark.parametrize(
    "text",
    [
        "雪" * 2000,
        "第1行\n" + "雪" * 1500 + "\n第3行",
        "x" * 1999 + "亮" * 900,
        "第1行\n第2行\n" * 300 + "末行",
    ],
    ids=["one line", "a long line between", "a wide character at the cut", "many lines"],
)
def test_what_leaves_together_reads_as_it_was_said(text: str) -> None:
    pieces = split_text(text, TEXT_BYTES)

    assert len(pieces) > 1
    assert joined(pieces, TEXT_BYTES) == text


@given(st.text("a亮😀\n ", max_size=200), st.integers(4, 40))
def test_no_piece_is_longer_than_allowed_and_no_sign_is_lost(text: str, limit: int) -> None:
    pieces = split_text(text, limit)

    assert all(len(each.encode()) <= limit and each.strip() for each in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_two_words_that_share_a_message_stand_below_each_other() -> None:
    assert joined(["第1条", "第2条"], TEXT_BYTES) == "第1条\n第2条"
