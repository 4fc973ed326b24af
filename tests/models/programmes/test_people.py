"""The demo's people: who may do what, where they are reached, and that nobody comes twice."""

from collections import Counter
from pathlib import Path

import pytest
from sqlmodel import Session, func, select

from models.chat import ChatPurpose, chat_at, doors_of, groups_for, single_chats_of
from models.errors import ProgrammeError
from models.member import Account, Member, Role, RoleName, account_of, members_with, roles_of
from models.message import ChatKind
from models.obligation import Obligation, ObligationUnit
from models.programme import programme_by_code
from models.programmes.files import read_definition, read_roster
from models.programmes.loader import load
from models.programmes.people import RosterReport, load_roster
from models.requirement import Requirement
from models.unit import units_by_id
from tests.conftest import at
from tests.factories import a_unit

MONDAY = at("2021-08-16T08:00")


@pytest.fixture
def people(session: Session) -> RosterReport:
    for code in ("dajuan-2021", "minsheng-2021"):
        load(session, read_definition(code), MONDAY)
    return load_roster(session, read_roster(), MONDAY)


@pytest.mark.usefixtures("people")
def test_every_unit_that_owes_a_report_has_a_liaison_and_a_head(session: Session) -> None:
    owing = set(session.exec(select(ObligationUnit.unit_id)).all())

    for role in (RoleName.LIAISON, RoleName.UNIT_HEAD):
        held = set(session.exec(select(Role.unit_id).where(Role.role == role)).all())
        assert owing <= held


@pytest.mark.usefixtures("people")
def test_two_liaisons_serve_two_units_each(session: Session) -> None:
    account = account_of(session, "sandbox", "liaison-a")
    assert account is not None
    roles = roles_of(session, account.member_id)
    units = units_by_id(session, [role.unit_id for role in roles if role.unit_id])

    assert {unit.name for unit in units.values()} == {"州残联", "州妇联"}
    per_person = Counter(
        session.exec(select(Role.member_id).where(Role.role == RoleName.LIAISON)).all()
    )
    assert sorted(per_person.values()) == [1] * 18 + [2] * 2


@pytest.mark.usefixtures("people")
def test_leaders_admin_and_operator_hold_their_roles_in_all_programmes(session: Session) -> None:
    column = programme_by_code(session, "dajuan-2021")
    assert column is not None

    def names(role: RoleName) -> list[str]:
        return [member.name for member in members_with(session, role, column.id)]

    assert names(RoleName.LEADER) == ["领导甲", "领导乙"]
    assert names(RoleName.ADMIN) == ["管理员甲"]
    assert names(RoleName.OPERATOR) == ["运维甲"]


@pytest.mark.usefixtures("people")
def test_everybody_is_reached_before_their_first_word(session: Session) -> None:
    members = session.exec(select(Member)).all()

    chats = [single_chats_of(session, member.id or 0) for member in members]
    assert [len(found) for found in chats] == [1] * 46


@pytest.mark.usefixtures("people")
def test_only_the_leaders_group_names_laggards(session: Session) -> None:
    column = programme_by_code(session, "dajuan-2021")
    assert column is not None
    [liaisons] = groups_for(session, ChatPurpose.LIAISONS, column.id or 0)
    [leaders] = groups_for(session, ChatPurpose.LEADERS, column.id or 0)

    assert (liaisons.name, liaisons.names_laggards) == ("联络员群", False)
    assert (leaders.name, leaders.names_laggards) == ("领导群", True)
    assert [door.address for door in doors_of(session, leaders.id or 0)] == ["leaders"]


def test_the_demos_assumed_deadlines_are_confirmed(session: Session, people: RosterReport) -> None:
    """20 monthly ones of the circular and the two quarterly items of the column."""
    assert (people.members, people.groups, people.confirmed) == (46, 2, 20 + 2)
    assert "州公安局联络员：联络员（州公安局）" in people.roles
    rows = session.exec(select(Requirement)).all()
    assert {row.confirmed_at for row in rows if row.assumed} == {MONDAY}


@pytest.mark.usefixtures("people")
def test_a_roster_loaded_again_changes_nothing(session: Session) -> None:
    def sizes() -> list[int]:
        models = (Member, Account, Role, Obligation)
        return [session.exec(select(func.count()).select_from(model)).one() for model in models]

    before = sizes()

    assert load_roster(session, read_roster(), at("2021-09-01T08:00")) == RosterReport(0, 0, 0)
    assert sizes() == before


def test_a_programme_loaded_again_keeps_what_was_confirmed(
    session: Session, people: RosterReport
) -> None:
    again = load(session, read_definition("minsheng-2021"), at("2021-09-01T08:00"))

    assert people.confirmed
    assert not again.changed
    rows = session.exec(select(Requirement)).all()
    assert all(row.confirmed_at == MONDAY for row in rows if row.assumed)


def test_a_roster_before_its_programme_is_refused_with_all_unknown_units(session: Session) -> None:
    with pytest.raises(ProgrammeError) as caught:
        load_roster(session, read_roster(), MONDAY)

    assert len(caught.value.problems) == 22 + 22
    assert str(caught.value.problems[0]) == (
        "人员 州人社局联络员：湘西州没有叫“州人社局”的单位，请先载入专项或添加单位"
    )


ROSTER = """\
area: 湘西州
platform: sandbox
people:
  - {name: 联络员甲, account: a, roles: [{role: liaison, units: [州公安局]}]}
groups:
  - {name: 联络员群, address: liaisons, purpose: liaisons}
"""


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            ", units: [州公安局]",
            "",
            "roster.yaml 第4行 people › 联络员甲 › roles › 第1项：联络员和",
        ),
        ("address: liaisons", "address: a", "地址“a”重复"),
        ("role: liaison", "role: boss", "只能是 liaison、unit_head、leader、admin、operator 之一"),
        ("account: a", "account: 甲", "account：写法不对"),
        ("platform: sandbox", "platform: 飞书", "roster.yaml 第2行 platform：没有“飞书”这个平台"),
    ],
    ids=[
        "liaison without unit",
        "doubled address",
        "unknown role",
        "account in Chinese",
        "platform",
    ],
)
def test_a_wrong_roster_is_refused_with_its_place(
    tmp_path: Path, old: str, new: str, problem: str
) -> None:
    assert old in ROSTER
    path = tmp_path / "roster.yaml"
    path.write_text(ROSTER.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(ProgrammeError) as caught:
        read_roster(path)

    assert problem in str(caught.value)


@pytest.mark.parametrize("platform", ["wecom", "wecom_app", "wecom_bot"])
def test_people_are_at_wecom_and_its_groups_behind_the_bot(
    session: Session, tmp_path: Path, platform: str
) -> None:
    """Only the bot hears groups: there the first word of a group finds it again."""
    a_unit(session, "州公安局")
    path = tmp_path / "roster.yaml"
    path.write_text(ROSTER.replace("sandbox", platform), encoding="utf-8")
    roster = read_roster(path)

    assert load_roster(session, roster, MONDAY).groups == 1
    assert load_roster(session, roster, MONDAY).groups == 0
    assert account_of(session, "wecom", "a") is not None
    heard = chat_at(session, "wecom", "liaisons", ChatKind.GROUP, MONDAY, "wecom_bot")
    assert (heard.name, heard.purpose) == ("联络员群", "liaisons")
