"""Whether the words around a figure leave its kind beyond doubt.

A verb of result or a tally is not enough: words of function (若, 均, 再, 未, 因, 的) turn what
stands beside them, and there are few of those, while no list holds every verb.
"""

import re

from handlers.reading.prose.clauses import Setting, same_unit, visible
from handlers.reading.prose.context import Context, Reading
from handlers.reading.prose.cues import Cue, Hit
from handlers.reading.prose.figures import Kind
from handlers.reading.prose.words import COUNTING, PAYING, has

_QUARTER = 3
_DONE, _TARGET, _OTHER = Kind.DONE, Kind.TARGET, Kind.OTHER
#: Before a figure: supposed, allowed, wanted, missing, of each, once more, because of, by others.
_TURNING = re.compile(
    # Where no word of it can begin, none is tried.
    r"(?=[即可能如若要假一每平年月日人户均预应需须拟将待未没尚仍还再缺距限逾超无难暂因被由除不较比落低高其另剩余])(?:"
    r"即将|(?<![认许])可(?!靠|持续|研|再生)|(?<![智功节产动潜储技效职性])能(?![力源耗手效人繁])"
    r"|如(?![期实下约数皋])|若(?!干)|要是|假如|一旦"
    r"|(?<![主重需必纪摘概提简紧])要(?![求素件点闻害])|每|平均|[年月日人户]均|均(?=[一-龥]?\d|每|需|可|要|应)"
    r"|预(?![算防警备案约留付制报测审售科])|(?<![供适相反对响效呼])应(?![急用对届收战聘])|需(?!求)|须(?!知)"
    r"|拟(?![定订])|将(?=[^军士]|$)|(?<![接对招等期款优])待(?![遇岗业])|未(?![成来婚])|没(?!收)|尚|仍"
    r"|还(?![款田林湿建贷本清草])|再(?![就生贷造次])|缺|距|限期|逾期|超期|无法|难以|暂|因(?![地素])"
    r"|被(?=[一-龥])|(?<![归])由(?=[一-龥])|除|不(?![动少断良含锈])|无(?![障偿人线土])"
    r"|[较比](?!例|赛|武|重)|超(?![额前声市限高载短重])|落后|低于|高于|其他|其它|其余|另(?!\d)|剩|余下"
    r")"
)
#: Words before a verb that say somebody wants it, nearly did it or did it wrongly, or stopped.
_SPOILING = re.compile(
    r"(?=[想预欠希盼建承答同批允要责督催申请准打估推误虚漏错重停暂中取拒退撤延超迟差几快就马很随稍最至或可分初基部局大试多少协接原上此"
    r"以更意明后下年月今三两二五全成工产结好用毕补对按依参围聚包核现入])(?:"
    r"(?<!理)想(?!象)|预备|欠(?!发达)|希望|盼|建议|承诺|答应|同意|批准|允许|要求|责令|督促|催促|申请|请求|准备|打算|估计|预测|推测"
    r"|误(?!区|工)|虚|漏(?!水|电|雨)|错(?!峰|时|位)|重复|停止|暂停|中止|取消|拒绝|退回|撤回|推迟|延期|延后|超时|迟报"
    r"|差点|几乎|快要|就快|马上|很快|随后|稍后|最多|最少|至少|或(?!许)|可能|分批|初步|基本(?!农|公|医|养|药|生)|部分(?!群|项)"
    r"|局部|大体|大致|试点|超额|多(?=[完建办发])|少(?=[完建办发])|协助|协同|接受|原报|上次|此前|以往|更正|意向|初审|预审|初评|上报(?=完成)|核[实查](?=[仅只为])|现场核[实查]|(?<!组织)入户评估"
    r"|明天|后天|明日|下周|下个?月|下半年|年底|年末|月底|月末|年中|今后|后[期续]|[三两二五]年(?=[完建])|全年(?=[完建办培新])"
    r"|[成工产结好用毕]后|多发|补发|[对按依参]照|对标|围绕|聚焦|包括|包含"
    r")"
)
_PREPOSED = ("按", "以", "通过", "为", "向", "快", "可", "需", "想", "拟", "应")
_PROCEEDING = re.compile(r"(?<![集其高初])中$")
_ADDED_TROUBLE = re.compile(
    r"(?:新增|净增|增加|出现|产生|存在)[一-龥]{0,4}(?:问题|隐患|欠|病例|投诉|失业|风险|违|积案|损|事故|案件)"
)
#: Troubles are no work unless the verb does away with them or is there to find them.
_TROUBLES = re.compile(r"扣分|问题|欠款|病例|违规|风险|流失|警情|事故|缺陷|损失")
_REMEDIES = frozenset(
    "整改 化解 处置 解决 消除 销号 办结 完成 整治 排除 处理 治理 排查 受理 查处 破获 接听 接收 "
    "纠正 移交 移送 交办 督办".split()
)
#: 完成12个项目的设计, 完成12个算及格
_TURNED_AFTER = re.compile(
    r"的(?:设计|招标|招投标|立项|审批|选址|可研|初设|勘察|勘测|方案|前期|手续|评审|审查|预审|摸底|规划|计划|任务|目标|话)"
    r"|为止|以后|[成工产结好用毕]后|即可|就行|就算|算(?!力)|测算|是目标|没问题"
)
#: 已于5月底前
_BY_THEN = re.compile(r"^[于在][一-龥\d]{1,8}前")
_TAKEN_BACK = re.compile(r"收回|减少|退回|少(?=[投拨付])")
_SHARES = frozenset((Kind.PERCENT, Kind.RATE, Kind.STATED, Kind.GROWTH))
#: 若完成50%, 计划增长5%, 全省平均完成率, 目标完成率
_SUPPOSED = re.compile(
    r"若(?!干)|如果|要是|假如|倘若|一旦|希望|估计|预测|计划(?=增长|提高|下降)|(?:增长|发展|预期|工作)目标|目标(?=完成率)"
    r"|全[省国][一-龥]{0,2}平均(?![一-龥]{0,2}[高低多少])|自[评报测]|占(?:设计|规划|应)"
)
#: 50%以上的县, 50%以上才能验收
_SORTS = re.compile(
    r"(?:及|或)?以[上下](?:的|才|为|就|方|者)|(?:才|方)[能可]|为(?:优秀|合格|达标|良好)"
)
#: Who is on a list or has come: one reader counts it as done, another as what there is.
_ENLISTED = frozenset("登记 报名 参加 参与 采购 入围 入选".split())
#: 完成路基198公里, 完成主体4层: of the works, not of the task; 抢修队伍32支 are there.
_OF_WORKS = re.compile(r"(?:路基|路面|基层|面层|土石?方|主体|队伍|专班)$")
#: Where the plan counts starts, a start is what is done.
START_PLANNED = re.compile(r"(?:计划|任务|目标|应)(?:新)?开工")
#: 一是加快进度,9月完成50个: told or wanted.
_MEASURES_TOLD = re.compile(
    r"[一二三四五]是(?:进一步|持续|全力|切实)?(?:加快|加大|强化|压实|狠?抓|倒排|严格|突出|加强|落实|紧盯|聚焦|推进)"
)
#: 系统显示完成412个: another source may say otherwise.
_SHOWN = re.compile(r"(?:系统|平台|后台|网上)(?:里|上|中)?(?:显示|反映|登记的?|数据?(?=[是为]))")
_GIVEN_TO = re.compile(r"(?:发放|兑现|补贴|覆盖|服务)到(?:约|近)?$")
#: 其中新开工94个、续建192个: so many are going on.
GOING_ON_OF_IT = re.compile(r"其中[一-龥]{0,4}(?:开工|续建|在建)")
_OF_EACH = re.compile(r"[亩户人]均")
#: 对全面完成任务的县市奖励20万元: those who do will have it.
_REWARDS = re.compile(r"对[^,;。]{1,20}的[^,;。]{0,8}(?:奖|补助|给予)")
_PEOPLE = frozenset("人 名 位 人次".split())
#: 组织192名技术人员下乡: who did the work.
_SENT_OUT = re.compile(r"组织(?:约|近)?$")
#: 鉴定为D级的危房26户: found to be so, mended by nobody.
_FOUND_TO_BE = re.compile(r"(?:鉴定|评估|核定|认定|界定|列)为[A-Z一-龥]{1,4}级")
#: 项目库入库项目389个: what is on a list, of which nothing is built yet.
_LISTED_PROJECTS = re.compile(r"(?:入库|备案|储备|谋划|包装)项目$")
#: 共改造14.2公里,工程进度到了九成: so many are at work.
_HOW_FAR = re.compile(r"[,;](?:工程|形象|建设|施工|总体|整体)进度")
_CLEARED = re.compile(r"清理|清收|清退")
_MONTH = re.compile(r"(?<![\d.-])(\d{1,2})月|([一二三四])季度")
#: Behind it: what is said of the things counted is no result.
_TURNED = re.compile(
    r"(?:未(?![成来婚])|没(?!收)|(?<![接对招等期])待(?![遇岗])|尚|仍|因(?![地素])|被|不(?![动少断良含锈足])|无(?![障偿人线土])|难|缺"
    r"|正(?![式常规])|在(?![一-龥]{0,6}[市县区乡镇村内上中])|暂|拟|将|要(?![求素件点])|需(?!求)|须|应(?![急用])|预计|即将|等(?=[一-龥]))"
)
#: 已完成的3个 counts those; 通过验收的有3个 may, 没通过的有3个 does not.
_ATTRIBUTE = re.compile(r"的(?:也|仅|只|才|就|共)?[有是为达]?(?:约|近)?$")
#: 拖了40天: a verb that nobody listed.
_SAID_OVER = re.compile(r"([一-龥])[了过](?:约|近|不到|不足|超过?)?$")
#: 下达, 分配 and 核定 hand work down.
_HANDED_DOWN = frozenset("下达 分配 安排 核定 交办 分解 下派 派单 承担 承接 转办 责令 申报".split())
_MEASURES = re.compile(r"供餐|训练|康复|培训|服务|救助|志愿|学时|课时|值守|播出|飞行")
_TIMES = frozenset("天 周 个月 年 小时 分钟 秒 日历天 个工作日 工作日 个季度 岁".split())
_THEN = re.compile(r"[,;]?(?:目前|现|其中|现在|截至目前)?(?:已|完成|实际|仅|只)")
_PART_WITH_WORDS = re.compile(r"(?:其中|^[,、]?含).*[一-龥]")


