"""The normaliser: what makes no difference, and what must not be lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import Style, pinyin

from handlers.reading.normalise import clean, command_key, folded, folded_map, mapped, normalise
from models.rules.script import SIMPLIFIED

anything = st.text(max_size=400)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("报　送", "报送"),
        ("報送", "报送"),
        ("【报送】", "报送"),
        ("报\u200b送：", "报送"),
        ("ＸＬＧＣ", "xlgc"),
        ("州1－7", "州1-7"),
        ("州 1—7 ", "州1-7"),
        ("“雪亮工程”", "雪亮工程"),
        ("退回！！", "退回"),
        ("1.65", "1.65"),
        ("——", ""),
    ],
)
def test_width_script_and_punctuation_make_no_difference_in_a_command(written, key):
    assert command_key(written) == key


def test_a_numbered_task_keeps_the_dash_that_tells_it_from_another():
    assert command_key("州1-7") != command_key("州17")


def test_a_place_name_keeps_its_character_in_both_scripts():
    assert normalise("乾州街道") == "乾州街道"


def test_the_stored_form_keeps_punctuation_and_emoji_but_nothing_invisible():
    written = "措施：加强\u200b调度，\u202e倒排工期。👨\u200d👩\u200d👧\r\n好\x00"

    assert clean(written) == "措施：加强调度，倒排工期。👨\u200d👩\u200d👧\n好"


def test_a_place_in_the_normal_form_leads_back_to_the_writing():
    written = "完成\u200b１７１０㎡"
    source = mapped(written)
    start = source.text.index("1710")

    assert source.text == "完成1710m2"
    assert source.span(start, start + 4) == (3, 7)
    assert source.span(start + 4, start + 6) == (7, 8)


@given(anything)
def test_normalising_twice_changes_nothing_more(text):
    assert normalise(normalise(text)) == normalise(text)
    assert clean(clean(text)) == clean(text)


@given(anything)
def test_both_ways_of_normalising_agree(text):
    source = mapped(text)

    assert source.text == normalise(text)
    assert len(source.origin) == len(source.text) + 1
    assert list(source.origin) == sorted(source.origin)


def test_every_traditional_character_sounds_like_its_simplified_one():
    for traditional, simplified in SIMPLIFIED.items():
        heard = [
            set(pinyin(char, style=Style.NORMAL, heteronym=True)[0])
            for char in (traditional, simplified)
        ]
        assert heard[0] & heard[1], traditional + simplified
        assert simplified not in SIMPLIFIED


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("①增加学位", "(1)增加学位"),
        ("❷完成", "(2)完成"),
        ("■建成３所", "·建成3所"),
        ("二○二一年", "二〇二一年"),
        ("○完成二○件", "·完成二·件"),
        ("“兩癌”檢查１，７１０人", '"两癌"检查1,710人'),
        ("1—5月　完成", "1-5月 完成"),
        ("完成🎉1710个", "完成🎉1710个"),
        ("½", "1⁄2"),
    ],
)
def test_bullets_zeros_and_signs_of_scans_take_one_form(written: str, plain: str) -> None:
    assert normalise(written) == plain
    assert mapped(written).text == plain


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("完成数：  1900个", "完成数：  1900个"),
        ("措施" + " " * 300 + "做", "措施" + " " * 8 + "做"),
        ("措施" + "\u3000\u200b" * 300 + "做", "措施" + "\u3000" * 8 + "做"),
        ("吉首市" + "\t" * 20 + "5", "吉首市" + "\t" * 20 + "5"),
        ("吉首市" + "\t" * 400 + "5", "吉首市" + "\t" * 59 + "5"),
        ("措施：做了" + "\n" * 400 + "很多", "措施：做了\n\n\n很多"),
        ("措施" + " \n" * 400 + "问题", "措施\n\n\n问题"),
        ("县市\t完成数\n\t\n吉首市\t5", "县市\t完成数\n\t\n吉首市\t5"),
    ],
)
def test_blanks_in_a_row_are_kept_as_far_as_they_say_something(written, kept):
    assert folded(written) == kept


@given(st.text(alphabet=" \t\n\u3000\u200b1个", max_size=400))
def test_folding_keeps_all_words_and_lines_apart_and_is_done_once(text):
    assert folded(text).split() == clean(text).split()
    assert folded(folded(text)) == folded(text)


@given(st.text(alphabet=" \t\n\r\u3000\u200b1个", max_size=400))
def test_what_was_folded_is_found_where_it_was_written(text):
    found = folded_map(text)

    assert found.text == folded(text)
    assert len(found.origin) == len(found.text) + 1
    for at, char in enumerate(found.text):
        assert char.isspace() or text[found.origin[at]] == char
