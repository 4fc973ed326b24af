"""What people say around a command: greetings, thanks, doubts, refusals, choices from a list."""

import re
from dataclasses import dataclass

from handlers.reading.normalise import normalise
from handlers.reading.numerals import read_number

#: The longest message that may be a command dressed in courtesies; longer ones are reports.
LONGEST = 60

#: 查一下, 发我一份, 给我: asking to be shown something.
_FETCH = (
    r"(?:(?:给我)?(?:查|看|问|发|找|拿|要|领|列)(?:给我|我)?(?:一?下|一?[个份张])(?!一)|查查|看看"
    r"|问问|发?给我|发我)"
)
_ABLE = (
    r"[您你]?(?P<can>能不能|可不可以|能否|可否|是否可以|可以|能)"
    r"(?=帮|麻烦|请|给我|[发查看问找]一?[下份个]|发我|再)"
)
_LEAD = re.compile(
    r"(?:\s*(?:(?:你|您|各位|大家|老师|领导|主任|科长)们?好|(?:老师|领导|主任|科长)(?=[\s,，帮请您你])"
    r"|(?:小?助手|机器人|答卷)(?=[\s,，]|[你您]好)|不好意思|抱歉|打扰(?:[您你]|一?下|了){0,2}"
    r"|辛苦(?:您|你|老师|领导|主任|科长)?(?:了|(?=[\s,，]))|请[问教]一下|请[问教]|想问(?:一?下|问)?"
    r"|劳驾|劳烦|烦请|请|麻烦(?:您|你)?了?|帮我|帮忙|帮|把|有空(?:的?话)?|方便的?话?|现在|目前|再"
    r"|我是[一-鿿]{2,12}?(?:的|(?=[\s,，]))|我?们?这边|我方|我想要?|我们?要|我来|想要?"
    rf"|{_ABLE})"
    rf"[\s,，。!！~～、]*){{1,5}}(?:{_FETCH})?\s*|\s*{_FETCH}\s*"
)
#: Before a long message only such words show that it is an order.
_PERSONAL = re.compile("我|麻烦|帮忙|劳驾")
_THANKS = re.compile(
    r"[\s,，。.!！~～;；]*(?:谢谢|多谢|感谢|谢了|辛苦|麻烦|拜托|不好意思|打扰|🙏)"
    r"[了您你哈啦大家各位领导🙏\s,，。.!！~～]*$"
)
_CLOSING = re.compile(r"[\s。.!！~～”\"』」]+$")
_DOUBT = re.compile(
    r"(?:吗|(?<![什怎])么|是吗|是不是|行吗|可以吗|对吗|好吗|吧)[\s?？。!！~～]*$|[?？][\s?？]*$"
)
#: 排名发我一下, 排名出来了吗: of what only is to be shown.
_HANDED = r"(?:(?:发一?下|发|拿|传)?给我(?:一?下|看一?下|看看)?|发[我来](?:一?下)?|出来了?)?"
_PARTICLE = re.compile(
    rf"{_HANDED}(?:来着)?(?:了?[吧吗]|(?<![什怎])么|[呢呀啊哈哦噢嘛哟喽咯嘞喔])?[\s?？。!！~～]*$"
)
_REFUSED = re.compile(
    r"(?:先|请|都|暂时)*(?:不要|不用|不能|暂不|不予|不|别|勿|取消|停止|禁止|撤销)\s*$"
)
_NUMBER = r"(\d{1,3}|[一二三四五六七八九十]{1,3})"
_CHOICE = re.compile(
    rf"(?:我?要?|就|是)(?:选择?)?(?:第|序号)?{_NUMBER}吧?"
    rf"|(?:我?要?|就|是)(?:选择?第?|第|序号){_NUMBER}[个项条号]吧?"
)


_FIELD = re.compile(
    r"(?!一下|一条|意见|[后没不吗呢])(?:(?![的了到在请说着过得])[一-鿿]){1,12}\s*[:：\d]"
)
_TALK_GOES_ON = re.compile(r"[了过完得的着地吗呢没不后]|一下|一条|意见")
_LOOKED_AT = 40


@dataclass(frozen=True)
class Said:
    """A message without its dress; *led* where something stood before, *doubted* when it asks."""

    text: str
    led: bool
    doubted: bool


def undressed(text: str) -> Said:
    """*text* without greetings, thanks, particles and closing marks; a long one is only led."""
    if len(text) > LONGEST or "\n" in text.strip():
        lead = _LEAD.match(text)
        is_led = lead is not None and _PERSONAL.search(lead[0]) is not None
        return Said(text[lead.end() :] if lead and is_led else text, is_led, False)
    body = _THANKS.sub("", text)
    doubted = _DOUBT.search(body) is not None
    body = _CLOSING.sub("", _PARTICLE.sub("", body))
    lead = _LEAD.match(body)
    plain = body[lead.end() :] if lead else body
    # 能不能帮我通过128 asks, though no mark stands behind.
    return Said(plain, lead is not None, doubted or bool(lead and lead["can"]))


def begins_with_field(text: str) -> bool:
    """Whether *text* may be the name of a line with its value: 措施：…, 完成数1701."""
    return _FIELD.match(normalise(text[:_LOOKED_AT])) is not None


def goes_on_talking(plain: str) -> bool:
    """Whether what follows the word of a command makes it part of a sentence: 查看了, 修改意见."""
    return _TALK_GOES_ON.match(plain) is not None


def is_refusal(before: str) -> bool:
    """Whether the words before a command turn it round: 先别, 暂不, 不要."""
    return _REFUSED.fullmatch(normalise(before).strip()) is not None


def read_choice(text: str) -> int | None:
    """The place in a numbered list that a whole message picks: 2, ２, 第2个, 选2, 二."""
    plain = normalise(text[:20]).strip(" \t\n。.,、!~()\"'")
    found = _CHOICE.fullmatch(plain) if len(text) <= 20 else None
    if found is None:
        return None
    number = read_number(found[1] or found[2])
    return None if number is None else int(number)
