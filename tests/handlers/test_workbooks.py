"""An admin brings a programme as an Excel workbook in the chat."""

import io
from collections.abc import Callable
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from sqlmodel import col, select

from handlers.books import book_of, keep_book
from handlers.reporting.intake import as_sent, take_in
from models.audit import Audit
from models.digest import DigestSchedule
from models.errors import ProgrammeError
from models.indicator import Indicator
from models.media import Media
from models.member import RoleName
from models.obligation import Obligation
from models.programme import Programme, active_programmes, programme_by_code
from models.programmes.definition import Definition
from models.programmes.roster import Roster
from models.programmes.workbook import read_workbook, write_workbook
from models.unit import Unit
from tests.factories import PLATFORM, a_member, a_programme
from tests.talk import MORNING, MediaShelf, Talk

ADMIN = "管理员甲"
NAME = "民生实事.xlsx"
#: As Excel keeps a workbook with a password: an old container that names what it encrypts.
LOCKED = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")

SMALL: dict[str, Any] = {
    "code": "shishi-2021",
    "title": "2021年州定民生实事项目",
    "short": "州定民生实事",
    "area": "湘西州",
    "year": 2021,
    "rules": {"default_day": 20},
    "units": [{"name": "州公安局"}, {"name": "州卫健委"}],
    "wordings": {"月调度": "9月份起，每月20日前报1月1日至上月的累计情况"},
    "forms": {"进展": {"sections": [{"name": "进展"}]}},
    "requirements": [{"wording": "月调度", "form": "进展"}],
    "tasks": [
        {
            "number": "实1",
            "theme": "公共安全",
            "title": "新建公共视频监控点",
            "short": "视频监控",
            "lead": ["州公安局"],
            "indicators": [{"name": "监控点", "unit": "个", "target": 1200}],
        },
        {
            "number": "实2",
            "theme": "健康",
            "title": "村卫生室标准化建设",
            "short": "村卫生室",
            "lead": ["州卫健委"],
            "indicators": [{"name": "村卫生室", "unit": "个", "target": 300}],
        },
    ],
}


def workbook(change: Callable[[dict[str, Any]], None] | None = None) -> bytes:
    data = Definition.model_validate(SMALL, strict=False).model_dump(mode="json")
    if change is not None:
        change(data)
    return write_workbook(Definition.model_validate(data, strict=False))


def programme(talk: Talk) -> Programme | None:
    with talk.database.read() as session:
        return programme_by_code(session, "shishi-2021")


def test_a_workbook_is_shown_first_and_loaded_on_confirmation(talk: Talk) -> None:
    [shown] = talk.say(ADMIN, files=[(NAME, workbook())])

    assert shown.startswith(
        "《民生实事.xlsx》将新建专项“2021年州定民生实事项目”（shishi-2021，2021年）："
    )
    assert "2项任务" in shown
    assert shown.endswith("载入请回复“确认”，不载入不用回复。")
    assert programme(talk) is None

    [done] = talk.say(ADMIN, "确认")

    assert done.startswith("已载入专项“州定民生实事”：2项任务，")
    with talk.database.read() as session:
        found = programme_by_code(session, "shishi-2021")
        assert found is not None
        owed = session.exec(select(Obligation).where(Obligation.programme_id == found.id)).all()
        assert len(owed) == 2 * 5  # September 2021 to January 2022
        digests = session.exec(
            select(DigestSchedule).where(DigestSchedule.programme_id == found.id)
        ).all()
        assert digests
        [act] = session.exec(select(Audit).where(Audit.action == "载入")).all()
        assert act.row == found.id


def test_the_same_workbook_again_has_nothing_to_change(talk: Talk) -> None:
    talk.say(ADMIN, files=[(NAME, workbook())])
    talk.say(ADMIN, "确认")

    assert talk.say(ADMIN, files=[(NAME, workbook())]) == [
        "《民生实事.xlsx》与现有专项一致，没有要改动的，未作处理。"
    ]


