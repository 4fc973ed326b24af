"""The division of work of 2022: 82 items, 194 clauses, and who answers for each of them."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import pytest
from sqlmodel import Session

from models.programme import Programme, programme_by_code
from models.programmes.definition import ClauseEntry, Definition, TaskEntry
from models.programmes.files import read_definition
from models.programmes.loader import load
from models.requirement import requirements_of
from models.rules.period import programme_dues
from models.rules.wording import read_wording
from models.tables import METADATA
from models.task import Task, UnitRole, clause_units, clauses_of, task_units, tasks_of
from models.unit import Unit, units_of
from tests.conftest import at

CODE = "fengong-2022"
JANUARY = at("2022-01-20T08:00")
NEW_YEAR = date(2022, 1, 1)
ROLES = {"lead": "牵", "shared": "按", "each": "分"}

#: Each item: its lead + supporting units; then each clause's role (牵头, 按职责分工, 分别), how
#: many units answer for it + how many support them, and a star for each group without names.
ITEMS = """
政1 0+0: 分0*；政2 6+0: 按6；政3 1+10: 牵1+10；政4 1+6: 牵1+6；政5 5+0: 按5；政6 4+0: 按4
政7 9+3: 牵1+8 牵1 按9；政8 2+3: 牵2+3；政9 2+3: 牵1+4 牵1；政10 1+0: 牵1
政11 7+0: 牵1 牵2 按4 牵2；政12 4+10: 牵2+8* 牵2+7；政13 5+5: 牵2 牵2+3 牵1+4；政14 1+0: 牵1
政15 2+0: 牵2；政16 6+0: 按6；政17 3+0: 按3；政18 1+17: 牵1+16 牵1+6；政19 1+8: 牵1+8
政20 8+0: 按5 按4 牵1；政21 15+4: 牵1+10 按15；政22 5+2: 按5 牵1+4 牵2 牵1+3 按3
政23 1+12: 牵1+12；政24 7+0: 按7；政25 18+0: 牵2 按13 按8；政26 2+0: 牵2；政27 1+0: 牵1
政28 12+0: 按6 按8 牵1 牵1*；政29 2+0: 牵2**；政30 2+0: 牵2；政31 1+6: 牵1+6；政32 1+12: 牵1+12
政33 4+5: 牵1+4 牵1+6 按4；政34 4+2: 牵1+5 牵1 按4；政35 2+0: 分2；政36 5+0: 牵1 牵2 按4
政37 9+1: 牵1 牵1+8 牵2 按9；政38 10+0: 牵1 按10；政39 5+2: 牵1 牵1+3 牵1 牵1 牵1
政40 11+0: 按3 牵2 按9；政41 1+4: 牵1+4；政42 10+3: 牵2 牵1+2 牵1+6 分3 按6；政43 1+6: 牵1 牵1+6
政44 1+0: 牵1*；政45 1+2: 牵1+2*；政46 1+12: 牵1+2 牵1+10；政47 2+0: 牵2 牵1
政48 1+3: 牵1+3 牵1+1；政49 5+0: 按4 牵2*；政50 10+3: 按4 按7 牵1+6；政51 2+0: 牵2
政52 17+2: 牵1 按7 按7 牵2+2 按12；政53 5+7: 牵2 牵1+5 按4 牵1+1 牵1+5 牵1
政54 3+5: 牵1+5 牵1 按3 牵1+4 牵1；政55 3+11: 牵1+7 牵1+3 牵1+6；政56 1+0: 牵1
政57 6+0: 按4 按6 牵1；政58 13+0: 分0* 牵1 按7 按6；政59 11+0: 按8 牵2 牵1 牵2 牵2
政60 4+1: 牵2+3 牵1 按2 牵1；政61 1+9: 牵1+9；政62 1+8: 牵1+8；政63 1+8: 牵1+8
政64 4+6: 牵1+6 牵1+2 牵1+2 牵1+6；政65 5+4: 牵2+5 牵1 按3 牵2；政66 3+1: 牵2+1 牵2 牵2+1 牵1+1
政67 8+0: 牵2 牵1 牵1 按5 牵1 牵1；政68 10+0: 牵1 牵1 牵4 牵1 牵1 牵1 牵1 牵1 牵1 牵1
政69 0+0: 分0*；政70 12+0: 按4 按8；政71 3+7: 牵2 牵1+7；政72 1+2: 牵1+2；政73 1+0: 牵1*
政74 7+3: 牵1+3 牵1+2 牵1 按5；政75 7+0: 按7 牵1；政76 0+0: 分0*；政77 2+0: 牵1 牵1 分0* 牵1
政78 3+0: 牵1 分2；政79 1+2: 牵1+2；政80 5+1: 按4 牵1+1；政81 6+0: 分0* 按6 牵1；政82 0+0: 分0*
"""

#: In how many clauses each unit leads or answers + in how many it supports.
UNITS = """
省发展改革委 53+30；省财政厅 27+12；省工业和信息化厅 25+27；省农业农村厅 24+19；省商务厅 18+8
省民政厅 17+5；省科技厅 15+11；省自然资源厅 15+9；省生态环境厅 15+8；省教育厅 14+10
省住房城乡建设厅 13+8；省文化和旅游厅 12+7；省卫生健康委 10+7；省人力资源社会保障厅 10+4
省市场监管局 9+8；省委网信办 9+4；省地方金融监管局 8+2；省交通运输厅 7+6
人民银行长沙中心支行 7+2；湖南银保监局 7+1；省乡村振兴局 6+8；省国资委 6+6；省林业局 6+5
省水利厅 6+5；省医保局 6+4；省政务局 5+4；省广电局 5+1；省妇联 5+0；省通信管理局 4+3
省供销合作总社 4+2；省委改革办 4+1；省新闻出版局 4+0；省公安厅 3+7；省能源局 3+1；省残联 3+1
省文明办 3+0；省税务局 2+4；省司法厅 2+4；省委军民融合办 2+4；省体育局 2+3
省政府发展研究中心 2+3；省应急厅 2+2；湖南证监局 2+2；湘江新区 2+2；长沙海关 2+2
湖南广播电视台 2+2；省工商联 2+2；省科协 2+1；省总工会 2+1；省退役军人厅 2+1；省统计局 2+1
省粮食和物资储备局 2+1；省委统战部 2+0；省政府办公厅 2+0；省农村信用联社 2+0；省知识产权局 2+0
省审计厅 2+0；省红十字会 2+0；省邮政管理局 2+0；省社科联 2+0；团省委 2+0；省民宗委 2+0
省文联 2+0；省电影局 2+0；长沙市人民政府 1+3；省贸促会 1+2；省公共资源交易中心 1+1
省药品监管局 1+1；省委编办 1+1；省中医药局 1+1；省政府参事室 1+0；省作协 1+0；省委人才办 1+0
省人防办 1+0；省文物局 1+0；国网湖南电力公司 1+0；省台办 1+0；省国动委综合办 1+0
省机关事务管理局 1+0；省社科院 1+0；省文史馆 1+0；省政府征兵办 1+0；省信访局 1+0
省机场管理集团 0+3；岳阳市人民政府 0+3；株洲市人民政府 0+2；衡阳市人民政府 0+2
郴州市人民政府 0+2；湘潭市人民政府 0+2；永州市人民政府 0+1；省长株潭一体化发展事务中心 0+1
邵阳市人民政府 0+1；湘西自治州人民政府 0+1；省外事办 0+1；湖南边检总站 0+1；省地震局 0+1
省气象局 0+1；广铁集团长沙办事处 0+1；怀化市人民政府 0+1；省文资委 0+1
"""

#: Clauses in full, by item and place: cities written out, groups without names apart.
WHOLE = """
政1-1 分：未具名：各部门单位
政3-1 牵：省发展改革委；配合：省财政厅、省自然资源厅、省生态环境厅、省住房城乡建设厅、
省交通运输厅、省水利厅、省农业农村厅、省卫生健康委、省能源局、省机场管理集团
政7-1 牵：省发展改革委；配合：省工业和信息化厅、省农业农村厅、省商务厅、省文化和旅游厅、
省市场监管局、省体育局、省供销合作总社、省通信管理局
政8-1 牵：省商务厅、省发展改革委；配合：省文化和旅游厅、省体育局、长沙市人民政府
政11-2 牵：省财政厅、省税务局
政12-1 牵：省委统战部、省工商联；配合：省发展改革委、省教育厅、省科技厅、省工业和信息化厅、
省地方金融监管局、省政务局、省政府发展研究中心、湖南证监局；
未具名：省非公有制经济工作领导小组其他成员单位
政18-1 牵：省科技厅；配合：省委军民融合办、省发展改革委、省教育厅、省工业和信息化厅、
省农业农村厅、省商务厅、省国资委、省文资委、省广电局、湖南广播电视台、湘江新区、省科协、
长沙市人民政府、株洲市人民政府、湘潭市人民政府、郴州市人民政府
政25-3 按：湘江新区、省发展改革委、省财政厅、省地方金融监管局、人民银行长沙中心支行、
湖南银保监局、湖南证监局、长沙市人民政府
政28-4 牵：省发展改革委；未具名：有关部门
政29-1 牵：省委改革办、省商务厅；未具名：有关部门、市人民政府
政31-1 牵：省台办；配合：省发展改革委、省工业和信息化厅、省商务厅、岳阳市人民政府、
湘潭市人民政府、郴州市人民政府
政32-1 牵：省商务厅；配合：省发展改革委、省交通运输厅、省机场管理集团、长沙海关、湖南边检总站、
广铁集团长沙办事处、长沙市人民政府、衡阳市人民政府、株洲市人民政府、邵阳市人民政府、
永州市人民政府、怀化市人民政府
政35-1 分：省自然资源厅、省农业农村厅
政39-5 牵：国网湖南电力公司
政42-4 分：省粮食和物资储备局、省供销合作总社、省林业局
政45-1 牵：省发展改革委；配合：省长株潭一体化发展事务中心、湘江新区；
未具名：长株潭一体化发展领导小组成员单位
政46-1 牵：省发展改革委；配合：岳阳市人民政府、衡阳市人民政府
政49-2 牵：省住房城乡建设厅、省教育厅；未具名：有关部门
政52-4 牵：省发展改革委、省生态环境厅；配合：岳阳市人民政府、湘西自治州人民政府
政55-3 牵：省卫生健康委；配合：省工业和信息化厅、省科技厅、省农业农村厅、省生态环境厅、
省林业局、长沙海关
政58-3 按：省文明办、省教育厅、省文化和旅游厅、省新闻出版局、省总工会、省妇联、省委网信办
政58-4 按：省政府参事室、省文史馆、省政府发展研究中心、省社科院、省科协、省社科联
政68-3 牵：省卫生健康委、省妇联、省医保局、省残联
政73-1 牵：省应急厅；未具名：省安全生产委员会成员单位
政75-1 按：省委改革办、省委军民融合办、省国动委综合办、省政府征兵办、省发展改革委、
省退役军人厅、省人防办
政78-2 分：省审计厅、省统计局
"""

CALLED = """
政3 五张网；政10 链长制；政22 5G基站；政35 田长制；政36 高标准农田；政53 夏季攻势；政60 马栏山
政62 双减；政68 十大民生实事；政68 老旧小区改造；政79 一件事一次办
"""

VARIANTS = """
省发改委 省发展改革委；省工信厅 省工业和信息化厅；省人社厅 省人力资源社会保障厅
省卫健委 省卫生健康委；省住建厅 省住房城乡建设厅；省文旅厅 省文化和旅游厅
人行长沙中支 人民银行长沙中心支行；湘西州人民政府 湘西自治州人民政府；岳阳市 岳阳市人民政府
"""


@pytest.fixture(scope="module")
def definition() -> Definition:
    return read_definition(CODE)


def entries(table: str) -> list[str]:
    return table.strip().replace("\n", "；").split("；")


def clauses(definition: Definition) -> list[ClauseEntry]:
    return [clause for task in definition.tasks for clause in task.clauses]


def counted(clause: ClauseEntry) -> str:
    """牵1+10, 按6, 分0*: the clause as the table above writes it."""
    support = f"+{len(clause.supporting)}" if clause.supporting else ""
    return f"{ROLES[clause.role]}{len(clause.lead)}{support}{'*' * len(clause.unnamed)}"


def written(clause: ClauseEntry) -> str:
    """The clause's units in full."""
    named = (("", clause.lead), ("配合：", clause.supporting), ("未具名：", clause.unnamed))
    parts = [label + "、".join(names) for label, names in named if names]
    return f"{ROLES[clause.role]}：{'；'.join(parts)}"


