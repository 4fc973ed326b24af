"""话术: the openings of what goes out unasked, and what an office may make of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.opening import BREAK, LONGEST, TEMPLATES, Opening, filled, own_words


def test_every_message_has_its_opening():
    assert set(TEMPLATES) == set(Opening)


@pytest.mark.parametrize("which", Opening)
def test_an_opening_fits_a_phone_says_what_to_do_and_is_polite(which):
    template = TEMPLATES[which]

    assert len(template.words) <= LONGEST
    assert template.words.startswith("【")
    assert template.words.endswith("：")
    assert any(ask in template.words for ask in ("请", "建议", "已提醒"))
    assert not any(mark in template.words for mark in "！!?？")
    assert own_words(which, template.words) == template.words
    assert template.reader


def test_a_colon_is_added_whatever_ended_the_line():
    for ending in ("", "：", ":", "。", "，"):
        assert own_words(Opening.LATE, f"请补报以下事项{ending}") == "请补报以下事项："


@pytest.mark.parametrize(
    ("which", "text", "said"),
    [
        (Opening.LATE, "请补", "4至60个字，收到2个字"),
        (Opening.LATE, "请" * 60, "收到60个字"),
        (Opening.LATE, "您好\n请补报", "只能有一行"),
        (Opening.LATE, "请{单位}补报", "不认识的空"),
        (Opening.BEFORE_BREAK, "今天是最后一个工作日", "须有一处“{假期}”"),
        (Opening.BEFORE_BREAK, "{假期}前请办，{假期}后不收", "须有一处“{假期}”"),
        (Opening.LATE, "{假期}前请办理好", "不认识的空"),
    ],
)
def test_an_opening_that_would_mislead_is_refused(which, text, said):
    with pytest.raises(ValueError, match=said):
        own_words(which, text)


@given(st.sampled_from(Opening), st.text(max_size=80))
def test_what_is_kept_is_one_short_line_with_its_blanks_and_no_other(which, text):
    try:
        words = own_words(which, text)
    except ValueError:
        return
    assert "\n" not in words
    assert len(words) <= LONGEST
    sent = filled(words, {BREAK: "放假"})
    assert "{" not in sent
    assert "}" not in sent
    assert own_words(which, words) == words