def test_a_changed_target_is_shown_as_old_and_new(talk: Talk) -> None:
    talk.say(ADMIN, files=[(NAME, workbook())])
    talk.say(ADMIN, "确认")
    raised = workbook(lambda data: data["tasks"][0]["indicators"][0].update(target="1500"))

    [shown] = talk.say(ADMIN, files=[(NAME, raised)])

    assert "任务 实1 指标 监控点 目标：1200 → 1500" in shown
    talk.say(ADMIN, "确认")
    with talk.database.read() as session:
        row = session.exec(select(Indicator).where(Indicator.name == "监控点")).one()
        assert row.target == 1500


def test_a_second_confirmation_loads_nothing_again(talk: Talk) -> None:
    talk.say(ADMIN, files=[(NAME, workbook())])
    talk.say(ADMIN, "确认")

    [again] = talk.say(ADMIN, "确认")

    assert not again.startswith("已载入")
    with talk.database.read() as session:
        assert len(session.exec(select(Audit).where(Audit.action == "载入")).all()) == 1


def test_changes_made_meanwhile_are_shown_before_an_older_workbook_is_loaded(talk: Talk) -> None:
    """Two admins work on one programme: what was agreed to must be what happens."""
    with talk.database.write() as session:
        a_member(session, "管理员乙", (RoleName.ADMIN, None))
    talk.say(ADMIN, files=[(NAME, workbook())])
    talk.say(ADMIN, "确认")
    talk.say(ADMIN, files=[(NAME, workbook(lambda data: target(data, "1300")))])
    talk.say("管理员乙", files=[(NAME, workbook(lambda data: target(data, "1500")))])
    talk.say("管理员乙", "确认")

    [shown] = talk.say(ADMIN, "确认")

    assert shown.startswith("列出变化之后，该专项又有改动，尚未载入。")
    assert "监控点 目标：1500 → 1300" in shown
    assert talk.say(ADMIN, "确认")[0].startswith("已载入")
    with talk.database.read() as session:
        loads = select(Audit).where(Audit.action == "载入").order_by(col(Audit.id))
        *_, act = session.exec(loads).all()
        assert act.after["differences"] == ["任务 实1 指标 监控点 目标：1500 → 1300"]
        assert act.before["fingerprint"] != act.after["fingerprint"]


def target(data: dict[str, Any], value: str) -> None:
    data["tasks"][0]["indicators"][0]["target"] = value


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("实事.xlsx", LOCKED, "密码"),
        ("实事.xls", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, ".xlsx"),
        ("分工方案.docx", b"PK\x03\x04" + b"\0" * 60, "Word 和文字材料请交运维人员"),
        ("通知.pdf", b"%PDF-1.7", "Word 和文字材料请交运维人员"),
        ("压缩包.zip", b"PK\x03\x04" + b"\0" * 60, "专项请发 .xlsx 工作簿"),
    ],
    ids=["password", "old excel", "word", "pdf", "zip"],
)
def test_a_file_that_cannot_be_loaded_is_told_what_to_send(
    talk: Talk, name: str, data: bytes, told: str
) -> None:
    [answer] = talk.say(ADMIN, files=[(name, data)])

    assert name in answer
    assert told in answer


def test_a_second_file_of_a_message_is_not_forgotten(talk: Talk) -> None:
    [shown] = talk.say(ADMIN, files=[(NAME, workbook()), ("另一个.xlsx", workbook())])

    assert shown.endswith("另有1个文件未处理，请逐个发送。")


def test_assumptions_are_told_once_not_at_every_change(talk: Talk) -> None:
    def quarterly(data: dict[str, Any]) -> None:
        data["wordings"]["月调度"] = "按季度报送累计情况"

    def quarterly_and_more(data: dict[str, Any]) -> None:
        quarterly(data)
        target(data, "1300")

    [first] = talk.say(ADMIN, files=[(NAME, workbook(quarterly))])
    [done] = talk.say(ADMIN, "确认")
    [second] = talk.say(ADMIN, files=[(NAME, workbook(quarterly_and_more))])

    assert "推定1处：" in first
    assert done.endswith("有推定的报送期限，确认前不催报，请发“期限”核对。")
    assert "推定" not in second


REPORT = "报送 实1\n截至：8月31日\n完成数：300个\n进展：分两批建设，第一批已经投入使用。"


