"""Sentences made of templates, word classes and figures: found, never certain and wrong."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.reading.prose import ProseFigure, read_prose

TODAY = date(2021, 6, 10)

DONE_VERBS = (
    "完成 建成 竣工 发放 受理 办结 检查 排查 破获 安装 改造 新建 培训 召开 举办 拆除 清理 "
    "救助 资助 接种 筛查 引进 签约 流转 栽植 铺设 硬化 化解 调解 查处 审核 刊发 颁发 选派 "
    "招聘 登记 抽检 修复 整治 交付 安置 走访 慰问 征收 加装 印发 制定 采购 配备 疏浚 更换 "
    "归集 办理 开通 投放 认定 评选 收购"
).split()
PLAN_WORDS = (
    "计划 拟 力争 确保 预计 将 要 应 需 须 争取 打算 务必 力争年内 计划年内 确保年底前 "
    "拟于7月 下一步将 下步计划 年底前要 全年计划 今年拟 明年计划 还要 还将 计划再 "
    "9月底前需"
).split()
SHORT_WORDS = (
    "尚差 还差 剩余 剩下 余下 尚未完成 未完成 还有未完成 还剩 仍差 未开工 尚未开工 未办结 "
    "未整改 其余 未启动 尚未启动 未发放 未签约 未达标 还未完成 待整改 待改造 尚缺 "
    "暂缓实施"
).split()
SCOPE_WORDS = (
    "涉及 覆盖 惠及 受益 辐射 涵盖 观众达 受众 参与 参加 服务群众 观看 容纳 服务人口 带动 "
    "下辖 惠及群众 覆盖农户 受益人口"
).split()
UNDERWAY_WORDS = "正在施工 正在办理 在建 正在建设 正在整改 正在推进 续建 在办 均在施工".split()
AFTER_DONE = "已完成 均已完工 全部建成 已全部办结 已投入使用 均已竣工 已整改到位 已交付".split()
AFTER_OPEN = (
    "正在施工 未开工 尚未完成 未整改 正在办理 进度滞后 尚未启动 未达标 正在推进 未办结 "
    "推进缓慢 还没开工"
).split()
TASKS = "任务 目标任务 年度任务 年任务 全年目标 计划数 任务数 省定任务 州定目标 下达任务".split()
THINGS = (
    "老旧小区 农村户厕 安防设备 护理床位 公办园学位 高标准农田 农村公路 停车泊位 充电桩 "
    "法律援助案件 问题隐患 口袋公园 供水管网 病险水库 产业项目 光伏路灯"
).split()
UNITS = (
    "个 户 处 件 人 座 公里 亩 张 所 台 起 场 家 项 份 人次 平方米 万人 万亩 万户 套 栋 吨 盏 根"
).split()
COUNTIES = "吉首市 泸溪县 凤凰县 花垣县 保靖县 古丈县 永顺县 龙山县".split()
PERCENT_OF = (
    "完成年任务的 占年任务的 占任务的 完成率 完成目标任务的 占年度计划的 为年度目标的 "
    "完成率达 完成全年任务的 占总任务的 占计划的 完成总工程量的 完成比例 完成率为"
).split()
RATES = (
    "合格率 满意度 覆盖率 开工率 办结率 验收率 竣工率 入园率 使用率 知晓率 整改率 签约率 拨付率"
).split()
MONEY_DONE = (
    "完成投资 拨付资金 发放补贴 争取资金 到位资金 支出 减免税费 挽回损失 兑付 投入 "
    "发放贷款 追回欠薪 实际完成投资 筹集资金 累计投入 已支付工程款"
).split()
MONEY_TARGET = "总投资 计划投资 概算投资 年度计划投资 估算投资 投资概算 计划总投资 批复概算".split()
MONEY_GAP = "资金缺口 尚差资金 欠款 尚欠 未拨付资金 拖欠 缺口资金 未到位资金 还欠 待支付".split()
GREW = "同比增长 较上年增长 同比上升 环比增长 比上年提高 较去年同期增长".split()
FELL = "同比下降 较上年下降 环比下降 同比减少 比上年降低 较去年同期下降".split()
POINTS_UP = "提高 上升 增加 较上年提高 比年初提高 高于序时进度".split()
RANKED = "排名全州第 位列全省第 居全州第 列全省第 排全州第 综合排名第 排名第".split()


@dataclass(frozen=True)
class Part:
    """A clause with the figures that are in it: words, value, unit, and the kinds they may be."""

    text: str
    figures: tuple[tuple[str, Decimal, str, str], ...]


@st.composite
def counts(draw: st.DrawFn) -> tuple[str, Decimal, str]:
    """A count as it is written, its value, its unit."""
    unit = draw(st.sampled_from(UNITS))
    if unit in ("公里", "万人", "万亩", "万户", "吨"):
        value = Decimal(draw(st.integers(11, 99999))) / draw(st.sampled_from((1, 10, 100)))
    else:
        value = Decimal(draw(st.integers(2, 1899)))
    scale = 10_000 if unit.startswith("万") else 1
    return f"{value:f}{unit}", value * scale, unit.removeprefix("万")


@st.composite
def shares(draw: st.DrawFn) -> tuple[str, Decimal]:
    value = Decimal(draw(st.integers(1, 1300))) / 10
    form = draw(st.sampled_from(("{}%", "百分之{}")))
    return form.format(value), value


@st.composite
def sums(draw: st.DrawFn) -> tuple[str, Decimal]:
    value = Decimal(draw(st.integers(11, 9999))) / draw(st.sampled_from((1, 10, 100)))
    name, scale = draw(st.sampled_from((("万元", 10**4), ("亿元", 10**8), ("元", 1))))
    return f"{value:f}{name}", value * scale


def counted(
    lead: tuple[str, ...] | list[str], kinds: str, thing: bool = True
) -> st.SearchStrategy[Part]:
    """lead word, perhaps a noun, figure."""

    @st.composite
    def made(draw: st.DrawFn) -> Part:
        words, value, unit = draw(counts())
        noun = draw(st.sampled_from(("", *THINGS))) if thing else ""
        about = draw(st.sampled_from(("", "约", "近", "累计"))) if kinds == "done" else ""
        text = f"{draw(st.sampled_from(lead))}{noun}{about}{words}"
        return Part(text, ((words, value, unit, kinds),))

    return made()


@st.composite
def planned(draw: st.DrawFn) -> Part:
    words, value, unit = draw(counts())
    verb = draw(st.sampled_from(DONE_VERBS))
    text = f"{draw(st.sampled_from(PLAN_WORDS))}{verb}{draw(st.sampled_from(('', *THINGS)))}{words}"
    return Part(text, ((words, value, unit, "target"),))


@st.composite
def behind(draw: st.DrawFn) -> Part:
    words, value, unit = draw(counts())
    over = draw(st.booleans())
    said = draw(st.sampled_from(AFTER_DONE if over else AFTER_OPEN))
    thing = draw(st.sampled_from(THINGS))
    return Part(f"{words}{thing}{said}", ((words, value, unit, "done" if over else "other"),))


@st.composite
def of_counties(draw: st.DrawFn) -> Part:
    """甲县、乙县分别完成10、20个, or 甲县完成10个、乙县20个."""
    names = draw(st.lists(st.sampled_from(COUNTIES), min_size=2, max_size=4, unique=True))
    unit = draw(st.sampled_from(("个", "户", "处", "公里")))
    values = [Decimal(draw(st.integers(2, 1800))) for _ in names]
    figures = [(f"{value}{unit}", value, unit, "done") for value in values]
    if draw(st.booleans()):
        text = f"{'、'.join(names)}分别完成{'、'.join(f[0] for f in figures)}"
    else:
        verb = draw(st.sampled_from(("完成", "建成", "办结")))
        text = "、".join(f"{n}{verb}{f[0]}" for n, f in zip(names, figures, strict=True))
    return Part(text, tuple(figures))


def shared(lead: list[str], kinds: str, sign: int = 1) -> st.SearchStrategy[Part]:
    @st.composite
    def made(draw: st.DrawFn) -> Part:
        words, value = draw(shares())
        rough = draw(st.sampled_from(("", "约", "近", "超"))) if kinds == "percent" else ""
        word = draw(st.sampled_from(lead))
        return Part(f"{word}{rough}{words}", ((words, value * sign, "%", kinds),))

    return made()


def paid(lead: list[str], kinds: str) -> st.SearchStrategy[Part]:
    @st.composite
    def made(draw: st.DrawFn) -> Part:
        words, value = draw(sums())
        return Part(f"{draw(st.sampled_from(lead))}{words}", ((words, value, "元", kinds),))

    return made()


@st.composite
def task_and_done(draw: st.DrawFn) -> Part:
    """年任务680户,已完成22户,占任务的3.2%."""
    unit = draw(st.sampled_from(("个", "户", "公里", "件", "人")))
    whole, part = draw(st.integers(50, 1899)), draw(st.integers(2, 49))
    share, percent = draw(shares())
    task = draw(st.sampled_from(TASKS))
    linked = draw(st.sampled_from((",已完成{}", ",现完成{}", ",实际完成{}", ",目前完成{}")))
    text = f"{task}{whole}{unit}{linked.format(f'{part}{unit}')}"
    figures = [
        (f"{whole}{unit}", Decimal(whole), unit, "target"),
        (f"{part}{unit}", Decimal(part), unit, "done"),
    ]
    if draw(st.booleans()):
        text += f",{draw(st.sampled_from(PERCENT_OF))}{share}"
        figures.append((share, percent, "%", "percent"))
    return Part(text, tuple(figures))


@st.composite
def share_of_task(draw: st.DrawFn) -> Part:
    """完成全年1200件任务的62.5%."""
    words, value, unit = draw(counts())
    share, percent = draw(shares())
    form = draw(
        st.sampled_from(
            ("完成全年{}任务的{}", "占年任务{}的{}", "完成年度目标{}的{}", "占{}任务的{}")
        )
    )
    return Part(
        form.format(words, share),
        ((words, value, unit, "target"), (share, percent, "%", "percent")),
    )


@st.composite
def points(draw: st.DrawFn) -> Part:
    value = Decimal(draw(st.integers(1, 300))) / 10
    words, lead = f"{value}个百分点", draw(st.sampled_from(POINTS_UP))
    return Part(f"{lead}{words}", ((words, value, "个百分点", "points"),))


@st.composite
def ranks(draw: st.DrawFn) -> Part:
    value, unit = draw(st.integers(1, 14)), draw(st.sampled_from(("", "位", "名")))
    return Part(
        f"{draw(st.sampled_from(RANKED))}{value}{unit}",
        ((f"第{value}{unit}", Decimal(value), unit, "rank"),),
    )


OVER = st.one_of(
    counted(DONE_VERBS, "done"),
    counted([f"已{verb}" for verb in DONE_VERBS], "done"),
    counted(SHORT_WORDS, "other"),
    counted(SCOPE_WORDS, "other|done", thing=False),
    counted(UNDERWAY_WORDS, "other"),
    behind(),
    of_counties(),
    shared(PERCENT_OF, "percent"),
    shared(RATES, "rate"),
    shared(GREW, "growth"),
    shared(FELL, "growth", -1),
    paid(MONEY_DONE, "money"),
    paid(MONEY_TARGET, "target"),
    paid(MONEY_GAP, "other"),
    task_and_done(),
    share_of_task(),
    points(),
    ranks(),
)
OPENINGS = ("", "截至5月底,", "1-5月,全州", "今年以来,", "全县", "目前,", "农村公路安防:", "一是")


@st.composite
def reports(draw: st.DrawFn) -> Part:
    """One to four clauses of what has happened; a plan in the last of them, or in its sentence."""
    parts = draw(st.lists(OVER, min_size=1, max_size=3))
    # A comma before a figure could stand inside a number: 30，999.
    marks = [
        draw(st.sampled_from(("；", "。") if after.text[:1].isdigit() else ("，", "；", "。")))
        for after in (*parts[1:], parts[0])
    ]
    text = draw(st.sampled_from(OPENINGS)) + "".join(
        part.text + mark for part, mark in zip(parts, marks, strict=True)
    )
    figures = [figure for part in parts for figure in part.figures]
    if draw(st.booleans()):
        plan = draw(planned())
        text, figures = text + plan.text, [*figures, *plan.figures]
    return Part(text.rstrip("，；。") + "。", tuple(figures))


@settings(max_examples=400, deadline=None)
@given(reports())
def test_every_figure_is_found_and_none_is_certain_and_wrong(report: Part) -> None:
    found = read_prose(report.text, TODAY).figures

    assert [figure.text for figure in found] == [words for words, *_ in report.figures], report.text
    for figure, (_, value, unit, kinds) in zip(found, report.figures, strict=True):
        assert (figure.value, figure.unit) == (value, unit) or _is_open(figure), report.text
        assert figure.kind.value in kinds.split("|") or not figure.certain, (
            f"{figure.text} is {figure.kind}, not {kinds}: {report.text}"
        )


def _is_open(figure: ProseFigure) -> bool:
    """A figure that is asked may have another sign than a careful reader would give it."""
    return not figure.certain
