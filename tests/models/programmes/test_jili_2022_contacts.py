"""Progress, problems and contacts of the incentive items of 2022, as of 10 October."""

from collections import Counter
from datetime import date

import pytest

from models.programmes.definition import Definition
from models.programmes.files import read_definition
from models.programmes.issued import ContactFact, Issued
from tests.models.programmes.printed import printed_lines

COUNTIES = ["吉首市", "泸溪县", "凤凰县", "古丈县", "花垣县", "保靖县", "永顺县", "龙山县"]


@pytest.fixture(scope="module")
def jili() -> Definition:
    return read_definition("jili-2022")


@pytest.fixture(scope="module")
def circular(jili: Definition) -> Issued:
    """What was published as of 10 October."""
    [found] = [each for each in jili.issued if each.as_of == date(2022, 10, 10)]
    return found


def test_every_item_but_one_has_progress_and_seven_have_no_problems(circular: Issued) -> None:
    notes = {note.task: note for note in circular.notes if note.unit is None}

    assert {f"激{n}" for n in range(1, 66)} - notes.keys() == {"激17"}
    assert all(note.progress for note in notes.values())
    assert [n for n, note in notes.items() if not note.problems] == [
        *("激12", "激15", "激31", "激50", "激52", "激64", "激65"),
    ]


@pytest.mark.parametrize(
    ("number", "fact"),
    [
        ("激11", "至9月底骨干企业125户，占省任务222户的56.3%"),
        ("激44", "计划改造773户，已开工768户，已完工545户"),
        ("激54", "省定考核指标244项，至9月23日完成202项，完成率82.8%"),
        ("激57", "考核指标13个：完成年度任务6个，达时序2个，未达时序5个"),
    ],
)
def test_progress_keeps_its_figures(circular: Issued, number: str, fact: str) -> None:
    [note] = [n for n in circular.notes if (n.task, n.unit) == (number, None)]

    assert fact in note.progress


def test_contacts_name_ranks_and_offices_and_stand_before_the_circular(circular: Issued) -> None:
    ranks = Counter(contact.who for contact in circular.contacts)

    assert set(ranks) == {
        *("州领导", "州直部门负责人", "州直部门", "县市领导", "县市部门负责人", "县市部门"),
        *("园区负责人", "园区"),
    }
    assert sum(ranks.values()) == 315
    assert all(date(2022, 1, 1) <= each.on <= circular.as_of for each in circular.contacts)
    assert all((each.until or each.on) <= circular.as_of for each in circular.contacts)


def day_text(contact: ContactFact) -> str:
    days = [contact.on, *([contact.until] if contact.until else [])]
    return "-".join(f"{day.month}.{day.day}" for day in days)


def dated(line: str) -> dict[tuple[str, str], list[str]]:
    """A printed line's days by item and unit, each with who went: 州领导5.17."""
    number, unit, *words = line.split()
    days: list[str] = []
    who = ""
    for word in words:
        if word[0].isdigit():
            days.append(who + word)
        else:
            who = word
    return {(number, unit): sorted(days)}


def test_every_contact_is_dated_as_printed(circular: Issued) -> None:
    printed: dict[tuple[str, str], list[str]] = {}
    for line in printed_lines("jili_2022_contacts"):
        printed |= dated(line)
    kept: dict[tuple[str, str], list[str]] = {}
    for each in circular.contacts:
        kept.setdefault((each.task, each.unit or "州"), []).append(each.who + day_text(each))

    assert sum(map(len, printed.values())) == 315
    assert {key: sorted(days) for key, days in kept.items()} == printed


@pytest.mark.parametrize(
    ("number", "unit", "fact"),
    [
        ("激8", "湘西高新区", "省级层面计划11月再对接"),
        ("激11", "龙山县", "向州财源办汇报进展和思路，得到肯定"),
        ("激18", "吉首市", "州教体局同意列为申报对象"),
        ("激23", "永顺县", "全州排名第1，州局拟推荐争创省级激励"),
        ("激32", "花垣县", "到京走访登记限3人，已登记3人"),
        ("激36", "湘西高新区", "州工信局要求每月报采集表"),
        ("激41", "古丈县", "省厅同意所欠指标三年还清"),
        ("激43", "永顺县", "多次向州住建局汇报，州局同意推荐"),
        ("激46", "保靖县", "排名全州第二，州住建局认为有一定可能"),
        ("激54", "永顺县", "与州生态环境局对接，已列入重点上争县市"),
    ],
)
def test_what_a_county_was_told_without_a_day_is_a_note_of_its_own(
    circular: Issued, number: str, unit: str, fact: str
) -> None:
    [note] = [n for n in circular.notes if (n.task, n.unit) == (number, unit)]

    assert fact in (*note.progress, *note.problems)


def test_contacts_that_bear_no_day_are_told_in_25_notes(circular: Issued) -> None:
    undated = [n.task for n in circular.notes if any("未印日期" in fact for fact in n.progress)]
    own = Counter(note.unit for note in circular.notes if note.unit)

    assert undated == ["激11", "激25", "激38", "激39", "激60", "激63", "激65"]
    assert own == {
        **{"吉首市": 1, "古丈县": 2, "花垣县": 6, "保靖县": 2, "永顺县": 3},
        **{"龙山县": 2, "湘西高新区": 2},
    }


def test_counties_and_the_park_made_contacts_of_their_own(circular: Issued) -> None:
    own = Counter(contact.unit for contact in circular.contacts)

    assert own.pop(None) == 135
    assert own == dict(
        zip([*COUNTIES, "湘西高新区"], (13, 12, 10, 16, 47, 23, 25, 26, 8), strict=True)
    )


@pytest.mark.parametrize(
    ("number", "unit", "days", "who", "whom", "result"),
    [
        ("激4", None, ["2022-09-02"], "州直部门负责人", "省发改委", "反馈：不太可能"),
        (
            *("激9", None, ["2022-04-27", "2022-04-29"], "州领导"),
            *("省地方金融监管局、湖南证监局", "汇报工作"),
        ),
        (
            *("激64", None, ["2022-08-11", "2022-08-20"], "州直部门负责人"),
            *("省发改委", "对易地搬迁后续扶持表示肯定"),
        ),
        ("激57", None, ["2022-08-16"], "州直部门负责人", "省市场监管局", "汇报工作"),
        (
            "激32",
            "保靖县",
            ["2022-09-01", "2022-09-02"],
            "县市部门负责人",
            "省信访局",
            "汇报效果较好",
        ),
        ("激63", "永顺县", ["2022-06-09"], "县市领导", "省文旅厅", "反馈：全州前三，有可能"),
    ],
)
def test_a_contact_says_when_who_whom_and_what_came_of_it(
    circular: Issued,
    number: str,
    unit: str | None,
    days: list[str],
    who: str,
    whom: str,
    result: str,
) -> None:
    told = [
        (
            each.on.isoformat(),
            each.until and each.until.isoformat(),
            each.who,
            each.whom,
            each.result,
        )
        for each in circular.contacts
        if (each.task, each.unit) == (number, unit)
    ]

    assert (days[0], days[1] if days[1:] else None, who, whom, result) in told