def loaded_with_a_report(talk: Talk) -> None:
    """The small programme with one accepted report: 300 of 1,200."""
    talk.say(ADMIN, files=[(NAME, workbook())])
    talk.say(ADMIN, "确认")
    talk.set_clock("2021-09-03T09:00")
    [receipt] = talk.say("州公安局联络员", REPORT)
    number = receipt.partition("#")[2].split()[0].rstrip("。，：:")
    assert "已通过" in talk.say(ADMIN, f"通过 {number}")[0]


def send(talk: Talk, change: Callable[[dict[str, Any]], None]) -> str:
    """An admin sends the changed workbook and agrees to it."""
    [shown] = talk.say(ADMIN, files=[(NAME, workbook(change))])
    if shown.endswith("不载入不用回复。"):
        talk.say(ADMIN, "确认")
    return shown


def test_a_report_follows_its_task_when_numbers_shift_and_targets_are_raised(talk: Talk) -> None:
    loaded_with_a_report(talk)

    def put_before(data: dict[str, Any]) -> None:
        cameras, rooms = data["tasks"]
        target(data, "1500")
        new = rooms | {"number": "实1", "title": "建设老年助餐点", "short": "助餐点"}
        cameras |= {"number": "实2"}
        rooms |= {"number": "实3"}
        data["tasks"] = [new, cameras, rooms]

    shown = send(talk, put_before)

    assert "任务 实1 编号改为 实2（报送内容随任务保留）" in shown
    [cameras] = talk.say(ADMIN, "进度 实2")
    assert "300个" in cameras
    assert "20.00%" in cameras
    [meals] = talk.say(ADMIN, "进度 实1")
    assert "300" not in meals


def test_another_task_under_a_reported_number_is_refused(talk: Talk) -> None:
    loaded_with_a_report(talk)

    def put_another(data: dict[str, Any]) -> None:
        indicator = data["tasks"][0]["indicators"][0] | {"name": "改造小区", "target": "5"}
        names = {"title": "城镇老旧小区改造", "short": "老旧小区"}
        data["tasks"][0] |= names | {"indicators": [indicator]}

    answer = send(talk, put_another)

    assert "原为“新建公共视频监控点”，已有报送" in answer
    assert "未载入任何内容" in answer
    [cameras] = talk.say(ADMIN, "进度 实1")
    assert "300个" in cameras


def test_a_renamed_indicator_needs_its_old_name_as_an_alias(talk: Talk) -> None:
    loaded_with_a_report(talk)

    def rename(data: dict[str, Any]) -> None:
        data["tasks"][0]["indicators"][0]["name"] = "高清视频监控点位"

    def rename_with_alias(data: dict[str, Any]) -> None:
        rename(data)
        data["tasks"][0]["indicators"][0]["aliases"] = ["监控点"]

    refused = send(talk, rename)
    assert "如是改名，请把“监控点”写进“高清视频监控点位”的别名" in refused
    send(talk, rename_with_alias)
    assert "高清视频监控点位：300个" in talk.say(ADMIN, "进度 实1")[0]


def test_a_measure_of_another_kind_is_refused_once_figures_are_there(talk: Talk) -> None:
    loaded_with_a_report(talk)

    answer = send(talk, lambda data: data["tasks"][0]["indicators"][0].update(unit="公里"))

    assert "计量单位由“个”改为“公里”，而已有报送的数据" in answer


def test_another_year_needs_another_code(talk: Talk) -> None:
    talk.say(ADMIN, files=[(NAME, workbook())])
    talk.say(ADMIN, "确认")

    answer = send(talk, lambda data: data.update(year=2022))

    assert "新一年请换代码，如 shishi-2022" in answer


def test_who_leads_is_told_by_name(talk: Talk) -> None:
    talk.say(ADMIN, files=[(NAME, workbook())])
    talk.say(ADMIN, "确认")

    shown = send(talk, lambda data: data["tasks"][0].update(lead=["州卫健委"]))

    assert "任务 实1 牵头单位：增加州卫健委" in shown
    assert "任务 实1 牵头单位“州公安局”：文件中已没有，删除" in shown


def test_a_unit_that_may_be_a_known_one_is_asked_about(talk: Talk) -> None:
    """A second unit would owe what nobody of the first sees."""

    def rename(data: dict[str, Any]) -> None:
        data["units"][1]["name"] = "州卫生健康委员会"
        data["tasks"][1]["lead"] = ["州卫生健康委员会"]

    [shown] = talk.say(ADMIN, files=[(NAME, workbook(rename))])

    assert "待确认1处：" in shown
    assert "与已有单位“州卫健委”是否同一单位？" in shown


