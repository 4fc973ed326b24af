"""Names within sentences: taken where one stands whole in it, offered where several do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.mentions import named
from handlers.reading.names import Name

NAMES = (
    Name("5", "州1-5", "农村公路安防设施建设", ("农村公路安防",)),
    Name("7", "州1-7", "乡村“雪亮工程”", ("雪亮工程",)),
    Name("new7", "新7", "新建乡村安防设备", ("安防设备",)),
    Name("14", "州1-14", "农村公路提质改造", ("公路提质",)),
    Name("opening", "州6-2", "对外开放（园区建设）工作目标进展", ("园区建设",)),
    Name("farming", "激19", "实施“六大强农”行动", ("六大强农",)),
    Name("trade", "激58", "商事制度改革"),
    Name("toilets", "州1-18", "改（新）建农村户用厕所77500个", ("改厕",)),
    Name("police", "", "州公安局", ("公安局",)),
    Name("agriculture", "", "州农业农村局", ("农业农村局",)),
    Name("grid", "", "国网湘西供电公司"),
)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("帮我看下州6-2到哪一步了", "opening"),
        ("领导问六大强农的进度，麻烦查一下", "farming"),
        ("我们局的 商事制度改革 这个月要不要报", "trade"),
        ("激19什么时候截止？", "farming"),
        ("改厕到7月31日完成41230个", "toilets"),
        ("改厕到哪一步了", "toilets"),
        ("想了解激58目前情况", "trade"),
        ("州 6—2 这个月的材料还没有交吧", "opening"),
        ("扫描件上写的州l-7是哪一项", "7"),
        ("省里在催雪亮工程，完成多少了", "7"),
        ("州1-7 雪亮工程到底报了没有", "7"),
        ("公路提质上个月报的多少", "14"),
        ("新7截至目前怎么样", "new7"),
        ("请催州公安局报一下", "police"),
        ("国网湘西供电公司今天交不交", "grid"),
    ],
)
def test_what_alone_is_named_in_a_sentence_is_meant(text: str, key: str) -> None:
    match = named(text, NAMES)

    assert match.best is not None
    assert match.best.key == key


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("州1-7和州1-14哪个先报", {"7", "14"}),
        ("雪亮工程、公路提质都要报吗", {"7", "14"}),
        ("州公安局的雪亮工程到哪了", {"7", "police"}),
        ("州1-7 公路提质的进度", {"7", "14"}),
    ],
)
def test_several_that_are_named_are_offered(text: str, keys: set[str]) -> None:
    match = named(text, NAMES)

    assert not match.sure
    assert {each.key for each in match.candidates} == keys


@pytest.mark.parametrize(
    "text",
    [
        "全州新7个4G基站都开通了",
        "全省7月份的数据",
        "州1-70是哪一项",
        "州1-7-2是什么",
        "长沙市农业农村局来人了",
        "吉首市公安局今天开会",
        "商事制度改革评价办法印发了",
        "州公安局交警支队的车",
        "大雪亮工程师来过",
        "今天天气怎么样",
    ],
)
def test_what_is_part_of_another_word_is_not_taken(text: str) -> None:
    assert not named(text, NAMES).sure


def test_a_name_that_two_bear_is_offered_with_both() -> None:
    names = (*NAMES, Name("snow", "新9", "雪亮工程（续建）", ("雪亮工程",)))

    match = named("雪亮工程这个月报了没有", names)

    assert not match.sure
    assert {each.key for each in match.candidates} == {"7", "snow"}


@given(st.text(max_size=300), st.sampled_from(NAMES))
def test_any_text_around_a_name_is_answered(text: str, name: Name) -> None:
    match = named(f"{text} {name.title} {text}", NAMES)

    assert all(0 < each.score <= 100 for each in match.candidates)
