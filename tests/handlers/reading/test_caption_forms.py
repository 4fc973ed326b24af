"""Captions for several pictures as people write them: read back per picture, never mixed."""

from collections.abc import Callable, Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.caption_parts import Caption, Unfit
from handlers.reading.captions import caption_lines, read_captions
from handlers.reading.picture_orders import read_picture_order
from handlers.reading.picture_places import mentions_in

TODAY = date(2021, 9, 18)
COUNTIES = ("吉首市", "吉首", "花垣县", "花垣", "古丈县", "古丈", "保靖县", "保靖")
TITLES = (
    "产业路通车",
    "培训班开班",
    "设备安装",
    "村容村貌",
    "现场调度会",
    "开工仪式",
    "为民服务大厅",
    "2号楼验收",
    "在建厂房",
    "安防设备调试",
    "茶园采摘",
    "美丽乡村",
)
PLACES = (
    "吉首市乾州街道",
    "花垣县双龙镇十八洞村",
    "古丈默戎镇",
    "保靖县迁陵镇",
    "乾州街道",
    "花垣县城",
    "吉首市经开区",
    "默戎镇龙鼻嘴村",
)
NUMERALS = "一二三四五六七八九"
Written = tuple[str, date, str]

written = st.tuples(
    st.sampled_from(TITLES),
    st.dates(date(2021, 1, 1), date(2021, 9, 17)),
    st.sampled_from(PLACES),
)
several = st.lists(
    written, min_size=2, max_size=9, unique_by=(lambda each: each[0], lambda each: each[1])
)


def day(value: date, form: int) -> str:
    forms = (
        f"{value.month}月{value.day}日",
        f"{value.month}月{value.day}号",
        f"{value.year}年{value.month}月{value.day}日",
        f"{value.month}.{value.day}",
        f"{value:%Y-%m-%d}",
    )
    return forms[form % len(forms)]


def in_order(each: Written, form: int) -> str:
    title, taken, place = each
    mark = "；，、"[form % 2]
    orders = (
        (title, day(taken, form), place),
        (day(taken, form), place, title),
        (title, place, day(taken, form)),
    )
    return mark.join(orders[form % 3])


def numbered(captions: Sequence[Written], form: int) -> str:
    marks = (" ", "：", "，", "、")
    lines = (f"图{n}{marks[form % 4]}{in_order(each, form)}" for n, each in enumerate(captions, 1))
    return ("\n", "；", "。")[form % 3].join(lines)


def in_words(captions: Sequence[Written], form: int) -> str:
    heads = (f"第{NUMERALS[n]}张" if form % 2 else f"第{n + 1}张" for n in range(len(captions)))
    lines = (f"{h}是{in_order(each, form)}" for h, each in zip(heads, captions, strict=True))
    return ("\n", "；", "。")[form % 3].join(lines)


def reversed_order(captions: Sequence[Written], form: int) -> str:
    parts = [f"图{n} {in_order(each, form)}" for n, each in enumerate(captions, 1)]
    return ("\n", "；")[form % 2].join(reversed(parts))


def behind(captions: Sequence[Written], form: int) -> str:
    brackets = ("（{}）", "({})")[form % 2]
    lines = (
        f"{in_order(each, form)}{brackets.format(f'图{n}')}" for n, each in enumerate(captions, 1)
    )
    return ("\n", "；")[form % 2].join(lines)


def spoken(captions: Sequence[Written], form: int) -> str:
    lines = (
        f"第{NUMERALS[n]}张是{title}{taken.month}月{taken.day}号在{place}拍的"
        for n, (title, taken, place) in enumerate(captions)
    )
    return ("", "，")[form % 2].join(lines)


def first_and_last(captions: Sequence[Written], form: int) -> str:
    middle = (f"图{n} {in_order(each, form)}" for n, each in enumerate(captions[1:-1], 2))
    lines = [
        f"首图：{in_order(captions[0], form)}",
        *middle,
        f"最后一张：{in_order(captions[-1], form)}",
    ]
    return ("\n", "；")[form % 2].join(lines)


def labelled(captions: Sequence[Written], form: int) -> str:
    return "\n".join(
        f"图{n} 标题：{title}；日期：{day(taken, form)}；地点：{place}"
        for n, (title, taken, place) in enumerate(captions, 1)
    )


def unnumbered(captions: Sequence[Written], form: int) -> str:
    return "\n".join("；".join((t, day(d, form), p)) for t, d, p in captions)


FORMS: tuple[Callable[[Sequence[Written], int], str], ...] = (
    numbered,
    in_words,
    reversed_order,
    behind,
    spoken,
    first_and_last,
    labelled,
    unnumbered,
)


