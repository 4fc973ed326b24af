"""The likeliest kind of a count that nothing around it settles.

Where no verb of result governs it, what stands before or behind tells more than a guess: a lack, a
heading of troubles, a thing described by 的, a predicate that is no achievement.
"""

import re

from handlers.reading.prose.clauses import Setting
from handlers.reading.prose.context import Context, Reading
from handlers.reading.prose.cues import Cue
from handlers.reading.prose.earned import START_PLANNED, is_spoken_of_later, is_time
from handlers.reading.prose.figures import Kind
from handlers.reading.prose.lacks import LACK, LACKED_LAST
from handlers.reading.prose.parts import (
    NOTHING,
    is_a_share,
    is_complete,
    is_list_of_work,
    is_of_done,
    is_topic,
    makes_a_share,
    sums_up,
)
from handlers.reading.prose.proposals import ALL_OVER, SOME_OR_NONE, proposals
from handlers.reading.prose.told_of import is_told_of_others
from handlers.reading.prose.words import COUNTING, has

_DONE, _TARGET, _OTHER = Kind.DONE, Kind.TARGET, Kind.OTHER
_IN_THE_MIDDLE = re.compile(
    r"[一-龥]{0,4}(?<![存所现实内全潜])在(?![一-龥]{0,6}[市县区乡镇村内前上中年])[一-龥]"
)
_AT_LEAST = re.compile(r"(?:不(?:少|低)于|至少|最少)$")
_UP_TO_TASK = re.compile(
    r"距离?[^,;。]{0,6}(?:目标|任务|计划|全年|年度)(?:(?![差缺欠剩])[^,;。]){0,3}$"
)
_USABLE = re.compile(r"(?:能用|可用|好|完|通)的(?:只|仅|就|也)?有?$|(?<![未不])到位$")
_SAID_OVER = re.compile(r"(?<![拖差缺少晚慢等欠延])了(?:不到|不足|约|近|超过?|将近)?$")
#: 应改31家, 该装2860只
_DUE = re.compile(
    r"(?:(?<![供适相反对响效呼])应|须)(?![急用为是]|该[为是])[一-龥]{1,7}$|(?<!应)该(?![是为])[一-龥]{1,2}$"
)
#: 参加居民医保51.6万人, 外出务工4.16万人, 全覆盖的19个, 新开工面积42.56万平方米
_IS_RESULT = re.compile(
    r"(?<!未)(?<!没)(?:参加[一-龥]{0,6}(?:医保|保险|养老)|务工|全覆盖的|(?<!未)新开工[一-龥]{0,8}面积)$"
)
#: 其中省级示范3个: these have been found to be so.
_AWARDED = re.compile(r"(?:省|州|市|县|国家)级(?:示范|优秀|标准|达标)$")
#: 第二批9个村12月初进场, said in November
_STARTS = re.compile(r"进场|开工|动工|启动|实施|开建")
_IN_ALL = re.compile(r"总[数量]$")
#: 比常年低12公斤, 另有6个问题, 够种400亩
_SIDEWAYS = re.compile(r"[较比][一-龥]{1,6}[低高少多快慢]了?$|(?:另|还|尚|仍)有$|够[一-龥]{0,2}$")
#: 退化林修复3.55万亩完成了三分之二
_SO_MUCH_DONE = re.compile(r"(?:已|才|只|仅|目前)*完成了(?:约|近)?$")
_ON_THE_LIST = re.compile(r"所[列定](?:的)?$")
_ALL = 100
#: 离1800件还差112件
_STILL_TO_GO = re.compile(r"(?:[离距]|距离)$")
_TO_GO = re.compile(r"[,还仅只尚就]{0,3}(?:[差有缺欠剩])")
#: 全县10个实事我们占了2个, 项目库入库项目389个
_OF_THEM = re.compile(r"占了?$|(?:入库|备案|储备|谋划|包装)项目$")
_CORRECTED = re.compile(r"(?:[更订修]正|更改)为$")
_LEVEL_OF_TIME = re.compile(
    r"(?:天数|时限|时间|时长|压缩[到至]|缩短[到至]|[压缩]减[到至])(?:约?为|是|达到?)?$|优良[一-龥]{0,2}$|(?:累计)$"
)
_RUNNING = re.compile(r"连续$")
_BEYOND = re.compile(
    r"(?:超|落后|滞后|低于|高于|多于|少于|快于|慢于|不及|欠)(?:[一-龥]{0,6})(?:任务|目标|计划|序时|进度)[一-龥]{0,2}$"
)
_AGAINST = re.compile(r"[较比](?:上|去|年初|前)[一-龥]{0,3}(?:推进|新增|增加|增|多|前进|完成)$")


