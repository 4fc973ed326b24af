"""Two programmes with everybody who has a part in one of them, and what each message comes to."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection
from sqlalchemy import text as statement
from sqlmodel import Session, func, select

from handlers.dispatch import answer
from models.chat import ChatPurpose
from models.db import Database
from models.deputy import Deputy
from models.member import RoleName
from models.message import ChatKind, MessageKind
from models.outbox import OutboxMessage
from models.programme import Programme
from models.reviewer import Reviewer
from models.tables import METADATA
from models.unit import Unit
from tests.factories import (
    LOADED,
    a_group,
    a_member,
    a_programme,
    a_requirement,
    a_task,
    a_unit,
    an_indicator,
    monthly,
)
from tests.supervising import seed_digests, with_open_chats
from tests.talk import Talk

#: Who writes, in the order of the columns of the table; nobody knows the first.
PEOPLE = (
    "过路人",
    "在册人员",
    "公安联络员",
    "公安代理人",
    "人社联络员",
    "公安负责人",
    "审核员甲",
    "领导甲",
    "管理员甲",
    "管理员乙",
    "运维甲",
)
#: Where they write: alone, in the liaisons' and the leaders' group, in the other programme's.
ALONE, *GROUPS = PLACES = ("", "联络员群", "领导群", "民生群")
#: What 公安 reported, is to do and is told to do: for its own people and who reads the whole.
POLICE = ("1713", "甲秘", "4290", "雪亮工程", "派出所改造", "智慧安防小区", "反诈宣传")
#: The same of another unit of the programme, and of the other programme.
JOBS = ("10267", "10277", "乙秘", "城镇新增就业")
HEALTH = ("40321", "丙秘", "农村户厕", "续8", "卫健联络员")
#: Kept by talking itself: what came, what is owed, where, and the list that was shown last.
_OF_TALKING = frozenset(("inbox", "outbox", "chat", "door", "listing"))
_OWED = (
    "SELECT text, reply_to, chat.kind FROM outbox JOIN chat ON chat.id = chat_id"
    " WHERE outbox.id > ?"
)
_REPORT = "报送 {}\n截至：7月31日\n完成数：{}\n措施：{}\n问题：暂无其他需要协调的问题"
_LIVED = (
    ("公安联络员", _REPORT.format("州1-7", "1713个", "甲秘勘查布点已经完成")),
    ("人社联络员", _REPORT.format("州1-3", "10267人", "乙秘招聘活动已经举办")),
    ("卫健联络员", _REPORT.format("续8", "40321个", "丙秘改厕材料已经进场")),
    ("管理员甲", "通过 2"),
    ("管理员乙", "通过 3"),
    ("公安联络员", "延期 州1-8 9月25日 数据正在核对"),
    ("管理员甲", "免报 州公安局 州1-9 本期设备检修"),
    ("管理员甲", "督办 州1-7 9月30日 9月底前补齐4290个设备的缺口"),
    ("管理员甲", "督办 州1-8 9月30日 9月底前补齐台账"),
    ("公安联络员", "督办2 已补装40个，9月25日验收合格"),
    ("管理员甲", "督办 州1-9 9月30日 9月底前完成验收"),
    ("公安联络员", "督办3 已验收合格"),
    ("管理员甲", "销号 督办3"),
    ("公安联络员", "对接 州1-7 8月19日 局领导到省公安厅汇报，省里表示支持"),
    ("公安联络员", "动态 州1-7 雪亮工程进村入户 https://www.example.gov.cn/a/1.html"),
    ("管理员甲", "别名 州公安局 公安"),
    ("管理员甲", "通报 答卷专栏 专报 7月"),
    ("管理员甲", "签发"),
    ("人社联络员", "更正 2\n完成数：10277人"),
    ("管理员甲", "通过 2"),
    ("管理员甲", "通报 答卷专栏 6月"),
    ("管理员甲", "放假 9月2日"),
    ("管理员甲", "上班 8月28日"),
    ("管理员甲", "期限"),
)


@dataclass(frozen=True)
class Came:
    """What a message led to: the answers where it was written and alone, and tables changed."""

    here: str
    alone: str
    changed: frozenset[str]
    told_others: int

    @property
    def said(self) -> str:
        """All that the speaker reads."""
        return f"{self.here}\n{self.alone}".strip()


class Cast(Talk):
    """The people of both programmes; what is tried is undone, so that all begin alike."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, empty=True)
        with database.write() as session:
            _two_programmes(session)
        seed_digests(self)
        with_open_chats(self)
        for who, text in _LIVED:
            self._live(who, text)
        with database.write() as session:
            _watch(session)
            message = self._message("公安联络员", "", [], None, None, MessageKind.TEXT, "")
            self._row = self._received(session, message)  # whatever is said, it is said by this
            self._owed = session.exec(select(func.max(OutboxMessage.id))).one()

    def _live(self, who: str, text: str) -> None:
        """What happened before; ValueError where it did not."""
        [said, *_] = self.say(who, text)
        if not said.startswith(("已", "【答卷专栏】", "州公安局 州1-8", "有2组")):
            raise ValueError(f"{who}: {text}: {said}")

    def tried(self, person: str, text: str, place: str = ALONE) -> Came:
        """What comes of *text*, which is then undone."""
        message = self._message(person, text, [], place or None, None, MessageKind.TEXT, "")
        with Session(self.database.engine, expire_on_commit=False) as session:
            answer(message, self._row, session, self.now, self.services)
            session.flush()
            came = self._came(session.connection())
            session.rollback()
        return came

    def _user_id(self, person: str) -> str:
        return person  # as everybody's account is called

    def _came(self, connection: Connection) -> Came:
        owed = connection.exec_driver_sql(_OWED, (self._owed,)).all()
        answers = [(text, kind) for text, to, kind in owed if to == self._row.id]
        here, alone = (
            "\n".join(text for text, kind in answers if kind == wanted)
            for wanted in (ChatKind.GROUP, ChatKind.SINGLE)
        )
        changed = connection.exec_driver_sql("SELECT DISTINCT name FROM changed").scalars()
        told = len(owed) - len(answers)
        return Came(here, alone, frozenset(changed) - _OF_TALKING, told)