def read(text: str, count: int) -> dict[int | None, Caption]:
    found = read_captions(text, TODAY, count=count, names=COUNTIES)
    return {each.index: each for each in found.captions}


@given(several, st.sampled_from(FORMS), st.integers(0, 29))
def test_captions_in_every_form_are_read_back_for_their_own_picture(captions, write, form):
    text = write(captions, form)
    found = read_captions(text, TODAY, count=len(captions), names=COUNTIES)

    assert found.unclear == ()
    read_back = {each.index: (each.title, each.taken_on, each.place) for each in found.captions}
    assert read_back == dict(enumerate(captions, 1))


@given(several, st.integers(0, 29))
def test_what_is_said_of_the_first_and_the_rest_is_theirs(captions, form):
    count = len(captions) + 1
    one, other = captions[0], captions[1]
    text = f"图1 {in_order(one, form)}；其余都是{in_order(other, 0)}"
    found = read(text, count)

    assert {n: c.title for n, c in found.items()} == {
        n: (one if n == 1 else other)[0] for n in range(1, count + 1)
    }
    assert {c.taken_on for n, c in found.items() if n != 1} == {other[1]}


@given(several, written, st.integers(0, 29))
def test_titles_apart_and_day_and_place_of_all_at_the_end(captions, shared, form):
    _, taken, place = shared
    titles = " ".join(f"图{n} {title}" for n, (title, _, _) in enumerate(captions, 1))
    found = read(f"{titles}，都是{day(taken, form)}在{place}拍的", len(captions))

    assert {n: (c.title, c.taken_on, c.place) for n, c in found.items()} == {
        n: (title, taken, place) for n, (title, _, _) in enumerate(captions, 1)
    }


HEADS = (
    "图{n} ",
    "图{n}：",
    "第{n}张是",
    "",
    "另一张是",
    "最后一张：",
    "前两张：",
    "其余：",
    "都是",
    "（图{n}）",
)


@given(
    several,
    st.lists(st.sampled_from(HEADS), min_size=9, max_size=9),
    st.lists(st.sampled_from(["；", "，", "。", " ", "", "\n"]), min_size=9, max_size=9),
    st.integers(0, 29),
)
def test_however_captions_are_strung_together_no_picture_gets_parts_of_two(
    captions, heads, marks, form
):
    pieces = (
        f"{head.format(n=n)}{'；'.join((title, day(taken, form % 3), place))}{mark}"
        for n, ((title, taken, place), head, mark) in enumerate(
            zip(captions, heads, marks, strict=False), 1
        )
    )
    for caption in read("".join(pieces), len(captions)).values():
        if caption.title and caption.taken_on:
            one = [each for each in captions if each[1] == caption.taken_on]
            assert [t for t, _, _ in one if t in caption.title], caption
            others = [t for t, _, _ in captions if t not in {e[0] for e in one}]
            assert not [t for t in others if t in caption.title], caption


@given(several, st.sampled_from((in_words, behind, first_and_last, labelled)), st.integers(0, 29))
def test_lines_about_pictures_are_told_from_the_lines_of_a_report(captions, write, form):
    report = "措施：建立清单，逐项销号\n完成数：1710个"
    text = write(captions, form)

    assert caption_lines(f"{report}\n{text}", TODAY, COUNTIES) == (report, text)


@pytest.mark.parametrize(
    "line",
    [
        "全部于8月底前建成1710个",
        "都是按月调度，逐村销号",
        "第一张罚单已经开出",
        "前两张清单已销号",
        "其余乡镇正在推进",
        "其他县市8月底前完工",
        "截至8月31日，累计完成1710个",
        "统一于9月1日验收，完成56条",
        "宣传片拍摄于8月20日启动，播出12期",
    ],
)
def test_lines_of_a_report_that_begin_like_captions_stay_in_it(line):
    assert caption_lines(line, TODAY, COUNTIES) == (line, "")


@pytest.mark.parametrize(
    ("text", "unclear"),
    [
        ("图1 产业路，8月21日，古丈；培训，8月25日，保靖", 1),
        ("图1 产业路，8月21日，古丈\n培训，8月25日，保靖", 1),
        ("图1 产业路 图2 培训\n8月25日，保靖县迁陵镇", 1),
        ("图1 产业路；8月21日；古丈县\n图1 培训；8月25日；保靖县", 1),
        ("两张是产业路，8月21日，古丈县，一张是培训，8月25日，保靖县", 1),
        ("另一张是培训，8月25日，保靖县", 1),
        ("前五张是培训，8月25日，保靖县", 1),
        ("五张图都是培训，8月25日，保靖县", 1),
        ("图2 不用裁剪图", 1),
        ("图1、2、3分别是开工、调度、验收", 1),
        ("产业路（图1），8月21日，古丈；培训（图2），8月25日，保靖", 1),
        ("产业路（图1），8月21日；培训（图2）", 1),
        ("产业路（图1），古丈县；培训（图2），8月25日；验收（图3）", 1),
        ("培训（图2），8月25日，图1 产业路", 1),
        ("培训（图2），保靖县，第一张是产业路", 1),
        ("图1、图2 7月20日 图2 8月25日", 1),
    ],
)
def test_what_may_be_said_of_one_picture_or_another_is_unclear(text, unclear):
    found = read_captions(text, TODAY, count=3, names=COUNTIES)

    assert len(found.unclear) >= unclear
    days = [each for each in found.captions if each.title and each.taken_on]
    assert len({(each.title, each.taken_on) for each in days}) <= 1