def is_time(context: Context, setting: Setting) -> bool:
    """Whether a figure is a span of time that is no measure of the work: 训练2067个月 is one."""
    if setting.amount.unit not in _TIMES:
        return False
    return _MEASURES.search(context.layout.text, setting.begin, setting.left_end) is None


def is_earned(context: Context, setting: Setting, reading: Reading) -> bool:
    """Whether *reading*, which its rule calls certain, stands against all words around it."""
    if reading.kind is _DONE:
        return not _is_turned(context, setting)
    if reading.kind is Kind.MONEY:
        words = _since_told(context, setting, context.left_hits(PAYING, setting))
        turned = _TURNING.search(words) or _SPOILING.search(words) or _TAKEN_BACK.search(words)
        turned = turned or _OF_EACH.search(setting.left) or _REWARDS.search(setting.left)
        return not (turned or is_spoken_of_later(context, words))
    if reading.kind in _SHARES:
        ahead = reading.kind is Kind.GROWTH and context.plan_in_force(setting)
        amount = setting.amount
        rough = amount.approximate and "成" in context.layout.text[amount.start : amount.end]
        sorts = _SUPPOSED.search(setting.left) or _SORTS.match(setting.right)
        return not (ahead or rough or sorts)
    if reading.kind is _OTHER:
        told = _compares(setting) or _is_over(setting) or _names_a_task(setting)
        # 9个村12月初进场; what is left is so whenever it will be done.
        left = has(context.left_hits(COUNTING, setting), Cue.SHORT)
        later = not left and is_spoken_of_later(context, setting.right)
        return not (told or later or _is_open_to_readers(context, setting))
    if reading.kind is _TARGET:
        return not (_compares(setting) or is_time(context, setting))
    return True


