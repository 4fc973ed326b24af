"""Running text with numbered items: headings, clauses, what is left over, titles."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.programmes.definition import ClauseEntry
from models.programmes.documents import KnownUnit, Source
from tests.models.programmes.documents.paper import (
    a_text,
    a_word_file,
    add_numbering,
    keys,
    numbered,
    read,
    refusals,
    task,
    told,
)

PLAN = """清溪省人民政府关于印发
《2023年重点工作任务分工方案》的通知

清政发〔2023〕3号

各市州人民政府，省直有关单位：
现将分工方案印发给你们，请认真落实。各单位要按月调度。

清溪省人民政府
2023年2月1日

一、稳定经济增长

（一）扩大投资
1．加快建设三座水库，抓好两条高速公路。（省发展改革委牵头，省水利厅、省交通运输厅等按职责分工负责）

2．发展社区电商。（省商务厅牵头）规范直播带货。（省市场监管局、省委网信办等按职责分工负责）
（二）促进消费
3．办好“清溪购物节”，支持东山、西河市建设消费中心城市。（省商务厅牵头，东山、西河市人民政府，有关部门按职责分工负责）

二、改善民生
4．办好民生实事。①增加学位。（省教育厅牵头）②提高低保标准。（省民政厅牵头）
5．改进作风。（各部门单位分别负责）

