"""Words that leave what was written of a report: for a while, for good (算了), or to begin anew."""

import re

from handlers.reading.normalise import command_key

#: Said before it, or as a clause of its own: who, of what, and why.
_LEAD = (
    r"(?:好的?|行|嗯|哦|哎呀?|唉|那么?|就|我们?|咱们?|这[边会儿]{1,2}|现在|今天|正?在|手[头上]|还?有[点些]?别?的?急?[事活]情?|还?要?去?开会|吃饭|出差|下乡"
    r"|路上|外面|陪?领导|要?下班|来不及|[太很正]?有?[点些]?忙|没有?时间|没空|累|[这那]一?[项个条件份次期]?|它|报送|材料|数据?|[了着呢])*"
)
_LATER = (
    "(?:[明后]天|明早|今[晚天]|晚上|[上下]午|中午|下?周[一二三四五六日天]?|星期[一二三四五六日天]|改天|过[一几两]?[天会]儿?"
    "|回头|晚[点些]|待会儿?|等?一会儿?|等[会下]儿?|稍后|以后|有空|有时间|得空|吃完?饭后?|开完会后?|忙完这?阵?|上班后?)"
)
_NOW = rf"(?:先|暂时?且?|现在|这会儿?|眼下|目前|{_LATER})"
_DO = "(?:报送|填报|上报|报|填|弄|搞|做|写|发|整|办|管|说|改)"
#: 先不报了, 放一放, 先到这里, 下午再弄.
_ASIDE = re.compile(
    rf"{_LEAD}(?:{_NOW}{{1,3}}[还就也]?不{_DO}"
    rf"|{_NOW}?把?[放搁停缓](?:一?[放搁停缓]|一下|着|到?一?边)|{_NOW}把?[存留放搁](?:一下|着|下|在?[这那]里?儿?)"
    rf"|{_NOW}?就?到[这此]里?儿?|{_NOW}(?:{_DO}?到[这此]里?儿?|这样)"
    rf"|{_LATER}{{1,2}}我?们?(?:再|接着|继续)来?(?:接着|继续)?{_DO})"
    "(?:它|这一?[个项]|一下|下去)?(?:[吧了啊哈哦呢]|谢谢|麻烦|再说|再看)*"
)
_WHY = re.compile(_LEAD)
_CLAUSE = re.compile(r"[,，。;；!！~～、\s]+")
#: 不报了, 算了.
_AWAY = re.compile(
    "(?:那|哎|唉|算了|先|暂|暂时|还是|就|这[次期项]|本[次期月]|我们?|今天)*"
    "不(?:报|填|报送|填报|上报)了?(?:吧|先|谢谢)?|算了(?:吧)?"
)
#: 写错了重来, 算了，重新填一遍: all of it is to be said anew.
_ANEW = re.compile(
    "(?:(?:刚[才刚]|[前上]面|这[条个份次]|我|都|全部?|好像|数据?|内容)*(?:(?:[写填报打弄发搞]|输入)[错乱]了?|不对|有误|错了)"
    "|算了|还是|那|请|帮我|我|要|想)*"
    "(?:重新(?:来|填写?|写|填?报|开始|发|弄)|重[来填报写发]|从头(?:再)?(?:来|填))"
    "(?:吧|一?[下遍次份]|过|了|啊|哈|可以吗|行吗)*"
)
_LONGEST = 40


def sets_aside(text: str) -> bool:
    """Whether *text* only says that the report is gone on with later: nothing is given up."""
    if len(text) > _LONGEST:
        return False
    clauses = [key for each in _CLAUSE.split(text) if (key := command_key(each))]
    others = [each for each in clauses if not _ASIDE.fullmatch(each)]
    return len(others) < len(clauses) and all(map(_WHY.fullmatch, others))


def gives_up(text: str) -> bool:
    """Whether *text* may say that the report is given up for good."""
    return _AWAY.fullmatch(command_key(text)) is not None


def starts_over(text: str) -> bool:
    """Whether *text* says no more than that all of it is to be written anew."""
    return len(text) <= _LONGEST and _ANEW.fullmatch(command_key(text)) is not None
