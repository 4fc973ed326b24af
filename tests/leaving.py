"""Somebody who works with the bot and leaves, and a look into everything that is stored."""

from sqlalchemy import LargeBinary
from sqlmodel import Session, select

from models.chat import ChatPurpose, chat_at
from models.inbox import find_message
from models.invite import InviteTry, make_invite
from models.media import Media
from models.member import RoleName, members_named, roles_of
from models.message import ChatKind, Reply
from models.outbox import say
from models.tables import METADATA
from tests.factories import PLATFORM, a_group
from tests.pictures import a_photo
from tests.talk import Talk

NAME = "龙晓岚"
ACCOUNT = "LongXiaolan"
REPORT = "报送 州1-7\n截至：7月31日\n完成数：1710个\n措施：逐村安装，按月调度\n问题：山区供电不稳"


def cells(session: Session) -> list[tuple[str, str]]:
    """Everything in all columns of all tables, as text."""
    found = []
    for table in METADATA.sorted_tables:
        for row in session.execute(select(table)).all():
            for column, value in zip(table.columns, row, strict=True):
                is_bytes = isinstance(column.type, LargeBinary)
                text = value.decode("utf-8", "replace") if is_bytes else str(value)
                found.append((f"{table.name}.{column.name}", text))
    return found


def where(session: Session, *words: str) -> set[str]:
    """The columns in which one of *words* stands anywhere."""
    return {
        place
        for place, text in cells(session)
        if any(each.casefold() in text.casefold() for each in words)
    }


def newcomer(talk: Talk, name: str = NAME, account: str = ACCOUNT) -> int:
    """A further liaison of the police, bound by an invitation."""
    with talk.database.write() as session:
        colleague = members_named(session, "州公安局联络员")[0]
        unit = roles_of(session, colleague.id or 0)[0].unit_id
        code = make_invite(session, name, RoleName.LIAISON, talk.now, unit_id=unit)
    assert "绑定成功" in talk.say(account, f"绑定 {code}")[0]
    with talk.database.read() as session:
        return members_named(session, name)[-1].id or 0


def a_working_life(talk: Talk) -> int:
    """Reports, chat, mentions by others, a word not sent yet: all that a person leaves behind."""
    number = newcomer(talk)
    talk.say(ACCOUNT, "我的信息")
    talk.say(ACCOUNT, REPORT, pictures=[a_photo(1200, 600)])
    talk.say(ACCOUNT, "建议 希望能按月汇总，" + NAME)
    talk.say(ACCOUNT, "任务", group="联络员群")
    talk.say(ACCOUNT, f"{ACCOUNT}的文件", files=[(f"{NAME}的表.txt", b"nothing")])
    _came_with_it(talk, f"{NAME}的表.txt")
    talk.say("州公安局联络员", f"{NAME}今天请假，请联系我")
    talk.say("管理员甲", f"通过 1 {NAME}报得好")
    with talk.database.write() as session:
        chat = chat_at(session, PLATFORM, ACCOUNT.casefold(), ChatKind.SINGLE, talk.now)
        say(session, chat.id or 0, Reply(f"{NAME}，您好"), key="later", now=talk.now)
        group = a_group(session, "群", ChatPurpose.LIAISONS)
        say(session, group.id or 0, Reply(f"请{NAME}补报"), key="group", now=talk.now)
        session.add(InviteTry(platform=PLATFORM, user_id=ACCOUNT, tried_at=talk.now))
    return number


def _came_with_it(talk: Talk, name: str) -> None:
    """Note the file of the last message at its row, as the inbox does."""
    with talk.database.write() as session:
        row = find_message(session, PLATFORM, talk.last_message_id)
        media = session.exec(select(Media).where(Media.name == name)).one()
        assert row is not None
        row.media = {f"{row.message_id}/0": {"sha": media.sha, "name": name}}
