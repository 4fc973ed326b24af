"""What a count that its rule calls done is likelier to be, by the words beside it."""

import re
from collections.abc import Iterator

from handlers.reading.prose.behind import OVER_BUT_FOR
from handlers.reading.prose.clauses import Joint, Setting
from handlers.reading.prose.context import Context
from handlers.reading.prose.cues import Cue, Hit
from handlers.reading.prose.earned import is_among_measures, is_whole
from handlers.reading.prose.figures import Kind
from handlers.reading.prose.lacks import (
    LACK,
    LACKED,
    NO_ACHIEVEMENT,
    in_trouble,
    is_caused,
    said_before,
)
from handlers.reading.prose.parts import NOTHING, has_a_part, is_made_up, is_where
from handlers.reading.prose.wholes import leads_on
from handlers.reading.prose.words import COUNTING, ENDED, has

_DONE, _TARGET, _OTHER = Kind.DONE, Kind.TARGET, Kind.OTHER
_SAID = 3
_ACHIEVEMENT = re.compile(
    r"[一-龥][了好完毕](?!$)?$|了$|能用|可用|到[位货账]|封顶|用上|通(?:水|电|车|气)"
)
_ATTRIBUTE = re.compile(r"的(?:也|仅|只|才|就|共)?(?:有|是|为|达)?(?:约|近|不到|不足|超过?)?$")
_WHOLE = re.compile(
    r"(?:全年|年度|总数|总量|清单(?:内|上)?|应[改建办完培检治销换发]|须[改建]|设计[一-龥]{0,3}|规划[一-龥]{0,3})$"
)
_TASK_BEHIND = re.compile(
    r"[一-龥]{0,4}的?(?:任务|目标|计划)|[一-龥\dA-Z]{0,12}的(?:任务|目标|计划)"
)
_MONTH = re.compile(r"(?<![\d.-])\d{1,2}月(?!以来)")
ALL_OVER = re.compile(
    r"(?:全部|均已|都已)(?!.{0,2}(?:开工|动工|复工|进场|启动|纳入|破题|铺开))[一-龥]{2,4}$"
)
SOME_OR_NONE = re.compile(r"的|未|没|不|无法|待|尚|仍")
_REST = re.compile(r"(?:剩余?|剩下|余下|其余|未[一-龥]{1,4})的?$")
_NEEDED = re.compile(r"(?<![急刚供必])需要?[一-龥]{0,4}$")
_TIME_OF_PLAN = re.compile(r"任务|目标|标准|要求")
_OF_EVERY = re.compile(r"每[条个县村镇乡家所支]")
_POSED = re.compile(r"限期[一-龥]{2}$")
_NEGATED = re.compile(r"[一-龥]{0,5}(?:没|未|不(?!少|断))")
#: 我乡共1268户: what there is.
_WHAT_THERE_IS = re.compile(
    r"(?:[我该]|本(?![年月周季旬次]))[一-龥]{1,3}(?:现|共|现共)?有?|全[一-龥](?:现|共|现共)?有|[一-龥]{0,9}(?<!合)总(?![共计投体经产值])[一-龥]{1,2}"
)
#: 两万人次参加了培训
_TOOK_PART = re.compile(
    r"[一-龥]{0,6}?(?:已经?|均|都|全部)*(?:参加|接受|获得|享受|领取|领到|得到|取得|通过|完成)了?(?![一-龥]{0,6}的)"
)
_ATTENDED = frozenset("人 人次 名 位 户 户次 家".split())
_HAPPENED = re.compile(r"(?:发生|出现)[一-龥]{0,5}$")
_ALL_DONE = re.compile(r"[都均全][一-龥]{1,3}了$")
_UNABLE = re.compile(r"不了|没法|无法|暂时|暂未|做不|办不")
_CONDITION = re.compile(
    r"(?<!倘)若(?!干)|(?:^|[,;:。])如(?![期实下])|如果|倘若|要是|否则|一旦|最多再"
)
_GOING_ON = re.compile(r"(?<![存所现实内全潜])在[一-龥]{1,2}$")


def proposals(context: Context, setting: Setting) -> Iterator[Kind | None]:
    """The kinds that words beside the figure speak for, the strongest first; None for no word."""
    hits = context.left_hits(COUNTING, setting)
    achieved = has(hits, Cue.RESULT) or has(hits, Cue.REALISED) or has(hits, Cue.TALLY)
    if OVER_BUT_FOR.match(setting.right):
        return
    if ALL_OVER.search(setting.right) and not context.plan_in_force(setting):
        if not SOME_OR_NONE.search(setting.right) and not _REST.search(setting.left):
            return
    if in_trouble(context, setting) and not achieved:
        yield _OTHER
    yield _wanted(context, setting)
    yield _not_done(context, setting)
    yield _as_a_task(context, setting, hits)
    yield _as_it_is(context, setting)
    if not achieved:
        yield from _without_a_verb(context, setting, hits)


