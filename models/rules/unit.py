"""Units of measure: which are of one kind, and how a value goes from one to another."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from models.rules.rounding import number_text

SIX_PLACES = Decimal("0.000001")
#: From here on money is written in 万元, as official texts do.
_TEN_THOUSAND = Decimal(10_000)
_WHOLE = Decimal(1)


class Dimension(StrEnum):
    """What a unit measures; values convert only inside one dimension."""

    THINGS = "things"
    PEOPLE = "people"
    ANYTHING = "anything"
    LENGTH = "length"
    AREA = "area"
    VOLUME = "volume"
    MASS = "mass"
    TIME = "time"
    MONEY = "money"
    MONEY_PER_TIME = "money_per_time"
    ENERGY = "energy"
    POWER = "power"
    VOLTAGE = "voltage"
    APPARENT_POWER = "apparent_power"
    RATIO = "ratio"
    SCORE = "score"
    DOLLARS = "dollars"
    DENSITY = "density"
    PERCENT = "percent"
    POINTS = "points"


@dataclass(frozen=True)
class Unit:
    """One unit; *factor* counts how many of its dimension's smallest common unit it holds."""

    name: str
    dimension: Dimension
    factor: Decimal = Decimal(1)


@dataclass(frozen=True)
class ScaledUnit:
    """A unit as an indicator may declare it: 万人次 is ten thousand 人次."""

    unit: Unit
    scale: Decimal


def _counters(names: str, dimension: Dimension) -> Iterable[Unit]:
    return (Unit(name, dimension) for name in names.split())


def _measures(dimension: Dimension, **factors: str) -> Iterable[Unit]:
    return (Unit(name, dimension, Decimal(factor)) for name, factor in factors.items())


_PER_YEAR = Decimal(1)
_PER_MONTH = Decimal(12)

_UNITS: tuple[Unit, ...] = (
    *_counters("个", Dimension.ANYTHING),
    *_counters(
        # What is counted one by one, with the classifier that texts put between.
        "所 户 件 张 家 项 座 条 台 套 处 栋 幢 辆 艘 间 本 份 篇 期 批 起 宗 笔 只 头 羽 株 "
        "棵 盏 根 支 块 片 口 眼 对 双 枚 部 门 册 幅 趟 轮 届 面 扇 道 组 床 孔 樘 箱 袋 瓶 "
        "桶 封 则 班 节 堂 村 步 层 单 票 类 种 款 站 匹 尾 峰 蔸 丛 束 捆 卷 盘 盒 包 罐 颗 "
        "粒 架 列 首 集 页 剂 针 闸 路 井 基 榀 跨 副 把 顶 筐 车 船 乡 镇 县 市 区 馆 店 厂 院 校 "
        "屏 柜 通 题 桩 段 例次",
        Dimension.THINGS,
    ),
    *_counters(
        # What is done several times.
        "次 场 场次 批次 户次 件次 家次 台次 车次 架次 班次 项次 艘次 辆次 套次 组次 期次 "
        "篇次 条次 处次 所次 个次 站次 队次 航次 剂次 针次 份次 头次 羽次 只次 宗次 起次 笔次 "
        "亩次 册次 趟次 轮次 点次 节次 堂次 台班 人天 人日 工日 课时 学时 学分",
        Dimension.THINGS,
    ),
    *_counters(
        # Nouns that stand directly behind a number.
        "网格 县市 市县 市州 县市区 县区 乡镇 街道 社区 行政村 自然村 村组 小区 楼栋 单元 "
        "院落 园区 片区 企业 部门 单位 学校 学位 床位 席位 工位 岗位 车位 停车位 泊位 点位 "
        "站点 网点 标段 路段 断面 事项 指标 大项 小项 子项 大类 小类 中类 场所 平台 支部 班组 "
        "台套 件套 像素 标箱 标准箱 车道 航班 班列 案件 线索 农户 家庭 团队",
        Dimension.THINGS,
    ),
    *_counters("人 人次 名 位 例 人份 户人", Dimension.PEOPLE),
    *_measures(Dimension.LENGTH, 毫米="0.001", 厘米="0.01", 米="1", 公里="1000", 里="500"),
    *_measures(Dimension.LENGTH, 延米="1", 延长米="1", 车道公里="1000", 海里="1852"),
    *_measures(Dimension.AREA, 平方米="3", 亩="2000", 公顷="30000", 平方公里="3000000"),
    *_measures(Dimension.VOLUME, 毫升="0.000001", 升="0.001", 立方米="1", 方="1"),
    *_measures(Dimension.MASS, 微克="0.000000001", 毫克="0.000001", 克="0.001", 公斤="1"),
    *_measures(Dimension.MASS, 斤="0.5", 担="50", 吨="1000", 吨标准煤="1000"),
    *_measures(Dimension.TIME, 秒="0.0000115741", 分钟="0.0006944444", 小时="0.0416666667"),
    *_measures(Dimension.TIME, 天="1", 日历天="1", 个工作日="1", 周="7"),
    *_measures(Dimension.TIME, 个月="30", 个季度="90", 年="360"),
    *_measures(Dimension.MONEY, 元="1"),
    *_measures(Dimension.DOLLARS, 美元="1"),
    Unit("元/月", Dimension.MONEY_PER_TIME, _PER_MONTH),
    Unit("元/年", Dimension.MONEY_PER_TIME, _PER_YEAR),
    *_measures(
        Dimension.DENSITY, **{"微克/立方米": "1", "毫克/立方米": "1000", "毫克/升": "1000000"}
    ),
    *_measures(Dimension.ENERGY, 千瓦时="1", 兆瓦时="1000"),
    *_measures(Dimension.POWER, 瓦="1", 千瓦="1000", 兆瓦="1000000", 吉瓦="1000000000"),
    *_measures(Dimension.APPARENT_POWER, 千伏安="1", 兆伏安="1000"),
    *_measures(Dimension.RATIO, 倍="1"),
    *_measures(Dimension.SCORE, 分="1"),
    *_measures(Dimension.VOLTAGE, 伏="1", 千伏="1000"),
    *_measures(Dimension.PERCENT, **{"%": "1"}),
    *_measures(Dimension.POINTS, 个百分点="1", 个基点="0.01"),
)

