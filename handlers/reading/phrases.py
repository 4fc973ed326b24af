"""Chinese numerals inside fixed phrases: 一户一策, 两项补贴, 三个到位, 四方责任.

Chinese numerals count only before a classifier, and small ones before a classifier are as often
part of a slogan. What follows the classifier tells.
"""

import re
from decimal import Decimal

from handlers.reading.numerals import Number

_FEW = Decimal(10)
#: Units that with a small Chinese numeral make a word: 三方, 四面, 五层.
_WORDS_WITH_NUMERAL = frozenset(
    "类 方 层 面 口 头 门 步 片 期 届 轮 双 对 分 里 区 市 部 节 站 堂 眼 孔 首 把 通 顶 段 校 院 "
    "店 馆 厂 班 单 位 种 倍 网格 方面 车道 平台".split()
)
#: What follows unit and makes a slogan of them: 两个维护, 三项制度, 一件事.
_TAIL_WORDS = {
    "个": "维护 确立 意识 自信 坚持 服从 统筹 转变 结合 到位 一律 不 必 严 优先 全面 聚焦 着力 "
    "方面 环节 阶段 层面 维度 角度 文明 责任 在线 覆盖 全覆盖 延伸 下沉 清零 一 百 字 高 "
    "务必 革命 时代 带头 表率 善于 能否 过硬 关系 台阶 率先 打造 强化 突破 转型 融合 提升 "
    "攻坚 清单 体系 关键 确保 加强 明确 同步 统一 毫 机制 专门 重大 根本 更 最 只 抓 零 实 "
    "度 性",
    "项": "补贴 制度 改革 机制 重点 管理 岗位 基本 规定 行动 清零 工作 工程 措施 任务 整治 原则 "
    "建设 职责",
    "条": "红线 底线 控制线 战线 例 龙 鱼 路 腿 心 措施 主线 铁律 硬",
    "张": "清单 网 图 表 卡 牌 名片 皮 榜",
    "件": "事 套",
    "套": "班子 人马 机制 体系 制度 打法 组合",
    "支": "队伍 力量",
    "本": "账 台账 书 经",
    "块": "地 牌子 屏 短板",
    "道": "防线 关 坎 门槛 菜 屏障 闸",
    "场": "攻坚 硬仗 战 仗 革命 景",
    "次": "产业 办 性 分配 创业 飞跃 供水 开发 污染 元 函数 会议 全会 全体 革命 工业 加工 会 以上 "
    "转运 搬运 倒运 装修 装饰 灌浆 砌筑 衬砌 结构 分拣 利用 回收 报价 开标 招标 抽检 复核 授权",
    "座": "大山 谈",
    "家": "亲 人 庭",
    "户": "多宅 一",
    "人": "一 行 多岗 小组",
    "名": "一",
    "元": "化 结 制 论 次 素",
    "天": "一 两夜 三夜 打",
    "台": "大戏 阶",
    "组": "一 织",
    "村": "一 示 两 多",
    "县": "一 两",
    "乡": "一 工",
    "镇": "一 两",
    "根": "筋",
    "盘": "水 山",
}
#: 共六期, 做到五层
_HELD = frozenset("期 层 班 轮 节".split())
_HELD_BEFORE = re.compile(r"(?:共|共计|累计|举办了?|办了|开了|[做建干盖]到)$")
_TAILS = {unit: tuple(words.split()) for unit, words in _TAIL_WORDS.items()}
_COUNTED = re.compile(
    r"(?:完成|建成|新建|新增|改造|安装|配备|发放|召开|开展|举办|组织|检查|办理|受理|争取|剩余|还有"
    r"|共有?|计|已|有|达到?|约|近|超过?|逾|其中|涉及|覆盖|为|了|余|增加|减少|引进|落实|投入|设立|成立"
    r"|改建|各)$"
)
_FOLLOWED = re.compile(
    r"\s?(?:$|[,、;。)\n]|正|已|在|均|未|全部|都|分别|尚|还|县|项目|学校|单位|村|乡镇)"
)
_COUNTED_ONE = re.compile(r"(?:完成|建成|新建|新增|共有?|共计|仅有?|只有|累计)$")
#: 完成数:一个
_ALONE_BEFORE = re.compile(r"(?:^|[:\n])\s?$")
_ALONE_AFTER = re.compile(r"\s?(?:$|[,;。\n])")
_PARALLEL = re.compile(r"[一二两三四五六七八九][一-龥]")
_MODEL = re.compile(r"\d{1,2}[GgMKk]")
#: 主体工程两所、附属工程一所: in a list one counts as its neighbour does.
_NEIGHBOUR_BEFORE = r"[\d二两三四五六七八九十]{{1,4}}{unit}[、和][一-龥]{{1,10}}$"
_NEIGHBOUR_AFTER = r"[、和][一-龥]{{1,10}}[\d二两三四五六七八九十]{{1,4}}{unit}"
_SLOGAN_END = re.compile(r"[^\"\n]{0,8}\"")


def is_phrase(text: str, number: Number, unit: str, end: int, declared: str = "") -> bool:
    """Whether the Chinese *number* with *unit*, ending at *end*, is part of a fixed phrase.

    A field that counts in *declared* means what it says by 两期.
    """
    if number.value is None or not unit:
        return False
    if unit == "届" or number.value > _FEW:
        return unit == "届"
    if unit in _WORDS_WITH_NUMERAL and unit != declared:
        return not (
            unit in _HELD and _HELD_BEFORE.search(text, max(0, number.start - 4), number.start)
        )
    if _is_quoted_slogan(text, number.start, end) or _is_parallel(text, number.start, end):
        return True
    sized = text[end : end + 1].isdigit() and not _MODEL.match(text, end)
    if sized or text.startswith(_TAILS.get(unit, ()), end):
        return True
    return number.value == 1 and (unit == "批" or not _is_counted_one(text, number, unit, end))


def _is_parallel(text: str, start: int, end: int) -> bool:
    """三支一扶, 三会一课; what is built counts all the same: 新建两栋三层教学楼."""
    again = _PARALLEL.match(text, end) is not None
    return again and _COUNTED.search(text, max(0, start - 4), start) is None


def _is_counted_one(text: str, number: Number, unit: str, end: int) -> bool:
    if _COUNTED_ONE.search(text, max(0, number.start - 4), number.start):
        return True
    if _ALONE_BEFORE.search(text, max(0, number.start - 2), number.start):
        return _ALONE_AFTER.match(text, end) is not None
    word = re.escape(unit)
    before = text[max(0, number.start - 18) : number.start]
    return bool(
        re.search(_NEIGHBOUR_BEFORE.format(unit=word), before)
        or re.match(_NEIGHBOUR_AFTER.format(unit=word), text[end : end + 20])
    )


def is_counted(text: str, number: Number, end: int) -> bool:
    """Whether the words around a small Chinese numeral count with it, or it is no small one.

    *end* is where its unit ends.
    """
    if number.value is None or number.value > _FEW:
        return True
    if number.value == 1:
        return False
    if _FOLLOWED.match(text, end):
        return True
    return _COUNTED.search(text, max(0, number.start - 4), number.start) is not None


def _is_quoted_slogan(text: str, start: int, end: int) -> bool:
    return text[start - 1 : start] == '"' and _SLOGAN_END.match(text, end) is not None