def test_each_wrong_cell_is_named_and_nothing_is_loaded(talk: Talk) -> None:
    book = load_workbook(io.BytesIO(workbook()))
    sheet = book["指标"]
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value in (1200, "1200"):
                cell.value = "一千二百多"
    target = io.BytesIO()
    book.save(target)

    [answer] = talk.say(ADMIN, files=[(NAME, target.getvalue())])

    assert answer.startswith("《民生实事.xlsx》有1处要改，未载入任何内容：")
    assert "一千二百多" in answer
    assert "指标" in answer
    assert programme(talk) is None


def test_a_file_that_is_no_workbook_of_ours_is_told_what_to_send(talk: Talk) -> None:
    plain = io.BytesIO()
    Workbook().save(plain)

    [answer] = talk.say(ADMIN, files=[("通讯录.xlsx", plain.getvalue())])

    assert "未载入任何内容" in answer


def test_nothing_is_loaded_by_a_confirmation_that_nobody_asked_for(talk: Talk) -> None:
    [answer] = talk.say(ADMIN, "载入")

    assert answer.startswith("请发送专项工作簿（.xlsx）")
    [answer] = talk.say(ADMIN, "载入 0000")
    assert answer.startswith("没有等待载入的工作簿。")


def test_a_liaison_cannot_load(talk: Talk) -> None:
    [answer] = talk.say("州公安局联络员", "载入", files=[(NAME, workbook())])

    assert "仅限管理员" in answer
    assert programme(talk) is None


def with_people(*people: tuple[str, str, str, list[str]]) -> bytes:
    """The small workbook with people: name, account, role, units."""
    roster = {
        "area": "湘西州",
        "platform": PLATFORM,
        "people": [
            {"name": name, "account": account, "roles": [{"role": role, "units": units}]}
            for name, account, role, units in people
        ],
    }
    return write_workbook(
        Definition.model_validate(SMALL, strict=False), Roster.model_validate(roster, strict=False)
    )


def test_every_new_role_is_shown_before_and_kept_in_the_trail(talk: Talk) -> None:
    data = with_people(
        ("联络员丁", "ding", "liaison", ["州卫健委"]), ("领导丙", "bing", "leader", [])
    )

    [shown] = talk.say(ADMIN, files=[(NAME, data)])
    [done] = talk.say(ADMIN, "确认")

    for answer in (shown, done):
        assert "联络员丁：联络员（州卫健委）" in answer
        assert "领导丙：领导" in answer
    with talk.database.read() as session:
        [act] = session.exec(select(Audit).where(Audit.action == "载入")).all()
        assert len(act.after["roles"]) == 2
    assert "没有要改动的" in talk.say(ADMIN, files=[(NAME, data)])[0]


def an_admin_of(talk: Talk, code: str) -> str:
    with talk.database.write() as session:
        own = programme_by_code(session, code) or a_programme(session, code=code)
        a_member(session, "管理员乙", (RoleName.ADMIN, None), programme=own)
    return "管理员乙"


def test_an_admin_of_one_programme_gives_nobody_roles(talk: Talk) -> None:
    """Roles from a sheet hold in every programme."""
    talk.say(ADMIN, files=[(NAME, workbook())])
    talk.say(ADMIN, "确认")
    person = an_admin_of(talk, "shishi-2021")
    data = with_people(("管理员乙", "other", "admin", []))

    [answer] = talk.say(person, files=[(NAME, data)])

    assert answer.startswith("“人员”表需由负责全部专项的管理员载入")


def test_what_another_admin_sent_is_loaded_only_by_who_may(talk: Talk) -> None:
    """Knowing a file's address is no right to load it."""
    talk.say(ADMIN, files=[(NAME, workbook())])
    with talk.database.read() as session:
        sha = session.exec(select(Media.sha)).one()
    person = an_admin_of(talk, "own-2021")

    [answer] = talk.say(person, f"载入 {sha} new")

    assert answer.startswith("新建专项需由负责全部专项的管理员载入")
    assert programme(talk) is None


