"""Words without a heading: what they tell of, and whether they can be a missing section."""

import re

from handlers.reading.amounts import amounts_in
from handlers.reading.doubts import is_as_before, is_put_off
from handlers.reading.misstated import corrects
from handlers.reading.normalise import command_key, normalise
from handlers.reading.prose.plans import LATER, NEXT, PLANNED
from handlers.reading.sections import Part
from handlers.reading.task_numbers import DASHED

#: Words of official prose that say what was done to get on.
EFFORTS = re.compile(
    "坚持|强化|压实|狠抓|推行|印发|召开|成立|建立|加强|统筹|聚焦|围绕|督[查导办]|调度|出台|制定|"
    "落实|宣传|专班|部署|协调|压茬|挂图|倒排|包[保联]|联席|台账|责任"
)
HINDRANCES = re.compile(
    "(?:受|因|由于)[^。;]{2,30}(?:影响|制约|滞后|缓慢|较慢|未能|难以)"
    "|(?:资金|用地|经费|人手|人员|计划)[^。,;]{0,8}(?:不足|不到位|未到位|缺口|紧张|短缺)"
    "|未下达|未落实|未到位"
)
UNDER_WAY = re.compile(
    "正在|建成|前期工作|完工|开工|竣工|启动|投入使用|有序|进度|进展|推进|实施|完成|开展|任务|项目"
)
#: Further words by which a few words beside a figure tell of measures.
_WAYS = re.compile(
    "包[片村户点干抓]|逐[户村乡镇级人项个一]|上门|值班|联审|容缺|一户一|一对一|排班|培训|督促|通报|约谈|奖补"
    "|整改|销号|专人|专项|网格|轮班|[日周旬月]调度|[日周旬月]通报|例会|会商|联动|抽查|巡[查回]|走访|排查|摸底|入户"
    "|加[快大密派]|抓[好紧实]|组织|安排|落地|优化|简化|开通|设立|争取|筹措|整合|配齐|选派|抽调|现场|分片|分组"
)
#: 工作有序推进 says how it goes and nothing else.
_STATUS = re.compile(
    r"(?:目前|当前|现|各?项?|全[州市县区省]|各(?:县市区?|县|地|乡镇)|项目|工程|任务|建设|总体|整体|均|都|已|仍|正)*"
    r"(?:[超按]序时(?:进度)?|超额完成(?:年度|全年)?(?:目标)?任务|工作|进展|进度|推进|施工|实施|开展|正在|扎实|稳步|有序|有力|顺利|平稳|正常|良好|较好|全面|加快|按计划|中|情况|进行)+"
)
#: Fewer characters say too little for a section.
_ENOUGH = 8
_SHORTEST_STATUS = 3
_CLAUSE = re.compile(r"[,;。!\n]")
#: What is not done yet is no measure taken, and no figure of what was tried.
_TO_COME = re.compile(
    rf"{NEXT}|{LATER}|{PLANNED}|(?<!倒排)计划|[拟将待]|准备|下半年|尚|还没|没有?|暂|[未]|不[够足]|晚点|稍后|[明后]天"
)
_QUESTION = ("?", "？", "吗", "呢", "么")
_LONGEST = 40
#: 措施逐村安装, 存在问题：…, 截至7月底.
_FURTHER = re.compile(
    r"(?:主要|存在|工作|具体|目前|的)*(?:措施|做法|问题|困难|成效|进展|下一?步)|(?:数据)?截[至止]"
    r"|[一-鿿]{1,12}\s*:"
)
#: 预计8月底能到4000个: a figure to come is no measure taken.
_FORECAST = re.compile(
    r"(?:预计|预估|预期|预测|估计|力争|争取|有望|计划|打算|到时|届时|年底|月底|下个?月)[^。;\n]{0,20}?"
    r"(?:能|可|达|到|完成|建成|有|是|为|约)[^。;\n]{0,12}?\d"
)
_UNTIL = re.compile("截[至止]")
#: 先报另一个: of another report.
_OF_OTHERS = re.compile(
    rf"{DASHED}|(?:先|改|换|再|还是|要|接着|继续)(?:[报填弄做换])?(?:另|别的|其[他它]|那[个项]|下[一]?[个项]|上[一]?[个项]|刚才)"
    r"|另(?:外)?[一]?[个项]|^(?:继续|接着|回到|返回|切换|换成?|转到)"
)


def may_be_section(words: str) -> bool:
    """Whether *words* tell of the work: no question, order, correction or forecast does."""
    plain = normalise(words).strip()
    if len(command_key(words)) < _ENOUGH or words.rstrip().endswith(_QUESTION):
        return False
    if is_put_off(words) or is_as_before(words) or corrects(words) or forecasts(words):
        return False
    return len(plain) > _LONGEST or _OF_OTHERS.search(plain) is None


def may_go_on(words: str) -> bool:
    """Whether *words* begin like a further line of a report, or hold a figure: no question does."""
    plain = normalise(words).strip()
    if plain.endswith(_QUESTION):
        return False
    return _FURTHER.match(plain) is not None or bool(amounts_in(plain))


def tells_of(words: str, part: Part | None) -> bool:
    """Whether *words* without a heading are plainly of this *part* of a report.

    Small talk, plans and counts of something else are of none.
    """
    plain = normalise(words)
    if part is Part.MEASURES:
        clauses = _CLAUSE.split(plain)
        return any(_is_effort(clause) for clause in clauses)
    if part is Part.PROBLEMS:
        return HINDRANCES.search(plain) is not None
    return any(each.search(plain) for each in (EFFORTS, HINDRANCES, UNDER_WAY))


def _is_effort(clause: str) -> bool:
    is_told = EFFORTS.search(clause) or _WAYS.search(clause)
    return bool(is_told) and not _TO_COME.search(clause)


def is_status(words: str) -> bool:
    """Whether *words* only say how the work goes: 工作有序推进."""
    clauses = [each for each in _CLAUSE.split(normalise(words)) if each.strip()]
    return bool(clauses) and all(
        len(each.strip()) >= _SHORTEST_STATUS and _STATUS.fullmatch(each.strip())
        for each in clauses
    )


def forecasts(words: str) -> bool:
    """Whether a short text only says what is to be reached."""
    plain = normalise(words).strip()
    is_told = len(plain) > _LONGEST or _UNTIL.search(plain) is not None
    return not is_told and _FORECAST.search(plain) is not None
