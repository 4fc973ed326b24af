"""The weekly ranking as leaders see it: layout data and size, not pixels."""

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from PIL import Image

from handlers.render.drawing import Block, Disc, Hatching, Page, Polygon, Text, Watermark
from handlers.render.fonts import width_of
from handlers.render.ranking_picture import BAR_WIDTH, BAR_X, NAME_X, ranking_layout
from handlers.render.ranking_table import (
    RankingGroup,
    RankingPart,
    RankingRow,
    RankingTable,
    ranking_table,
)
from handlers.render.sheets import RIGHT, TALLEST, WIDTH
from models.rules.ranking import Completion, LedTask, UnitFacts, rank_indicator, rank_units

# 夏季攻势: projects started of those planned, by county.
SUMMER = [
    ("泸溪县", 44, 48),
    ("凤凰县", 29, 32),
    ("花垣县", 30, 34),
    ("龙山县", 16, 27),
]
UNITS = "州公安局 州人社局 州教育体育局 州住房城乡建设局 州卫生健康委 州民政局 州残联".split()


def a_row(rank: int | None = 1, name: str = "州公安局", **changes: object) -> RankingRow:
    parts = (
        RankingPart("进度", Decimal("95.24"), Decimal(60)),
        RankingPart("时效", Decimal(100), Decimal(25)),
        RankingPart("质量", Decimal("93.33"), Decimal(15)),
    )
    row = RankingRow(rank, name, Decimal("96.14"), 2, parts)
    return replace(row, **changes)  # type: ignore[arg-type]


def a_table(*rows: RankingRow, **changes: object) -> RankingTable:
    table = RankingTable(
        "民生实事周排名",
        "数据截至2021年8月31日",
        (RankingGroup("州直单位", rows),),
        "排名办法：进度60%；时效25%；质量15%。",
    )
    return replace(table, **changes)  # type: ignore[arg-type]


def many(count: int, note: str = "") -> list[RankingRow]:
    return [a_row(at + 1, f"{UNITS[at % 7]}第{at}处", note=note) for at in range(count)]


def only_page(*rows: RankingRow, **changes: object) -> Page:
    [page] = ranking_layout(a_table(*rows, **changes)).pages
    return page


def word(page: Page, text: str) -> Text:
    [found] = [item for item in page.items if isinstance(item, Text) and item.text == text]
    return found


@pytest.mark.parametrize("count", [1, 8, 22, 60])
def test_up_to_sixty_units_are_one_picture_below_two_megabytes(count):
    [data] = ranking_layout(a_table(*many(count), mark="演示数据")).pictures()

    with Image.open(io.BytesIO(data)) as image:
        assert (image.format, image.width) == ("PNG", 1080)
        assert image.mode == "P"
    assert len(data) < 2_000_000


def test_more_units_are_shared_out_evenly_and_every_page_stands_alone():
    pages = ranking_layout(a_table(*many(122), mark="演示数据")).pages

    counted = [sum(text.endswith("处") for text in page.texts) for page in pages]
    assert counted == [41, 41, 40]
    for number, page in enumerate(pages, start=1):
        assert "民生实事周排名" in page.texts
        assert "排名办法：进度60%；时效25%；质量15%。" in page.texts
        assert f"第 {number}／3 页" in page.texts
        assert page.texts.count("演示数据") == 2
    assert "州直单位（续）" in pages[1].texts


def test_long_notes_make_more_pages_rather_than_endless_ones():
    pages = ranking_layout(a_table(*many(60, note="滞后：农村公路提质改造进度偏慢；" * 8))).pages

    assert len(pages) > 1
    assert all(page.height <= TALLEST for page in pages)


def test_a_heading_is_never_left_alone_at_the_end_of_a_page():
    table = a_table(
        groups=(
            RankingGroup("州直单位", tuple(many(60))),
            RankingGroup("县市", tuple(many(60))),
        )
    )

    first, second = ranking_layout(table).pages

    assert "县市" not in first.texts
    assert "县市" in second.texts
    assert "县市（续）" not in second.texts


def test_a_row_says_rank_change_name_score_and_parts():
    page = only_page(a_row(rank=1), a_row(rank=2, name="州残联", change=-1))

    assert {"1", "2", "州公安局", "州残联", "96.14", "进度 95.24", "时效 100", "质量 93.33"} <= set(
        page.texts
    )
    assert {"较上次升降位次", "进度", "时效", "质量"} <= set(page.texts)


@pytest.mark.parametrize(
    ("change", "said", "points_up"),
    [(2, "升2", True), (-3, "降3", False), (0, "持平", None), ("new", "新进", None)],
)
def test_a_change_of_rank_is_told_by_shape_and_word(change, said, points_up):
    """Not by colour alone: one leader in twenty does not see red, and copies are grey."""
    page = only_page(a_row(rank=9, change=change))
    mark = word(page, said)

    beside = [
        item
        for item in page.items
        if isinstance(item, Polygon) and abs(item.corners[0][1] - mark.y) < 20
    ]

    if points_up is None:
        assert beside == []
    else:
        [((_, base), _, (_, tip))] = [item.corners for item in beside]
        assert (tip < base) is points_up


