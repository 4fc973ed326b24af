"""The self-check: the file of May 2021 passes but for 龙山县, and whatever is changed is named."""

import io
import re

import pytest
from docx import Document as open_file
from docx.oxml.ns import qn

from handlers.render.document import Count, Document, Paragraph, Same, Share, Source, Sum, Tally
from handlers.render.word import word_file
from handlers.render.word_check import check_word, difference
from tests.circulars import built, may, tampered

#: The issued document counts 8 laggards of 龙山县 and names 10.
LONGSHAN = "二、县市情况 第8段：龙山县滞后指标计8个，列名10个"
DATA = word_file(built(may()))


def found(data: bytes) -> list[str]:
    return [str(each) for each in check_word(data, built(may()), may())]


def test_seven_counties_pass_and_the_eighth_is_named() -> None:
    assert found(DATA) == [LONGSHAN]


@pytest.mark.parametrize(
    ("old", "new", "places"),
    [
        (
            "1710个",
            "1701个",
            [
                "（一）新增办理项目（10个） 第7段：应为“安防设备完成1710个",
                "附件1 第1段 第14行（新7）第6格：应为“1710个”，文件中为“1701个”",
                "（一）新增办理项目（10个） 第7段：新7 乡村公共部位安防设备完成率："
                "1701个占6000个的28.35%，文中为28.50%",
            ],
        ),
        (
            "工作有序推进的10个",
            "工作有序推进的11个",
            ["第1段：项目总数为20，各项合计21", "第1段：工作有序推进的项目计11个，实有10个"],
        ),
        ("达到省定验收标准的8个，工作有序推进的9个，", "达到省定验收标准的7个，工作有序推进的9个，",
         ["二、县市情况 第1段：吉首市指标数为24，各项合计23"]),
        ("、城镇老旧小区开工、农村户用厕所。", "、农村户用厕所。", ["文件中为"]),
        ("保靖县：", "保靖市：", ["二、县市情况 第6段：应为“（六）保靖县：承担17件"]),
        ("5月31日", "6月30日", ["正文 第1段：应为“截至2021年5月31日"]),
    ],
    ids=["figure", "count", "county", "laggard left out", "name", "date"],
)  # fmt: skip
def test_a_tampered_file_is_caught_at_its_place(old: str, new: str, places: list[str]) -> None:
    disagreements = found(tampered(DATA, old, new))

    for place in places:
        assert any(place in each for each in disagreements), disagreements


def test_one_figure_changed_anywhere_is_caught() -> None:
    """Every fiftieth figure of the file, in sentences, shares, counts and cells of tables."""
    runs = list(open_file(io.BytesIO(DATA)).element.body.iter(qn("w:t")))
    places = [
        (at, place)
        for at, each in enumerate(runs)
        for place, char in enumerate(each.text or "")
        if char.isdecimal()
    ]

    assert len(places) > 800
    assert not [where for where in places[::50] if found(_one_more(*where)) == [LONGSHAN]]


def _one_more(at: int, place: int) -> bytes:
    """The file with one figure a step higher."""
    file = open_file(io.BytesIO(DATA))
    text = list(file.element.body.iter(qn("w:t")))[at]
    changed = str((int(text.text[place]) + 1) % 10)
    text.text = f"{text.text[:place]}{changed}{text.text[place + 1 :]}"
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def test_a_paragraph_too_much_and_one_missing_do_not_hide_the_rest() -> None:
    file = open_file(io.BytesIO(DATA))
    bodies = [each for each in file.paragraphs if each.text.startswith(("3．", "9．"))]
    bodies[0].insert_paragraph_before("另有1000人未统计。")
    bodies[1]._p.getparent().remove(bodies[1]._p)
    out = io.BytesIO()
    file.save(out)
    disagreements = found(out.getvalue())

    assert "文件：多出“另有1000人未统计。”" in disagreements
    assert any(
        each.startswith("（一）新增办理项目（10个） 第9段：文件中缺少") for each in disagreements
    )
    assert len(disagreements) == 3


def test_words_smuggled_into_the_edges_are_found() -> None:
    file = open_file(io.BytesIO(DATA))
    file.sections[0].header.paragraphs[0].text = "完成率100%"
    out = io.BytesIO()
    file.save(out)

    assert "页眉页脚：多出“完成率100%”" in found(out.getvalue())


def test_words_in_a_table_of_the_edges_are_found() -> None:
    file = open_file(io.BytesIO(DATA))
    footer = file.sections[0].footer
    footer.add_table(1, 1, file.sections[0].page_width).cell(0, 0).text = "完成率100%"
    out = io.BytesIO()
    file.save(out)

    assert "页眉页脚：多出“完成率100%”" in found(out.getvalue())


def test_what_is_no_word_file_is_said_to_be_none() -> None:
    assert found(b"PK\x03\x04nothing") == [
        "文件：这个文件打不开，请用 Word 或 WPS 另存为 .docx 后重新发送。"
    ]


def test_a_datum_that_differs_from_the_snapshot_is_found_though_the_file_is_as_written() -> None:
    """The figure changed in the snapshot after the document was built from it."""
    snapshot = may()
    document = built(snapshot)
    snapshot["tasks"][6]["indicators"][0]["amount"] = "1720个"

    assert any(
        "快照为“1720个”，文中为“1710个”" in str(each)
        for each in check_word(word_file(document), document, snapshot)
    )


SNAPSHOT = {
    "total": 24,
    "parts": [8, 9, 7],
    "names": ["甲", "乙"],
    "share": "33.33",
    "a": "是",
    "b": "否",
}


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (Sum("指标数", "total", ("parts/0", "parts/1", "parts/2")), None),
        (Sum("指标数", "total", ("parts/0", "parts/1")), "指标数为24，各项合计17"),
        (Share("占比", "share", "parts/0", "total"), None),
        (Share("占比", "share", "parts/1", "total"), "9占24的37.50%，文中为33.33%"),
        (Count("滞后", "parts/2", "names"), "滞后计7个，列名2个"),
        (Same("附件", "a", "b"), "一处为“是”，一处为“否”"),
        (Tally("完成", "parts/0", ("a", "b"), "是"), "完成计8个，实有1个"),
    ],
)  # fmt: skip
def test_each_rule_is_worked_out_from_what_the_file_says(rule: object, said: str | None) -> None:
    source = Source(SNAPSHOT)
    names = source.data("names")
    text = ("合计", source.datum("total"), "，其中", source.datum("parts/0"), "，有", *names)
    document = Document(("标题",), (Paragraph(text),), rules=(rule,))  # type: ignore[arg-type]
    disagreements = check_word(word_file(document), document, SNAPSHOT)

    assert len(disagreements) == (said is not None)
    assert all(said in each.text for each in disagreements if said is not None)


def test_a_difference_shows_no_more_than_it_must() -> None:
    text = "全州建成安防设备1710个，完成年任务28.50%，工作进度相对滞后。"

    assert difference(text, text.replace("1710", "1701")) == (
        "应为“建成安防设备1710个，完成年任务2”，文件中为“建成安防设备1701个，完成年任务2”"
    )
    assert len(difference("甲" * 500, "乙" * 500)) < 150


def test_the_file_prints_every_percentage_of_the_snapshot_in_order() -> None:
    paragraphs = open_file(io.BytesIO(DATA)).paragraphs
    printed = re.findall(r"完成年任务(\d+\.\d\d)%", "".join(each.text for each in paragraphs))

    assert printed == [
        one["percent"]
        for task in may()["tasks"]
        for one in task["indicators"]
        if one["percent"] is not None and one["amount"] is not None
    ]