附件：分工表
（此件主动公开）
"""


def test_numbered_items_give_tasks_with_their_clauses(tmp_path: Path) -> None:
    draft = read(a_text(tmp_path, PLAN), Source())

    assert keys(draft) == ["1", "2", "3", "4", "5"]
    assert task(draft, "2").clauses == (
        ClauseEntry(text="发展社区电商", role="lead", lead=("省商务厅",)),
        ClauseEntry(text="规范直播带货", role="shared", lead=("省市场监管局", "省委网信办")),
    )
    assert task(draft, "1").supporters == ("省水利厅", "省交通运输厅")
    assert [c.text for c in task(draft, "4").clauses] == ["办好民生实事。①增加学位", "提高低保标准"]


def test_elliptic_governments_and_groups_are_told_apart(tmp_path: Path) -> None:
    (clause,) = task(read(a_text(tmp_path, PLAN), Source()), "3").clauses

    assert clause.supporting == ("东山市人民政府", "西河市人民政府")
    assert clause.unnamed == ("有关部门",)


def test_the_head_gives_title_year_area_and_code(tmp_path: Path) -> None:
    definition = read(a_text(tmp_path, PLAN), Source()).definition

    assert (definition.title, definition.year, definition.area) == (
        "2023年重点工作任务分工方案",
        2023,
        "清溪省",
    )
    assert (definition.short, definition.code) == ("重点工作任务分工方案", "zdgzrwfgfa-2023")


def test_headings_are_themes_and_titles_are_first_sentences(tmp_path: Path) -> None:
    tasks = read(a_text(tmp_path, PLAN), Source()).definition.tasks

    assert [t.theme for t in tasks] == [*["稳定经济增长"] * 3, "改善民生", "改善民生"]
    assert [t.title for t in tasks] == [
        "加快建设三座水库，抓好两条高速公路",
        "发展社区电商",
        "办好“清溪购物节”，支持东山、西河市建设消费中心城市",
        "办好民生实事",
        "改进作风",
    ]
    assert task(read(a_text(tmp_path, PLAN), Source()), "3").short == "清溪购物节"


def test_preamble_and_signature_are_passed_over_and_the_rest_is_told_once(tmp_path: Path) -> None:
    draft = read(a_text(tmp_path, PLAN), Source())

    assert [str(problem) for problem in draft.not_understood] == [
        "清单.txt：5项任务都没有“任务数”，按文字类任务读入；有指标的请在工作簿里补上",
    ]
    assert draft.questions == ()


def test_what_names_nobody_is_listed_with_its_line(tmp_path: Path) -> None:
    text = (
        "一、工程\n1．修缮村道。（县交通局牵头）另外做好宣传。\n2．清理河道。\n"
        "二、保障\n要加强领导，压实责任。\n3．植树造林。（县林业局牵头）"
    )
    draft = read(a_text(tmp_path, text))

    assert keys(draft) == ["1", "3"]
    assert [str(p) for p in draft.not_understood[:3]] == [
        "第2行：没有写明责任单位：另外做好宣传",
        "第3行：没有写明责任单位，未读作任务：清理河道。",
        "第5行：没有读入：要加强领导，压实责任。",
    ]


@pytest.mark.parametrize("marks", ["1．,2．", "1. ,2. ", "1、,2、", "（1）,（2）", "1),2)", "①,②"])
def test_items_are_known_by_any_usual_mark(marks: str, tmp_path: Path) -> None:
    first, second = marks.split(",")
    text = f"一、工程\n{first}修缮村道。（县交通局牵头）\n{second}清理河道。（县水利局牵头）"

    assert [t.title for t in read(a_text(tmp_path, text)).definition.tasks] == [
        "修缮村道",
        "清理河道",
    ]


def test_headings_with_their_own_bracket_are_items_themselves(tmp_path: Path) -> None:
    text = "（一）修缮村道。更换护栏。（县交通局牵头）\n（二）清理河道。（县水利局牵头）"

    assert keys(read(a_text(tmp_path, text))) == ["一", "二"]


def test_a_heading_over_its_own_text_is_the_title(tmp_path: Path) -> None:
    text = (
        "一、任务\n（一）新建农村公路\n改造公路50公里。（责任单位：县交通局、各乡镇人民政府）\n"
        "二、要求\n（二）加强领导。各单位每月25日前报送进展。"
    )
    draft = read(a_text(tmp_path, text))

    (only,) = draft.definition.tasks
    assert (only.number, only.title, only.leads) == ("一", "新建农村公路", ("县交通局",))
    assert "第5行：没有写明责任单位，未读作任务：加强领导。各单位每月25日前报送进展" in told(
        draft.not_understood
    )


def test_a_title_stops_before_the_bracket(tmp_path: Path) -> None:
    draft = read(a_text(tmp_path, "1．修缮村道（县交通局牵头）\n2．（县林业局牵头）"))

    assert [t.title for t in draft.definition.tasks] == ["修缮村道"]
    assert "第2行：没有任务内容，未读作任务" in told(draft.not_understood)


def test_points_inside_an_item_are_its_clauses(tmp_path: Path) -> None:
    text = (
        "1．办好实事。（县政府办公室牵头）\n（1）修缮村道。（县交通局牵头）\n"
        "2．清理河道。（县水利局牵头）\n3．植树造林。（县林业局牵头）"
    )
    draft = read(a_text(tmp_path, text))

    assert keys(draft) == ["1", "2", "3"]
    assert [c.lead for c in task(draft, "1").clauses] == [("县政府办公室",), ("县交通局",)]


def test_numbers_that_begin_again_carry_their_heading(tmp_path: Path) -> None:
    text = (
        "一、工程\n1．修缮村道。（县交通局牵头）\n2．清理河道。（县水利局牵头）\n"
        "二、民生\n1．植树造林。（县林业局牵头）"
    )

    assert keys(read(a_text(tmp_path, text))) == ["一-1", "一-2", "二-1"]


def test_a_wrapped_line_belongs_to_the_item_above(tmp_path: Path) -> None:
    text = "1．修缮村道，更换\n护栏。（县交通局、\n县公路\n中心牵头）\n2．种树。（县林业局牵头）"
    draft = read(a_text(tmp_path, text))

    assert task(draft, "1").clauses[0].lead == ("县交通局", "县公路中心")
    assert task(draft, "1").clauses[0].text == "修缮村道，更换护栏"


def test_lines_that_name_the_units_answer_as_brackets_do(tmp_path: Path) -> None:
    text = (
        "1．修缮村道。\n牵头单位：县交通局\n配合单位：县财政局、县审计局\n完成时限：12月底\n"
        "2．清理河道。\n责任单位：县水利局\n3．植树造林。【县林业局牵头】"
    )
    draft = read(a_text(tmp_path, text))

    found = [(t.number, t.leads, t.supporters) for t in draft.definition.tasks]
    assert found == [
        ("1", ("县交通局",), ("县财政局", "县审计局")),
        ("2", ("县水利局",), ()),
        ("3", ("县林业局",), ()),
    ]
    assert "第4行：没有读入：完成时限：12月底" in told(draft.not_understood)


def test_page_numbers_and_running_heads_are_no_text(tmp_path: Path) -> None:
    page = "清溪县重点工作分工\n"
    text = (
        f"{page}1．修缮村道，\n— 1 —\n{page}更换护栏。（县交通局牵头）\n"
        f"第2页 共3页\n{page}2．清理河道。（县水利局牵头）\n"
    )
    draft = read(a_text(tmp_path, text))

    assert [c.text for t in draft.definition.tasks for c in t.clauses] == [
        "修缮村道，更换护栏",
        "清理河道",
    ]


def test_markdown_headings_and_lists_are_read_as_text(tmp_path: Path) -> None:
    text = "# 2023年清溪县工作要点\n\n## 一、工程\n\n- 1. 修缮村道。(县交通局牵头)\n"

    assert keys(read(a_text(tmp_path, text, name="要点.md"))) == ["1"]


def test_word_counts_the_items_itself(tmp_path: Path) -> None:
    import docx

    document = docx.Document()
    key = add_numbering(document, [("chineseCounting", "%1、"), ("decimal", "%2．")])
    for depth, text in (
        (0, "工程"),
        (1, "修缮村道。（县交通局牵头）"),
        (1, "清理河道。（县水利局牵头）"),
        (0, "民生"),
        (1, "植树造林。（县林业局牵头）"),
    ):
        numbered(document.add_paragraph(text), key, depth)
    path = tmp_path / "要点.docx"
    document.save(str(path))

    draft = read(path)
    assert keys(draft) == ["一-1", "一-2", "二-1"]
    assert [t.theme for t in draft.definition.tasks] == ["工程", "工程", "民生"]


def test_the_same_text_reads_the_same_from_word(tmp_path: Path) -> None:
    word = read(a_word_file(tmp_path, *PLAN.split("\n")), Source())

    assert word.definition == read(a_text(tmp_path, PLAN), Source()).definition


def test_a_near_name_is_asked_and_not_merged(tmp_path: Path) -> None:
    text = (
        "1．修缮电网。（国网清溪电力公司牵头）\n2．清理河道。（县水利局牵头）\n"
        "3．改造线路。（国网清溪供电公司、县发改局牵头）"
    )
    known = [KnownUnit("县发展和改革局"), KnownUnit("县水务局", ("县水利局",))]
    draft = read(a_text(tmp_path, text), known=known)

    assert [u.name for u in draft.definition.units] == [
        "国网清溪电力公司",
        "县水务局",
        "国网清溪供电公司",
        "县发改局",
    ]
    assert task(draft, "2").clauses[0].lead == ("县水务局",)
    assert "“国网清溪供电公司”与“国网清溪电力公司”是否同一单位" in told(draft.questions)
    assert "“县发改局”与已有单位“县发展和改革局”是否同一单位" in told(draft.questions)
    assert len(draft.questions) == 2


def test_words_among_the_units_are_listed(tmp_path: Path) -> None:
    draft = read(a_text(tmp_path, "1．清理河道。（县水利局牵头，12月底前完成）"))

    assert [u.name for u in draft.definition.units] == ["县水利局"]
    assert "第1行：责任单位里的“12月底前完成”没有读入" in told(draft.not_understood)


def test_an_odd_name_is_asked(tmp_path: Path) -> None:
    draft = read(a_text(tmp_path, "1．清理河道。（县水利局、北利日牵头）"))

    assert "“北利日”不像单位名称" in told(draft.questions)


def test_kinds_of_units_are_told_by_their_names(tmp_path: Path) -> None:
    text = "1．招商。（东山市人民政府、清江新区、省商务厅分别负责）"

    assert [(u.name, u.kind) for u in read(a_text(tmp_path, text)).definition.units] == [
        ("东山市人民政府", "county"),
        ("清江新区", "park"),
        ("省商务厅", "department"),
    ]


def test_text_without_items_makes_no_programme(tmp_path: Path) -> None:
    problems = refusals(a_text(tmp_path, "各单位：\n请做好防汛工作。\n一、加强值守\n二、及时报告"))

    assert len(problems) == 1
    assert "没有读到任务" in problems[0]
    assert "责任单位" in problems[0]


ITEM = st.tuples(
    st.sampled_from(["修缮村道", "清理河道，疏浚沟渠", "建设“智慧村”", "完成120户改造"]),
    st.lists(
        st.sampled_from("县交通局 县水利局 县林业局 县政府办公室 清江新区 县妇联".split()),
        min_size=1,
        max_size=4,
        unique=True,
    ),
    st.sampled_from([("牵头", "lead"), ("等按职责分工负责", "shared"), ("分别负责", "each")]),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(items=st.lists(ITEM, min_size=1, max_size=12))
def test_items_written_out_read_back_the_same(items, tmp_path: Path) -> None:
    text = "\n".join(
        f"{at}．{words}。（{'、'.join(units)}{verb}）"
        for at, (words, units, (verb, _)) in enumerate(items, start=1)
    )
    draft = read(a_text(tmp_path, text))

    assert [
        (t.number, c.text, list(c.lead), c.role) for t in draft.definition.tasks for c in t.clauses
    ] == [(str(at), w, u, role) for at, (w, u, (_, role)) in enumerate(items, start=1)]
