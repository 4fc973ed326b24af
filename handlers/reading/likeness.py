"""How much the words around a figure resemble an indicator's name, and whose text it may be."""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.distance import LCSseq

from handlers.reading.names import Name
from handlers.reading.normalise import command_key

#: Words that say nothing of what is counted.
_GENERAL = re.compile(
    r"[\d-]+月(?:份|底|末)?(?:\d+日)?|\d{4}年|上半年|"
    "全[州市县省区年]|[州市县省]本?级|各县市区?|今年以来|年初以来|年内|今年|年初|现已|迄今|当前|以来|本年|目前|截至|截止|累计|已经|已|共计|"
    "共|合计|总计|总共|合计|完成了?|实现|建成|开展|实施|组织|推进|其中|平均|均|达到|达|人数|数量|总数|任务|项目|"
    "工程|目标|新增安装|安装|新装|装|投放|配备|购置|发放|改扩建|新改建|改新建|扩建|修建|办结|新建|建设|办理|受理|实际|完工|分别|依次|仅|只|现有|到位|为|是|有|了|的|约|近|超过|超|逾|和|与|及|工作|水平|情况|进度"
)
#: Words that many tasks share: they tie a text to none of them.
_COMMON = frozenset("农村 城镇 城乡 增加 提高 服务 免费 困难 基层 标准 群众 投资 改造 中心".split())
#: A whole name of fewer characters may stand in a text by chance.
_SHORTEST = 4
STRONG = 0.6
WEAK = 0.4


def likeness(words: str, names: Iterable[str]) -> float:
    """From 0 to 1, how far *words* before or after a figure say one of *names*.

    What is counted stands at the end: 农村转移就业劳动者培训 ends with 培训 and is no 转移就业.
    """
    said = core(words)
    return max((_alike(said, core(name)) for name in names), default=0.0)


def _alike(said: str, name: str) -> float:
    if not said or not name:
        return 0.0
    same = LCSseq.similarity(said, name)
    if same < min(2, len(name)):
        return 0.0
    score = 2 * same / (len(said) + len(name))
    if name in said:
        score = max(score, 0.75)
    if said[-2:] not in name and name[-2:] not in said[-3:]:
        return min(score, WEAK - 0.01)
    # 农村劳动力转移就业 lacks the 培训 that is counted: it may be meant, and is asked about.
    return score if name[-2:] in said or said in name else min(score, STRONG - 0.01)


@lru_cache(maxsize=4096)
def core(words: str) -> str:
    """*words* without what any figure may have around it; all of them where nothing is left."""
    key = command_key(words)
    return _GENERAL.sub("", key) or key


def begins_with(words: str, names: Iterable[str]) -> bool:
    """Whether *words* behind a figure begin with one of *names*: 7个4G基站已全部建成."""
    said = core(words)
    return any(said.startswith(name) for name in map(core, names) if len(name) > 1)


def says_nothing(words: str) -> bool:
    """Whether *words* name no thing that is counted: 全州累计完成."""
    return len(_GENERAL.sub("", command_key(words))) < 2


def is_related(text: str, names: Iterable[str]) -> bool:
    """Whether *text* shares a word of its own with one of *names*."""
    said = _pairs(core(text))
    return any(said & _pairs(core(name)) for name in names)


def _pairs(key: str) -> set[str]:
    return {a + b for a, b in pairwise(key) if not (a + b).isdigit()} - _COMMON


def closeness(text: str, names: Iterable[str]) -> float:
    """From 0 to 1, how much of the best of *names* stands in a whole paragraph."""
    said, written = core(text), command_key(text)
    pairs = set(pairwise(said))
    best = 0.0
    for whole in names:
        name, key = core(whole), command_key(whole)
        if len(key) >= _SHORTEST and key in written:
            return 1.0
        if len(name) < 3:
            continue
        wanted = set(pairwise(name))
        best = max(best, 1.0 if name in said else len(wanted & pairs) / len(wanted))
    return best


def other_task(text: str, own: Iterable[str], others: Iterable[Name]) -> str:
    """Number and name of the task that *text* speaks of clearly more than of the own one."""
    rest = [(closeness(text, (each.title, *each.aliases)), each) for each in others]
    score, name = max(rest, key=lambda found: found[0], default=(0.0, None))
    if name is None or score < _NAMED or score - closeness(text, own) < _LEAD:
        return ""
    return f"{name.number} {name.aliases[0] if name.aliases else name.title}"


_NAMED = 0.8
_LEAD = 0.35
