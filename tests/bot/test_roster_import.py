"""People, units and groups from the sheets of our workbook, and from sheets that stand alone."""

import io

import pytest
from openpyxl import Workbook, load_workbook
from sqlmodel import Session, select

from bot.roster import import_members, members_data, units_data
from bot.roster_chats import chats_data
from bot.roster_import import import_chats, import_units
from models.errors import ProgrammeError
from models.programmes.workbook import template
from models.unit import Unit
from tests.conftest import at

NOW = at("2026-03-02T09:00")
NAME = "名册.xlsx"
Rows = list[list[object]]

UNITS: Rows = [
    ["市人社局", "市人力资源和社会保障局", "部门"],
    ["城关县", None, "县市"],
    ["城关产业园", None, "园区", None, "城关县"],
]
PEOPLE: Rows = [
    ["联络员甲", "市人社局", "联络员", "企业微信", "LianLuoJia"],
    ["领导甲", None, "领导", None, "lingdao"],
]
GROUPS: Rows = [["联络员群", "企业微信", "g-1", "联络员群", "是"]]


def filled(area: str = "望城市") -> bytes:
    """Our own template with units, people and a group."""
    book = load_workbook(io.BytesIO(template()))
    for row in book["专项"].iter_rows(min_row=2):
        if row[0].value == "地区":
            row[1].value = area or None
    for title, rows in {"单位": UNITS, "人员": PEOPLE, "会话": GROUPS}.items():
        for number, cells in enumerate(rows, 4):
            for place, value in enumerate(cells, 1):
                book[title].cell(number, place).value = value  # type: ignore[union-attr]
    return saved(book)


def alone(title: str, *rows: list[object]) -> bytes:
    """A workbook of one sheet."""
    book = Workbook()
    book.worksheets[0].title = title
    for row in rows:
        book.worksheets[0].append(row)
    return saved(book)


