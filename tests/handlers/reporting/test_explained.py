"""Words around a figure that are not understood make it asked: every indicator, every such word."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.reading.explained import unexplained
from handlers.reporting.content import Content
from handlers.reporting.form import Form
from handlers.reporting.heard import hear
from models.programmes.files import read_definition
from models.rules.unit import amount_text
from tests.handlers.reporting.forms import a_form, indicator
from tests.handlers.reporting.test_certain import TODAY, each
from tests.handlers.reporting.test_told import SET_UP

#: Behind a figure: it is not done, not all done, done once something else is, or of another thing.
OPEN_BEHIND = """
未通电|没来|未结|待验收|尚在调试|因滑坡中断|被雷击损坏|在排队|正在筛选|暂缓|有望完成|只差通电|均已下单|已到位未启用
后可覆盖全部乡镇|以后再报|的乡镇有3个|的目标有差距|（预计）|（计划数）|（在建）|（含去年的）|（不含高新区）|含在建
，均未通电|，尚未验收|，还没发放|，待县里确认| 未支付|（其中20个未通电）
"""
#: Before the name: as much at the front.
OPEN_AHEAD = """
即将完成|可完成|将完成|要完成|应完成|需完成|最多完成|至少完成|每村完成|每天完成|每月完成|年均完成|半年完成|两个月完成
连续三天完成|二标段完成|第一批完成|一期完成|示范村完成|省级资金完成|自筹资金完成|乾州街道完成|如资金到位，完成
若再给一个月，完成|要是天气好，完成|按每天20个推算，完成|县里说，完成|理论上完成|争取完成|不可能完成|年初下达|收到|买了
"""
#: What leaves it done.
DONE = """
{name}{value}|全州{name}{value}|{name}达到{value}|{name}达{value}|全州{name}已达到{value}|目前{name}已达到{value}
截至5月31日，{name}达到{value}|截至5月底，全州{name}累计达到{value}|今年以来，{name}达到{value}|1—5月，全州{name}达到{value}
各县市{name}达到{value}|我州{name}达到{value}|{name}实际达到{value}|{name}达到{value}，工作有序推进|{name}：{value}
目前{name}为{value}|州直有关部门高度重视，{name}达到{value}|{name}已达到{value}（全州合计）|{name}工作达到{value}
到5月底{name}达到{value}
"""
DONE_BY_NAME = """
{value}|累计{value}|全州{value}|共{value}|{value}（累计）|全州累计完成{value}|目前{value}|总数{value}|为{value}|{value}。
{value}，工作有序推进|{value}，其中吉首市1个
"""
DONE_IN_FIELD = (
    f"{DONE_BY_NAME}|已完成{{value}}|截至5月底{{value}}|实际完成{{value}}|全州实际完成{{value}}"
)

OWN = ("乡村“雪亮工程”", "雪亮工程", "安防设备", "全州")


def _forms() -> list[tuple[Form, int, str]]:
    """Every indicator of the programme: its form, its key, and two thirds of its target."""
    found = []
    for task in read_definition("dajuan-2021").tasks:
        indicators = [
            indicator(
                key,
                entry.name,
                entry.unit,
                str(entry.target),
                *entry.aliases,
                threshold=entry.threshold,
            )
            for key, entry in enumerate(task.indicators, 1)
        ]
        form = a_form(task.title, indicators, aliases=[task.short, *task.aliases])
        found += [(form, one.id or 0, _value(one.target, one.unit)) for one in indicators]
    return found


def _value(target: Decimal | None, unit: str) -> str:
    return amount_text(Decimal(int((target or 0) * 2 / 3)), unit).replace(" ", "")


FORMS = _forms()
NAMES = [next(each.name for each in form.indicators if each.id == key) for form, key, _ in FORMS]


def _taken(text: str, form: Form, key: int) -> bool:
    said = hear(Content(), text, form, TODAY).content.figure(key)
    return said is not None and said.value is not None and said.is_sure


def _unasked(form: Form, key: int, texts: list[str]) -> list[str]:
    return [text for text in texts if _taken(text, form, key)]


@pytest.mark.parametrize(("form", "key", "value"), FORMS, ids=NAMES)
def test_what_is_open_is_never_taken_unasked(form: Form, key: int, value: str) -> None:
    name = next(each.name for each in form.indicators if each.id == key)
    texts = [f"截至5月31日，{name}{value}{more}。" for more in each(OPEN_BEHIND)]
    texts += [f"{name}：{value}{more}" for more in each(OPEN_BEHIND)]
    texts += [
        f"截至5月31日，{ahead}{name}{value}。"
        for ahead in each(OPEN_AHEAD)
        if ahead[:2] not in form.task.title  # 提高到每人每月100元 is what it is called
    ]
    texts += [f"{value}{more}" for more in each(OPEN_BEHIND)]

    assert _unasked(form, key, texts) == []


@pytest.mark.parametrize(("form", "key", "value"), FORMS, ids=NAMES)
def test_what_is_done_is_taken(form: Form, key: int, value: str) -> None:
    name = next(each.name for each in form.indicators if each.id == key)
    texts = [way.format(name=name, value=value) for way in each(DONE)]
    field = "完成数" if form.only_indicator else name
    ways = DONE_IN_FIELD if form.only_indicator else DONE_BY_NAME
    texts += [f"{field}：{way.format(value=value)}" for way in each(ways)]

    assert [text for text in texts if not _taken(text, form, key)] == []


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("雪亮工程截至7月底已建成安防设备1710个，完成年度任务28.5%", ""),
        ("全州公安机关扎实推进雪亮工程建设1710个（其中城区500个）", ""),
        ("完成学校门口雪亮工作1710个", "学校门口"),
        ("截至5月31日，如资金到位，建成安防设备1710个", "如资金到位"),
        ("安防设备1710个未通电", "未通电"),
        ("安防设备1710个，均未通电", "均未通电"),
        ("安防设备1710个，未达序时进度", ""),
        ("安防设备1710个（其中300个未通电）", "其中300个未通电"),
        ("任务1710个", "任务"),
        ("全年任务完成1710个", ""),
        ("两个月建成安防设备1710个", "两个月"),
        ("我县建成安防设备1710个", "我县"),
        ("据不完全统计，建成安防设备1710个", "据不完全统计"),
        ("建成安防设备1710个（1723）", "1723"),
    ],
)
def test_the_words_that_nothing_explains(text: str, left: str) -> None:
    start = text.index("1710个")

    assert unexplained(text, start, start + len("1710个"), OWN) == left


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_words_around_a_figure_are_judged(before: str, behind: str) -> None:
    text = f"{before}1710个{behind}"

    left = unexplained(text, len(before), len(before) + len("1710个"), OWN)
    assert not left or left.strip()


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("完成数：1500个。吉首市完成25%", []),
        ("完成数：1500个。完成25%的验收", []),
        ("完成数：1500个，完成投资25%", []),
        ("完成数：1500个。占全省25%", []),
        ("截至5月31日，建成安防设备1500个，占全省的25%。", []),
        ("截至5月31日，建成安防设备1500个，验收完成25%。", []),
        ("截至5月31日，建成安防设备1500个，占年度目标的25%。", [25]),
        ("完成数：1500个（25%）", [25]),
        ("完成数：1500个，完成年任务的25%", [25]),
    ],
)
def test_only_the_share_of_the_task_is_stated(text: str, shares: list[int]) -> None:
    after = hear(Content(), text, SET_UP, TODAY).content

    assert [each.value for each in after.stated] == shares


@pytest.mark.parametrize("text", ["1500.5个", "1500个/月", "{}/月", "1500.5"])
def test_of_what_is_counted_whole_there_is_no_half(text: str) -> None:
    assert not _taken(f"完成数：{text.format('1500个')}", SET_UP, 1)


def test_what_is_asked_is_shown_with_its_words() -> None:
    after = hear(Content(), "完成数：1500个（预计）", SET_UP, TODAY).content

    assert [each.source for each in after.figures] == ["完成数：1500个（预计）"]
    assert after.left == ()


@pytest.mark.parametrize(
    "text", ["吉首市1000个未通电", "吉首市1000个待安装", "吉首市1000个（预计）"]
)
def test_the_figure_of_a_county_is_judged_too(text: str) -> None:
    after = hear(Content(), f"建成安防设备1710个，其中{text}。", SET_UP, TODAY).content

    assert [each.unit_id for each in after.figures if each.is_sure] == [None]