_OTHER_NAMES = {
    "千米": "公里",
    "km": "公里",
    "㎞": "公里",
    "华里": "里",
    "m": "米",
    "cm": "厘米",
    "mm": "毫米",
    "㎡": "平方米",
    "m2": "平方米",
    "平方": "平方米",
    "平米": "平方米",
    "平方千米": "平方公里",
    "km2": "平方公里",
    "m3": "立方米",
    "立方": "立方米",
    "kg": "公斤",
    "千克": "公斤",
    "t": "吨",
    "日": "天",
    "月": "个月",
    "星期": "周",
    "人民币元": "元",
    "块钱": "元",
    "元人民币": "元",
    "元/人/月": "元/月",
    "元/人·月": "元/月",
    "元/人月": "元/月",
    "元/月/人": "元/月",
    "元/月·人": "元/月",
    "元每月": "元/月",
    "元每人每月": "元/月",
    "元/人/年": "元/年",
    "元/人·年": "元/年",
    "元/人年": "元/年",
    "元/年/人": "元/年",
    "元/年·人": "元/年",
    "元每年": "元/年",
    "元每人每年": "元/年",
    "度": "千瓦时",
    "kwh": "千瓦时",
    "kw": "千瓦",
    "mw": "兆瓦",
    "kv": "千伏",
    "kva": "千伏安",
    "mva": "兆伏安",
    "mwh": "兆瓦时",
    "gw": "吉瓦",
    "吨标煤": "吨标准煤",
    "工作日": "个工作日",
    "μg/m3": "微克/立方米",
    "ug/m3": "微克/立方米",
    "mg/l": "毫克/升",
    "ha": "公顷",
    "钟头": "小时",
    "个小时": "小时",
    "个星期": "周",
    "百分点": "个百分点",
    "人·次": "人次",
    "人/次": "人次",
}

_SCALES = {"亿": Decimal(10) ** 8, "万": Decimal(10) ** 4, "千": Decimal(1000)}