def saved(book: Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def refusals(session: Session, data: bytes, take: object = import_units) -> list[str]:
    assert callable(take)
    with pytest.raises(ProgrammeError) as refused:
        take(session, data, NAME, NOW)
    return [str(problem) for problem in refused.value.problems]


def test_our_workbook_brings_units_people_and_groups(session: Session) -> None:
    data = filled()

    assert import_units(session, data, NAME, NOW) == 3
    assert import_members(session, data, NAME, NOW).added == 2
    assert import_chats(session, data, NAME, NOW) == 1

    units = {row["name"]: row for row in units_data(session)}
    assert units["市人社局"]["area"] == "望城市"
    assert units["市人社局"]["aliases"] == ["市人力资源和社会保障局"]
    assert units["城关产业园"]["kind"] == "park"
    park, county = (
        session.exec(select(Unit).where(Unit.name == name)).one()
        for name in ("城关产业园", "城关县")
    )
    assert park.parent_id == county.id
    people = {row["name"]: row for row in members_data(session)}
    assert people["联络员甲"]["accounts"] == ["wecom:lianluojia"]
    assert people["联络员甲"]["roles"] == ["联络员@市人社局"]
    assert people["领导甲"]["accounts"] == ["wecom:lingdao"]
    assert chats_data(session)[0]["purpose"] == "liaisons"
    assert chats_data(session)[0]["names_laggards"] is True
    # Only the bot hears groups: behind its door the first message of the group finds it again.
    assert chats_data(session)[0]["doors"] == ["wecom_bot:g-1"]


def test_units_come_once_however_often_they_are_sent(session: Session) -> None:
    import_units(session, filled(), NAME, NOW)
    import_units(session, filled(), NAME, NOW)

    assert len(units_data(session)) == 3


def test_a_list_of_units_names_its_area_itself(session: Session) -> None:
    data = alone("单位", ["名称", "地区", "简称"], ["市林业局", "望城市", "林业局"])

    assert import_units(session, data, NAME, NOW) == 1
    assert units_data(session)[0]["aliases"] == ["林业局"]


def test_without_an_area_the_way_out_is_told(session: Session) -> None:
    assert refusals(session, alone("单位", ["名称", "类别"], ["市林业局", "部门"])) == [
        "《名册.xlsx》工作表“单位”第2行：没有写地区；请加“地区”列，或填写“专项”表的地区"
    ]


def test_units_that_contradict_each_other_are_told_at_their_cells(session: Session) -> None:
    rows: Rows = [
        ["名称", "别名", "地区", "上级"],
        ["市林业局", "林业局", "望城市", None],
        ["林业局", None, "望城市", None],
        ["甲园区", None, "望城市", "乙园区"],
        ["乙园区", None, "望城市", "甲园区"],
    ]

    assert [line.split("；")[0] for line in refusals(session, alone("单位", *rows))] == [
        "《名册.xlsx》工作表“单位”A3：单位名称“林业局”重复（已属于“市林业局”）",
        "《名册.xlsx》工作表“单位”D4：单位“甲园区”的上级成了循环",
        "《名册.xlsx》工作表“单位”D5：单位“乙园区”的上级成了循环",
    ]
    assert units_data(session) == []


def test_a_formula_a_password_and_a_huge_file_are_refused(session: Session) -> None:
    formula = alone("单位", ["名称", "地区"], ["=A1", "望城市"])
    password = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")

    assert "是公式（=A1）" in refusals(session, formula)[0]
    assert "文件有打开密码" in refusals(session, password)[0]
    assert "超过 10 MB" in refusals(session, bytes(11_000_000))[0]


def test_a_group_may_wait_for_its_purpose_and_a_platform_may_not(session: Session) -> None:
    head: list[object] = ["名称", "平台", "地址", "用途", "点名"]
    waiting = alone("会话", head, ["县市群", "sandbox", "g-9", None, None])
    nowhere = alone("会话", head, ["县市群", None, "g-8", "领导群", None])

    assert import_chats(session, waiting, NAME, NOW) == 1
    assert chats_data(session)[0]["purpose"] == ""
    assert refusals(session, nowhere, import_chats) == [
        "《名册.xlsx》工作表“会话”B2：没有写平台；请填“企业微信”或“钉钉”"
    ]


@pytest.mark.parametrize(
    ("platform", "told"),
    [
        ("飞书", "“飞书”收不到群消息；请填“企业微信”或“钉钉”"),
        ("wecom_app", "“wecom_app”收不到群消息；请填“企业微信”或“钉钉”"),
        ("wecom_robot", "密钥不写在表里；请删去这一行，用 dajuan chat add --platform wecom_robot"),
    ],
)
def test_a_group_at_no_platform_is_refused_at_its_cell(
    session: Session, platform: str, told: str
) -> None:
    rows: Rows = [["名称", "平台", "地址", "用途"], ["领导群", platform, "g-1", "领导群"]]

    [refusal] = refusals(session, alone("会话", *rows), import_chats)

    assert refusal.startswith("《名册.xlsx》工作表“会话”B2：")
    assert told in refusal
    assert chats_data(session) == []


def test_people_of_every_door_are_at_one_platform_and_others_are_refused(session: Session) -> None:
    head = ["姓名", "角色", "平台", "账号"]
    known: Rows = [["甲", "领导", "企业微信", "Jia"], ["甲", "管理员", "wecom_bot", "jia"]]
    unknown: Rows = [["乙", "领导", "微信", "yi"]]

    assert import_members(session, alone("人员", head, *known), NAME, NOW).added == 1
    [person] = members_data(session)
    assert (person["accounts"], person["roles"]) == (["wecom:jia"], ["领导", "管理员"])
    assert refusals(session, alone("人员", head, *unknown), import_members) == [
        "《名册.xlsx》工作表“人员”C2：没有“微信”这个平台；请填“企业微信”或“钉钉”"
    ]
