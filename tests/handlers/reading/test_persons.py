"""What may be somebody's name or number is found; the words of official texts are none."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.normalise import normalise
from handlers.reading.persons import SOMEBODY, without_persons
from models.programmes.definition import Definition
from models.programmes.files import read_definition


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("李四表示支持", "有关负责人表示支持"),
        ("得到李建国肯定", "得到有关负责人肯定"),
        ("经张三同意后上报", "经有关负责人同意后上报"),
        ("与王芳沟通", "与有关负责人沟通"),
        ("李四、王五均表示支持", "有关负责人表示支持"),
        ("省里答复由彭大海办理", "省里答复由有关负责人办理"),
        ("已将材料交王小明", "已将材料交有关负责人"),
        ("汇报后李四同意", "汇报后有关负责人同意"),
        ("省发改委刘冬生", "省发改委有关负责人"),
        ("督查室李处", "督查室有关负责人"),
        ("欧阳振华同意", "有关负责人同意"),
        ("石红同志答复可以", "有关负责人答复可以"),
        ("小张说可以", "有关负责人说可以"),
        ("张某某表示支持", "有关负责人表示支持"),
        ("表示支持(联系人王芳 13807431234)", "表示支持"),
        ("电话0743-8222222", ""),
        ("微信 zhang12345678", ""),
        ("材料发至 zhang@example.cn", "材料发至"),
        ("身份证433101199001011234", "身份证"),
    ],
)
def test_a_name_or_number_goes(written: str, kept: str) -> None:
    found = without_persons(written)

    assert (found.text, found.is_changed) == (kept, True)


def _texts(definition: Definition) -> Iterator[str]:
    for sheet in definition.issued:
        yield from (each.result for each in sheet.contacts)
        yield from (each.whom for each in sheet.contacts)


def test_nothing_in_three_hundred_real_results_and_offices_is_taken_for_a_name() -> None:
    definition = read_definition("jili-2022")
    units = [name for unit in definition.units for name in (unit.name, *unit.aliases)]
    texts = [text for text in _texts(definition) if text]

    assert len(texts) > 300
    assert [text for text in texts if without_persons(normalise(text), units).is_changed] == []


def test_a_known_unit_is_nobody() -> None:
    assert without_persons("与金石沟通").text == f"与{SOMEBODY}沟通"
    assert without_persons("与金石沟通", ["金石"]).text == "与金石沟通"


@given(st.text(max_size=60))
def test_any_text_is_taken_and_what_is_left_holds_no_further_number(text: str) -> None:
    once = without_persons(normalise(text)).text

    assert "№" not in once or "№" in normalise(text)


@given(
    st.sampled_from("王李张刘陈杨彭田石龙麻吴廖瞿"),
    st.text(alphabet="小伟大海建国丽芳强", min_size=1, max_size=2),
    st.sampled_from(["表示支持", "答复可以", "同意", "答应帮忙", "肯定了工作", "很支持"]),
    st.sampled_from(["", "得到", "经", "由", "与", "找", "省厅", "汇报后,"]),
)
def test_no_common_name_is_kept_before_what_somebody_said(
    surname: str, given_name: str, said: str, lead: str
) -> None:
    assert surname + given_name not in without_persons(f"{lead}{surname}{given_name}{said}").text