_BY_NAME: dict[str, Unit] = {unit.name: unit for unit in _UNITS}
_BY_NAME |= {other: _BY_NAME[name] for other, name in _OTHER_NAMES.items()}
#: By the first character, how long the longest name is; the last of those sorted stays.
_LONGEST = {name[0]: len(name) for name in sorted(_BY_NAME, key=len)}

# 日 and 月 after a number are a date far more often than a duration.
_NEVER_AFTER_A_NUMBER = frozenset({"日", "月", "年"})


def unit_called(name: str) -> ScaledUnit | None:
    """The unit *name* means, with the 万 or 亿 before it; None where the word is no known unit."""
    bare = "".join(name.split())
    for text in (bare, bare.lower()):
        if unit := _BY_NAME.get(text):
            return ScaledUnit(unit, Decimal(1))
    for mark, scale in _SCALES.items():
        if bare.startswith(mark) and (inner := unit_called(bare[1:])):
            return ScaledUnit(inner.unit, inner.scale * scale)
    return None


def unit_at(text: str, start: int) -> tuple[Unit, int] | None:
    """The longest known unit that begins at *start*, and where it ends.

    Longest, since 个 begins 个月 and 个百分点, and 人 begins 人次.
    """
    longest = _LONGEST.get(text[start : start + 1].lower(), 0)
    for length in range(min(longest, len(text) - start), 0, -1):
        word = text[start : start + length]
        if word in _NEVER_AFTER_A_NUMBER:
            continue
        unit = _latin_unit(text, start, word) if word.isascii() else _BY_NAME.get(word)
        if unit:
            return unit, start + length
    return None


def same_kind(first: str, second: str) -> bool:
    """Whether a value in one unit can stand for the other (domain: 公里 for 个 is an error).

    个 counts whatever is counted one by one, people included: documents write 717个 and 717人
    for the same children. 人 and 人次 are one kind (a target of 1.65万人次 was reported as 6923人).
    An unknown unit is of the kind of itself only.
    """
    one, two = unit_called(first), unit_called(second)
    if one is None or two is None:
        return "".join(first.split()) == "".join(second.split())
    return same_dimension(one.unit, two.unit)


def same_dimension(first: Unit, second: Unit) -> bool:
    """As `same_kind`, for units already known."""
    if first.dimension == second.dimension:
        return True
    counted = {Dimension.THINGS, Dimension.PEOPLE}
    pair = {first.dimension, second.dimension}
    return Dimension.ANYTHING in pair and not (pair - counted - {Dimension.ANYTHING})


def convert(value: Decimal, source: str, target: str) -> Decimal:
    """*value* of *source* expressed in *target*; exact, or half up to six places where it is not.

    Raises ValueError for units of different kinds.
    """
    if not same_kind(source, target):
        raise ValueError(f"{source} cannot be converted to {target}")
    one, two = unit_called(source), unit_called(target)
    if one is None or two is None:
        return value
    product = value * one.scale * one.unit.factor
    return tidy(product / (two.scale * two.unit.factor))


def tidy(value: Decimal) -> Decimal:
    """*value* half up to six places, without trailing zeros and without an exponent."""
    if value == value.to_integral_value():
        return value.quantize(_WHOLE)
    rounded = value.quantize(SIX_PLACES, ROUND_HALF_UP).normalize()
    return rounded.quantize(_WHOLE) if rounded == rounded.to_integral_value() else rounded


def _latin_unit(text: str, start: int, word: str) -> Unit | None:
    """km, kW and the like in any case, but not the beginning of a longer Latin word (4G, m3u8)."""
    end = start + len(word)
    after = text[end : end + 1]
    if word[-1].isalnum() and after.isascii() and after.isalnum():
        return None
    return _BY_NAME.get(word.lower())


def amount_text(value: Decimal, unit: str) -> str:
    """A value with its unit as people write it: 1710个, 583 元/月, 7135万元 for 71350000 元."""
    if unit == "元" and abs(value) >= _TEN_THOUSAND:
        return f"{number_text(value / _TEN_THOUSAND)}万元"
    return f"{number_text(value)}{' ' if '/' in unit else ''}{unit}"
