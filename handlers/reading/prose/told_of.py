"""Counts that are told of others than the task: who did it, which they are, how many each has."""

import re

from handlers.reading.prose.clauses import Joint, Setting
from handlers.reading.prose.context import Context
from handlers.reading.prose.cues import Cue
from handlers.reading.prose.earned import GOING_ON_OF_IT
from handlers.reading.prose.figures import Kind
from handlers.reading.prose.words import COUNTING, has

_ATTENDED = frozenset("人 人次 名 位 户 户次 家".split())
#: 1567名河长巡河2.86万次: who did it.
_ACTORS = re.compile(
    r"(?:[一-龥]{0,4}(?:[河林田街路链楼]长|干部|党员|民警|医生|医师|教师|专家|志愿者|代表|队员|队伍|专班|[民央国]企"
    r"|工作[人队组][员]?|[网检护协督辅]?[一-龥]员))[一-龥]{2,8}$"
)
#: 原报1710个更正为1701个, 不是460人,是406人
WITHDRAWN = re.compile(r"(?:(?:原[报填写]|[误错][报填写])(?:数|成|为|的|了)*|不是|并非|而非)$")
#: 每周调度1次
_ROUTINE = re.compile(
    r"每(?:个?[周月日天旬年]|半[月年]|季度?|个?星期)(?:(?!不[少低]于|至少|最少)[^,;。\d]){0,8}$"
)
_WORK = (Cue.RESULT, Cue.ACTIVITY, Cue.PLAN, Cue.AIM)
_TIMES = frozenset("次 场 期 轮 回".split())
#: 每人包2个, 每期40人
_OF_EACH = re.compile(
    r"(?:每(?:人|名|期|班|组|队|家|户|村|点|县|乡镇|小区|批|单位|镇|乡|校|所|局)|一人)"
    r"(?:[一-龥]{0,3}(?:包|限|联系?|[管带挂驻]|结对|联点|负责|配备?|安排))?[一-龥]{0,2}$"
)
#: 鉴定为C级的57栋, B类14件; 二级以上 is none.
_BY_LETTER = re.compile(r"(?:[A-D]|I{1,3}|I?V|[甲乙丙丁])[级类](?:的|[共仅只]?有|为)*$")
#: 综合得分87.6分
_FOUND_TO_BE = re.compile(r"(?:鉴定|评估|核定|界定)为[A-Z一-龥]{1,4}级的?[一-龥]{0,4}$")
_SCORED = re.compile(r"(?:得|评|总|均|记)分(?:为|是|达到?|仅)?$")
_STOREYS = re.compile(r"主体|做到|施工[至到]|[建盖浇砌]到|封顶")
#: 督查反馈问题23个
_REPORTED = re.compile(r"(?:反馈|通报|指出)[一-龥]{0,6}(?:问题|隐患|线索)$")
#: 共分3个标段
_DIVIDED = re.compile(r"分(?:为|成)?$")
_SECTIONS = re.compile(r"(?:标段|片区|阶段|批次|小组|工区|作业面)")
#: 两项指标均超序时进度
_THOSE = re.compile(r"(?:指标|任务|工作|目标|项目)(?:均|都)(?!已?[完办竣建])")
#: 无法化解拟终结的4件
_WHICH_CANNOT = re.compile(r"(?:无法|难以|不能|没法)[一-龥]{2,8}的$")
#: 另有6个问题需长期坚持整改
_BESIDES = re.compile(r"(?:另|还|尚|仍)(?:外)?有$")
_NEEDS = re.compile(r"[一-龥]{0,6}(?:需|待|要)")
#: 确保11月底前剩余1140个点位全部建成
_LEFT_OVER = re.compile(r"(?:剩余|剩下|余下|剩)的?$")
#: 补贴发放到3.1万人
_REACHED = re.compile(r"(?:发放|兑现|补贴|覆盖|服务|普及|宣传)到(?:约|近)?$")
#: 由650元/月提高到700元/月
_FROM = re.compile(r"[由从][一-龥]{0,6}?的?$")
_TO = re.compile(r"[一-龥]{0,2}[提升降压增减调缩扩涨][一-龥]?[到至为]$")
_PLACES = re.compile(
    r"个?(?:乡镇|街道|社区|村|县市?区?|园区)(?:已?有$|(?!级|均|都|已|全|被|的)[一-龥]{2})"
)
#: 每名儿童训练满8个月
_TIME_OF_EACH = re.compile(r"每[名人户位个][一-龥]{0,4}(?:训练|培训|服务|救助|康复)满?$")
#: 3个县的7个项目进度滞后
_PLACES_OF = re.compile(r"个?(?:县市?区?|市州?|区|州|乡镇|镇|乡|街道|社区|村)的")
#: 去年同期是1180人
_AT_THAT_TIME = re.compile(r"(?:同期|[去上](?:年|个?月)(?:底|末)?)(?:是|为|只有|仅有?)$")
#: 10个重点项目完成投资31.6亿元
_OF_PROJECTS = re.compile(r"[一-龥]{0,8}(?:项目|工程)(?:累计|已|共)*完成投资$")
#: 可服务周边10余万群众
_SERVED = re.compile(r"服务(?:周边|辖区|全[县市州])?(?:约|近)?$")
_PUBLIC = re.compile(r"(?:名|户|人)?[一-龥]{0,2}(?:群众|人口|居民|村民|百姓|师生)")
#: 转运专班3个, 抢修队伍32支: who or what stands ready.
_FORCES = re.compile(r"(?:工作队|队伍|专班|救护车|消防车|值班车辆|应急车辆|备用房间)$")
_DUE = re.compile(r"(?<![供适相反对响效呼])应(?![急用])|该")
_ON_THE_SPOT = re.compile(r"(?:现场|在场|工地)(?:共|现|已|累计)*(?:投入|有)")
_BEGUN = re.compile(r"(?:开挖|破土|奠基|动土|破桩)$")
_VOLUMES = frozenset("方 立方米 万方 米 公里 吨 土方".split())