def line(task: TaskEntry) -> str:
    parts = " ".join(counted(clause) for clause in task.clauses)
    return f"{task.number} {len(task.leads)}+{len(task.supporters)}: {parts}"


def test_82_items_have_194_clauses_under_44_headings(definition: Definition) -> None:
    themes = [task.theme for task in definition.tasks]

    assert [task.number for task in definition.tasks] == [f"政{n}" for n in range(1, 83)]
    assert len(clauses(definition)) == 194
    assert len(set(themes)) == 44
    assert sum(one != other for one, other in pairwise(themes)) == 43


@pytest.mark.parametrize("expected", entries(ITEMS), ids=lambda text: text.split()[0])
def test_every_item_has_its_clauses_with_as_many_units_as_printed(
    definition: Definition, expected: str
) -> None:
    assert line(definition.tasks_by_number[expected.split()[0]]) == expected


@pytest.mark.parametrize(
    "entry", re.split(r"\n(?=政)", WHOLE.strip()), ids=lambda text: text.split()[0]
)
def test_a_clause_names_its_units_in_printed_order(definition: Definition, entry: str) -> None:
    place, expected = entry.replace("\n", "").split()
    number, nth = place.split("-")

    assert written(definition.tasks_by_number[number].clauses[int(nth) - 1]) == expected