def _watch(session: Session) -> None:
    """From now on each change of a table is noted; undoing the change undoes the note."""
    session.execute(statement("CREATE TABLE changed (name TEXT)"))
    for table in METADATA.sorted_tables:
        for act in ("INSERT", "UPDATE", "DELETE"):
            session.execute(
                statement(
                    f'CREATE TRIGGER "watch_{table.name}_{act}" AFTER {act} ON "{table.name}" '
                    f"BEGIN INSERT INTO changed VALUES ('{table.name}'); END"
                )
            )


def _two_programmes(session: Session) -> None:
    names = ("州公安局", "州人社局", "州卫健委", "州审计局")
    police, jobs, health, audit = (a_unit(session, name) for name in names)
    policy = {"activities": {"monthly": 1}}
    one = a_programme(session, default_day=20, policy=policy)
    other = a_programme(session, "minsheng-2021", "重点民生实事", default_day=10, policy=policy)
    for number, title, unit, measure, target in (
        ("州1-7", "雪亮工程", police, "个", "6000"),
        ("州1-6", "反诈宣传", police, "场", "120"),
        ("州1-8", "派出所改造", police, "所", "40"),
        ("州1-9", "智慧安防小区", police, "个", "90"),
        ("州1-3", "城镇新增就业", jobs, "人", "20000"),
    ):
        _counted(session, one, number, title, unit, measure, target)
    _counted(session, other, "续8", "农村户厕", health, "个", "77500")
    _people(session, one, other, (police, jobs, health, audit))
    a_group(session, "联络员群", programme_id=one.id)
    a_group(session, "领导群", ChatPurpose.LEADERS, programme_id=one.id)
    a_group(session, "民生群", programme_id=other.id)


def _counted(
    session: Session,
    programme: Programme,
    number: str,
    title: str,
    unit: Unit,
    measure: str,
    target: str,
) -> None:
    task = a_task(session, programme, number, title, [unit])
    an_indicator(session, task, title, measure, target)
    if number == "州1-9":
        task.quota, assumed = "10个县市区", ["未写日期，按每月20日"]
    else:
        assumed = []
    monthly(session, task, [unit], a_requirement(session, task, assumed=assumed))


def _people(
    session: Session, one: Programme, other: Programme, units: tuple[Unit, Unit, Unit, Unit]
) -> None:
    police, jobs, health, audit = units
    a_member(session, "在册人员")
    liaison = a_member(session, "公安联络员", (RoleName.LIAISON, police), programme=one)
    stand_in = a_member(session, "公安代理人")
    a_member(session, "人社联络员", (RoleName.LIAISON, jobs), programme=one)
    a_member(session, "公安负责人", (RoleName.UNIT_HEAD, police), programme=one)
    reviewer = a_member(session, "审核员甲", (RoleName.UNIT_HEAD, audit), programme=one)
    a_member(session, "领导甲", (RoleName.LEADER, None), programme=one)
    a_member(session, "管理员甲", (RoleName.ADMIN, None), programme=one)
    a_member(session, "管理员乙", (RoleName.ADMIN, None), programme=other)
    a_member(session, "卫健联络员", (RoleName.LIAISON, health), programme=other)
    a_member(session, "运维甲", (RoleName.OPERATOR, None))
    session.add(
        Deputy(
            member_id=liaison.id or 0,
            deputy_id=stand_in.id or 0,
            since=date(2021, 8, 20),
            until=date(2021, 9, 30),
            made_at=LOADED,
        )
    )
    session.add(Reviewer(programme_id=one.id or 0, member_id=reviewer.id or 0, unit_id=police.id))
