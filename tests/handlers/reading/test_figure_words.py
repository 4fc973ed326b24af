"""The words beside a figure: of a part, not of what is done, in doubt, of another time."""

from datetime import date

import pytest

from handlers.reading.counted_places import counted_place, counts_other_places
from handlers.reading.denied import is_denied
from handlers.reading.doubts import is_as_before, is_doubted, is_open, is_put_off
from handlers.reading.normalise import normalise
from handlers.reading.partial import (
    is_besides,
    is_limited,
    is_of_wanted,
    is_of_which,
    is_out_of,
    names_part,
)
from handlers.reading.steps import begins_as, is_preparing
from handlers.reading.timing import day_of, is_on_top, timing_of

COUNTIES = ("吉首市", "花垣县", "凤凰县")
ROADS = "完成农村公路（乡乡通三级路、旅游路、资源路、产业路）提质改造260公里"
CHECKS = "完成农村及城镇低保适龄妇女“两癌”免费检查29000人"
FIGURE = "1386个"


def place(text: str) -> tuple[int, int]:
    start = text.index(FIGURE)
    return start, start + len(FIGURE)


@pytest.mark.parametrize(
    "text",
    [
        "建成1386个，其余县市数据还没收齐",
        "除凤凰县外，已建成1386个",
        "建成1386个，不含移动公司建设部分",
        "吉首市、花垣县两地，建成1386个",
        "安防设备1386个，计划10月底前完成",
        "建成1386个。以上仅为两地数据",
        "建成1386个（含上年结转）",
    ],
)
def test_a_clause_beside_a_figure_takes_its_wholeness_away(text: str) -> None:
    assert is_limited(text, *place(text), COUNTIES)


@pytest.mark.parametrize(
    "text",
    [
        "截至7月底，全州已建成1386个",
        "全州八县市已建成1386个，计划年底前完成全年任务",
        "已建成1386个。措施：由州公安局统计调度",
        "已建成1386个，其中吉首市300个",
    ],
)
def test_what_is_said_of_other_things_leaves_a_figure_whole(text: str) -> None:
    assert not is_limited(text, *place(text), COUNTIES)


@pytest.mark.parametrize(
    ("words", "title", "names", "is_part"),
    [
        ("旅游路提质改造", ROADS, ("农村公路提质改造",), True),
        ("农村公路提质改造", ROADS, ("农村公路提质改造",), False),
        ("旅游路、资源路、产业路、乡乡通三级路", ROADS, ("农村公路提质改造",), False),
        ("农村妇女检查", CHECKS, ("两癌检查",), True),
        ("两癌检查", CHECKS, ("两癌检查",), False),
    ],
)
def test_one_member_of_a_title_s_list_is_a_part(
    words: str, title: str, names: tuple[str, ...], is_part: bool
) -> None:
    assert names_part(words, title, names) is is_part


@pytest.mark.parametrize(
    ("clause", "after"),
    [
        ("各县市将陆续建成", ""),
        ("力争建成", ""),
        ("尚未安装", ""),
        ("距离目标", ""),
        ("平均每村安装", ""),
        ("建成", "/村"),
        ("涉及点位", "须于12月底前完成"),
        ("点位", "已列入下年计划"),
    ],
)
def test_a_figure_that_denies_itself_is_none_of_what_is_done(clause: str, after: str) -> None:
    assert is_denied(clause, after, is_rate=False)


@pytest.mark.parametrize("clause", ["已建成", "全州累计安装", "将任务细化，已累计完成"])
def test_a_plain_figure_denies_nothing(clause: str) -> None:
    assert not is_denied(clause, "，占任务的34.7%", is_rate=False)


def test_what_is_of_each_is_asked_for_where_the_indicator_is_a_rate() -> None:
    assert is_denied("人均补助", "", is_rate=False)
    assert not is_denied("人均补助", "", is_rate=True)


@pytest.mark.parametrize("text", ["大概1386个", "1386个吧", "好像是1386个", "1386个左右"])
def test_words_of_doubt_beside_a_figure_leave_it_open(text: str) -> None:
    assert is_doubted(text, *place(text))


def test_doubt_of_another_figure_is_none_of_this_one() -> None:
    text = "已建成1386个，花垣县大概有80个"

    assert not is_doubted(text, *place(text))


def test_messages_that_are_open_put_off_or_point_back() -> None:
    assert is_open("1386个，还要再核实一下")
    assert not is_open("已逐村核实，共1386个")
    assert is_put_off("等一下，我问问县里")
    assert not is_put_off("完成数：1386个")
    assert is_as_before("措施和上个月一样")
    assert not is_as_before("比上个月增加210个")


@pytest.mark.parametrize(
    ("before", "until", "is_part"),
    [
        ("截至7月底累计建成", date(2021, 7, 31), False),
        ("1-6月建成", date(2021, 6, 30), False),
        ("上半年建成", date(2021, 6, 30), False),
        ("7月份建成", None, True),
        ("本月建成", None, True),
        ("较上月增加到", None, False),
        ("2020年建成", None, True),
    ],
)
def test_the_time_of_a_figure_is_what_is_said_last_before_it(
    before: str, until: date | None, is_part: bool
) -> None:
    timing = timing_of(before, 2021)

    assert (day_of(timing, 2021), timing.is_part) == (until, is_part)


def test_what_came_on_top_is_no_whole_unless_it_is_asked_for() -> None:
    assert is_on_top("又建成", "建设安防设备4000个")
    assert not is_on_top("新增", "新增公办幼儿园学位9700个")
    assert not is_on_top("又新增，累计建成", "建设安防设备4000个")


@pytest.mark.parametrize("said", ["建成1386个，其中", "建成1386个（吉首市"])
def test_a_part_of_the_figure_before_it_is_known(said: str) -> None:
    assert is_of_which(normalise(said))


@pytest.mark.parametrize("said", ["其中吉首市300个，全州累计", "建成1386个（累计", "建成"])
def test_the_whole_spoken_of_again_is_no_part(said: str) -> None:
    assert not is_of_which(normalise(said))


@pytest.mark.parametrize("clause", ["另有", "还剩", "剩余"])
def test_what_is_besides_the_whole_is_known(clause: str) -> None:
    assert is_besides(clause)
    assert not is_besides("已建成")


def test_a_figure_of_some_or_of_what_is_wanted() -> None:
    assert is_out_of("中芙蓉镇学校已建成")
    assert not is_out_of("中心小学")
    assert is_of_wanted("全年1800件的任务已办")
    assert not is_of_wanted("已办")


def test_places_behind_a_figure_count_only_where_the_task_counts_them() -> None:
    title = "完成25个行政村通组光纤工程"
    assert counts_other_places("村,均已开工", "建设安防设备4000个")
    assert not counts_other_places("村", title)
    assert counted_place("行政村", title) == len("行政村")
    assert counted_place("乡镇", title) == 0


@pytest.mark.parametrize("words", ["已采购", "完成选址", "设备已到货"])
def test_what_comes_before_the_work_is_a_step_of_its_own(words: str) -> None:
    assert is_preparing(words, "建设安防设备4000个")
    assert not is_preparing(words, "采购、选址、到货设备4000个")


@pytest.mark.parametrize(("after", "is_begun"), [("已正式开工", True), ("准备开工", False)])
def test_a_step_may_stand_behind_its_count(after: str, is_begun: bool) -> None:
    assert begins_as(after, "开工") is is_begun