def is_told_of_others(context: Context, setting: Setting) -> bool:
    """Whether a count is none of the task's own: who did it, how many each has, which they are."""
    return (
        _is_actor_or_routine(setting)
        or _is_of_each(context, setting)
        or _is_which(context, setting)
        or _is_where_it_is(setting)
        or _is_at_work(context, setting)
    )


def _is_actor_or_routine(setting: Setting) -> bool:
    """Actors, what was reported before, how often something is done."""
    opens = setting.runs_on and setting.joint in (Joint.START, Joint.COMMA, Joint.COLON)
    bare = not setting.left.strip(",、 ") or setting.joint is Joint.START
    actors = opens and bare and setting.amount.unit in _ATTENDED and _ACTORS.match(setting.right)
    routine = setting.amount.unit in _TIMES and _ROUTINE.search(setting.left)
    of_projects = opens and bare and _OF_PROJECTS.match(setting.right)
    earlier = WITHDRAWN.search(setting.left) or _AT_THAT_TIME.search(setting.left)
    return bool(actors or routine or of_projects or earlier)


def _is_of_each(context: Context, setting: Setting) -> bool:
    """每人包2个, 共分3个标段, 综合得分87.6分, 主体4层, 由550元/月提高到590元/月."""
    if _TIME_OF_EACH.search(setting.left):
        return True
    if _OF_EACH.search(setting.left) and not context.plan_in_force(setting):
        return True
    if _DIVIDED.search(setting.left) and _SECTIONS.match(setting.right):
        return True
    if setting.amount.unit == "分" and _SCORED.search(setting.left):
        return True
    if setting.amount.unit == "层" and _STOREYS.search(setting.left):
        return True
    return _FROM.search(setting.left) is not None and _TO.match(setting.right) is not None


def _is_which(context: Context, setting: Setting) -> bool:
    """鉴定为C级的57栋, 反馈问题23个, 剩余1140个点位: these are told apart, not done."""
    if _FOUND_TO_BE.search(setting.left):
        return True
    if _BY_LETTER.search(setting.left):
        before = context.readings[setting.before] if setting.before is not None else None
        if before and before.kind is Kind.DONE and "其中" in setting.left:
            return False  # 新建公厕12座,其中A类3座
        begin, end = setting.lo, setting.left_end
        return not has(context.hits(COUNTING, begin, end, setting.depth + 1), Cue.RESULT)
    left_over = _LEFT_OVER.search(setting.left) and context.plan_in_force(setting)
    if left_over or _WHICH_CANNOT.search(setting.left) or _REPORTED.search(setting.left):
        return True
    besides = _BESIDES.search(setting.left) and _NEEDS.match(setting.right)
    return bool(besides or _THOSE.match(setting.right) or _REACHED.search(setting.left))


def _is_at_work(context: Context, setting: Setting) -> bool:
    """抢修队伍32支, 现场投入机械45台, 开挖31台, 其中新开工94个: ready or going on."""
    if forces := _FORCES.search(setting.left):
        start = setting.left_end - len(forces[0])
        hits = context.left_hits(COUNTING, setting)
        due = context.plan_in_force(setting) or _DUE.search(setting.left)
        if not due and not any(hit.end < start and hit.cue in _WORK for hit in hits):
            return True
    begun = _BEGUN.search(setting.left) and setting.amount.unit not in _VOLUMES
    served = _SERVED.search(setting.left) and _PUBLIC.match(setting.right)
    following = context.settings[setting.at + 1 : setting.at + 2]
    going_on = following and GOING_ON_OF_IT.search(following[0].left)
    return bool(begun or served or going_on or _ON_THE_SPOT.search(setting.left))


def _is_where_it_is(setting: Setting) -> bool:
    """5个乡镇管网延伸已通水1.46万人: the places, before what was done there is counted."""
    words = setting.amount.unit + setting.right
    alone = not setting.left.strip() or setting.left.rstrip().endswith(":")
    if setting.runs_on and alone and _PLACES_OF.fullmatch(words):
        return True
    opens = setting.joint is Joint.START and setting.runs_on
    return opens and _PLACES.match(words) is not None
