"""Responsibility brackets: who leads, shares and supports, clause by clause."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.programmes.definition import ClauseEntry
from models.rules.responsibility import (
    Clause,
    Responsibility,
    Role,
    helpers,
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
            "省水利厅牵头，有关部门和县人民政府按职责分工负责",
            Responsibility(LEAD, ("省水利厅",), (), ("有关部门", "县人民政府")),
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
        (
            "州民政局、州残联分别负责，州财政局配合",
            Responsibility(EACH, ("州民政局", "州残联"), ("州财政局",)),
        ),
        (
            "州民政局、州残联按职责分工负责，州财政局配合",
            Responsibility(SHARED, ("州民政局", "州残联"), ("州财政局",)),
        ),
        (
            "州民政局、州残联共同负责，州财政局参与",
            Responsibility(SHARED, ("州民政局", "州残联"), ("州财政局",)),
        ),
        (
            "各县市分别负责，州财政局配合",
            Responsibility(EACH, (), ("州财政局",), ("各县市",)),
        ),
        (
            "县教体局会同县公安局、县城管局负责",
            Responsibility(LEAD, ("县教体局",), ("县公安局", "县城管局")),
        ),
        (
            "牵头：县民政局；配合：县财政局、县残联",
            Responsibility(LEAD, ("县民政局",), ("县财政局", "县残联")),
        ),
        (
            "牵头单位为县教体局，责任单位为县财政局",
            Responsibility(LEAD, ("县教体局",), ("县财政局",)),
        ),
        (
            "县卫健局牵头 县医保局 县财政局配合",
            Responsibility(LEAD, ("县卫健局",), ("县医保局", "县财政局")),
        ),
        (
            "责任单位：县工信局；责任人：田某某；完成时限：10月底",
            Responsibility(LEAD, ("县工信局",), (), (), ("责任人：田某某", "完成时限：10月底")),
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
    assert reading.unread == ("修缮村道（牵头）",)


def test_an_unpaired_bracket_does_not_swallow_the_next_one() -> None:
    reading = read_clauses("修缮村道（含桥梁。（县交通局牵头）")

    assert [c.responsibility.lead for c in reading.clauses] == [("县交通局",)]


def test_words_that_only_name_helpers_leave_nobody_who_owes() -> None:
    assert read_responsibility("县财政局配合") is None
    assert helpers("县财政局、县审计局配合") == ("县财政局", "县审计局")
    assert helpers("县财政局牵头，县审计局配合") == ()


def test_a_bracket_of_helpers_belongs_to_the_clause_before_it() -> None:
    reading = read_clauses("修缮村道。（县交通局牵头）（县财政局配合）")

    assert reading.clauses == (
        Clause("修缮村道", Responsibility(LEAD, ("县交通局",), ("县财政局",))),
    )


def test_helpers_without_a_lead_are_handed_back_with_their_words() -> None:
    reading = read_clauses("修缮村道。（县财政局配合）清理河道。（县水利局牵头）")

    assert reading.unread == ("修缮村道（县财政局配合）",)
    assert [clause.text for clause in reading.clauses] == ["清理河道"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "修缮村道。（县交通局、县公路中心）清理河道。（县水利局牵头）",
            [
                ("修缮村道", SHARED, ("县交通局", "县公路中心"), True),
                ("清理河道", LEAD, ("县水利局",), False),
            ],
        ),
        (
            "修缮村道（县交通局），清理河道（县水利局），植树造林。（县林业局负责）",
            [
                ("修缮村道", LEAD, ("县交通局",), True),
                ("清理河道", LEAD, ("县水利局",), True),
                ("植树造林", LEAD, ("县林业局",), False),
            ],
        ),
        (
            "修缮村道。由县交通局牵头、县财政局配合。植树造林。（县林业局牵头）",
            [("修缮村道", LEAD, ("县交通局",), False), ("植树造林", LEAD, ("县林业局",), False)],
        ),
        (
            "办好灯会，由县文旅局牵头，会同县公安局，于2月底前完成。",
            [("办好灯会", LEAD, ("县文旅局",), False)],
        ),
        (
            "修缮村道，责任单位：县交通局。（县财政局配合）",
            [("修缮村道", LEAD, ("县交通局",), False)],
        ),
        (
            "新建充电桩400个 牵头领导：田某某 牵头单位：县发改局 完成时限：6月",
            [("新建充电桩400个", LEAD, ("县发改局",), False)],
        ),
        (
            "新增托位300个。县卫健局。",
            [("新增托位300个", LEAD, ("县卫健局",), True)],
        ),
        (
            "疏浚河道12公里。县水利局牵头负责，各乡镇人民政府配合。",
            [("疏浚河道12公里", LEAD, ("县水利局",), False)],
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_nobodys_duty_is_swallowed_by_the_clause_behind_it(
    text: str, expected: list[tuple[str, Role, tuple[str, ...], bool]]
) -> None:
    reading = read_clauses(text)

    assert [
        (c.text, c.responsibility.role, c.responsibility.lead, c.assumed) for c in reading.clauses
    ] == expected
    assert (reading.rest, reading.unread) == ("", ())


@pytest.mark.parametrize(
    "text",
    [
        "推进试点（吉首市、龙山县）。（县发改局牵头）",
        "规范道路清扫（含由县城管局负责的路段）。（县发改局牵头）",
        "联合高校（含县一中、县职校）攻关。（县发改局牵头）",
        "改造医疗机构（县人民医院、县中医院）。（县发改局牵头）",
        "全力办好省运会。（县发改局牵头）",
        "由点到面推开，层层落实。（县发改局牵头）",
    ],
)
def test_remarks_and_plain_words_are_no_duty(text: str) -> None:
    (clause,) = read_clauses(text).clauses

    assert clause.responsibility.lead == ("县发改局",)
    assert not clause.assumed


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
    led = len(units) > 1 and draw(st.booleans())
    lead, supporting = (units[:1], units[1:]) if led else (units, ())
    return Clause(draw(WORDS), Responsibility(role, lead, supporting))


def written(clause: Clause, narrow: bool) -> str:
    """The clause as a document prints it."""
    answers = clause.responsibility
    lead = "、".join(answers.lead)
    ending = {LEAD: "牵头", SHARED: "等按职责分工负责", EACH: "分别负责"}[answers.role]
    helping = "等按职责分工负责" if answers.role is LEAD else "配合"
    help_ = f"，{'、'.join(answers.supporting)}{helping}" if answers.supporting else ""
    opening, closing = "()" if narrow else "（）"
    return f"{clause.text}。{opening}{lead}{ending}{help_}{closing}"


@given(st.lists(clauses(), min_size=1, max_size=6), st.booleans())
def test_clauses_written_out_read_back_the_same(wanted: list[Clause], narrow: bool) -> None:
    text = "".join(written(clause, narrow) for clause in wanted)

    assert read_clauses(text).clauses == tuple(wanted)
    assert read_clauses(text).rest == ""


PIECES = st.lists(
    st.sampled_from(
        "省水利厅 市财政局 各县（市、区） 有关部门 12月底前 牵头 负责 分别负责 等按职责分工负责 "
        "配合 共同 会同 由 责任单位： 配合单位： 责任人： 、 ， ； 。 （ ） 修缮村道 ①".split()
    ),
    max_size=24,
).map("".join)


@given(PIECES)
def test_no_text_breaks_the_reader_and_every_clause_can_stand_in_a_definition(text: str) -> None:
    for clause in read_clauses(text).clauses:
        found = clause.responsibility
        entry = ClauseEntry(
            text=clause.text or "任务",
            role=found.role.value,
            lead=found.lead,
            supporting=found.supporting,
            unnamed=found.unnamed,
        )
        assert entry.lead or entry.unnamed
        assert not set(entry.lead) & set(entry.supporting)
