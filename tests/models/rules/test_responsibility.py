"""Responsibility brackets: who leads, shares and supports, clause by clause."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.responsibility import (
    Clause,
    Responsibility,
    Role,
    read_clauses,
    read_responsibility,
    unit_list,
)

LEAD, SHARED, EACH = Role.LEAD, Role.SHARED, Role.EACH


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("省商务厅牵头", Responsibility(LEAD, ("省商务厅",))),
        ("省科协、省科技厅牵头", Responsibility(LEAD, ("省科协", "省科技厅"))),
        (
            "省水利厅牵头，省林业局、省财政厅等按职责分工负责",
            Responsibility(LEAD, ("省水利厅",), ("省林业局", "省财政厅")),
        ),
        (
            "省教育厅、省民政厅等按职责分工负责",
            Responsibility(SHARED, ("省教育厅", "省民政厅")),
        ),
        ("省审计厅、省统计局分别负责", Responsibility(EACH, ("省审计厅", "省统计局"))),
        ("各部门单位分别负责", Responsibility(EACH, (), (), ("各部门单位",))),
        (
            "省体育局牵头，有关部门按职责分工负责",
            Responsibility(LEAD, ("省体育局",), (), ("有关部门",)),
        ),
        (
            "省商务厅牵头，有关部门和市人民政府按职责分工负责",
            Responsibility(LEAD, ("省商务厅",), (), ("有关部门", "市人民政府")),
        ),
        (
            "省应急厅牵头，省防汛指挥部成员单位及省气象局按职责分工负责",
            Responsibility(LEAD, ("省应急厅",), ("省气象局",), ("省防汛指挥部成员单位",)),
        ),
        ("州发改委牵头，州财政局配合", Responsibility(LEAD, ("州发改委",), ("州财政局",))),
        ("州教体局负责", Responsibility(LEAD, ("州教体局",))),
        ("州教体局、州卫健委共同负责", Responsibility(SHARED, ("州教体局", "州卫健委"))),
        (
            "牵头单位：州民政局；配合单位：州财政局、州残联",
            Responsibility(LEAD, ("州民政局",), ("州财政局", "州残联")),
        ),
        ("责任单位:市水利局、市林业局", Responsibility(LEAD, ("市水利局", "市林业局"))),
        (
            "州发改委（牵头）、州工信局、州商务局",
            Responsibility(LEAD, ("州发改委",), ("州工信局", "州商务局")),
        ),
        (
            "由省文旅厅牵头，会同省妇女联合会落实，省文联配合",
            Responsibility(LEAD, ("省文旅厅",), ("省妇女联合会", "省文联")),
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_bracket_names_those_who_answer(inner: str, expected: Responsibility) -> None:
    assert read_responsibility(inner) == expected


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "长沙、株洲、湘潭市人民政府",
            ("长沙市人民政府", "株洲市人民政府", "湘潭市人民政府"),
        ),
        ("岳阳市、湘西自治州人民政府", ("岳阳市人民政府", "湘西自治州人民政府")),
        ("永州、郴州市人民政府", ("永州市人民政府", "郴州市人民政府")),
        ("省科协，永州、怀化市人民政府", ("省科协", "永州市人民政府", "怀化市人民政府")),
        ("湘江新区、长沙市人民政府", ("湘江新区", "长沙市人民政府")),
        ("省工业和信息化厅和省文化和旅游厅", ("省工业和信息化厅", "省文化和旅游厅")),
        ("省粮食和物资储备局、省公安厅及省司法厅", ("省粮食和物资储备局", "省公安厅", "省司法厅")),
        ("吉首市、泸溪县", ("吉首市", "泸溪县")),
    ],
)
def test_elliptic_and_joined_names_are_written_out(text: str, names: tuple[str, ...]) -> None:
    assert unit_list(text) == (names, (), ())


def test_a_name_that_ends_like_no_unit_is_doubted_and_kept() -> None:
    assert unit_list("州水利局、北利日") == (("州水利局", "北利日"), (), ("北利日",))


def test_a_time_limit_among_the_names_is_no_unit() -> None:
    found = read_responsibility("县教育局牵头，县财政局配合，12月底前完成")

    assert found is not None
    assert (found.lead, found.supporting) == (("县教育局",), ("县财政局",))
    assert found.doubtful == ("12月底前完成",)


def test_each_sentence_has_its_own_bracket() -> None:
    text = "建设示范食堂。（市教育局牵头）开展义诊（含下乡）活动。(市卫健委、市残联分别负责)"

    assert read_clauses(text).clauses == (
        Clause("建设示范食堂", Responsibility(LEAD, ("市教育局",))),
        Clause("开展义诊（含下乡）活动", Responsibility(EACH, ("市卫健委", "市残联"))),
    )


def test_circled_points_lose_their_mark() -> None:
    reading = read_clauses("①修缮村道。（县交通局牵头）②清理河道。（县水利局牵头）")

    assert [clause.text for clause in reading.clauses] == ["修缮村道", "清理河道"]


def test_words_without_a_bracket_are_handed_back() -> None:
    reading = read_clauses("修缮村道。（县交通局牵头）另外做好宣传。")

    assert reading.rest == "另外做好宣传"


def test_a_bracket_that_names_nobody_is_handed_back() -> None:
    reading = read_clauses("修缮村道。（牵头）")

    assert reading.clauses == ()
    assert reading.unread == ("牵头",)


def test_an_unpaired_bracket_does_not_swallow_the_next_one() -> None:
    reading = read_clauses("修缮村道（含桥梁。（县交通局牵头）")

    assert [c.responsibility.lead for c in reading.clauses] == [("县交通局",)]


UNITS = st.lists(
    st.sampled_from(
        "省水利厅 省林业局 省财政厅 省工业和信息化厅 省文化和旅游厅 省科协 省妇联 团省委 长沙海关 "
        "湘江新区 省粮食和物资储备局 湖南证监局 省政府办公厅 省委网信办 省总工会".split()
    ),
    min_size=1,
    max_size=5,
    unique=True,
).map(tuple)
WORDS = st.sampled_from(
    "修建便民桥 建设“智慧村”（一期） 推进减负增效，压减报表 完成120户改造 增长6.5%以上".split()
)


@st.composite
def clauses(draw: st.DrawFn) -> Clause:
    role = draw(st.sampled_from(Role))
    units = draw(UNITS)
    led = role is LEAD and len(units) > 1 and draw(st.booleans())
    lead, supporting = (units[:1], units[1:]) if led else (units, ())
    return Clause(draw(WORDS), Responsibility(role, lead, supporting))


def written(clause: Clause, narrow: bool) -> str:
    """The clause as a document prints it."""
    answers = clause.responsibility
    lead = "、".join(answers.lead)
    ending = {LEAD: "牵头", SHARED: "等按职责分工负责", EACH: "分别负责"}[answers.role]
    help_ = f"，{'、'.join(answers.supporting)}等按职责分工负责" if answers.supporting else ""
    opening, closing = "()" if narrow else "（）"
    return f"{clause.text}。{opening}{lead}{ending}{help_}{closing}"


@given(st.lists(clauses(), min_size=1, max_size=6), st.booleans())
def test_clauses_written_out_read_back_the_same(wanted: list[Clause], narrow: bool) -> None:
    text = "".join(written(clause, narrow) for clause in wanted)

    assert read_clauses(text).clauses == tuple(wanted)
    assert read_clauses(text).rest == ""


@given(st.text(alphabet="省市厅局、，。（）()牵头等按职责分工负责分别各部门和①", max_size=60))
def test_no_text_breaks_the_reader_and_every_clause_names_somebody(text: str) -> None:
    for clause in read_clauses(text).clauses:
        assert clause.responsibility.lead or clause.responsibility.unnamed
