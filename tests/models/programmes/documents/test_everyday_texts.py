"""Running text as offices write it: helpers beside shared duties, groups, people, bare brackets."""

from pathlib import Path

import pytest

from models.programmes.definition import ClauseEntry
from models.programmes.documents import Source
from tests.models.programmes.documents.paper import (
    a_text,
    a_word_file,
    keys,
    read,
    refusals,
    task,
    told,
)


@pytest.mark.parametrize(
    ("bracket", "role"),
    [
        ("县民政局、县残联分别负责，县财政局配合", "each"),
        ("县民政局、县残联分别牵头，县财政局配合", "each"),
        ("县民政局、县残联按职责分工负责，县财政局配合", "shared"),
        ("县民政局、县残联共同负责，县财政局参与", "shared"),
    ],
)
def test_units_that_share_a_duty_may_have_helpers(bracket: str, role: str, tmp_path: Path) -> None:
    draft = read(a_text(tmp_path, f"1．办好养老。（{bracket}）"))

    assert task(draft, "1").clauses == (
        ClauseEntry(
            text="办好养老", role=role, lead=("县民政局", "县残联"), supporting=("县财政局",)
        ),
    )


def test_counties_that_owe_each_may_have_helpers(tmp_path: Path) -> None:
    draft = read(a_text(tmp_path, "1．办好养老。（各乡镇分别负责，县财政局配合）"))

    (clause,) = task(draft, "1").clauses
    assert (clause.role, clause.unnamed, clause.supporting) == ("each", ("各乡镇",), ("县财政局",))


def test_a_bracket_of_bare_units_is_a_duty_and_marked_assumed(tmp_path: Path) -> None:
    text = "1．修缮村道。（县交通局、县公路中心）清理河道。（县水利局牵头，县财政局配合）"
    draft = read(a_text(tmp_path, text))

    assert [(c.text, c.role, c.lead) for c in task(draft, "1").clauses] == [
        ("修缮村道", "shared", ("县交通局", "县公路中心")),
        ("清理河道", "lead", ("县水利局",)),
    ]
    assert "“县交通局、县公路中心”没有写明职责，按“按职责分工负责”读，请核对" in told(draft.assumed)


def test_points_inside_an_item_keep_their_bare_units(tmp_path: Path) -> None:
    text = (
        "1．整治市容。（县城管局牵头）\n（1）清理占道。（县公安局）\n（2）清理河道。（县水利局）\n"
        "2．修缮村道\n（县交通局、县公路中心）\n3．植树造林。（县林业局牵头）"
    )
    draft = read(a_text(tmp_path, text))

    assert [c.lead for c in task(draft, "1").clauses] == [
        ("县城管局",),
        ("县公安局",),
        ("县水利局",),
    ]
    assert task(draft, "2").leads == ("县交通局", "县公路中心")
    assert "第3行：“县水利局”没有写明职责，按“牵头”读，请核对" in told(draft.assumed)


def test_a_helping_bracket_alone_leads_nothing(tmp_path: Path) -> None:
    draft = read(a_text(tmp_path, "1．修缮村道。（县财政局配合）\n2．清理河道。（县水利局牵头）"))

    assert keys(draft) == ["2"]
    assert "第1行：没有写明责任单位，未读作任务：修缮村道。（县财政局配合）" in told(
        draft.not_understood
    )


def test_every_swallowed_stretch_is_listed(tmp_path: Path) -> None:
    text = "1．修缮村道。（县财政局配合）清理河道。（县水利局牵头）"

    assert "第1行：责任分工没有读懂：修缮村道（县财政局配合）" in told(
        read(a_text(tmp_path, text)).not_understood
    )