def test_a_programme_for_practice_is_marked_as_such(talk: Talk) -> None:
    with talk.database.write() as session:
        for each in active_programmes(session):
            each.demo = True

    talk.say(ADMIN, files=[(NAME, workbook())])
    talk.say(ADMIN, "确认")

    found = programme(talk)
    assert found is not None
    assert found.demo


def test_a_workbook_for_a_province_goes_by_the_command_line(talk: Talk) -> None:
    def many(data: dict[str, Any]) -> None:
        task = data["tasks"][1]
        data["tasks"] = [task | {"number": f"实{n}", "title": f"事项{n}"} for n in range(501)]

    [answer] = talk.say(ADMIN, files=[(NAME, workbook(many))])

    assert "有501项任务，超过500项。请交运维人员用 dajuan load 载入。" in answer


def test_an_admin_of_one_programme_cannot_make_another(talk: Talk) -> None:
    with talk.database.write() as session:
        own = a_programme(session, code="own-2021")
        a_member(session, "管理员乙", (RoleName.ADMIN, None), programme=own)

    [answer] = talk.say("管理员乙", files=[(NAME, workbook())])

    assert answer == "新建专项需由负责全部专项的管理员载入，请转给他，或请运维人员用命令行载入。"


def test_the_template_comes_as_a_file_and_names_every_sheet(talk: Talk) -> None:
    [answer] = talk.say(ADMIN, "模板")

    assert answer.startswith("请按“说明”表填写后")
    [data] = talk.pictures_of(ADMIN)
    names = load_workbook(io.BytesIO(data)).sheetnames
    assert {"单位", "人员", "专项", "任务", "指标", "分解", "报送要求"} <= set(names)


def test_what_was_sent_reads_back_as_it_was_written() -> None:
    book = read_workbook(workbook(), NAME)

    assert [task.number for task in book.definition.tasks] == ["实1", "实2"]


def test_units_of_the_area_are_not_doubled(talk: Talk) -> None:
    talk.say(ADMIN, files=[(NAME, workbook())])
    talk.say(ADMIN, "确认")

    with talk.database.read() as session:
        assert len(session.exec(select(Unit).where(Unit.name == "州公安局")).all()) == 1


def test_a_programme_is_read_before_the_transaction_begins(talk: Talk) -> None:
    shelf = MediaShelf()
    media = take_in(workbook(), NAME, shelf, talk.now)
    keep_book(media, shelf)
    shelf.kept = {media.book_sha or "": shelf.kept[media.book_sha or ""]}

    assert book_of(media, shelf) == read_workbook(workbook(), NAME)


def test_what_is_wrong_is_told_under_the_name_that_this_sender_gave() -> None:
    shelf = MediaShelf()
    media = take_in(without_units(), "甲的.xlsx", shelf, MORNING)
    keep_book(media, shelf)

    with pytest.raises(ProgrammeError, match=r"《乙的\.xlsx》工作表“单位”") as told:
        book_of(as_sent(media, "乙的.xlsx"), shelf)
    assert "甲的" not in str(told.value)


def test_an_admins_file_is_read_on_arrival_and_nobody_elses(talk: Talk) -> None:
    sent = workbook()  # the bytes hold the second they were made in; one file sent twice is one row
    for person, is_kept in (("州公安局联络员", False), (ADMIN, True)):
        talk.say(person, files=[(NAME, sent)])
        with talk.database.read() as session:
            assert (session.exec(select(Media.book_sha)).one() is not None) is is_kept


def test_a_sheet_of_more_rows_than_are_read_is_refused_before_they_are_built() -> None:
    with pytest.raises(ProgrammeError, match="超过 20000 行（含空行）"):
        read_workbook(with_more_rows(workbook(), 20_001), NAME)


def without_units() -> bytes:
    book = load_workbook(io.BytesIO(workbook()))
    book["单位"].delete_rows(2, 20)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_more_rows(data: bytes, count: int) -> bytes:
    """The workbook with so many empty rows below its first sheet."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(data)) as before, ZipFile(out, "w", ZIP_DEFLATED) as after:
        for info in before.infolist():
            part = before.read(info)
            if info.filename == "xl/worksheets/sheet1.xml":
                part = part.replace(b"</sheetData>", b"<row/>" * count + b"</sheetData>")
            after.writestr(info.filename, part)
    return out.getvalue()
