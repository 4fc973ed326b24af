"""Troubles, lacks and losses: what stands there nobody has achieved."""

import re

from handlers.reading.prose.clauses import Setting
from handlers.reading.prose.context import Context

_FARTHEST = 80
#: What nobody achieves: lacks, losses, mishaps.
LACK = re.compile(
    r"缺(?!陷)|短缺|损失|受灾|受损|受淹|倒塌|坍塌|垮塌|死亡|失踪|伤亡|受伤|中断|停电|停水|断电|消失|流失|故障|倒损|损毁"
    r"|损坏|停产|停业(?!整顿)|涉诉|流拍|警情|溺水|逾期|倒闭|歇业|空[仓岗编][一-龥]?|压垮|压塌|冲毁|冲垮|淹没|放弃|扣(?=了|\d|$)|撂荒|闲置|空置|亏损|滑坡|塌方|渗漏|失业|退库|退规|缓考|申诉|(?:初次|重复|集体|越级)(?:信访|上访|访)|空白|超标|空缺|事故|火灾|欠(?!发达)|结转|转入下|(?:致使|造成|导致)"
)
_CAUSED = re.compile(r"致使|造成|导致|因灾")
#: Headings and phrases behind which troubles stand.
_TROUBLE = re.compile(
    r"(?:问题|困难|短板|不足|难点|原因|弱项|差距|薄弱环节|制约因素)"
    r"(?:(?:主要|依然|仍然|还|也|就|则|方面|嘛|呢)*(?:[:是有在]|集中在|体现在|表现为))"
)
_ITEM = re.compile(r"\s*(?:[(\[]?[一二三四五六七八九十\d]{1,2}(?:[)\]、.]|是)|[①-⑩])")
LACKED = re.compile(r"(?:缺口|缺额|损失|缺)(?:约|近|达到?|为|有|共)*$")
LACKED_LAST = re.compile(rf"(?:{LACK.pattern})[一-龥]{{0,2}}$")
NO_ACHIEVEMENT = re.compile(
    r"未(?![成来婚])|没(?!收)|不(?![动少断良含锈])|无(?![障偿人线土])|待(?![遇岗])|尚|仍|难|缺|欠|差|因(?![地素])|由(?=[一-龥])|被(?![评授认命列确选])"
    r"|(?<![存所现实内])在(?=[一-龥])|正(?<![真修改矫纠公]正)(?![式常规])|等(?=[一-龥])|降为|过半|老化|漏|只(?=有)|仅(?=有)|开始|暂|滞后|停|受|坏|放弃|卡|垫底|超龄|到期|报废"
)


def in_trouble(context: Context, setting: Setting) -> bool:
    """Whether a heading of troubles stands before, in the sentence or above its list."""
    layout, sentence = context.layout, setting.sentence
    begin = layout.begins[sentence]
    if context.matches(_TROUBLE, begin, setting.left_end):
        return True
    while sentence > 0 and _ITEM.match(layout.text, layout.begins[sentence]):
        sentence -= 1
        if context.matches(_TROUBLE, *layout.span_of(sentence)):
            return True
    return False


def is_caused(context: Context, setting: Setting) -> bool:
    """暴雨致使6个乡镇受灾,倒塌房屋17间."""
    begin = context.layout.begins[setting.sentence]
    return bool(context.matches(_CAUSED, begin, setting.left_end))


def said_before(context: Context, setting: Setting) -> str:
    """The words of the sentence before a figure, as far back as they may matter."""
    begin = max(context.layout.begins[setting.sentence], setting.left_end - _FARTHEST)
    return context.layout.text[begin : setting.left_end]