@pytest.mark.parametrize(
    ("listed", "found", "groups"),
    [
        ("县教育局、各县（市、区）人民政府", ["县教育局"], ("各县（市、区）人民政府",)),
        ("县教育局、各乡镇人民政府、街道办事处", ["县教育局"], ("各乡镇人民政府", "街道办事处")),
        ("县教育局、8县市人民政府", ["县教育局"], ("8县市人民政府",)),
        ("县教育局、各乡镇（街道）、园区管委会", ["县教育局"], ("各乡镇（街道）", "园区管委会")),
        ("县教育局、县水利局等部门和各区县政府", ["县教育局", "县水利局"], ("各区县政府",)),
        ("县教育局、县税务局等有关部门", ["县教育局", "县税务局"], ("有关部门",)),
        ("县教育局、县税务局等单位", ["县教育局", "县税务局"], ()),
        ("县教育局等12部门", ["县教育局"], ("12部门",)),
        ("县国资委及所属企业", ["县国资委"], ("所属企业",)),
    ],
)
def test_groups_are_no_units(
    listed: str, found: list[str], groups: tuple[str, ...], tmp_path: Path
) -> None:
    draft = read(a_text(tmp_path, f"1．修缮校舍。（{listed}按职责分工负责）"))

    assert [unit.name for unit in draft.definition.units] == found
    assert task(draft, "1").clauses[0].unnamed == groups
    assert draft.questions == ()


@pytest.mark.parametrize(
    "listed",
    [
        "责任单位：县教育局；责任人：田某某",
        "牵头领导：田某某，牵头单位：县教育局",
        "责任单位：县教育局；完成时限：2023年10月",
        "县教育局、张某某负责",
    ],
)
def test_people_and_times_are_listed_and_no_units(listed: str, tmp_path: Path) -> None:
    draft = read(a_text(tmp_path, f"1．修缮校舍。（{listed}）"))

    assert [unit.name for unit in draft.definition.units] == ["县教育局"]
    assert "第1行：责任单位里的“" in told(draft.not_understood)


def test_a_bracket_that_is_not_closed_leaves_a_doubt(tmp_path: Path) -> None:
    draft = read(a_text(tmp_path, "1．修缮校舍。【县教育局、县消防大队（安委办牵头】"))

    assert "“县消防大队（安委办”" in told((*draft.questions, *draft.not_understood))


def test_a_unit_may_carry_a_remark_with_marks_of_its_own(tmp_path: Path) -> None:
    draft = read(a_text(tmp_path, "1．消防检查。（县应急局牵头，县公安局（交警、治安）配合）"))

    assert [unit.name for unit in draft.definition.units] == ["县应急局", "县公安局"]
    assert "“县公安局（交警、治安）”没有读入" in told(draft.not_understood)


def test_what_is_not_read_is_shown_in_full(tmp_path: Path) -> None:
    long = "加强调度通报，压实工作责任，按月汇总进展情况，及时研究解决推进中的困难和问题"
    draft = read(a_text(tmp_path, f"1．修缮校舍。（县教育局牵头）另外{long}。"))

    assert f"第1行：没有写明责任单位：另外{long}" in told(draft.not_understood)


def test_a_line_with_the_section_in_charge_is_listed(tmp_path: Path) -> None:
    text = "1．修缮校舍。（县教育局牵头）\n责任科室：基建科\n（县财政局配合）"
    draft = read(a_text(tmp_path, text))

    assert "第2行：没有读入：责任科室：基建科" in told(draft.not_understood)
    assert task(draft, "1").supporters == ("县财政局",)


@pytest.mark.parametrize(
    ("title", "area"),
    [
        ("2024年度临江市政府重点工作台账", "临江市"),
        ("安平市优化营商环境2024年重点任务清单", "安平市"),
        ("2024年清溪县十大实事分工", "清溪县"),
    ],
)
def test_the_area_is_read_beside_any_usual_words(title: str, area: str, tmp_path: Path) -> None:
    path = a_word_file(tmp_path, title, "1．修缮校舍。（县教育局牵头）")

    assert read(path, Source()).definition.area == area


def test_a_text_of_thousands_of_units_is_refused(tmp_path: Path) -> None:
    many = "、".join(f"县{chr(0x4E00 + at)}局" for at in range(2500))

    (problem,) = refusals(a_text(tmp_path, f"1．修缮校舍。（{many}按职责分工负责）"))
    assert "超过2000个，请核对文件" in problem