def test_without_an_earlier_ranking_nothing_is_said_about_changes():
    page = only_page(a_row(change=None))

    assert "较上次升降位次" not in page.texts
    assert not [item for item in page.items if isinstance(item, Polygon)]


def test_the_bar_is_as_long_as_the_score():
    page = only_page(a_row())
    bars = [
        item.box
        for item in page.items
        if isinstance(item, Block) and item.box[0] >= BAR_X and item.outline
    ]
    track, *shades = sorted(bars, key=lambda box: (box[0], -box[2]))
    shades = [box for box in shades if box[3] - box[1] == track[3] - track[1]]

    assert track[2] - track[0] == BAR_WIDTH
    assert max(box[2] for box in shades) - BAR_X == round(BAR_WIDTH * 0.9614)
    assert [item for item in page.items if isinstance(item, Hatching)]


@pytest.mark.parametrize(
    ("score", "printed", "end"),
    [
        ("120", "120.00", BAR_WIDTH),
        ("-5.5", "-5.50", 0),
        ("0", "0.00", 0),
        ("58.455", "58.46", 182),
    ],
)
def test_scores_beyond_the_scale_are_printed_as_they_are_and_cut_in_the_bar(score, printed, end):
    value = Decimal(score)
    row = a_row(score=value, parts=(RankingPart("完成率", value, Decimal(100)),))
    page = only_page(row)

    y = word(page, printed).y
    filled = [
        item.box[2] - BAR_X
        for item in page.items
        if isinstance(item, Block) and item.box[1] < y < item.box[3] and item.fill == "#1f4e79"
    ]
    assert filled == ([end] if end else [])


def test_a_unit_without_anything_to_score_is_listed_without_rank_and_bar():
    row = a_row(rank=None, score=None, change=None, parts=(), note="尚无牵头任务")
    page = only_page(row)

    assert page.texts.count("—") == 2
    assert "暂无可计分事项" in page.texts
    assert "尚无牵头任务" in page.texts


def test_many_units_without_anything_to_score_are_named_together():
    """Of S2's 26 lead units one has a figure: the others are no screen of empty rows."""
    empty = [a_row(None, name, score=None, change=None, parts=()) for name in UNITS]
    lagging = a_row(None, "州残疾人联合会", score=None, change=None, parts=(), note="滞后：1项")
    page = only_page(a_row(), *empty, lagging)
    shown = "".join(page.texts)

    assert f"暂无可计分事项的7家：{'、'.join(UNITS)}" in shown
    assert "共 9 家，1 家有名次" in page.texts
    assert "滞后：1项" in page.texts
    assert page.texts.count("暂无可计分事项") == 1


def test_a_part_that_does_not_apply_is_a_dash():
    parts = (*a_row().parts[:2], RankingPart("质量", None, Decimal(0)))

    assert "质量 —" in only_page(a_row(parts=parts)).texts


def test_a_programme_without_submissions_still_makes_a_picture():
    page = only_page(groups=())

    assert "本期没有参加排名的单位" in page.texts
    assert "排名办法：进度60%；时效25%；质量15%。" in page.texts


def test_a_name_of_forty_characters_is_wrapped_beside_its_bar():
    name = "湘西土家族苗族自治州国家高新技术产业开发区管理委员会公共服务中心筹备工作领导小组"
    page = only_page(a_row(name=name), a_row(rank=2, name="州残联"))

    lines = [
        item for item in page.items if isinstance(item, Text) and item.text and item.text in name
    ]
    assert "".join(line.text for line in lines) == name
    assert all(line.x + len(line.text) * line.size <= BAR_X for line in lines)
    assert word(page, "州残联").y > max(line.y for line in lines) + 30


def test_a_group_with_a_name_of_forty_characters_is_wrapped_beside_its_count():
    name = "湘西土家族苗族自治州国家高新技术产业开发区管理委员会公共服务中心筹备工作领导小组"
    page = only_page(groups=(RankingGroup(name, (a_row(),)),))

    lines = [i for i in page.items if isinstance(i, Text) and i.bold and i.text in name]
    assert "".join(line.text for line in lines) == name
    assert all(line.x + len(line.text) * line.size < RIGHT - 200 for line in lines)
    assert word(page, "州公安局").y > max(line.y for line in lines) + 40


