"""政7-2, 政7（2）, 政7第2项: a clause at the beginning of what was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.clauses import read_clause


@pytest.mark.parametrize(
    ("text", "head", "place", "written"),
    [
        ("政7-2", "政7", 2, "政7-2"),
        ("政7—2 进展：新建12个", "政7", 2, "政7—2"),
        ("政7.2", "政7", 2, "政7.2"),
        ("政7之2", "政7", 2, "政7之2"),
        ("政7（2）完善县域商业体系", "政7", 2, "政7（2）"),
        ("政7 ( 2 )：", "政7", 2, "政7 ( 2 )"),
        ("政７（２）", "政７", 2, "政７（２）"),
        ("政7（二）", "政7", 2, "政7（二）"),
        ("政68第10项", "政68", 10, "政68第10项"),
        ("政68第十项任务", "政68", 10, "政68第十项"),
        ("县域商业的第2项", "县域商业", 2, "县域商业的第2项"),
    ],
)
def test_a_clause_is_its_tasks_name_and_a_place(text, head, place, written):
    found = read_clause(text)

    assert found is not None
    assert (found.head, found.place, found.text) == (head.replace("７", "7"), place, written)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "政7",
        "政7 进展：新建12个",
        "政7-2022年计划",
        "政7（2022年）",
        "政7\n2项",
        "政7：第2项",
        "政7-0",
    ],
)
def test_other_words_and_figures_are_no_clause(text):
    assert read_clause(text) is None


@given(st.text("政7一二十-—.（）()第项之的 1:：\n", max_size=40))
def test_whatever_is_read_stands_at_the_beginning(text):
    found = read_clause(text)

    if found is not None:
        assert text.lstrip().startswith(found.text)
        assert found.place > 0
        assert found.head
