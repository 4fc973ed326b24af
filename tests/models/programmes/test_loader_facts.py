"""Loading what issued documents say besides figures: outlooks, notes, contacts, 动态."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlmodel import Session, select

from models.activity import Activity
from models.award import Award, awards_of
from models.contact import Contact
from models.errors import ProgrammeError
from models.figure import Figure, Series
from models.note import Note
from models.outlook import OutlookEntry
from models.programmes.definition import Definition
from models.programmes.files import read_definition
from models.programmes.loader import LoadReport, load
from models.task import Task
from tests.conftest import at

OCTOBER = at("2022-10-11T09:00")
NOVEMBER = at("2022-11-08T09:00")

INCENTIVES: dict[str, Any] = {
    "code": "incentives-2022",
    "title": "2022年激励事项",
    "short": "激励事项",
    "area": "湘西州",
    "year": 2022,
    "units": [
        {"name": "州发改委"},
        {"name": "州本级", "kind": "government"},
        {"name": "吉首市", "kind": "county"},
        {"name": "龙山县", "kind": "county"},
    ],
    "projects": [{"name": "营商环境行动", "aliases": ["营商行动"]}],
    "tasks": [
        {
            "number": "激1",
            "theme": "发展改革",
            "title": "营商环境",
            "short": "营商环境",
            "kind": "narrative",
            "project": "营商环境行动",
            "lead": ["州发改委"],
            "awards": {"2021": ["吉首市"], "2020": []},
        },
        {
            "number": "激2",
            "theme": "发展改革",
            "title": "固定资产投资",
            "short": "固定资产投资",
            "kind": "narrative",
            "lead": ["州发改委"],
        },
    ],
    "issued": [
        {
            "title": "研判表",
            "as_of": "2022-10-10",
            "figures": [
                {"task": "激1", "stated": "93.5", "verified": "80", "note": "完成率过九成"}
            ],
            "outlooks": [
                {"task": "激1", "entries": {"龙山县": "有可能"}, "counties": "难度较大"},
                {
                    "task": "激2",
                    "entries": {"吉首市": "有可能"},
                    "level": "很有可能",
                    "reason": "必有1个名额",
                },
            ],
            "notes": [
                {"task": "激1", "progress": ["改革任务完成过半"], "problems": ["数据共享不足"]}
            ],
            "contacts": [
                {"task": "激1", "on": "2022-05-17", "who": "州领导", "whom": "省发改委"},
                {"task": "激1", "on": "2022-05-17", "who": "州领导", "whom": "省发改委"},
                {
                    "task": "激1",
                    "unit": "吉首市",
                    "on": "2022-08-11",
                    "until": "2022-08-20",
                    "who": "县市领导",
                    "whom": "省厅",
                    "result": "表示支持",
                },
            ],
            "activities": [{"project": "营商行动", "months": ["2022-03", "2022-05"]}],
        }
    ],
}


def incentives(change: Callable[[dict[str, Any]], None] | None = None) -> Definition:
    data = Definition.model_validate(INCENTIVES, strict=False).model_dump(mode="json")
    if change is not None:
        change(data)
    return Definition.model_validate(data, strict=False)


@pytest.fixture
def loaded(session: Session) -> LoadReport:
    return load(session, incentives(), OCTOBER)


def task_id(session: Session, number: str) -> int:
    return session.exec(select(Task).where(Task.number == number)).one().id or 0


@pytest.mark.usefixtures("loaded")
def test_an_item_has_entries_one_for_all_counties_and_its_own_level(session: Session) -> None:
    rows = session.exec(select(OutlookEntry)).all()

    said = {(row.task_id, bool(row.unit_id), row.counties): (row.level, row.reason) for row in rows}
    first, second = task_id(session, "激1"), task_id(session, "激2")
    assert said == {
        (first, True, False): ("有可能", ""),
        (first, False, True): ("难度较大", ""),
        (second, True, False): ("有可能", ""),
        (second, False, False): ("很有可能", "必有1个名额"),
    }
    assert {row.made_at for row in rows} == {at("2022-10-10T12:00")}


@pytest.mark.usefixtures("loaded")
def test_acceptance_is_a_series_of_its_own(session: Session) -> None:
    rows = session.exec(select(Figure)).all()

    assert {row.series: str(row.value) for row in rows} == {
        Series.STATED: "93.5",
        Series.VERIFIED: "80",
    }


@pytest.mark.usefixtures("loaded")
def test_notes_stand_with_those_printed_beside_a_figure(session: Session) -> None:
    rows = session.exec(select(Note).order_by(Note.kind, Note.position)).all()

    assert [(row.kind, row.text) for row in rows] == [
        ("problem", "数据共享不足"),
        ("progress", "改革任务完成过半"),
        ("progress", "完成率过九成"),
    ]


@pytest.mark.usefixtures("loaded")
def test_two_visits_of_a_day_are_two(session: Session) -> None:
    rows = session.exec(select(Contact).order_by(Contact.id)).all()

    assert [(row.on, row.until) for row in rows] == [
        (date(2022, 5, 17), None),
        (date(2022, 5, 17), None),
        (date(2022, 8, 11), date(2022, 8, 20)),
    ]


@pytest.mark.usefixtures("loaded")
def test_a_project_ticks_its_months_under_any_of_its_names(session: Session) -> None:
    rows = session.exec(select(Activity).order_by(Activity.month)).all()

    assert [row.month for row in rows] == [date(2022, 3, 1), date(2022, 5, 1)]
    assert len({row.project_id for row in rows}) == 1


@pytest.mark.usefixtures("loaded")
def test_a_second_load_changes_nothing(session: Session) -> None:
    again = load(session, incentives(), NOVEMBER)

    assert not again.changed
    assert again.differences == ()


@pytest.mark.usefixtures("loaded")
def test_a_corrected_file_takes_back_what_it_no_longer_says(session: Session) -> None:
    def correct(data: dict[str, Any]) -> None:
        issued = data["issued"][0]
        issued["contacts"] = issued["contacts"][:1]
        issued["activities"] = []
        issued["figures"] = []

    load(session, incentives(correct), NOVEMBER)

    assert len(session.exec(select(Contact)).all()) == 1
    assert session.exec(select(Activity)).all() == []
    assert session.exec(select(Figure)).all() == []
    assert [row.text for row in session.exec(select(Note)).all() if row.kind == "progress"] == [
        "改革任务完成过半"
    ]


@pytest.mark.usefixtures("loaded")
def test_what_people_corrected_since_stays_theirs(session: Session) -> None:
    """The document no longer has the visit, but a liaison has added its result meanwhile."""
    visit = session.exec(select(Contact).where(Contact.result == "表示支持")).one()
    fields = visit.model_dump(exclude={"id", "source"})
    session.add(Contact(**fields | {"result": "同意列入试点", "replaces_id": visit.id}))
    session.flush()

    load(session, incentives(lambda data: data["issued"][0].update(contacts=[])), NOVEMBER)

    assert sorted(row.result for row in session.exec(select(Contact)).all()) == [
        "同意列入试点",
        "表示支持",
    ]


@pytest.mark.usefixtures("loaded")
def test_a_later_judgement_in_chat_outlives_a_second_load(session: Session) -> None:
    task = task_id(session, "激2")
    session.add(OutlookEntry(task_id=task, level="不太可能", reason="排位下降", made_at=OCTOBER))
    session.flush()

    load(session, incentives(), NOVEMBER)

    newest = session.exec(
        select(OutlookEntry)
        .where(OutlookEntry.task_id == task, OutlookEntry.unit_id.is_(None))  # type: ignore[union-attr]
        .order_by(OutlookEntry.made_at.desc())  # type: ignore[attr-defined]
    ).first()
    assert newest is not None
    assert newest.level == "不太可能"


@pytest.mark.usefixtures("loaded")
def test_a_file_without_history_leaves_the_awards_alone(session: Session) -> None:
    def without(data: dict[str, Any]) -> None:
        data["tasks"][0]["awards"] = {}

    load(session, incentives(without), NOVEMBER)

    task = task_id(session, "激1")
    assert awards_of(session, [task])[task] == {2021: ["吉首市"], 2020: []}
    assert len(session.exec(select(Award)).all()) == 2


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda issued: issued["outlooks"][0].update(task="激9"), "没有编号为“激9”的任务"),
        (
            lambda issued: issued["outlooks"][0]["entries"].update(桑植县="有可能"),
            "单位“桑植县”没有列入",
        ),
        (
            lambda issued: issued["activities"][0].update(project="别的行动"),
            "项目“别的行动”没有列入",
        ),
        (lambda issued: issued["contacts"][0].update(unit="永顺县"), "单位“永顺县”没有列入"),
        (lambda issued: issued.update(key_items=[{"unit": "吉首市", "tasks": ["激7"]}]), "激7"),
    ],
    ids=["task", "unit", "project", "contact", "key item"],
)
def test_a_fact_about_something_undeclared_is_refused(
    tmp_path: Any, change: Callable[[dict[str, Any]], None], told: str
) -> None:
    data = Definition.model_validate(INCENTIVES, strict=False).model_dump(
        mode="json", exclude_defaults=True
    )
    change(data["issued"][0])
    path = tmp_path / "wrong.yaml"
    path.write_text(_yaml(data), encoding="utf-8")

    with pytest.raises(ProgrammeError) as caught:
        read_definition(path)

    assert told in str(caught.value)


def _yaml(data: dict[str, Any]) -> str:
    import yaml

    return yaml.safe_dump(data, allow_unicode=True)
