"""Writing a programme out and reading it back gives the same programme."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from models.programmes.definition import Definition
from models.programmes.files import built_in_codes, read_definition, read_roster
from models.programmes.loader import load
from models.programmes.roster import Roster
from models.programmes.workbook import read_workbook, write_workbook
from models.programmes.workbook.requirement_part import NEEDS
from tests.conftest import at
from tests.models.programmes.workbook.books import opened


def covered(definition: Definition) -> dict[str, Any]:
    """What the workbook keeps: all but issued documents, unused forms, and names of wordings."""
    data = definition.model_dump(exclude={"issued", "wordings"})
    for number, task in enumerate(definition.tasks):
        for duty, entry in zip(
            data["tasks"][number]["requirements"], task.requirements, strict=True
        ):
            duty["wording"] = definition.wording_of(entry)
    for duty, entry in zip(data["requirements"], definition.requirements, strict=True):
        duty["wording"] = definition.wording_of(entry)
    duties = [d for task in data["tasks"] for d in task["requirements"]] + [*data["requirements"]]
    used = {duty["form"] for duty in duties}
    data["forms"] = {
        name: {**form, "sections": sorted(form["sections"], key=lambda s: NEEDS.index(s["need"]))}
        for name, form in data["forms"].items()
        if name in used
    }
    return data


@pytest.mark.parametrize("code", built_in_codes())
def test_a_built_in_programme_comes_back_as_it_was(code: str) -> None:
    definition = read_definition(code)
    book = read_workbook(write_workbook(definition), f"{code}.xlsx")

    assert covered(book.definition) == covered(definition)
    assert book.not_understood == ()


def test_the_demo_roster_comes_back_but_for_its_confirmations() -> None:
    roster = read_roster()
    book = read_workbook(write_workbook(read_definition("dajuan-2021"), roster), "x.xlsx")

    assert book.roster == roster.model_copy(update={"confirm": ()})


def test_a_workbook_written_twice_says_the_same() -> None:
    definition = read_definition("minsheng-2021")
    again = read_workbook(write_workbook(definition), "x.xlsx").definition

    assert covered(read_workbook(write_workbook(again), "x.xlsx").definition) == covered(again)


@pytest.mark.parametrize("start", ["=1+1", "+86", "-1", "@all", "=cmd|' /C calc'!A0"])
def test_text_that_looks_like_a_formula_is_written_as_text(start: str) -> None:
    plain = read_definition("minsheng-2021")
    task = plain.tasks[0].model_copy(update={"title": f"{start}项目"})
    definition = plain.model_copy(update={"tasks": (task, *plain.tasks[1:])})
    data = write_workbook(definition)

    cell = next(c for c in opened(data)["任务"]["C"] if c.value == f"{start}项目")
    assert cell.data_type == "s"
    assert cell.quotePrefix
    assert read_workbook(data, "x.xlsx").definition.tasks[0].title == f"{start}项目"


def test_loading_what_was_written_changes_no_row_of_the_programme(session: Session) -> None:
    definition = read_definition("minsheng-2021")
    load(session, definition, at("2021-08-16T09:00"))
    again = read_workbook(write_workbook(definition), "x.xlsx").definition

    report = load(session, again, at("2021-08-16T10:00"))

    assert (report.created, report.updated) == (0, 0)
    assert report.differences == ()


LETTERS = "州市县局委办公路学校建设改造工程12①“”（）《》—％·ABc、，；"
plain_words = st.text("州市县局委办公路学校建设改造工程1", min_size=1, max_size=8)
marked_words = st.text(LETTERS, min_size=1, max_size=12)
numbers = st.decimals(
    min_value=Decimal("0.01"), max_value=Decimal("999999999998"), places=2, allow_nan=False
)


def distinct(words: st.SearchStrategy[str], most: int) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(words, max_size=most, unique=True).map(tuple)


@st.composite
def indicators(draw: st.DrawFn, units: list[str], name: str) -> dict[str, Any]:
    comparator = draw(st.sampled_from([">=", "<=", "range"]))
    target = draw(numbers if comparator == "range" else st.none() | numbers)
    shares = draw(st.lists(st.sampled_from(units), unique=True, max_size=3))
    steps = st.lists(st.integers(0, 100).map(Decimal), min_size=3, max_size=3)
    curve = steps.map(lambda some: (*sorted(some), Decimal(100)))
    return {
        "name": name,
        "aliases": tuple(f"{name}{n}" for n in range(draw(st.integers(0, 2)))),
        "unit": draw(st.sampled_from(["个", "公里", "万元", "人次", "%", "元/月"])),
        "target": target,
        "upper": target + 1 if comparator == "range" and target is not None else None,
        "comparator": comparator,
        "curve": draw(st.just("linear") | curve),
        "threshold": target is not None and draw(st.booleans()),
        "allotments": [{"unit": unit, "target": draw(numbers)} for unit in shares],
        "linked": draw(
            st.just([]) | st.just([{"programme": "a-1", "task": "新1", "indicator": "a/b"}])
        ),
        "assumed": draw(distinct(plain_words, 2)),
    }


@st.composite
def clauses(draw: st.DrawFn, units: list[str]) -> dict[str, Any]:
    role = draw(st.sampled_from(["lead", "shared", "each"]))
    some = st.lists(st.sampled_from(units), unique=True, max_size=2)
    return {
        "text": draw(plain_words),
        "role": role,
        "lead": draw(st.lists(st.sampled_from(units), unique=True, min_size=1)),
        "supporting": draw(some) if role == "lead" else [],
        "unnamed": draw(distinct(st.sampled_from(["各部门单位", "有关部门"]), 2)),
    }


@st.composite
def tasks(draw: st.DrawFn, units: list[str], forms: list[str], number: int) -> dict[str, Any]:
    kind = draw(st.sampled_from(["count", "measure", "money", "milestone", "stated", "narrative"]))
    counted = kind in ("count", "measure", "money")
    names = [f"指标{n}" for n in range(draw(st.integers(1, 2)))] if counted else []
    some = st.lists(st.sampled_from(units), unique=True, max_size=3)
    return {
        "number": f"新{number}",
        "theme": draw(plain_words),
        "title": draw(plain_words),
        "short": draw(plain_words),
        "aliases": draw(distinct(marked_words.map(squeezed).filter(bool), 2)),
        "kind": kind,
        "lead": draw(st.lists(st.sampled_from(units), unique=True, min_size=1)),
        "supporting": draw(some),
        "clauses": draw(st.lists(clauses(units), max_size=3)),
        "stated": draw(st.booleans()),
        "stages": ("立项", "开工，竣工") if kind == "milestone" else (),
        "indicators": [draw(indicators(units, name)) for name in names],
        "requirements": draw(st.lists(duties(forms), max_size=2)),
        "printed": draw(st.just("") | plain_words),
        "marks": draw(distinct(st.sampled_from(["全获", "Ⅱ", "Ⅲ"]), 2)),
        "quota": draw(st.just("") | plain_words),
        "awards": draw(st.dictionaries(st.integers(2015, 2025), some, max_size=3)),
        "assumed": draw(distinct(plain_words, 2)),
    }


def squeezed(text: str) -> str:
    """Without what protects or pairs: a name with half a bracket is nobody's name."""
    return text.strip("、，；（）“”《》")