def test_100_units_lead_and_support_as_often_as_printed(definition: Definition) -> None:
    led = Counter(name for clause in clauses(definition) for name in clause.lead)
    supported = Counter(name for clause in clauses(definition) for name in clause.supporting)
    expected = dict(entry.split(" ") for entry in entries(UNITS))

    assert len(expected) == 100
    assert {u.name: f"{led[u.name]}+{supported[u.name]}" for u in definition.units} == expected
    assert (led.total(), supported.total()) == (463, 305)


def test_clauses_are_led_shared_or_answered_for_one_by_one(definition: Definition) -> None:
    found = clauses(definition)

    assert Counter(clause.role for clause in found) == {"lead": 137, "shared": 47, "each": 10}
    assert sum(bool(clause.unnamed) for clause in found) == 14
    assert Counter(name for clause in found for name in clause.unnamed) == {
        "各部门单位": 7,
        "有关部门": 4,
        "市人民政府": 1,
        "省非公有制经济工作领导小组其他成员单位": 1,
        "长株潭一体化发展领导小组成员单位": 1,
        "省安全生产委员会成员单位": 1,
    }


def test_the_development_commission_leads_22_clauses_and_shares_31(definition: Definition) -> None:
    commission = "省发展改革委"
    roles = Counter(c.role for c in clauses(definition) if commission in c.lead)

    assert roles == {"lead": 22, "shared": 31}
    assert sum(commission in clause.supporting for clause in clauses(definition)) == 30
    assert sum(commission in task.leads for task in definition.tasks) == 37
    assert sum(commission in task.supporters for task in definition.tasks) == 14


