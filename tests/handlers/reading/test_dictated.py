"""A report dictated without a mark is parted where its parts are named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.dictated import parted_where_dictated


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (
            "截至7月31日完成1710个措施是逐村安装按周调度问题是资金没到位下步加快安装",
            [
                "截至7月31日完成1710个",
                "措施：逐村安装按周调度",
                "问题：资金没到位",
                "下步：加快安装",
            ],
        ),
        (
            "完成319户采取的措施有入户评估一户一策然后存在的问题主要是山区运料难接下来我们抓紧收尾",
            [
                "完成319户",
                "采取的措施：入户评估一户一策",
                "存在的问题：山区运料难",
                "接下来：我们抓紧收尾",
            ],
        ),
        (
            "然后措施呢就是逐村勘查分片包干问题呢就是电力配套没跟上下一步打算加快进度",
            ["措施：逐村勘查分片包干", "问题：电力配套没跟上", "下一步打算：加快进度"],
        ),
        (
            "全州建成140公里取得的成效是通行时间缩短一半还有问题在于征地慢",
            ["全州建成140公里", "取得的成效：通行时间缩短一半", "问题：征地慢"],
        ),
    ],
)
def test_each_part_gets_its_line(text: str, lines: list[str]) -> None:
    assert parted_where_dictated(text).split("\n") == lines


@pytest.mark.parametrize(
    "text",
    [
        "我们坚持问题导向着力解决群众反映强烈的问题是否整改到位逐一核实",
        "按照下一步工作安排要求各县市抓紧推进项目建设确保按期完工",
        "各县市措施有力推进有序工作成效明显问题整改到位群众满意度持续提升",
        "解决的主要问题是出行难饮水难用电难就医难上学难",
        "加强调度，问题是资金没到位，措施是逐村安装",
        "措施：逐村勘查，成效是发案下降三成",
        "主要问题是资金",
    ],
)
def test_what_is_said_of_a_name_opens_nothing(text: str) -> None:
    assert parted_where_dictated(text) == text


@given(st.text(alphabet="措施是问题下步的有了呢然后完成1个，。\n ", max_size=200))
def test_only_words_of_going_on_are_left_out(text: str) -> None:
    kept = parted_where_dictated(text)

    assert set(kept) <= {*text, "：", "\n"}
    assert kept.count("1") == text.count("1")