def duties(forms: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "wording": st.sampled_from(["每月10日前，报送上月情况", "8月25日前；9月起，每季报送"]),
            "form": st.sampled_from(forms),
            "each": st.booleans(),
            "assumed": distinct(plain_words, 2),
            "confirmed": st.booleans(),
        }
    )


@st.composite
def report_forms(draw: st.DrawFn) -> dict[str, Any]:
    needs = sorted(draw(st.lists(st.sampled_from(NEEDS), max_size=4)), key=NEEDS.index)
    sections = [
        {
            "name": f"部分{place}",
            "aliases": draw(distinct(plain_words, 2)),
            "need": need,
            "minimum": draw(st.integers(1, 30)),
        }
        for place, need in enumerate(needs)
    ]
    pictures = st.fixed_dictionaries({"compulsory": st.integers(1, 9), "reason": plain_words})
    flags = {key: draw(st.booleans()) for key in ("county_figures", "verified", "comments")}
    return {"sections": sections, "pictures": draw(st.none() | pictures), **flags}


@st.composite
def all_policies(draw: st.DrawFn) -> dict[str, Any]:
    bands = [
        {"label": "好", "standing": "completed", "basis": "done", "start": 100, "colour": "绿"},
        {"label": "中", "standing": "on_track", "basis": "gap", "start": -5, "action": "提醒"},
        {"label": "差", "standing": "behind", "basis": "gap", "end": -5},
    ]
    steps = [{"by": date(2024, 10, 31), "gap": 10}, {"by": date(2024, 11, 30), "full": True}]
    ladder = {"before": (3, 1), "on_day": ("09:30",), "unit_head_after": 1, "order_after": 9}
    offered: dict[str, Any] = {
        "status": bands,
        "ranking": {"progress": 50, "timeliness": 50, "quality": 0},
        "reminders": ladder,
        "pictures": {"min_width": 800, "ratio": "16:9", "min_dpi": 96},
        "verification": {"steps": steps},
        "activities": {"monthly": 2},
        "comments": {"handled": Decimal("99.5")},
    }
    chosen = draw(st.lists(st.sampled_from(sorted(offered)), unique=True))
    labels = {"completed": "成", "on_track": "进", "behind": "慢"}
    named = {"status_labels": labels} if "status" not in chosen and draw(st.booleans()) else {}
    return {key: offered[key] for key in chosen} | named