def test_what_lags_carries_a_flag_and_stays_inside_the_picture():
    note = "滞后：雪亮工程、城镇新增就业、高标准农田建设、农村公路、疾控中心建设等进度低于序时"
    page = only_page(a_row(note=note))

    lines = [item for item in page.items if isinstance(item, Text) and item.colour == "#a33b00"]
    assert "".join(line.text for line in lines) == note
    assert all(line.x + len(line.text) * line.size <= RIGHT + line.size for line in lines)
    assert [item for item in page.items if isinstance(item, Polygon) and item.fill == "#a33b00"]


def test_characters_the_font_lacks_are_marked_and_are_reported():
    plan = ranking_layout(a_table(a_row(name="州😀公安局", note="滞后：🚀工程")))

    assert plan.missing == ("😀", "🚀")
    assert {"州〓公安局", "滞后：〓工程"} <= set(plan.pages[0].texts)


def test_ties_share_a_rank_and_all_of_the_first_three_stand_on_a_disc():
    page = only_page(*(a_row(rank=1, name=name) for name in UNITS[:4]), a_row(rank=5, name="某局"))

    assert page.texts.count("1") == 4
    assert sum(isinstance(item, Disc) for item in page.items) == 4
    assert page.texts.count("并列") == 4


@pytest.mark.parametrize(
    ("score", "tip"),
    [("120", BAR_X + BAR_WIDTH + 22), ("100", None), ("0", None), ("-5.5", BAR_X - 16)],
)
def test_an_arrow_leaves_the_frame_where_a_score_is_past_the_scale(score, tip):
    page = only_page(a_row(score=Decimal(score), change=None, parts=()))

    tips = [item.corners[2][0] for item in page.items if isinstance(item, Polygon)]
    assert tips == ([] if tip is None else [tip])


def test_only_marked_pictures_carry_the_mark():
    marked, plain = only_page(a_row(), mark="演示数据"), only_page(a_row())

    assert [item for item in marked.items if isinstance(item, Watermark)]
    assert "演示数据" in marked.texts
    assert "演示数据" not in plain.texts
    assert not [item for item in plain.items if isinstance(item, Watermark)]


def test_the_same_units_stand_at_the_same_places_every_week():
    this_week, next_week = only_page(a_row(score=Decimal(96))), only_page(a_row(score=Decimal(71)))

    places = [
        [(item.x, item.y, item.size) for item in page.items if isinstance(item, Text)]
        for page in (this_week, next_week)
    ]
    assert places[0] == places[1]


def test_everything_stands_inside_the_page():
    page = only_page(*many(22, note="滞后：州3-2 农村公路提质改造"), mark="演示数据")

    for item in page.items:
        if isinstance(item, Block | Hatching):
            left, top, right, bottom = item.box
            assert 0 <= left <= right <= WIDTH
            assert 0 <= top <= bottom <= page.height
        if isinstance(item, Text):
            assert item.size / 2 <= item.y <= page.height - item.size / 2


def test_a_county_table_over_one_indicator_is_the_same_picture():
    figures = [Completion(name, "县市", Decimal(a), Decimal(b)) for name, a, b in SUMMER]
    table = ranking_table(
        rank_indicator(figures, date(2021, 8, 31)),
        title="夏季攻势开工情况",
        subtitle="数据截至2021年8月31日",
        notes={"龙山县": "滞后：27个项目开工16个"},
    )

    [page] = ranking_layout(table).pages

    assert {"县市", "共 4 家", "91.67", "90.63", "59.26", "滞后：27个项目开工16个"} <= set(
        page.texts
    )
    assert any(text.startswith("排名办法：完成率100%") for text in page.texts)


def test_a_ranking_is_drawn_with_its_changes_against_the_last_one():
    def unit(name: str, done: int) -> UnitFacts:
        return UnitFacts(name, "州直单位", (LedTask("雪亮工程", Decimal(done), Decimal(75)),))

    august = rank_units([unit("州公安局", 30), unit("州人社局", 60)], date(2021, 8, 31))
    september = rank_units(
        [unit("州公安局", 75), unit("州人社局", 60), unit("州残联", 10)],
        date(2021, 9, 30),
        previous=august,
    )

    table = ranking_table(september, title="周排名", subtitle="数据截至2021年9月30日")

    rows = table.groups[0].rows
    assert [(row.rank, row.name, row.change) for row in rows] == [
        (1, "州公安局", 1),
        (2, "州人社局", -1),
        (3, "州残联", "new"),
    ]
    assert ranking_table(august, title="", subtitle="").groups[0].rows[0].change is None


@pytest.mark.parametrize("change", [12, -11, -100])
def test_a_change_of_many_places_ends_before_the_name(change: int) -> None:
    """122 counties may fall by a hundred places."""
    page = only_page(a_row(name="州公安局", change=change))
    [said] = [each for each in page.items if isinstance(each, Text) and each.text[0] in "升降"]

    assert said.x + width_of(said.text, said.size) < NAME_X
