"""People who ask the bot at its address, and what stands below their questions."""

from sqlmodel import col, select

from models.inbox import InboxMessage
from models.message import Reply
from models.outbox import OutboxMessage, Priority, say
from tests.twins.wecom.bot_door import Exchange
from tests.wecom import WecomOffice

POLICE = "州公安局联络员"
ADMIN = "管理员甲"
GROUP = "wrGroupA"
PROGRESS = "@答卷 进度 州1-7"
REPORT = "报送 州1-7\n截至：7月31日\n完成数：1710个\n措施：分三批建设，先易后难\n问题：杆线资源不足"


def ask(office: WecomOffice, text: str, *, chat: str = "", person: str = POLICE) -> Exchange:
    """Said, answered and asked for to the end."""
    return ended(office, office.twin.bot.says(person, text, chat=chat))


def ended(office: WecomOffice, exchange: Exchange) -> Exchange:
    """Dealt with, and asked for to the end."""
    exchange.answer()
    office.works()
    exchange.until_finished()
    return exchange


def streams(exchange: Exchange) -> list[tuple[str, bool]]:
    """What was answered, question by question, and whether it was the end."""
    said = [each["stream"] for each in exchange.answers if each]
    return [(each["content"], each["finish"]) for each in said]


def last(exchange: Exchange) -> str:
    """What stands there in the end."""
    return streams(exchange)[-1][0]


def words(office: WecomOffice) -> list[OutboxMessage]:
    """Everything that was owed to anybody."""
    with office.house.database.read() as session:
        return list(session.exec(select(OutboxMessage).order_by(col(OutboxMessage.id))).all())


def alarms(office: WecomOffice) -> list[str]:
    """What operators were told."""
    return [each.text for each in words(office) if each.key.startswith("alarm:")]


def owe(office: WecomOffice, reply: Reply, key: str = "more") -> None:
    """One more answer to the last message, before anybody asks for it."""
    with office.house.database.write() as session:
        asked = session.exec(select(InboxMessage).order_by(col(InboxMessage.id).desc())).first()
        answer = session.exec(
            select(OutboxMessage).where(OutboxMessage.reply_to == asked.id)
        ).first()
        chat, now = answer.chat_id, office.house.clock()
        say(session, chat, reply, key=key, now=now, priority=Priority.REPLY, reply_to=asked.id)
