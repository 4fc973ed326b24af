"""The forms of the column of 2021: what its list of contents asks of the provincial items."""

import pytest

from models.programmes.definition import Definition, Form, TaskEntry
from models.programmes.files import read_definition


@pytest.fixture(scope="module")
def dajuan() -> Definition:
    return read_definition("dajuan-2021")


def form_of(definition: Definition, task: TaskEntry) -> Form:
    [requirement] = definition.requirements_of(task)
    return definition.forms[requirement.form]


def compulsory(form: Form) -> list[str]:
    return [section.name for section in form.sections if section.need == "required"]


def test_the_livelihood_item_is_asked_for_progress_and_no_measures(dajuan: Definition) -> None:
    """Row 1 names the yearly task, what was done and a picture; nothing else is demanded."""
    form = form_of(dajuan, dajuan.tasks_by_number["省1"])

    assert compulsory(form) == ["推进进度"]
    assert [s.name for s in form.sections if s.need == "expected"] == ["年度目标"]
    assert form.pictures is not None
    assert form.pictures.compulsory == 1


def test_the_other_provincial_items_tell_measures_and_results(dajuan: Definition) -> None:
    others = [t for t in dajuan.tasks if t.number.startswith("省") and t.number != "省1"]
    forms = [form_of(dajuan, task) for task in others]

    assert len(others) == 8
    assert {tuple(compulsory(form)) for form in forms} == {("措施", "成效")}
    assert all(form.pictures and form.pictures.compulsory == 1 for form in forms)
