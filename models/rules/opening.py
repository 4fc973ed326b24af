"""话术: how messages begin that go out unasked; what stands below is the bot's own list."""

from dataclasses import dataclass
from enum import StrEnum

#: A first line on a phone.
LONGEST = 60
SHORTEST = 4
_ENDS = "：:。．.，,；; "


class Opening(StrEnum):
    """One kind of message, by the name under which an admin calls it."""

    IN_TIME = "按时提醒"
    BEFORE_BREAK = "假前提醒"
    MIXED = "一并提醒"
    LATE = "逾期提醒"
    RETURNED = "退回提醒"
    CHASE = "催报"
    HEAD = "负责人提醒"
    ORDER = "督办下达"
    ORDER_HEAD = "督办抄告"
    ORDER_DUE = "督办提醒"
    ORDER_LATE = "督办逾期"
    ORDER_LATE_HEAD = "督办逾期抄告"
    ORDER_LATE_ADMIN = "督办逾期汇报"
    OFFERS = "督办建议"


@dataclass(frozen=True)
class Template:
    """The words of an opening, who reads it when, and the blanks that it must keep."""

    words: str
    reader: str
    blanks: tuple[str, ...] = ()


BREAK = "{假期}"
TEMPLATES = {
    Opening.IN_TIME: Template(
        "【报送提醒】您好，以下报送请按时办理：", "联络员，截止前几天和截止当天"
    ),
    Opening.BEFORE_BREAK: Template(
        f"【报送提醒】您好，今天是{BREAK}前最后一个工作日，以下报送请尽量今天办理：",
        "联络员，截止日在周末或节假日时，放假前一天",
        (BREAK,),
    ),
    Opening.MIXED: Template(
        "【报送提醒】您好，以下报送请尽快办理：", "联络员，未到期、逾期或退回的一并提醒时"
    ),
    Opening.LATE: Template("【报送提醒】您好，以下报送已逾期，请尽快补报：", "联络员，逾期后"),
    Opening.RETURNED: Template(
        "【报送提醒】您好，以下报送已退回，请修改后重报：", "联络员，报送被退回后"
    ),
    Opening.CHASE: Template("【催报】您好，以下报送请尽快办理：", "联络员，管理员发“催报”时"),
    Opening.HEAD: Template(
        "【逾期提醒】您好，贵单位以下报送已逾期，请督促联络员尽快办理：",
        "单位负责人，逾期若干个工作日后",
    ),
    Opening.ORDER: Template("【督办单】您好，请按期办结：", "联络员，督办单发出时"),
    Opening.ORDER_HEAD: Template(
        "【督办单】您好，已发联络员，请督促办理：", "单位负责人，督办单发出时"
    ),
    Opening.ORDER_DUE: Template(
        "【督办提醒】您好，以下督办单请按期办结：", "联络员，督办单到期前和当天"
    ),
    Opening.ORDER_LATE: Template(
        "【督办提醒】您好，以下督办单已逾期，请尽快办结：", "联络员，督办单逾期后"
    ),
    Opening.ORDER_LATE_HEAD: Template(
        "【督办逾期】您好，贵单位以下督办单已逾期，请督促联络员尽快办结：",
        "单位负责人，督办单逾期后",
    ),
    Opening.ORDER_LATE_ADMIN: Template(
        "【督办逾期】以下督办单逾期未答复，已提醒联络员和单位负责人：",
        "管理员，督办单逾期若干个工作日后",
    ),
    Opening.OFFERS: Template("【督办建议】以下事项建议督办：", "管理员，有事项符合督办规则时"),
}


def own_words(which: Opening, text: str) -> str:
    """An office's own opening as it is kept: one line that ends with a colon.

    Raises ValueError, with words for people, where it is too short, too long, lacks one of its
    blanks or holds any other.
    """
    words = text.strip().rstrip(_ENDS)
    if "\n" in words:
        raise ValueError("开头只能有一行")
    if not SHORTEST <= len(words) < LONGEST:
        raise ValueError(f"开头应为{SHORTEST}至{LONGEST}个字，收到{len(words)}个字")
    rest = words
    for blank in TEMPLATES[which].blanks:
        if words.count(blank) != 1:
            raise ValueError(f"“{which}”里须有一处“{blank}”，发送时填入实际内容")
        rest = rest.replace(blank, "")
    if "{" in rest or "}" in rest:
        raise ValueError("开头里有不认识的空，请去掉大括号")
    return f"{words}："


def filled(words: str, values: dict[str, str]) -> str:
    """*words* with every blank in *values* replaced; a value is never read as a blank again."""
    for blank, value in values.items():
        words = words.replace(blank, value)
    return words