def _is_turned(context: Context, setting: Setting) -> bool:
    """Whether something in the clause of a count that is called done speaks against that."""
    hits = context.left_hits(COUNTING, setting)
    words = _since_told(context, setting, hits)
    if _TURNING.search(words) or _SPOILING.search(words) or _ADDED_TROUBLE.search(words):
        return True
    if hits and hits[-1].text not in _REMEDIES:
        if _TROUBLES.search(context.layout.text, hits[-1].end, setting.left_end):
            return True
    if _SHOWN.search(setting.left):
        return True
    if _MONTH.search(words) and is_among_measures(context, setting):
        return True
    if _PROCEEDING.search(words) or _TURNED_AFTER.search(setting.right):
        return True
    if is_spoken_of_later(context, words) or _is_preposed(words, setting, hits):
        return True
    if _is_open_to_readers(context, setting) or is_time(context, setting):
        return True
    part = _PART_WITH_WORDS.search(setting.left) and not context.is_bare(setting)
    if part or _TURNED.search(setting.right):
        return True
    return _is_handed_down(setting, hits) or is_whole(context, setting)


def is_among_measures(context: Context, setting: Setting) -> bool:
    """Whether measures are told of before it: 一是加快进度,9月完成50个."""
    begin = context.layout.begins[setting.sentence]
    return bool(context.matches(_MEASURES_TOLD, begin, setting.left_end))


