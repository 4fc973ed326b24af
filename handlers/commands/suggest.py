"""建议: what people want to tell the office about the bot or the work; admins read it here."""

from handlers.context import Context
from handlers.reading.harmless import harmless
from handlers.reading.normalise import clean
from handlers.registry import InGroup, command
from models.errors import Refused
from models.member import Member, RoleName
from models.message import Reply
from models.suggestion import Suggestion, made_since, newest_suggestions

LONGEST = 500
MOST_A_DAY = 10
_SHOWN = 10


@command(
    "suggest",
    "建议",
    "意见建议",
    "反馈",
    usage="建议 希望能按月汇总",
    about="给管理员提意见建议",
    group=InGroup.MOVE,
    alone=True,
)
def suggest(context: Context, rest: str) -> Reply:
    """Keep the words for the admins; without words an admin reads the newest ones."""
    text = clean(rest).strip()
    if not text and context.speaker.has(RoleName.ADMIN):
        return Reply(_newest(context))
    if not text:
        return Reply("请把建议写在后面，例如：建议 希望能按月汇总")
    if len(text) > LONGEST:
        raise Refused(f"建议有{len(text)}字，一次最多{LONGEST}字，请精简或分几条发。")
    today = context.now.astimezone(context.services.zone).replace(hour=0, minute=0, second=0)
    if made_since(context.session, context.speaker.id, today) >= MOST_A_DAY:
        raise Refused(f"您今天已提{MOST_A_DAY}条建议，请明天再发；急事请直接联系管理员。")
    context.session.add(Suggestion(member_id=context.speaker.id, text=text, made_at=context.now))
    return Reply("建议已记下，管理员会看到。谢谢您。")


def _newest(context: Context) -> str:
    found = newest_suggestions(context.session, _SHOWN)
    lines = [_line(context, each, member) for each, member in found]
    return "\n".join(["最近的建议：", *lines] if lines else ["还没有人提建议。"])


def _line(context: Context, each: Suggestion, member: Member) -> str:
    day = each.made_at.astimezone(context.services.zone)
    return f"{day.month}月{day.day}日 {harmless(member.name)}：{harmless(each.text)}"
