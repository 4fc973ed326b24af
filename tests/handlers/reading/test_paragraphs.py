"""Prose is told from fields, line by line; nothing that was written is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.headings import Heading, Vocabulary
from handlers.reading.paragraphs import parted

WORDS = Vocabulary(
    indicators=(Heading("1", ("乡村公共部位安防设备", "安防设备")),),
    sections=(Heading("措施", ("措施", "工作措施")), Heading("问题", ("问题", "存在问题"))),
    counties=(Heading("1", ("吉首市", "吉首")), Heading("2", ("花垣县", "花垣"))),
    county_section="县市情况",
)

PROSE = [
    "截至5月底，全州建成安防设备1710个，完成年任务28%。",
    "截至5月底全州累计建成公共部位安防设备1710个，占年任务28.5%",
    "全州建成安防设备1710个，完成年任务28%。吉首市完成243%，其余县正在协调资金，进度滞后。",
    "问题是部分山区村供电不稳，资金不到位",
    "下一步，将督促滞后县市加快安装",
]
FIELDS = [
    "完成数：1710个",
    "截至：5月31日，完成数1710个，占28.5%",
    "安防设备1710个，完成28.5%，吉首市1000个，花垣县275个",
    "吉首市1000个、花垣县275个、其余县435个",
    "1710个，28.5%",
    "各县市已按月调度并逐村安装到位",
    "在吗",
]


@pytest.mark.parametrize("text", PROSE)
def test_sentences_are_a_paragraph(text: str) -> None:
    written = parted(text, WORDS)

    assert written.fields.strip() == ""
    assert written.paragraphs == (text,)


@pytest.mark.parametrize("text", FIELDS)
def test_names_with_their_figures_are_fields(text: str) -> None:
    written = parted(text, WORDS)

    assert written.fields.strip() == text
    assert written.paragraphs == ()


def test_what_stands_under_a_heading_stays_there() -> None:
    text = "措施：\n一是压实责任，成立专班。二是按周调度，逐村安装。\n全州每周通报进度，成效明显。"

    assert parted(text, WORDS).fields == text


def test_bare_answers_are_taken_out_of_the_words_around_them() -> None:
    written = parted("1710个，截至8月31日，问题是资金不到位；主要做法：逐村安装", WORDS)

    assert written.fields.split() == ["1710个", "截至8月31日"]
    assert written.paragraphs == ("问题是资金不到位；主要做法：逐村安装",)


def test_a_document_with_headings_of_its_own_is_one_paragraph() -> None:
    text = "一、工作进展\n建成安防设备1710个。\n二、下步打算\n1. 按周调度。\n2. 年底前完成。"

    assert parted(text, WORDS).paragraphs == (text,)


_PIECES = (
    "完成数： 1710个 28.5% ， 。 ； \n 措施： 问题是 下一步， 截至5月底， 吉首市1000个 "
    "全州建成安防设备 一、 逐村安装按月调度"
).split(" ")
texts = st.lists(st.sampled_from(_PIECES) | st.text("甲乙，。1 \n：", max_size=5), max_size=25)


@given(texts.map("".join))
def test_no_word_is_lost(text: str) -> None:
    written = parted(text, WORDS)
    kept = written.fields + "".join(written.paragraphs)

    assert sorted(filter(str.isalnum, kept)) == sorted(filter(str.isalnum, text))


@pytest.mark.parametrize(
    "text",
    [
        "1—7月，全州安防设备共建成了10,012个，逐村安装到位",
        "1—7月，全州安防设备共建成了1,012个，逐村安装到位",
        "截至7月31日，全州投资共完成了1,012,000元，资金已到位",
    ],
)
def test_a_number_with_commas_between_its_thousands_stays_whole(text: str) -> None:
    assert parted(text, WORDS).paragraphs == (text,)


def test_a_mark_behind_a_bare_answer_still_parts_the_words_around_it() -> None:
    written = parted("1—8月办了1365件 75.83%，措施：村村设联络点，开通绿色通道", WORDS)

    assert written.fields == "75.83%"
    assert written.paragraphs == ("1—8月办了1365件，措施：村村设联络点，开通绿色通道",)
