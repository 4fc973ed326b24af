"""The division of 2022 written out as text and read again: 82 items, 194 clauses, every unit."""

import pytest

from models.programmes.definition import ClauseEntry
from models.programmes.documents import Draft, Source, read_document
from models.programmes.files import read_definition
from tests.divisions import as_text

DIVISION = read_definition("fengong-2022")


@pytest.fixture(scope="module")
def draft(tmp_path_factory: pytest.TempPathFactory) -> Draft:
    path = tmp_path_factory.mktemp("division") / "分工.txt"
    path.write_text(as_text(DIVISION), encoding="utf-8")
    return read_document(path, Source(code="fengong-2022"))


def answers(clause: ClauseEntry) -> tuple[str, set[str], set[str], set[str]]:
    return clause.role, set(clause.lead), set(clause.supporting), set(clause.unnamed)


def test_82_items_and_194_clauses_are_read(draft: Draft) -> None:
    assert len(draft.definition.tasks) == 82
    assert sum(len(task.clauses) for task in draft.definition.tasks) == 194


def test_the_units_of_every_clause_are_read(draft: Draft) -> None:
    wrong = [
        (entry.number, at, answers(clause), answers(again))
        for entry, task in zip(DIVISION.tasks, draft.definition.tasks, strict=True)
        for at, (clause, again) in enumerate(zip(entry.clauses, task.clauses, strict=True), 1)
        if answers(clause) != answers(again)
    ]

    assert wrong == []


def test_no_two_of_its_hundred_units_are_taken_for_one(draft: Draft) -> None:
    assert {u.name for u in draft.definition.units} == {u.name for u in DIVISION.units}
    assert draft.questions == ()


def test_the_head_tells_area_and_year(draft: Draft) -> None:
    assert (draft.definition.area, draft.definition.year) == ("湖南省", 2022)