def _wanted(context: Context, setting: Setting) -> Kind | None:
    if _MONTH.search(setting.left) and is_among_measures(context, setting):
        return _TARGET
    wanted = _NEEDED.search(setting.left) or _CONDITION.search(said_before(context, setting))
    return _TARGET if wanted else None


def _not_done(context: Context, setting: Setting) -> Kind | None:
    """发生事故3起, 2个村没有开工, 84户办不了: what happened or could not be done."""
    happened = _HAPPENED.search(setting.left) or _POSED.search(setting.left)
    negated = _NEGATED.match(setting.right) and not setting.runs_on
    unable = _UNABLE.search(setting.right) or LACKED.search(setting.left)
    if happened or negated or unable or is_where(context, setting):
        return _OTHER
    return None


def _as_a_task(context: Context, setting: Setting, hits: list[Hit]) -> Kind | None:
    unit = setting.amount.unit
    if unit and setting.left.endswith(unit) and is_whole(context, setting):
        return _TARGET
    task = _TASK_BEHIND.match(setting.right)
    if task and not leads_on(setting, task) and not any(hit.text in ENDED for hit in hits):
        return _TARGET
    return None


def _as_it_is(context: Context, setting: Setting) -> Kind | None:
    """在建3座, 没改的3家, 我乡共1268户: what goes on, which ones, what there is."""
    if _GOING_ON.search(setting.left):
        return _OTHER
    if kind := _of_an_attribute(context, setting):
        return kind
    level = setting.left.endswith(("达", "达到"))
    there = not level and _WHAT_THERE_IS.fullmatch(setting.left)
    return _OTHER if there and not context.right_hits(COUNTING, setting) else None


def _without_a_verb(context: Context, setting: Setting, hits: list[Hit]) -> Iterator[Kind | None]:
    """What no verb of result governs: lacks, wholes, things of which something is said."""
    lack = LACK.search(setting.left)
    end = setting.lo + lack.end() if lack else 0
    mended = any(hit.end <= end for hit in hits if hit.cue is Cue.ACTIVITY)
    if (lack and not mended) or is_caused(context, setting):
        yield _OTHER
    if _WHOLE.search(setting.left) or is_made_up(context, setting):
        yield _TARGET
    if _OF_EVERY.search(setting.left) and _TIME_OF_PLAN.search(said_before(context, setting)):
        yield _TARGET
    yield _of_a_subject(context, setting)
    opens = setting.joint is Joint.START and not setting.depth
    if opens and not has(hits, Cue.ACTIVITY) and has_a_part(context, setting):
        yield _TARGET
    if context.ahead[setting.sentence]:
        yield _TARGET


def _of_an_attribute(context: Context, setting: Setting) -> Kind | None:
    """缺的2个村, 矛盾大的4个小区 are which; 改好的22家 and 没改的3家 say how many."""
    found = _ATTRIBUTE.search(setting.left)
    if not found or _ALL_DONE.search(setting.right) or setting.left.endswith("的是"):
        return None
    words = setting.left[: found.start()]
    if NO_ACHIEVEMENT.search(words):
        return _OTHER
    named = setting.right.strip() and re.match(r"[一-龥]", setting.right)
    done = has(context.left_hits(COUNTING, setting), Cue.RESULT)
    return _OTHER if named and not done else None


def _of_a_subject(context: Context, setting: Setting) -> Kind | None:
    """3个项目用地未批: a figure that opens its clause, and what is said of the things counted."""
    if not NOTHING.fullmatch(setting.left) or not re.match(r"[一-龥]{2}", setting.right):
        return None
    if LACK.search(setting.right) or NO_ACHIEVEMENT.search(setting.right):
        return _OTHER
    if has(context.right_hits(COUNTING, setting), Cue.RESULT) or _ACHIEVEMENT.search(setting.right):
        return None
    if setting.amount.unit in _ATTENDED and _TOOK_PART.match(setting.right):
        return None
    told = setting.joint in (Joint.START, Joint.COMMA, Joint.SEMICOLON, Joint.COLON)
    return _OTHER if told and len(setting.right) >= _SAID else None