@pytest.mark.parametrize(
    "text",
    [
        "图1 产业路；8月21日；古丈县\n图1 培训；8月25日；保靖县",
        "图1 产业路；8月21日\n图1 培训",
        "图1、图2 产业路；8月21日\n图1和图2 8月25日",
    ],
)
def test_a_picture_of_which_two_things_are_said_keeps_neither(text):
    found = read_captions(f"{text}\n图3 验收；8月26日；花垣县", TODAY, count=3, names=COUNTIES)

    assert [(each.index, each.title) for each in found.captions] == [(3, "验收")]
    assert found.unclear


@pytest.mark.parametrize("mark", ["；", "。"])
@pytest.mark.parametrize("end", [" ", "，", "、"])
def test_a_number_in_brackets_behind_a_stop_begins_the_next_caption(mark, end):
    text = f"（图1）{end}产业路，8月21日，古丈县{mark}（图2）{end}培训，8月25日，保靖县"

    assert {n: (c.title, c.place) for n, c in read(text, 2).items()} == {
        1: ("产业路", "古丈县"),
        2: ("培训", "保靖县"),
    }


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("图2 标题：换一张", Unfit.ORDER),
        ("图2 不用裁剪图", Unfit.ORDER),
        ("图1、2、3分别是开工、调度、验收", Unfit.ORDER),
        ("图1 产业路，8月21日，古丈；培训，8月25日，保靖", Unfit.UNPLACED),
        ("图9到图3 产业路", Unfit.UNPLACED),
        ("图1 产业路；7月32日；古丈县", Unfit.NO_DAY),
    ],
)
def test_why_words_about_pictures_were_not_taken_is_told(text, why):
    found = read_captions(text, TODAY, count=3, names=COUNTIES)

    assert [each.why for each in found.unclear] == [why]


@pytest.mark.parametrize(
    ("text", "count", "places"),
    [
        ("图1、2楼改造", 3, (1,)),
        ("图1-3安装", 3, (1, 2, 3)),
        ("图1和最后一张", 4, (1, 4)),
        ("第一到第三张", 4, (1, 2, 3)),
        ("第一、三张", 4, (1, 3)),
        ("后面两张", 4, (3, 4)),
        ("中间那张", 3, (2,)),
        ("中间那张", 4, ()),
        ("最后一张", 0, ()),
        ("前五张", 3, ()),
        ("图二十八洞村", 3, (2,)),
        ("图3-1号楼", 3, ()),
        ("图1，8-20", 3, (1,)),
    ],
)
def test_the_pictures_that_words_name_are_counted_out(text, count, places):
    [mention] = mentions_in(text)

    assert mention.places(count) == places


@pytest.mark.parametrize("text", ["效果图2", "见图1", "如图3所示", "图书馆", "规划图1"])
def test_drawings_and_references_name_no_picture(text):
    assert [*mentions_in(text)] == []


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("图2 用裁剪图", "用裁剪图 图2"),
        ("图2用裁剪图吧", "用裁剪图 图2"),
        ("图1图2都用裁剪图", "用裁剪图 图1图2"),
        ("第一张用裁剪图", "用裁剪图 第一张"),
        ("都裁剪", "用裁剪图"),
        ("三张都用裁剪图", "用裁剪图"),
        ("图2 删", "删图 图2"),
        ("删掉第二张", "删图 第二张"),
        ("最后一张不要了", "删图 最后一张"),
        ("图2换一张", "换图 图2"),
        ("图1和图2说明写反了", "对调说明 图1和图2"),
        ("两张图的说明反了", "对调说明"),
        ("图2 产业路", None),
        ("图2 换届大会", None),
        ("图2不用裁剪图", None),
        ("图1裁剪现场", None),
        ("都不要了", None),
        ("图2地点反映不清", None),
        ("图2 培训班；8月25日；保靖县", None),
    ],
)
def test_orders_about_pictures_are_read_in_any_order_and_nothing_else_is_one(text, order):
    assert read_picture_order(text) == order
