"""The small rules: amounts, titles, short names, codes, heads, unit cells."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.programmes.documents import Source
from models.programmes.documents.cells import number_in, tasks_in, units_in, wording_in
from models.programmes.documents.items import Target
from models.programmes.documents.naming import programme_code, task_short, task_title
from models.programmes.documents.targets import read_target
from tests.models.programmes.documents.paper import (
    a_text,
    a_word_file,
    by_line,
    read,
    refusals,
    told,
)

ROWS = (("序号", "项目名称", "责任单位"), ("1", "修缮村道", "县交通局"))


@pytest.mark.parametrize(
    ("amount", "name", "expected"),
    [
        ("2", "建设助餐点(个)", ("count", "2", "个", ">=", False)),
        ("12,000", "免费检查（人）", ("count", "12000", "人", ">=", False)),
        ("132. 2", "安防设施(公里)", ("measure", "132.2", "公里", ">=", False)),
        ("5. 2", "灌溉面积(万亩)", ("measure", "5.2", "万亩", ">=", False)),
        ("2万", "新增就业（人）", ("count", "20000", "人", ">=", False)),
        ("1.65万人次", "产前筛查", ("count", "1.65", "万人次", ">=", False)),
        ("8800万元", "配电网改造", ("money", "8800", "万元", ">=", False)),
        ("100张以上", "护理床位", ("count", "100", "张", ">=", False)),
        ("不低于 700 元/月", "低保标准", ("threshold", "700", "元/月", ">=", True)),
        ("不低于90元/人/月", "两项补贴", ("threshold", "90", "元/月", ">=", True)),
        ("提升至 90%以上", "办结率", ("threshold", "90", "%", ">=", True)),
        ("5.5%以内", "失业率", ("threshold", "5.5", "%", "<=", True)),
        ("不超过3天", "办理时间", ("threshold", "3", "天", "<=", True)),
    ],
)
def test_an_amount_becomes_an_indicator(
    amount: str, name: str, expected: tuple[object, ...]
) -> None:
    reading = read_target(Target(amount), name)

    assert reading.indicator is not None
    found = reading.indicator
    assert (
        reading.kind,
        str(found.target),
        found.unit,
        found.comparator,
        found.threshold,
    ) == expected
    assert (reading.unread, reading.doubt) == ("", "")


@pytest.mark.parametrize(
    ("amount", "why"),
    [
        ("全覆盖/30%", "“全覆盖/30%”没有读懂"),
        ("225 人/1575 月", "“225人/1575月”没有读懂"),
        ("80-90", "“80-90”没有读懂"),
        ("按计划推进", "“按计划推进”没有读懂"),
        ("1", "“1”没有写明计量单位"),
        ("0个", "“0个”不能作为目标"),
        ("", "为空"),
    ],
)
def test_an_amount_that_is_not_clear_leaves_the_task_to_words(amount: str, why: str) -> None:
    reading = read_target(Target(amount), "推进应急广播建设")

    assert (reading.indicator, reading.kind, reading.unread) == (None, "narrative", why)


def test_words_after_an_amount_are_told() -> None:
    reading = read_target(Target("6150 数据取自平台"), "新增就业(人)")

    assert reading.indicator is not None
    assert str(reading.indicator.target) == "6150"
    assert reading.doubt == "“6150数据取自平台”只读了“6150”"


def test_the_unit_column_and_the_indicator_column_name_what_is_counted() -> None:
    reading = read_target(Target("40", "新建车位", "个"), "缓解停车难")

    assert reading.indicator is not None
    assert (reading.indicator.name, reading.indicator.unit) == ("新建车位", "个")


@given(st.text(alphabet="0123456789. ,万亿元人个%/月不低于以上以内超过-（）", max_size=16))
def test_any_amount_is_either_read_or_told(amount: str) -> None:
    reading = read_target(Target(amount), "任务")

    assert (reading.indicator is None) == bool(reading.unread)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("修缮村道。更换护栏。", "修缮村道"),
        (
            "3. 2023年全县“办理援助案件120件”工作目标的落实情况（含各乡镇进度）。",
            "办理援助案件120件",
        ),
        ("12.2023年全县“新修公路（含桥）5公里”工作目标进展情况", "新修公路（含桥）5公里"),
        (
            "统筹推进老旧街区改造提升工程，完善水电气路配套设施，健全物业服务长效机制",
            "统筹推进老旧街区改造提升工程，完善水电气路配套设施",
        ),
        (
            "建设“便民、利民、惠民的十五分钟社区综合服务生活圈示范点和配套设施”等",
            "建设“便民、利民、惠民的十五分钟社区综合服务生活圈示范点和…",
        ),
    ],
)
def test_a_title_is_a_first_sentence_at_a_natural_break(text: str, title: str) -> None:
    assert task_title(text) == title
    assert len(title) <= 30


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("修缮村道", "修缮村道"),
        ("建设老年助餐服务点(个)", "建设老年助餐服务点"),
        ("实施乡村“明亮工程”，安装路灯600盏", "明亮工程"),
        ("康复救助残疾儿童550人", "康复救助残疾儿童"),
        ("实施困难残疾人家庭无障碍改造680户", "困难残疾人家庭无障碍改造"),
        ("提升农村通信网络，建成7个基站", "提升农村通信网络"),
    ],
)
def test_a_short_name_is_what_people_call_the_task(title: str, short: str) -> None:
    assert task_short(title) == short


@given(st.text(alphabet="修建村道桥路，。、；“”（）1234五个", min_size=1, max_size=80))
def test_titles_and_short_names_keep_their_length(text: str) -> None:
    title = task_title(text)

    assert len(title) <= 30
    assert len(task_short(title)) <= 12


@pytest.mark.parametrize(
    ("short", "code"),
    [("政府工作报告", "zfgzbg-2022"), ("“十四五”规划", "sswgh-2022"), ("ABC", "zx-2022")],
)
def test_a_code_is_made_of_pinyin_initials_and_the_year(short: str, code: str) -> None:
    assert programme_code(short, 2022) == code


@pytest.mark.parametrize(
    ("cell", "lead"),
    [
        ("州交通运\n输局", ("州交通运输局",)),
        ("卫生健康\n局", ("卫生健康局",)),
        ("市政府办\n公室", ("市政府办公室",)),
        ("州发改委\n州工信局", ("州发改委", "州工信局")),
        ("民政局 财政局", ("民政局", "财政局")),
        ("公安局\n交警大队", ("公安局交警大队",)),
        ("州委\n宣传部", ("州委宣传部",)),
        ("州人社局、\n州文旅广电局", ("州人社局", "州文旅广电局")),
    ],
)
def test_line_breaks_in_unit_cells_are_told_from_lists(cell: str, lead: tuple[str, ...]) -> None:
    assert units_in(cell).lead == lead


def test_a_cell_may_name_leads_and_helpers_together() -> None:
    found = units_in("州发改委牵头，州财政局、\n州审计局配合")

    assert (found.lead, found.supporting) == (("州发改委",), ("州财政局", "州审计局"))


def test_a_deadline_broken_by_the_cell_is_joined() -> None:
    assert wording_in("8月25日前报送\n1—7月情况；\n每月20\n日前报送") == (
        "8月25日前报送1—7月情况；\n每月20日前报送"
    )


@pytest.mark.parametrize(
    ("cell", "number"),
    [("第3项", "3"), ("０7", "7"), ("5．", "5"), ("省1", "省1"), ("——", ""), ("", "")],
)
def test_a_number_cell_is_read_in_plain_form(cell: str, number: str) -> None:
    assert number_in(cell) == number


@pytest.mark.parametrize(
    ("cell", "tasks"),
    [
        ("修缮村道", [("", "修缮村道")]),
        ("4．修缮村道", [("4", "修缮村道")]),
        ("1.5公里村道", [("", "1.5公里村道")]),
        ("20, 2023年全县修路", [("20", "2023年全县修路")]),
        ("1．修路\n2．架桥", [("1", "修路"), ("2", "架桥")]),
        ("1．修路\n3．架桥", [("1", "修路3．架桥")]),
    ],
)
def test_numbers_inside_a_cell_divide_it_only_if_they_count(
    cell: str, tasks: list[tuple[str, str]]
) -> None:
    assert tasks_in(cell) == tasks


@pytest.mark.parametrize(
    ("lines", "title", "year", "area"),
    [
        (
            ["青山市人民政府关于印发", "《2024年实事任务清单》的通知", "青政发〔2024〕2号"],
            "2024年实事任务清单",
            2024,
            "青山市",
        ),
        (
            ["附件1", "2022年绿水州重点项目责任清单", "（截至6月底）"],
            "2022年绿水州重点项目责任清单",
            2022,
            "绿水州",
        ),
        (
            ["清溪县人民政府办公室", "关于做好民生项目调度的通知", "清政办〔2021〕9号"],
            "关于做好民生项目调度的通知",
            2021,
            "清溪县",
        ),
        (
            ["清溪县人民政府办公室关于印发2023年民生实事实施方案的通知"],
            "2023年民生实事实施方案",
            2023,
            "清溪县",
        ),
        (["清溪县2023年责任分解表"], "清溪县2023年责任分解表", 2023, "清溪县"),
        (["清溪县重点任务分解表", "2023年 第 12 期"], "清溪县重点任务分解表", 2023, "清溪县"),
    ],
)
def test_the_head_says_what_the_document_is(
    lines: list[str], title: str, year: int, area: str, tmp_path: Path
) -> None:
    draft = read(a_word_file(tmp_path, *lines, ROWS), Source())

    definition = draft.definition
    assert (definition.title, definition.year, definition.area) == (title, year, area)
    assert f"标题“{title}”、年度“{year}”、地区“{area}”" in told(draft.assumed)


def test_a_title_in_the_tables_first_row_is_read(tmp_path: Path) -> None:
    rows = (("2023年清溪县重点实事清单", "←", "←"), *ROWS)

    assert (
        read(a_word_file(tmp_path, rows), Source()).definition.title == "2023年清溪县重点实事清单"
    )


def test_what_the_head_does_not_say_must_be_given(tmp_path: Path) -> None:
    path = a_text(tmp_path, by_line(ROWS))

    assert refusals(path, Source(code="BAD CODE")) == [
        "清单.txt：没有读到标题，请用 --title 写明",
        "清单.txt：没有读到年度，请用 --year 写明",
        "清单.txt：没有读到地区，请用 --area 写明",
        "清单.txt：代号“BAD CODE”应为小写字母开头的字母、数字和“-”，2 到 41 个字符",
    ]


def test_what_is_given_goes_before_what_is_read(tmp_path: Path) -> None:
    given = Source(code="x1", title="实事清单", year=2024, area="绿水州")
    draft = read(a_word_file(tmp_path, "2023年清溪县重点实事清单", ROWS), given)

    definition = draft.definition
    assert (definition.code, definition.title, definition.year, definition.area) == (
        "x1",
        "实事清单",
        2024,
        "绿水州",
    )
    assert "取自文件" not in told(draft.assumed)
