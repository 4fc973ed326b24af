"""Rows for tests with sensible defaults, and a small part of the two programmes of 2021."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from sqlmodel import Session, select

from models.area import Area, area_named
from models.chat import Chat, ChatPurpose, Door
from models.indicator import Allotment, Indicator, IndicatorLink
from models.member import Account, Member, Role, RoleName
from models.message import ChatKind
from models.obligation import Obligation, ObligationUnit
from models.programme import Programme
from models.requirement import Requirement
from models.task import Clause, ClauseUnit, Task, TaskUnit, UnitRole
from models.unit import Unit, UnitKind
from tests.conftest import at

Row = TypeVar("Row")

PLATFORM = "sandbox"
LOADED = at("2021-08-16T08:00")

MEASURES = {"name": "措施", "aliases": ["工作措施", "主要措施"], "need": "required", "minimum": 4}
EFFECTS = {"name": "成效", "aliases": ["工作成效"], "need": "required", "minimum": 4}
PROBLEMS = {"name": "问题", "aliases": ["存在问题", "困难"], "need": "expected", "minimum": 1}
NEXT = {"name": "下一步", "aliases": ["下步打算"], "need": "optional", "minimum": 1}


def _kept(session: Session, row: Row) -> Row:
    session.add(row)
    session.flush()
    return row


def an_area(session: Session, name: str = "湘西州") -> Area:
    return area_named(session, name)


def a_programme(
    session: Session,
    code: str = "dajuan-2021",
    short_title: str = "答卷专栏",
    *,
    year: int = 2021,
    **more: object,
) -> Programme:
    return _kept(
        session,
        Programme(
            code=code,
            area_id=an_area(session).id or 0,
            title=f"{year}年{short_title}",
            short_title=short_title,
            year=year,
            loaded_at=LOADED,
            **more,
        ),
    )


def a_unit(
    session: Session,
    name: str,
    *,
    kind: UnitKind = UnitKind.DEPARTMENT,
    aliases: Sequence[str] = (),
) -> Unit:
    area_id = an_area(session).id or 0
    return _kept(session, Unit(area_id=area_id, name=name, kind=kind, aliases=list(aliases)))


def a_task(
    session: Session,
    programme: Programme,
    number: str,
    title: str,
    lead: Iterable[Unit],
    *,
    kind: str = "count",
    aliases: Sequence[str] = (),
    supporting: Iterable[Unit] = (),
    **more: object,
) -> Task:
    task = _kept(
        session,
        Task(
            programme_id=programme.id or 0,
            number=number,
            title=title,
            kind=kind,
            aliases=list(aliases),
            **more,
        ),
    )
    for role, units in ((UnitRole.LEAD, lead), (UnitRole.SUPPORTING, supporting)):
        for position, unit in enumerate(units):
            part = TaskUnit(task_id=task.id or 0, unit_id=unit.id or 0, role=role)
            part.position = position
            _kept(session, part)
    return task


def a_clause(
    session: Session,
    task: Task,
    text: str,
    lead: Sequence[Unit],
    *,
    role: UnitRole = UnitRole.LEAD,
    supporting: Sequence[Unit] = (),
    position: int = 0,
) -> Clause:
    clause = _kept(session, Clause(task_id=task.id or 0, position=position, text=text, role=role))
    for of, units in ((role, lead), (UnitRole.SUPPORTING, supporting)):
        for at_, unit in enumerate(units):
            part = ClauseUnit(clause_id=clause.id or 0, unit_id=unit.id or 0, role=of)
            part.position = at_
            _kept(session, part)
    return clause


def an_indicator(
    session: Session,
    task: Task,
    name: str,
    unit: str,
    target: str | None,
    *,
    aliases: Sequence[str] = (),
    shares: dict[int, str] | None = None,
    **more: object,
) -> Indicator:
    indicator = _kept(
        session,
        Indicator(
            task_id=task.id or 0,
            name=name,
            unit=unit,
            target=None if target is None else Decimal(target),
            aliases=list(aliases),
            **more,
        ),
    )
    for unit_id, share in (shares or {}).items():
        each = Allotment(indicator_id=indicator.id or 0, unit_id=unit_id, target=Decimal(share))
        _kept(session, each)
    return indicator


def a_link(session: Session, one: Indicator, other: Indicator) -> IndicatorLink:
    return _kept(session, IndicatorLink(indicator_id=one.id or 0, other_id=other.id or 0))


def a_requirement(
    session: Session,
    task: Task,
    *,
    sections: Sequence[dict[str, object]] = (MEASURES, PROBLEMS, NEXT),
    pictures: int = 0,
    **more: object,
) -> Requirement:
    return _kept(
        session,
        Requirement(
            task_id=task.id or 0,
            wording="每月20日前报送1月1日至上月累计情况",
            sections=[dict(section) for section in sections],
            pictures=pictures,
            **more,
        ),
    )


def an_obligation(
    session: Session,
    requirement: Requirement,
    task: Task,
    units: Iterable[Unit],
    *,
    due: datetime,
    covers: tuple[date, date] | None,
    closes: datetime | None = None,
    key: str = "",
    **more: object,
) -> Obligation:
    covers_from, covers_to = covers or (None, None)
    label = f"{covers_from:%Y-%m}/{covers_to:%Y-%m}" if covers_from and covers_to else f"{due:%Y}"
    row = _kept(
        session,
        Obligation(
            requirement_id=requirement.id or 0,
            task_id=task.id or 0,
            programme_id=task.programme_id,
            key=key or label,
            label=label,
            due=due,
            closes=closes,
            covers_from=covers_from,
            covers_to=covers_to,
            **more,
        ),
    )
    for unit in units:
        _kept(session, ObligationUnit(obligation_id=row.id or 0, unit_id=unit.id or 0))
    return row


def monthly(
    session: Session, task: Task, units: Sequence[Unit], requirement: Requirement, *, day: int = 20
) -> list[Obligation]:
    """The months of dajuan-2021: 25 August for January to July, then from September on *day*."""
    dues = [(8, 25, date(2021, 7, 31)), (9, day, date(2021, 8, 31)), (10, day, date(2021, 9, 30))]
    ends = [at(f"2021-{month:02}-{of:02}T23:59:59") for month, of, _ in dues]
    closings = [*ends[1:], None]
    return [
        an_obligation(
            session,
            requirement,
            task,
            units,
            due=end,
            covers=(date(2021, 1, 1), covered),
            closes=closing,
        )
        for (_, _, covered), end, closing in zip(dues, ends, closings, strict=True)
    ]


def a_member(
    session: Session,
    name: str,
    *roles: tuple[RoleName, Unit | None],
    account: str | None = None,
    programme: Programme | None = None,
) -> Member:
    member = _kept(session, Member(name=name, created_at=LOADED))
    user_id = (account or name).casefold()
    _kept(session, Account(member_id=member.id or 0, platform=PLATFORM, user_id=user_id))
    for role, unit in roles:
        each = Role(
            member_id=member.id or 0,
            role=role,
            unit_id=unit.id if unit else None,
            programme_id=programme.id if programme else None,
        )
        _kept(session, each)
    return member


def a_group(
    session: Session, name: str, purpose: ChatPurpose = ChatPurpose.LIAISONS, **more: object
) -> Chat:
    chat = _kept(
        session,
        Chat(kind=ChatKind.GROUP, name=name, purpose=purpose, created_at=LOADED, **more),
    )
    _kept(session, Door(chat_id=chat.id or 0, platform=PLATFORM, address=name))
    return chat


def xiangxi(session: Session) -> None:
    """Seven units with their liaisons, an admin, a leader, two groups, and two programmes."""
    names = "州公安局 州人社局 州文旅广电局 州卫健委 州发改委 州妇联 州农业农村局 州交通运输局"
    units = {name: a_unit(session, name) for name in names.split()}
    counties = [
        a_unit(session, f"{name}{kind}", kind=UnitKind.COUNTY, aliases=[name])
        for name, kind in (("吉首", "市"), ("花垣", "县"), ("龙山", "县"))
    ]
    _columns(session, units)
    _projects(session, units, counties)
    for name, unit in units.items():
        a_member(session, f"{name}联络员", (RoleName.LIAISON, unit))
    a_member(
        session,
        "联络员甲",
        (RoleName.LIAISON, units["州公安局"]),
        (RoleName.LIAISON, units["州妇联"]),
    )
    a_member(session, "管理员甲", (RoleName.ADMIN, None))
    a_member(session, "领导甲", (RoleName.LEADER, None))
    a_group(session, "联络员群")
    a_group(session, "领导群", ChatPurpose.LEADERS)


def _columns(session: Session, units: dict[str, Unit]) -> None:
    """dajuan-2021: 省2 with a compulsory picture, and items of the prefecture."""
    programme = a_programme(session, default_day=20)
    report = a_task(
        session,
        programme,
        "省2",
        "高质量发展工作进展情况总体报告",
        [units["州发改委"]],
        kind="narrative",
        aliases=["省高质量发展", "高质量发展"],
    )
    needed = a_requirement(session, report, sections=(MEASURES, EFFECTS, NEXT), pictures=1)
    monthly(session, report, [units["州发改委"]], needed, day=19)
    free = a_task(
        session,
        programme,
        "州3-1",
        "州优化营商环境",
        [units["州文旅广电局"]],
        kind="narrative",
        aliases=["营商环境"],
    )
    goals = {"name": "目标任务", "aliases": ["工作目标"], "need": "expected", "minimum": 1}
    loose = a_requirement(session, free, sections=(goals, PROBLEMS))
    monthly(session, free, [units["州文旅广电局"]], loose)
    for number, title, aliases, lead, figures in _ITEMS:
        leads = [units[name] for name in lead]
        task = a_task(session, programme, number, title, leads, aliases=aliases)
        for position, (name, other, unit, target) in enumerate(figures):
            an_indicator(session, task, name, unit, target, aliases=other, position=position)
        monthly(session, task, leads, a_requirement(session, task))


_ITEMS = (
    (
        "州1-3",
        "城镇新增就业、农村劳动力转移就业、妇女就业和职业技能培训",
        ["就业和技能培训"],
        ["州人社局", "州文旅广电局"],
        (
            ("城镇新增就业", ["新增就业"], "人", "20000"),
            ("农村劳动力转移就业", ["转移就业"], "人", "20000"),
            ("政府补贴性职业技能培训", ["职业技能培训"], "人次", "23000"),
        ),
    ),
    (
        "州1-5",
        "建设农村公路安防设施550公里",
        ["农村公路安防设施", "公路安防设施"],
        ["州交通运输局"],
        (("农村公路安防设施", ["公路安防设施"], "公里", "550"),),
    ),
    (
        "州1-7",
        "实施乡村“雪亮工程”，建设乡村公共部位安防设备6000个",
        ["雪亮工程"],
        ["州公安局"],
        (("乡村公共部位安防设备", ["安防设备"], "个", "6000"),),
    ),
    (
        "州1-12",
        "完成孕产妇免费产前筛查16500人次",
        ["产前筛查"],
        ["州卫健委"],
        (("孕产妇免费产前筛查", ["产前筛查"], "人次", "16500"),),
    ),
    (
        "州1-13",
        "完成农村及城镇低保适龄妇女“两癌”免费检查29000人",
        ["两癌检查"],
        ["州妇联"],
        (("“两癌”免费检查", ["两癌检查"], "人", "29000"),),
    ),
    (
        "州1-14",
        "农村公路提质改造260公里",
        ["农村公路提质改造"],
        ["州交通运输局"],
        (("农村公路提质改造", ["提质改造"], "公里", "260"),),
    ),
)


def _projects(session: Session, units: dict[str, Unit], counties: Sequence[Unit]) -> None:
    """minsheng-2021: 雪亮工程 again as 新7, and 续8 with figures by county; due on the 10th."""
    programme = a_programme(session, "minsheng-2021", "重点民生实事", default_day=10)
    bright = a_task(
        session,
        programme,
        "新7",
        "乡村“雪亮工程”，建设乡村公共部位安防设备6000个",
        [units["州公安局"]],
        aliases=["雪亮工程"],
    )
    twin = an_indicator(session, bright, "乡村公共部位安防设备", "个", "6000", aliases=["安防设备"])
    other = session.exec(
        select(Indicator).where(Indicator.name == "乡村公共部位安防设备", Indicator.id != twin.id)
    ).one()
    a_link(session, twin, other)
    toilets = a_task(
        session,
        programme,
        "续8",
        "改新建农村户用厕所7.75万个",
        [units["州农业农村局"]],
        aliases=["农村户厕"],
    )
    an_indicator(
        session,
        toilets,
        "农村户用厕所",
        "个",
        "77500",
        aliases=["户用厕所"],
        shares={counties[0].id or 0: "4113", counties[2].id or 0: "20000"},
    )
    for task, lead, needed in (
        (bright, "州公安局", a_requirement(session, bright, sections=())),
        (
            toilets,
            "州农业农村局",
            a_requirement(session, toilets, sections=(), county_figures=True),
        ),
    ):
        _each_month(session, task, units[lead], needed)


def _each_month(session: Session, task: Task, lead: Unit, needed: Requirement) -> None:
    for month in (9, 10, 11):
        covered = date(2021, month, 1)
        an_obligation(
            session,
            needed,
            task,
            [lead],
            due=at(f"2021-{month:02}-10T23:59:59"),
            covers=(date(2021, 1, 1), covered - timedelta(days=1)),
            closes=at(f"2021-{month + 1:02}-10T23:59:59"),
        )
