"""The status that the words of a text give its task; figures alone never do."""

import re

from handlers.reading.openers import seeking
from handlers.reading.prose.plans import LATER, NEXT, PLANNED

_SENTENCES = re.compile(r"[;。!?\n]")
_CLAUSES = re.compile(r"[,:()]")
_TOLD = re.compile(r"已|目前|截[至止]|累计")
_PLANNED = seeking(
    rf"{PLANNED}|{NEXT}|{LATER}|争取|计划于|计划提前|拟|目标[是为]|(?<!时序)(?<!序时)(?<!进度)要求|为了?(?=全面|确保|如期|圆满|按[时期]|完成|推进|实现)|将(?=在|于|继续|按|全)|若|如果|防止|避免|杜绝"
)
_BY_THEN = re.compile(
    r"(?:[日底末中旬]|(?<![个多])月|之|以|年内|明年|下个?月)前?(?:全部|全面|基本)?(?:完成|完工|建成)|[底日月]前|明年"
)
_BEHIND = seeking(
    r"滞后|偏慢|缓慢|较慢|太慢|落后|(?:未|没有?)(?:能)?达(?:到)?(?:序时|时序|时间)|(?:低|慢)于(?:序时|时序|时间)"
    r"|[较比](?:序时|时序)(?:进度)?(?:要求)?[慢低]|[较比][^,;。]{0,4}(?:计划|节点)[^,;。]{0,2}慢|进[度展][一-龥]{0,3}(?:慢(?!慢)|不理想)|拖后腿|没谈拢|掉在[^,;。]{0,6}后面"
    r"|(?:与|距|离)(?:序时|时序)[^,;。]{0,5}差|[较比](?:序时|时序)[^,;。]{0,5}(?:低|少|慢|落后)|不及(?:序时|时序)|进展不快|欠(?:序时|进度)"
)
_NOT_BEHIND = seeking(
    r"(?:无|没有|未|不存在|不|扭转|解决|改变|克服|消除|整改|通报|督办|督促|推动|(?<![相])对|针对|约谈)[^,;。]{0,8}?(?:滞后|偏慢|缓慢|落后|慢)"
    r"|(?:滞后|落后)(?:的)?(?:问题|局面|现象|项目)[^,;。]{0,8}(?:解决|扭转|整改|改观|消除)|落后产能|落后地区"
)
#: 提前两个月, 提前半年
_EARLY = (
    r"提前(?:[近约]?(?:[一二两三四五六七八九十\d]{1,3}个?多?|半)(?:个?月|天|日|周|个?季度|个?星期|年)(?:左右)?)?"
    r"(?:全面|全部|超额|圆满)?"
)
_COMPLETED = seeking(
    r"(?:超额|全面|全部|圆满)完成(?!\d)|(?:提前|圆满|顺利|胜利|全面|如期|完美)收官(?!之|阶段|战|期)|达到了?[^,;。]{0,6}验收标准"
    rf"|(?:均|都|全部|全面|已|如期|{_EARLY})完成(?:了)?(?:全年|年度|年|省定|州定|既定|各项)*(?:目标任务|任务目标|目标|任务)(?![的]?[约近]?\d|的|数|量|[一-龥])"
    r"|(?:任务|目标|工作|项目|全部|整体)(?:均|都|全部|也)?已(?:经|全部|全面|均)*(?:提前|如期|顺利)?完成了?(?=$|任务)"
    r"|已(?:经|全部|全面|均|提前|如期|顺利)*完成(?:了)?(?:全年|年度|年|目标|既定|省定|州定|全部|各项)*(?:目标)*任务(?![的]?[约近]?\d|的|数|量)|^已(?:经|全部)*完成了?$"
    r"|已(?:经)?全部(?:完工|竣工|建成)"
    rf"|{_EARLY}完成(?=(?:全年|年度|年|目标|省定)*任务(?!的?[约近]?\d|的|数|量)|$)"
)
_NOT_COMPLETED = seeking(r"(?:未|没有|没|不能|尚未|还未)[^,;。]{0,8}(?:完成|达到)")
_ON_TRACK = seeking(
    r"有序推进|有序开展|稳步推进|顺利推进|扎实推进|推进有序|(?:按|照)序时|超(?:过)?(?:序时|时序)|(?:高|快|优|先)于(?:序时|时序|时间进度)|[较比](?:序时|时序)(?:进度)?(?:要求)?[快高超]"
    r"|(?<![未没])(?<!没有)(?<!未能)(?:(?:达到?|符合)了?(?:序时|时序)|与(?:序时|时序)(?![^,;。]{0,6}[差低慢落]))|进展顺利|推进顺利|进展良好|进展正常|正常推进|按计划推进|按期推进|按时序|按(?:照)?(?:时间|进度)(?:节点|要求|计划)|按节点|推进正常|如期推进|进度正常|达到进度要求"
)


_SOME_LEFT = re.compile(r"(?:还|尚|仍)有[^,;。]{0,12}未(?:能)?(?:完成|完工|建成)")
#: 25项提前完成 speaks of those alone.
_SOME = re.compile(r"\d ?[项个件户所家座处条][一-龥]{0,4}(?:滞后|偏慢|缓慢|较慢|落后)")
_OTHERS_DONE = re.compile(
    r"\d ?[项个件户所家座处条][^,;。]{0,6}(?:完成|完工|竣工|建成|达标|办结|投用|投入使用|销号|达到)"
)
_COUNTED = re.compile(r"\d ?[项个件户所家](?!月|季度|工作日|百分点)")
#: 对超额完成的县市给予奖补 says what will be done for those who do.
_REWARDED = re.compile(r"对[^,;。]{0,20}的|(?:奖励|奖补|表扬|表彰|通报)[^,;。]{0,20}的")


def status_of(text: str) -> str | None:
    """``completed``, ``on_track`` or ``behind``; None where words are missing or disagree."""
    found: set[str] = set()
    for sentence in _SENTENCES.split(text):
        ahead = False
        for clause in _CLAUSES.split(sentence):
            planned = _PLANNED.search(clause) is not None
            ahead = planned or (ahead and not _TOLD.search(clause))
            status = None if planned else _of_clause(clause)
            if status == "behind" and _SOME.search(clause) and _OTHERS_DONE.search(text):
                return None
            if status and not (ahead and status == "completed"):
                found.add(status)
    if "completed" in found and _SOME_LEFT.search(text):
        return None
    return found.pop() if len(found) == 1 else None


def _of_clause(clause: str) -> str | None:
    """What a clause says that names no day by which it will be so."""
    status = _said(clause)
    if status == "completed" and _REWARDED.match(clause):
        return None
    return None if status and _BY_THEN.search(clause) and "已" not in clause else status


def _said(clause: str) -> str | None:
    if _BEHIND.search(clause) and not _NOT_BEHIND.search(clause):
        return "behind"
    done = _COMPLETED.search(clause)
    if done and not _COUNTED.search(clause[: done.end()]) and not _NOT_COMPLETED.search(clause):
        return "completed"
    return "on_track" if _ON_TRACK.search(clause) else None
