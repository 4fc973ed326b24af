"""At which step of the work a figure is: what comes before it, begun, accepted, handed over."""

import re

from handlers.reading.prose.plans import PLANNED

#: Steps of the work: a count of one is no count of another.
STEPS = ("开工", "竣工", "完工", "投入使用", "投用", "验收", "挂牌")
#: What comes before the work itself is done.
_PREPARING = re.compile(
    "评估|签订|签约|协议|摸底|招标|中标|设计|申报|申请|审批|立项|调查|登记|储备|选址|勘[察测]|备案|调试"
    "|配送|配发|入库|备货|下单|维修|检修|拆除|报废|采购|购置|购买|购进|订购|订货|定制|到货|进场|供货|发货|运抵|摸排|排查|公示|意向|报名|测量|放样|筹[备集建]"
)
#: What is to be built is not done when it is handed out or promised.
_BUILT = re.compile("[建改装修]")
_GIVEN = re.compile("发放|落实|投放|安排")
NOT_YET = re.compile(f"未|尚|拟|计划|待|将|准备|{PLANNED}")


def begins_as(after: str, step: str) -> bool:
    """51个已正式开工: the step stands behind the count."""
    return (
        re.match(rf"(?:均|都|全部|现|已经?|业已|正式|全面|顺利|如期)*已?{step}", after) is not None
    )


def is_preparing(words: str, asked: str) -> bool:
    """Whether *words* tell of what comes before the work (已采购4000个), where *asked* does not."""
    if _BUILT.search(asked) and any(word not in asked for word in _GIVEN.findall(words)):
        return True
    return any(word not in asked for word in _PREPARING.findall(words))