def test_four_items_name_nobody_but_all_departments(definition: Definition) -> None:
    nameless = [task for task in definition.tasks if not task.leads]

    assert [task.number for task in nameless] == ["政1", "政69", "政76", "政82"]
    assert {c.unnamed for task in nameless for c in task.clauses} == {("各部门单位",)}


def test_a_unit_that_leads_one_clause_does_not_support_its_item(definition: Definition) -> None:
    consumption = definition.tasks_by_number["政7"]

    assert "省商务厅" in consumption.clauses[0].supporting
    assert "省商务厅" in consumption.leads
    assert consumption.supporters == ("省市场监管局", "省体育局", "省通信管理局")


@pytest.mark.parametrize(
    ("number", "nth", "figures"),
    [
        ("政2", 1, "6.5% 7.2% 7.5% 6% 3% 70万人 5.5% 600亿斤"),
        ("政14", 1, "22个"),
        ("政15", 1, "1000家"),
        ("政21", 1, "15%"),
        ("政22", 5, "2.5万个"),
        ("政23", 1, "16家 6.5万亿元"),
        ("政36", 3, "7100万亩 600亿斤"),
        ("政42", 1, "30年"),
    ],
)
def test_a_clause_keeps_its_figures(
    definition: Definition, number: str, nth: int, figures: str
) -> None:
    text = definition.tasks_by_number[number].clauses[nth - 1].text

    assert [figure for figure in figures.split() if figure not in text] == []


def test_clauses_are_short_and_told_apart(definition: Definition) -> None:
    """Only the yearly targets, eight figures in one clause, take more than a line."""
    texts = [clause.text for clause in clauses(definition)]

    assert [text for text in texts if len(text) > 25] == [texts[1]]
    assert len(set(texts)) == 194
    assert max(len(task.title) for task in definition.tasks) <= 20


@pytest.mark.parametrize("called", entries(CALLED))
def test_items_are_called_by_what_people_type(definition: Definition, called: str) -> None:
    number, name = called.split()
    task = definition.tasks_by_number[number]

    assert name in (task.short, *task.aliases)


def test_no_name_means_two_items(definition: Definition) -> None:
    names = [n for task in definition.tasks for n in {task.short, task.title, *task.aliases}]

    assert [name for name, times in Counter(names).items() if times > 1] == []


