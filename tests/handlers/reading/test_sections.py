"""The parts of pasted paragraphs by their leading words, none of their text lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.sections import Part, opens_part, part_called, parted_at_gaps, passages_of

PLAIN, MEASURES, EFFECTS = None, Part.MEASURES, Part.EFFECTS
PROBLEMS, NEXT, COUNTIES = Part.PROBLEMS, Part.NEXT, Part.COUNTIES

PARAGRAPHS = [
    (
        "全州完成改厕2.86万个。存在问题：山区供水不稳，资金缺口大。下一步，将按周调度，确保年底完成。",
        [
            (PLAIN, "全州完成改厕2.86万个。"),
            (PROBLEMS, "山区供水不稳，资金缺口大。"),
            (NEXT, "下一步，将按周调度，确保年底完成。"),
        ],
    ),
    (
        "主要做法是逐村安装、按月调度，取得的成效：群众满意度达98%。",
        [(MEASURES, "逐村安装、按月调度"), (EFFECTS, "群众满意度达98%。")],
    ),
    (
        "1710个，截至8月31日，问题是资金不到位",
        [(PLAIN, "1710个，截至8月31日"), (PROBLEMS, "资金不到位")],
    ),
    (
        "（一）工作进展情况\n培训3次。\n（二）存在的主要问题\n一是人手不足；二是缺资金。\n"
        "（三）下步工作打算\n继续推进。",
        [
            (Part.PROGRESS, "培训3次。"),
            (PROBLEMS, "一是人手不足；二是缺资金。"),
            (NEXT, "继续推进。"),
        ],
    ),
    (
        "项目有序推进。目前仍存在配套资金不到位的问题。接下来将逐县督导。",
        [
            (PLAIN, "项目有序推进。"),
            (PROBLEMS, "目前仍存在配套资金不到位的问题。"),
            (NEXT, "接下来将逐县督导。"),
        ],
    ),
    (
        "【进展】培训3次。\n【措施】按周调度。\n【下步】加快推进。",
        [
            (Part.PROGRESS, "培训3次。"),
            (MEASURES, "按周调度。"),
            (NEXT, "加快推进。"),
        ],
    ),
    (
        "【主要措施】：压实责任。各县市完成情况：吉首市1000个，花垣县275个。",
        [(MEASURES, "压实责任。"), (COUNTIES, "吉首市1000个，花垣县275个。")],
    ),
]


@pytest.mark.parametrize(("text", "parts"), PARAGRAPHS, ids=range(len(PARAGRAPHS)))
def test_leading_words_open_the_parts(text: str, parts: list[tuple[Part | None, str]]) -> None:
    assert [(each.part, each.text) for each in passages_of(text)] == parts


@pytest.mark.parametrize(
    "text",
    [
        "存在的问题已全部整改到位，完成情况良好。",
        "通过强化措施，项目进展顺利，取得明显成效。",
        "各县市措施有力，下半年任务仍然艰巨。",
        "未发现存在安全隐患等问题，工作进展顺利。",
    ],
)
def test_words_within_a_sentence_open_nothing(text: str) -> None:
    assert [each.part for each in passages_of(text)] == [None]
    assert not opens_part(text)


def test_a_sections_own_name_opens_it_where_a_colon_follows() -> None:
    text = "全州完成63.1%。对比分析：吉首市领先。工作点评：花垣县工作扎实，点评从略。"

    assert [(each.name, each.text) for each in passages_of(text, ["对比分析", "工作点评"])] == [
        ("", "全州完成63.1%。"),
        ("对比分析", "吉首市领先。"),
        ("工作点评", "花垣县工作扎实，点评从略。"),
    ]


@pytest.mark.parametrize(
    ("names", "part"),
    [
        (["措施", "工作措施"], MEASURES),
        (["推进进度"], Part.PROGRESS),
        (["评价综述"], Part.PROGRESS),
        (["年度目标"], Part.TARGETS),
        (["下一步", "下步打算"], NEXT),
        (["县市情况"], COUNTIES),
        (["工作点评", "各县市工作点评"], None),
    ],
)
def test_a_section_is_a_part_by_its_name(names: list[str], part: Part | None) -> None:
    assert part_called(names) is part


_WORDS = (
    "存在 问题 ： 下一步 ， 将 措施 是 。 一、 （二） 成效 1710个 全州 \n 、 目前 的 主要 进展情况"
)
texts = st.lists(st.sampled_from(_WORDS.split(" ")) | st.text(max_size=4), max_size=30).map("".join)


@given(texts)
def test_nothing_but_leading_words_and_marks_is_lost(text: str) -> None:
    passages = passages_of(text)

    place = 0
    for each in passages:
        place = text.index(each.text, place) + len(each.text)
    assert all(each.text.strip() for each in passages)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (
            "3180个 措施 各县市包片 成效 警情下降 问题 古丈资金没到位 下步 倒排工期",
            [
                "3180个",
                "措施： 各县市包片",
                "成效： 警情下降",
                "问题： 古丈资金没到位",
                "下步： 倒排工期",
            ],
        ),
        ("措施是每旬调度 问题是钱没到位", ["措施是每旬调度", "问题是钱没到位"]),
        (
            "每旬调度 存在困难：材料涨价 下一步 加快",
            ["每旬调度", "存在困难：材料涨价", "下一步： 加快"],
        ),
        ("存在问题 材料涨价 主要措施：每旬通报", ["存在问题： 材料涨价", "主要措施：每旬通报"]),
        ("120公里，问题 雨水多", ["120公里，问题： 雨水多"]),
        ("县市情况 吉首100个 问题 无", ["县市情况： 吉首100个", "问题： 无"]),
        ("办理1365件（75.83%）措施：村村设点", ["办理1365件（75.83%）", "措施：村村设点"]),
        ("检查18650人，占64.3%🎉🎉措施：送检下乡", ["检查18650人，占64.3%🎉🎉", "措施：送检下乡"]),
        ("检查18650人～存在问题：人手不足", ["检查18650人～", "存在问题：人手不足"]),
        ("一、进展：顺利\n（一）措施：按周调度", ["一、进展：顺利", "（一）措施：按周调度"]),
    ],
)
def test_a_gap_opens_a_part_as_a_comma_does(text: str, lines: list[str]) -> None:
    assert parted_at_gaps(text).split("\n") == lines


@pytest.mark.parametrize(
    "text",
    [
        "着力解决 问题 加快进度",
        "加强调度 采取措施 取得成效 警情下降",
        "采取 措施 逐村安装",
        "取得了 成效 群众满意",
        "三项 措施 落实到位",
        "措施 落实到位 成效 明显",
        "反映的 问题 已整改",
        "目标 6000个 完成 1710个",
        "进展 顺利 情况 良好",
        "任务 完成数 措施 问题",
        "问题 清单 已建立",
    ],
)
def test_ordinary_words_between_gaps_open_nothing(text: str) -> None:
    assert parted_at_gaps(text) == text