def _is_open_to_readers(context: Context, setting: Setting) -> bool:
    """Whether careful readers take it for done or for what there is: 报名7842人, 覆盖的19个."""
    words = setting.left
    if _ATTRIBUTE.search(words) or _GIVEN_TO.search(words) or _OF_WORKS.search(words):
        return True
    following = context.settings[setting.at + 1 : setting.at + 2]
    if following and GOING_ON_OF_IT.search(following[0].left):
        return True
    if setting.amount.unit in _PEOPLE and _SENT_OUT.search(words):
        return True
    if _LISTED_PROJECTS.search(words) or _is_at_work_on(context, setting):
        return True
    if _CLEARED.search(words) or _FOUND_TO_BE.search(words):
        return True
    last = next(reversed(context.left_hits(COUNTING, setting)), None)
    if last is None or last.text in _ENLISTED:
        return last is not None
    starts = last.text.startswith("开工") and setting.amount.unit != ""
    return starts and START_PLANNED.search(context.layout.text) is not None


def _is_at_work_on(context: Context, setting: Setting) -> bool:
    """Whether work that no word calls over is told to have come so far: 改造14.2公里,进度九成."""
    if not _HOW_FAR.match(context.layout.text, setting.hi):
        return False
    hits = context.left_hits(COUNTING, setting)
    told = has(hits, Cue.REALISED) or has(hits, Cue.TALLY)
    return bool(hits) and hits[-1].cue is Cue.ACTIVITY and not told


def is_spoken_of_later(context: Context, words: str) -> bool:
    """Whether *words* name a month after that of reading: 10月完成12个, said in June."""
    for match in _MONTH.finditer(words):
        month = int(match[1]) if match[1] else "一二三四".index(match[2]) * _QUARTER + 1
        if month > context.month:
            return True
    return False


def _is_preposed(words: str, setting: Setting, hits: list[Hit]) -> bool:
    """按完成12个, 通过建成12个: a word before the verb makes a means or a measure of it."""
    verbs = [hit for hit in hits if hit.cue in (Cue.RESULT, Cue.ACTIVITY)]
    if not verbs:
        return False
    before = words[: max(0, len(words) - (setting.left_end - verbs[-1].start))]
    return before.endswith(_PREPOSED)


def _since_told(context: Context, setting: Setting, hits: list[Hit]) -> str:
    """The words before a figure behind the last 已 or 累计 among them."""
    told = [hit for hit in hits if hit.cue in (Cue.REALISED, Cue.TALLY) and "前" not in hit.text]
    if not told:
        return setting.left
    return _BY_THEN.sub("", visible(context.layout, told[-1].end, setting.left_end))


def _is_handed_down(setting: Setting, hits: list[Hit]) -> bool:
    last = hits[-1] if hits else None
    if last is not None and last.text in _HANDED_DOWN:
        return True
    over = _SAID_OVER.search(setting.left)
    known = last is not None and setting.left_end - last.end <= len(over[0]) if over else True
    return not known


def is_whole(context: Context, setting: Setting) -> bool:
    """214户,已改190户: what is told next is how far these are."""
    for other in context.settings[setting.at + 1 : setting.at + 2]:
        if other.sentence != setting.sentence or not same_unit(other.amount, setting.amount):
            return False
        if other.amount.value >= setting.amount.value:
            return False
        begins = _THEN.match(context.layout.text, setting.hi) is not None
        return begins and not has(context.left_hits(COUNTING, setting), Cue.REALISED)
    return False


def _compares(setting: Setting) -> bool:
    return (
        re.search(
            r"[较比](?!例|赛|武|重)|超(?![额前])|距|差|落后|[低高多少快慢]于|不及|(?:计划|任务|目标)外",
            setting.left,
        )
        is not None
    )


def _is_over(setting: Setting) -> bool:
    return (
        re.search(r"(?:全部|均已?|都已?|已)[一-龥]{0,4}(?:完|成|通|好|结|毕|用|场)", setting.right)
        is not None
    )


def _names_a_task(setting: Setting) -> bool:
    return re.match(r"[一-龥]{0,4}的?(?:任务|目标|计划|指标)", setting.right) is not None