def likeliest(context: Context, setting: Setting, reading: Reading) -> Kind | None:
    """The kind to propose for an uncertain count, or None where *reading* says it best."""
    if not setting.left and not setting.right:
        return None
    if _is_whole_of_share(context, setting) or _ON_THE_LIST.search(setting.left):
        return _TARGET
    if _STILL_TO_GO.search(setting.left) and _TO_GO.match(setting.right):
        return _TARGET
    if _BEYOND.search(setting.left) or _OF_THEM.search(setting.left):
        return _OTHER
    if is_told_of_others(context, setting):
        return _OTHER
    if is_list_of_work(context, setting) or is_topic(context, setting):
        return _TARGET
    if reading.kind is _OTHER and _is_the_work(context, setting):
        return _DONE
    if sums_up(context, setting) or is_complete(context, setting):
        return _DONE
    if _SIDEWAYS.search(setting.left) and not has(
        context.right_hits(COUNTING, setting), Cue.RESULT
    ):
        return _OTHER
    if reading.kind is not _TARGET and _DUE.search(setting.left):
        return _TARGET
    if is_time(context, setting):
        return _of_time(setting, reading)
    if _AGAINST.search(setting.left):
        return Kind.GROWTH
    if makes_a_share(context, setting):
        return _DONE
    if is_a_share(context, setting):
        return Kind.PERCENT
    if reading.kind is _DONE:
        return next(filter(None, proposals(context, setting)), None)
    return _reconsidered(context, setting, reading.kind)


def _of_time(setting: Setting, reading: Reading) -> Kind | None:
    """A span of time is nothing achieved, but where it is the level that was reached."""
    level = _LEVEL_OF_TIME.search(setting.left) is not None
    achieved = reading.kind is _DONE and not level
    is_none = achieved or setting.right.startswith("后") or _RUNNING.search(setting.left)
    return _OTHER if is_none else None


def _is_whole_of_share(context: Context, setting: Setting) -> bool:
    """3.55万亩完成了三分之二: what is to be done."""
    if not setting.runs_on or not _SO_MUCH_DONE.fullmatch(setting.right):
        return False
    share = context.settings[setting.at + 1].amount
    return share.unit == "%" and share.value < _ALL


def _is_the_work(context: Context, setting: Setting) -> bool:
    """参加居民医保51.6万人, 物业全覆盖的19个; where starts are planned, a start is what is done."""
    if _IS_RESULT.search(setting.left):
        return True
    hits = context.left_hits(COUNTING, setting)
    starts = bool(hits) and hits[-1].text.startswith("开工") and setting.left.endswith("开工")
    return starts and START_PLANNED.search(context.layout.text) is not None


def _reconsidered(context: Context, setting: Setting, kind: Kind) -> Kind | None:
    """What speaks against a target or a remainder: 其他县不少于2000个, 2座在架梁, 总数400盏."""
    if NOTHING.fullmatch(setting.left) and _IN_THE_MIDDLE.match(setting.right):
        return _OTHER
    if kind is _OTHER and _CORRECTED.search(setting.left):
        return _DONE
    if kind is _TARGET and context.plan_in_force(setting) is None and _is_no_plan(context, setting):
        return _OTHER
    hits = context.left_hits(COUNTING, setting)
    if kind is _OTHER and context.ahead[setting.sentence] and hits:
        if hits[-1].cue is Cue.UNDERWAY:
            return _TARGET
    if kind is _OTHER and is_spoken_of_later(context, setting.right):
        if not has(hits, Cue.SHORT) and _STARTS.search(setting.right):
            return _TARGET
    if kind is _OTHER and _AT_LEAST.search(setting.left):
        return _TARGET
    if kind is _OTHER and _IN_ALL.search(setting.left) and is_of_done(context, setting):
        return _TARGET
    if kind is _OTHER and _UP_TO_TASK.search(setting.left):
        return _TARGET
    over = ALL_OVER.search(setting.right) and not SOME_OR_NONE.search(setting.right)
    if kind is _OTHER and (over or _USABLE.search(setting.left)):
        return _DONE
    awarded = _AWARDED.search(setting.left)
    said = awarded or _SAID_OVER.search(setting.left) or _USABLE.search(setting.left)
    told = said and kind is _TARGET and not context.plan_in_force(setting)
    return _DONE if told else None


def _is_no_plan(context: Context, setting: Setting) -> bool:
    """塌方14处, 2个缺能耗指标: parts and wholes that nobody planned."""
    if LACKED_LAST.search(setting.left):
        return True
    if not NOTHING.fullmatch(setting.left) or not setting.right:
        return False
    right = context.right_hits(COUNTING, setting)
    return has(right, Cue.SCOPE) or has(right, Cue.SHORT) or bool(LACK.search(setting.right))
