"""Reports in lines: every field in any order and dress, and nothing lost."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.headings import Heading, Vocabulary
from handlers.reading.lines import CountyLine, FigureLine, Line, ReportLines, read_lines

SECTIONS = (
    Heading("措施", ("措施", "工作措施")),
    Heading("成效", ("成效", "工作成效")),
    Heading("问题", ("问题", "存在问题")),
    Heading("打算", ("下步打算", "下一步打算")),
    Heading("县市", ("县市情况", "各县市完成情况")),
)
COUNTIES = (
    Heading("吉首市", ("吉首市", "吉首")),
    Heading("花垣县", ("花垣县", "花垣")),
    Heading("凤凰县", ("凤凰县", "凤凰")),
)
ONE = Vocabulary((), SECTIONS, COUNTIES, "县市")
SEVERAL = Vocabulary(
    (
        Heading("jobs", ("城镇新增就业",)),
        Heading("training", ("政府补贴性职业技能培训", "职业技能培训")),
        Heading("rural", ("农村转移就业劳动者培训", "转移就业劳动者培训")),
    ),
    SECTIONS,
    COUNTIES,
    "县市",
)


def test_the_template_filled_in_is_taken_apart():
    report = read_lines(
        "州1-7\n截至：8月31日\n完成数：1710个\n进度：28%\n"
        "措施：逐村勘点。\n按周调度。\n问题：配套资金到位慢。\n图1 安装现场；8月20日；吉首市",
        ONE,
    )

    assert report == ReportLines(
        name="州1-7",
        as_of=(Line("8月31日", 2),),
        figures=(FigureLine(None, "1710个", 3),),
        stated=(FigureLine(None, "28%", 4),),
        counties=(),
        sections=report.sections,
        captions=(Line("图1 安装现场；8月20日；吉首市", 8),),
        unknown=(),
    )
    assert report.section("措施") == "逐村勘点。\n按周调度。"
    assert report.section("问题") == "配套资金到位慢。"
    assert report.section("成效") is None


@pytest.mark.parametrize(
    "text",
    [
        "州1-7 截至8月31日 完成数1710个 进度28% 措施：按周调度。",
        "州1-7 截至8月31日，完成数 1710个；进度：28%；措施：按周调度。",
        "州1-7\n措施:按周调度。\n进度 28%\n完成数 1710个\n截至 8月31日",
        "州1-7\n- 措施：按周调度。\n- 截至：8月31日\n- 完成数：1710个\n- 进度：28%",
        "州1-7\n1. 截至：8月31日\n2. 完成数（个）：1710个\n3. 形象进度：28%\n4. 措施：按周调度。",
        "州1-7\r\n【措施】\r\n按周调度。\r\n【截至】：8月31日\r\n【完成数】：1710个\r\n进度：28%",
        "州1-7\n截\u200b至：8月31日\n完成 數：1710个\n進度：28%\n一、工作措施\n按周调度。",
    ],
    ids=["one line", "semicolons", "gaps", "bullets", "numbered", "brackets", "odd characters"],
)
def test_order_and_dress_make_no_difference(text):
    report = read_lines(text, ONE)

    assert report.name == "州1-7"
    assert [line.text for line in report.as_of] == ["8月31日"]
    assert [line.text for line in report.figures] == ["1710个"]
    assert [line.text for line in report.stated] == ["28%"]
    assert report.section("措施") == "按周调度。"
    assert not report.unknown


def test_figures_of_several_indicators_keep_their_percentages():
    report = read_lines(
        "州1-3\n城镇新增就业：10265人，完成年任务44.63%\n职业技能培训15368人次，51.23%\n"
        "其中转移就业劳动者培训10573人次\n形象进度：46.99%",
        SEVERAL,
    )

    assert [(line.indicator, line.text) for line in report.figures] == [
        ("jobs", "10265人，完成年任务44.63%"),
        ("training", "15368人次，51.23%"),
        ("rural", "10573人次"),
    ]
    assert report.stated == (FigureLine(None, "46.99%", 5),)


def test_indicators_named_after_the_general_word_are_told_apart():
    report = read_lines("州1-3 完成数：城镇新增就业10265人，职业技能培训15368人次", SEVERAL)

    assert [line.indicator for line in report.figures] == ["jobs", "training"]


def test_a_shortened_indicator_is_understood_only_if_one_is_meant():
    report = read_lines("州1-3\n新增就业人数：10265人\n培训：25941人次", SEVERAL)

    assert report.figures == (FigureLine("jobs", "10265人", 2),)
    assert report.unknown == (Line("培训：25941人次", 3),)


@pytest.mark.parametrize(
    "text",
    [
        "完成数：1055个（其中吉首市1000个、花垣县55个）",
        "完成数：1055个\n吉首市：1000个\n花垣 55个",
        "完成数：1055个\n其中：吉首市1000个，花垣县55个",
        "完成数：1055个\n县市情况：\n吉首市1000个\n花垣县：55个",
    ],
    ids=["brackets", "lines", "of these", "section"],
)
def test_county_figures_are_read_beside_the_total(text):
    report = read_lines(f"州1-7\n{text}", ONE)

    assert [line.text for line in report.figures] == ["1055个"]
    assert [(c.county, c.text) for c in report.counties] == [
        ("吉首市", "1000个"),
        ("花垣县", "55个"),
    ]


def test_a_section_about_counties_keeps_its_words():
    report = read_lines("州1-7\n县市情况：\n吉首市1000个\n凤凰县正在制定方案", ONE)

    assert report.section("县市") == "吉首市1000个\n凤凰县正在制定方案"
    assert report.counties == (CountyLine("吉首市", None, "1000个", 3),)


def test_a_county_reports_several_indicators():
    report = read_lines(
        "州1-3\n吉首市：城镇新增就业1000人，职业技能培训500人次\n花垣县：\n城镇新增就业：300人",
        SEVERAL,
    )

    assert [(c.county, c.indicator, c.text) for c in report.counties] == [
        ("吉首市", "jobs", "1000人"),
        ("吉首市", "training", "500人次"),
        ("花垣县", "jobs", "300人"),
    ]
    assert not report.figures


def test_figures_inside_a_section_s_sentences_stay_there():
    report = read_lines("州1-7\n成效：全面开工。\n完成投资100万元，吉首市1000个。", ONE)

    assert report.section("成效") == "全面开工。\n完成投资100万元，吉首市1000个。"
    assert not report.figures
    assert not report.counties


def test_a_sentence_after_the_date_is_kept_for_the_prose_reader():
    report = read_lines("州1-7\n截至8月底，各县市装好安防设备1710个，占年任务28%。", ONE)

    assert report.as_of == (Line("8月底", 2),)
    assert report.unknown == (Line("各县市装好安防设备1710个，占年任务28%", 2),)


def test_lines_that_belong_nowhere_are_reported():
    report = read_lines("州1-7\n辛苦了\n完成数：1710\n谢谢", ONE)

    assert report.unknown == (Line("辛苦了", 2), Line("谢谢", 4))


def test_an_unfilled_template_shows_what_is_empty():
    report = read_lines("州1-7\n完成数：\n措施：\n问题：", ONE)

    assert report.figures == (FigureLine(None, "", 2),)
    assert (report.section("措施"), report.section("问题")) == ("", "")


def test_a_caption_needs_no_number():
    report = read_lines("州1-7\n检查现场；8月20日；吉首市乾州街道", ONE)

    assert report.captions == (Line("检查现场；8月20日；吉首市乾州街道", 2),)


def everything(report: ReportLines) -> str:
    lines = (*report.as_of, *report.figures, *report.stated, *report.counties, *report.captions)
    texts = [line.text for line in (*lines, *report.unknown)]
    return "\n".join([report.name, *texts, *(section.text for section in report.sections)])


words = st.sampled_from(
    "截至 完成数 进度 措施 问题 吉首市 图1 其中 城镇新增就业 县市情况 8月31日 1710个 28% "
    "资金 天气 1.".split()
) | st.sampled_from("：:；，、。（）\n ")


@given(st.lists(words | st.text(max_size=8), max_size=60).map("".join))
def test_no_character_of_a_message_is_lost_but_those_of_headings(text):
    heads = set(
        "截至完成数进度措施问题吉首市图其中城镇新增就业县市情况凤凰花垣各年度任务占率的百分比形象工作"
    )
    report = read_lines(text, SEVERAL)
    kept = Counter(everything(report))

    for char, count in Counter(text).items():
        if "\u4e00" <= char <= "\u9fff" and char not in heads:
            assert kept[char] >= count, char


@given(st.text(max_size=4000))
def test_any_text_is_answered(text):
    assert isinstance(read_lines(text, SEVERAL), ReportLines)


POVERTY = Vocabulary(
    indicators=(
        Heading("1", ("城市低保标准",)),
        Heading("2", ("城市低保人均救助水平",)),
        Heading("3", ("农村低保标准",)),
        Heading("4", ("农村低保人均救助水平",)),
    ),
    sections=(Heading("措施", ("措施",)), Heading("县市情况", ("县市情况",))),
    counties=tuple(Heading(str(n), (name,)) for n, name in enumerate(("吉首市", "泸溪县"), 7)),
    county_section="县市情况",
)


def test_a_name_said_short_goes_on_with_the_one_before_it() -> None:
    line = "城市低保标准550元/月，人均救助水平380元；农村低保标准4300元/年，人均救助水平达到230元"
    report = read_lines(f"州1-2\n{line}", POVERTY)

    assert [(each.indicator, each.text) for each in report.figures] == [
        ("1", "550元/月"),
        ("2", "380元"),
        ("3", "4300元/年"),
        ("4", "达到230元"),
    ]


@pytest.mark.parametrize("mark", ["、", "；", "，"])
@pytest.mark.parametrize("head", ["县市情况：", ""], ids=["under its heading", "alone"])
def test_counties_in_one_line_are_figures_below_another_section(mark: str, head: str) -> None:
    report = read_lines(f"州1-2\n措施：按月调度\n{head}吉首市6个{mark}泸溪县7个", POVERTY)

    assert [(each.county, each.text) for each in report.counties] == [("7", "6个"), ("8", "7个")]
    assert report.section("措施") == "按月调度"


def test_counties_in_prose_stay_prose() -> None:
    report = read_lines("州1-2\n措施：按月调度\n吉首市6个乡镇已经开工，泸溪县正在招标", POVERTY)

    assert report.counties == ()


@pytest.mark.parametrize(
    "head",
    [
        *(
            "各县市",
            "分县市",
            "各县",
            "分县",
            "县市",
            "县市区",
            "各县市区",
            "其中各县",
            "其中各县市",
        ),
        *(
            "各县完成",
            "各县市完成数",
            "分县市情况",
            "县市完成情况",
            "各县市进度",
            "按县市",
            "县市分解",
        ),
        *("各县市工作进展", "县市区数据", "分县明细"),
    ],
)
@pytest.mark.parametrize(
    "before", ["措施：逐村勘点。\n", "完成数：1710个\n", "措施：逐村勘点。", "1710个，"]
)
def test_words_for_the_counties_are_their_heading_everywhere(head: str, before: str) -> None:
    report = read_lines(f"州1-7\n{before}{head}：吉首1000个，花垣710个", ONE)

    assert [(c.county, c.text) for c in report.counties] == [
        ("吉首市", "1000个"),
        ("花垣县", "710个"),
    ]
    assert report.section("县市") == "吉首1000个，花垣710个"
    assert report.section("措施") in (None, "逐村勘点。")


@pytest.mark.parametrize(
    "text", ["各县市包片推进", "县市都已启动", "各县 抓好调度", "分县市调度会"]
)
def test_a_sentence_on_the_counties_is_no_heading(text: str) -> None:
    report = read_lines(f"州1-7\n措施：逐村勘点。\n{text}", ONE)

    assert report.section("措施") == f"逐村勘点。\n{text}"


def test_a_figure_below_a_county_with_its_own_is_of_the_whole() -> None:
    report = read_lines("州1-7\n吉首市：1000个\n完成数：1710个", ONE)

    assert [(c.county, c.text) for c in report.counties] == [("吉首市", "1000个")]
    assert [(f.indicator, f.text) for f in report.figures] == [(None, "1710个")]


def test_a_county_tells_of_several_indicators_on_its_line() -> None:
    report = read_lines("州1-3\n各县市：\n吉首市：城镇新增就业30人，职业技能培训50人次", SEVERAL)

    assert [(c.indicator, c.text, c.is_named) for c in report.counties] == [
        ("jobs", "30人", True),
        ("training", "50人次", True),
    ]


@pytest.mark.parametrize(
    ("text", "stated", "figures"),
    [
        ("完成进度：勘点45个，完成90%", ["勘点45个，完成90%"], []),
        ("完成进度：勘点45个，达90%", ["勘点45个，达90%"], []),
        ("完成率：28.5%，完成1710个", ["28.5%"], ["1710个"]),
        ("完成进度：完成1710个，占年任务28.5%", [""], ["1710个，占年任务28.5%"]),
    ],
)
def test_a_percentage_announced_by_its_line_is_no_figure(
    text: str, stated: list[str], figures: list[str]
) -> None:
    report = read_lines(f"州1-7\n{text}", ONE)

    assert [each.text for each in report.stated] == stated
    assert [each.text for each in report.figures] == figures