@pytest.mark.parametrize("variant", entries(VARIANTS))
def test_units_are_known_by_their_usual_names(definition: Definition, variant: str) -> None:
    printed, official = variant.split()

    assert definition.unit_names[printed] == official


@pytest.mark.parametrize(
    ("wording", "first", "times"),
    [("月调度", ("2022-02-10", "2022-01-31"), 12), ("季检查", ("2022-04-10", "2022-03-31"), 4)],
)
def test_reports_cover_the_year_up_to_the_last_month_or_quarter(
    definition: Definition, wording: str, first: tuple[str, str], times: int
) -> None:
    reading = read_wording(definition.wordings[wording], 2022)
    dues = programme_dues(reading.recurrences, 2022)

    assert reading.not_understood == ()
    assert len(dues) == times
    assert dues[0].due == at(f"{first[0]}T23:59:59")
    assert dues[0].covers == (NEW_YEAR, date.fromisoformat(first[1]))
    assert dues[-1].due == at("2023-01-10T23:59:59")
    assert dues[-1].covers == (NEW_YEAR, date(2022, 12, 31))


def contents(session: Session) -> dict[str, list[str]]:
    """Every row of every table, as text."""
    session.flush()
    return {
        table.name: sorted(str(row) for row in session.execute(table.select()).all())
        for table in METADATA.sorted_tables
    }


def stored_programme(session: Session) -> Programme:
    found = programme_by_code(session, CODE)
    assert found is not None
    return found


def stored_tasks(session: Session) -> dict[int, Task]:
    found = tasks_of(session, stored_programme(session).id or 0)
    return {task.id or 0: task for task in found}


def stored_units(session: Session) -> Sequence[Unit]:
    return units_of(session, stored_programme(session).area_id)


def test_loading_twice_changes_nothing(session: Session, definition: Definition) -> None:
    first = load(session, definition, JANUARY)
    before = contents(session)

    again = load(session, definition, at("2022-06-01T08:00"))

    assert len(first.tasks) == 82
    assert first.not_understood == ()
    assert not again.changed
    assert contents(session) == before


def test_what_is_stored_is_what_is_defined(session: Session, definition: Definition) -> None:
    load(session, definition, JANUARY)

    tasks = stored_tasks(session)
    units = {unit.id or 0: unit for unit in stored_units(session)}
    assert Counter((unit.kind, unit.group) for unit in units.values()) == {
        ("department", "省直单位"): 77,
        ("department", "中央在湘单位"): 12,
        ("park", "园区"): 1,
        ("county", "市州"): 10,
    }
    leads = {(t.number, UnitRole.LEAD, name) for t in definition.tasks for name in t.leads}
    others = {(t.number, UnitRole.SUPPORTING, n) for t in definition.tasks for n in t.supporters}
    assert (len(leads), len(others)) == (365, 221)
    assert leads | others == {
        (tasks[task_id].number, part.role, units[part.unit_id].name)
        for task_id, parts in task_units(session, tasks).items()
        for part in parts
    }


def test_clauses_are_stored_with_their_units(session: Session, definition: Definition) -> None:
    load(session, definition, JANUARY)

    names = {unit.id or 0: unit.name for unit in stored_units(session)}
    rows = clauses_of(session, stored_tasks(session)).values()
    stored = [clause for of_task in rows for clause in of_task]
    parts = clause_units(session, [clause.id or 0 for clause in stored])

    told = [(clause.text, clause.role, tuple(clause.unnamed)) for clause in stored]
    assert told == [(c.text, c.role, c.unnamed) for c in clauses(definition)]
    for clause, entry in zip(stored, clauses(definition), strict=True):
        found = [(part.role, names[part.unit_id]) for part in parts[clause.id or 0]]
        supporting = [(UnitRole.SUPPORTING, name) for name in entry.supporting]
        assert Counter(found) == Counter([*((entry.role, n) for n in entry.lead), *supporting])


def test_the_days_are_assumed_until_somebody_confirms_them(
    session: Session, definition: Definition
) -> None:
    """The notice asks for reports by month and by quarter, and states no day for either."""
    load(session, definition, JANUARY)

    found = requirements_of(session, stored_tasks(session)).values()
    rows = [row for of_task in found for row in of_task]

    assert {row.wording for row in rows} == set(definition.wordings.values())
    assert all(row.assumed and row.confirmed_at is None for row in rows)
    assert {section["name"]: section["need"] for section in rows[0].sections} == {
        "进展": "required",
        "问题": "expected",
        "下一步": "optional",
    }