@st.composite
def definitions(draw: st.DrawFn) -> Definition:
    kinds = st.sampled_from(["department", "county", "park", "government"])
    names = [f"单位{n}局" for n in range(draw(st.integers(1, 5)))]
    units = [
        {
            "name": name,
            "aliases": (f"{name}别名",) if draw(st.booleans()) else (),
            "kind": draw(kinds),
            "group": draw(st.none() | plain_words),
            "parent": names[place - 1] if place and draw(st.booleans()) else None,
        }
        for place, name in enumerate(names)
    ]
    forms = {f"表{n}": draw(report_forms()) for n in range(draw(st.integers(1, 3)))}
    projects = [
        {"name": f"项目{n}", "assumed": ["原件残缺"]} for n in range(draw(st.integers(0, 2)))
    ]
    data = {
        "code": "made-2024",
        "title": draw(plain_words),
        "short": draw(plain_words),
        "area": "某某州",
        "year": 2024,
        "rules": draw(st.sampled_from([{}, {"default_day": 20, "roll": "next"}])),
        "policies": draw(all_policies()),
        "units": units,
        "forms": forms,
        "requirements": draw(st.lists(duties(list(forms)), max_size=2)),
        "projects": projects,
        "tasks": [draw(tasks(names, list(forms), n)) for n in range(draw(st.integers(1, 3)))],
    }
    return Definition.model_validate(data, strict=False)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(definitions())
def test_any_programme_comes_back_as_it_was(definition: Definition) -> None:
    book = read_workbook(write_workbook(definition), "x.xlsx")

    assert covered(book.definition) == covered(definition)


def test_groups_and_several_roles_come_back() -> None:
    definition = read_definition("minsheng-2021")
    roster = Roster.model_validate(
        {
            "area": "湘西州",
            "platform": "dingtalk",
            "people": (
                {
                    "name": "甲",
                    "account": "jia.1",
                    "roles": (
                        {"role": "liaison", "units": ("州残联", "州妇联")},
                        {"role": "leader"},
                    ),
                },
            ),
            "groups": (
                {"name": "群", "address": "cidAbc==", "purpose": "leaders", "names_laggards": True},
            ),
        }
    )

    assert read_workbook(write_workbook(definition, roster), "x.xlsx").roster == roster
