"""The command line as scripts rely on it: what it prints, its JSON, its exit codes."""

import json
import shutil
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlmodel import select

from models.db import open_database
from models.programme import Programme
from tests.console import Dajuan
from tests.pictures import a_photo

_LOADED: dict[str, Path] = {}


@pytest.fixture
def loaded(dajuan: Dajuan, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Dajuan:
    """The same with both programmes of 2021 and three people, at 13 September 2021."""
    (tmp_path / "var").mkdir(exist_ok=True)
    if "db" not in _LOADED:
        assert dajuan("say", "--as", "nobody", "--at", "2021-09-13T09:00", "你好").code == 0
        assert dajuan("load", "dajuan-2021", "minsheng-2021").code == 0
        for account, role, *unit in (
            ("sandbox:ga", "liaison", "--unit", "州公安局"),
            ("sandbox:rs", "liaison", "--unit", "州人社局"),
            ("sandbox:admin", "admin"),
        ):
            words = ("member", "add", f"{account}同志", "--role", role, "--account", account)
            assert dajuan(*words, *unit).code == 0
        _LOADED["db"] = tmp_path_factory.mktemp("loaded") / "dajuan.db"
        database = open_database("sqlite:///var/dajuan.db")
        with database.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql(f"VACUUM INTO '{_LOADED['db']}'")
            connection.exec_driver_sql("BEGIN")
        database.dispose()
    for old in (tmp_path / "var").glob("dajuan.db*"):
        old.unlink()
    shutil.copy(_LOADED["db"], tmp_path / "var" / "dajuan.db")
    return dajuan


@pytest.mark.parametrize(
    ("words", "code", "err"),
    [
        (["load", "nosuch-2021"], 1, "nosuch-2021"),
        (["load", "none.yaml"], 1, "none.yaml"),
        (["load"], 2, "Missing argument"),
        (["tasks", "--programme", "nosuch"], 1, "dajuan load nosuch"),
        (["tasks"], 2, "--programme"),
        (["tasks", "--programme", "dajuan-2021", "--at", "soon"], 2, "no date"),
        (["obligations", "--programme", "nosuch"], 1, "nosuch"),
        (["run", "nosuch"], 2, "reminders"),
        (["run", "reminders", "--at", "soon"], 2, "no time"),
        (["say", "--as", "", "你好"], 2, "person"),
        (["say", "你好"], 2, "--as"),
        (["say", "--as", "ga", "看", "--picture", "none.jpg"], 1, "none.jpg"),
        (["say", "--as", "ga", "完成\udcff"], 2, "not UTF-8: character 3"),
        (["say", "--as", "\udcff", "任务"], 2, "not UTF-8: character 1"),
        (["picture", "none.jpg"], 1, "none.jpg"),
        (["member", "add", "甲", "--role", "boss", "--account", "sandbox:x"], 1, "liaison"),
        (["member", "add", "甲", "--role", "liaison", "--account", "sandbox:x"], 1, "--unit"),
        (["member", "add", "甲", "--role", "admin", "--account", "x"], 2, "wecom_app:zhangsan"),
        (["member", "remove", "99"], 1, "dajuan member list"),
        (["member", "import", "none.xlsx"], 1, "none.xlsx"),
        (["chat", "remove", "99"], 1, "dajuan chat list"),
        (["unit", "remove", "99999"], 1, "dajuan unit list"),
        (["invite", "--role", "liaison"], 1, "--unit"),
        (["invite", "--role", "liaison", "--unit", "无此单位"], 1, "无此单位"),
        (["inbox", "show", "99"], 1, "99"),
        (["inbox", "retry", "99"], 1, "99"),
        (["inbox", "drop", "x"], 2, "number"),
        (["outbox", "show", "99"], 1, "99"),
        (["outbox", "retry", "99"], 1, "99"),
        (["nosuch"], 2, "nosuch"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_cannot_be_done_says_why_and_ends_with_its_code(
    dajuan: Dajuan, words: list[str], code: int, err: str
) -> None:
    ran = dajuan(*words)

    assert (ran.code, ran.out) == (code, "")
    assert err in ran.err
    assert "Traceback" not in ran.err
    assert code == 2 or len(ran.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "value", "err"),
    [
        ("DATABASE_URL", "postgresql+psycopg://u:hunter2@127.0.0.1:1/x", "database: "),
        ("DATABASE_URL", "nonsense", "DATABASE_URL"),
        ("DATABASE_URL", "sqlite:////proc/none/x.db", "/proc/none"),
        ("TIMEZONE", "Mars", "TIMEZONE"),
        ("SANDBOX", "false", "SECRET_KEY"),
        ("WECOM_CORP_ID", "ww1", "WECOM_CORP_ID"),
        ("MEDIA_URL", "ftp://x", "MEDIA_URL"),
    ],
    ids=["gone", "no address", "no folder", "zone", "sample secret", "beside WeCom", "media"],
)
def test_a_wrong_installation_is_said_in_one_line(
    dajuan: Dajuan, monkeypatch: pytest.MonkeyPatch, name: str, value: str, err: str
) -> None:
    monkeypatch.setenv(name, value)

    ran = dajuan("member", "list")

    assert (ran.code, len(ran.err.splitlines())) == (1, 1)
    assert err in ran.err
    assert "hunter2" not in ran.err


def test_several_workers_need_postgresql(dajuan: Dajuan) -> None:
    ran = dajuan("serve", "--workers", "2")

    assert (ran.code, "PostgreSQL" in ran.err) == (2, True)


def test_loading_says_what_was_read_and_a_second_time_changes_nothing(dajuan: Dajuan) -> None:
    first = dajuan("load", "dajuan-2021")
    assert "39项任务" in first.out
    assert "推定" in first.out

    again = dajuan("load", "dajuan-2021")
    assert "新增0，更新0" in again.out
    assert "期次新增0，更新0，免除0" in again.out


def test_a_dry_run_shows_the_same_and_changes_nothing(dajuan: Dajuan) -> None:
    ran = dajuan("load", "dajuan-2021", "--dry-run", "--json")

    assert set(ran.json) == {"programme", "tasks", "assumed", "not_understood"}
    assert (ran.json["programme"], len(ran.json["tasks"])) == ("dajuan-2021", 39)
    database = open_database("sqlite:///var/dajuan.db")
    with database.read() as session:
        assert session.exec(select(Programme)).all() == []
    database.dispose()


TASK_FIELDS = set(
    "number theme title lead supporting clauses indicators done scheduled status judged outlook "
    "verified".split()
)


def test_tasks_have_the_fields_that_are_promised(loaded: Dajuan) -> None:
    tasks = loaded("tasks", "--programme", "minsheng-2021", "--at", "2021-05-31", "--json").json

    assert len(tasks) == 20
    for task in tasks:
        assert {"number", "title", "lead", "supporting"} <= set(task) <= TASK_FIELDS
        for indicator in task.get("indicators", []):
            assert {"name", "unit"} <= set(indicator)
            assert set(indicator) <= {"name", "target", "unit", "value", "percent"}
            assert all(isinstance(value, str) for value in indicator.values())
    bright = next(task for task in tasks if task["number"] == "新7")
    assert bright["lead"] == ["州公安局"]
    assert bright["indicators"][0]["target"] == "6000"


def test_tasks_for_people_are_a_line_each(loaded: Dajuan) -> None:
    ran = loaded("tasks", "--programme", "dajuan-2021")

    assert len(ran.out.splitlines()) == 39
    assert "—%" not in ran.out


@pytest.mark.parametrize(
    ("due", "count"), [("2021-08-25", 39), ("2021-09-19", 9), ("2021-09-20", 26)]
)
def test_obligations_of_a_day_are_those_of_the_notice(loaded: Dajuan, due: str, count: int) -> None:
    found = loaded("obligations", "--programme", "dajuan-2021", "--due", due, "--json").json

    assert len({each["task"] for each in found}) == count
    for each in found:
        assert set(each) == {"task", "units", "due", "covers", "state", "assumed"}
        assert each["due"].startswith(due)
        assert each["due"].endswith("+08:00")


def test_a_report_through_the_command_line_is_answered_like_one_in_chat(loaded: Dajuan) -> None:
    report = "报送 州1-7\\n截至：8月31日\\n完成数：1710个\\n措施：倒排工期，每周调度。\\n问题：无。"

    ran = loaded("say", "--as", "ga", report)

    assert ran.code == 0
    assert "已收到 #1" in ran.out
    assert "28.50%" in ran.out


def test_a_picture_goes_along_and_a_broken_one_is_told(loaded: Dajuan, tmp_path: Path) -> None:
    (tmp_path / "现场.jpg").write_bytes(a_photo())
    (tmp_path / "坏.jpg").write_text("no picture")
    loaded("say", "--as", "ga", "报送 州1-7")

    good = loaded("say", "--as", "ga", "图1 安装现场", "--picture", str(tmp_path / "现场.jpg"))
    bad = loaded("say", "--as", "ga", "图2 安装现场", "--picture", str(tmp_path / "坏.jpg"))

    assert (good.code, bad.code) == (0, 0)
    assert good.out.strip()
    assert bad.out.strip()
    assert good.out != bad.out


def test_a_stranger_is_told_how_to_bind(loaded: Dajuan) -> None:
    assert "绑定 邀请码" in loaded("say", "--as", "nobody-knows", "任务").out


def test_an_invite_binds_whoever_sends_it(loaded: Dajuan) -> None:
    words = loaded("invite", "--name", "领导甲", "--role", "leader").out.strip()

    assert words.startswith("绑定 ")
    assert "绑定成功" in loaded("say", "--as", "boss", words).out


def test_say_works_in_the_sandbox_only(dajuan: Dajuan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANDBOX", "false")
    monkeypatch.setenv("SECRET_KEY", "x")

    ran = dajuan("say", "--as", "ga", "任务")

    assert (ran.code, "SANDBOX=true" in ran.err) == (1, True)


def test_reminders_go_to_those_who_owe_and_only_once(loaded: Dajuan) -> None:
    first = loaded("run", "reminders", "--at", "2021-09-18T09:00+08:00")
    again = loaded("run", "reminders", "--at", "2021-09-18T09:00+08:00")

    heard = [line for line in first.out.splitlines() if line.startswith("→ ")]
    assert "→ sandbox:ga同志" in heard
    assert "→ sandbox:rs同志" in heard
    assert "州1-7" in first.out
    assert again.out == "reminders: 0\n"


def test_pictures_are_judged_by_the_rules(dajuan: Dajuan, tmp_path: Path) -> None:
    path = tmp_path / "现场.jpg"
    path.write_bytes(a_photo(1200, 900))

    data = dajuan("picture", str(path), "--json").json

    assert set(data) == {"width", "height", "dpi", "format", "problems", "crop"}
    assert (data["width"], data["height"], data["format"]) == (1200, 900, "JPEG")
    assert {"code": "ratio", "level": "error"}.items() <= data["problems"][0].items()
    assert data["crop"] == [0, 150, 1200, 750]


def test_a_text_named_jpg_is_no_picture(dajuan: Dajuan, tmp_path: Path) -> None:
    path = tmp_path / "现场.jpg"
    path.write_text("no picture")

    data = dajuan("picture", str(path), "--json").json

    assert data["crop"] is None
    assert [each["level"] for each in data["problems"]] == ["error"]


def a_roster(path: Path, *rows: tuple[str, ...], sheet: str = "人员") -> str:
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in (("姓名", "平台", "账号", "角色", "单位"), *rows):
        page.append(row)
    book.save(path)
    book.close()
    return str(path)


def test_a_roster_is_imported_once(loaded: Dajuan, tmp_path: Path) -> None:
    file = a_roster(
        tmp_path / "名册.xlsx",
        ("联络员丙", "sandbox", "wj", "联络员", "州卫健委、州妇联"),
        ("领导丙", "sandbox", "ld", "领导", ""),
    )

    assert loaded("member", "import", file).out == "新增2人，新增角色3个，未变0行\n"
    assert loaded("member", "import", file).out == "新增0人，新增角色0个，未变2行\n"
    people = {each["name"]: each for each in loaded("member", "list", "--json").json}
    assert people["联络员丙"]["roles"] == ["联络员@州卫健委", "联络员@州妇联"]
    assert people["联络员丙"]["accounts"] == ["sandbox:wj"]


def test_bad_rows_are_all_named_and_nothing_is_imported(loaded: Dajuan, tmp_path: Path) -> None:
    file = a_roster(
        tmp_path / "名册.xlsx",
        ("联络员丙", "sandbox", "wj", "联络员", "州卫健委"),
        ("", "sandbox", "x", "联络员", "州妇联"),
        ("丁", "sandbox", "y", "科长", ""),
        ("戊", "sandbox", "z", "领导", "州妇联"),
    )

    ran = loaded("member", "import", file)

    assert ran.code == 1
    assert [line.split("：")[0] for line in ran.err.splitlines()] == [
        f"《名册.xlsx》工作表“人员”{cell}" for cell in ("A3", "D4", "E5")
    ]
    assert "联络员丙" not in loaded("member", "list").out


def test_an_unknown_unit_a_wrong_sheet_and_a_wrong_file_are_named(
    loaded: Dajuan, tmp_path: Path
) -> None:
    unknown = a_roster(tmp_path / "1.xlsx", ("丙", "sandbox", "wj", "联络员", "无此单位"))
    sheet = a_roster(tmp_path / "2.xlsx", sheet="名单")
    (tmp_path / "3.xlsx").write_text("no workbook")

    assert "工作表“人员”E2：没有单位“无此单位”" in loaded("member", "import", unknown).err
    assert "缺少工作表“人员”" in loaded("member", "import", sheet).err
    assert "不是 Excel 工作簿" in loaded("member", "import", str(tmp_path / "3.xlsx")).err


def test_chats_and_units_are_added_listed_and_removed(loaded: Dajuan) -> None:
    group = ("chat", "add", "--name", "领导群", "--platform", "sandbox", "--address", "leaders")
    assert loaded(*group, "--purpose", "leaders").out == "chat 5\n"
    assert "already" in loaded(*group).err
    (chat,) = loaded("chat", "list", "--json").json
    assert (chat["name"], chat["purpose"], chat["doors"]) == (
        "领导群",
        "leaders",
        ["sandbox:leaders"],
    )
    assert loaded("chat", "remove", str(chat["id"])).code == 0

    unit = loaded("unit", "add", "州气象局", "--area", "湘西州", "--alias", "气象").out.split()[1]
    assert "气象" in loaded("unit", "list").out
    assert loaded("unit", "remove", unit).code == 0
    taken = loaded("unit", "remove", "1")
    assert (taken.code, "stays" in taken.err) == (1, True)


def test_someone_removed_can_do_nothing_more(loaded: Dajuan) -> None:
    people = loaded("member", "list", "--json").json
    number = next(str(each["id"]) for each in people if each["accounts"] == ["sandbox:ga"])

    assert loaded("member", "remove", number).code == 0
    assert "尚未绑定" in loaded("say", "--as", "ga", "任务").out
    assert loaded("member", "remove", number).code == 1


@pytest.mark.parametrize("what", ["member", "chat", "unit", "inbox", "outbox"])
def test_every_list_is_also_json(loaded: Dajuan, what: str) -> None:
    assert isinstance(loaded(what, "list", "--json").json, list)


def test_the_schema_is_brought_up_to_date_once(dajuan: Dajuan) -> None:
    assert dajuan("migrate").out.startswith("schema: empty → ")
    assert dajuan("migrate").code == 0
    assert dajuan("inbox", "list").out == "nothing is stuck\n"


def a_workbook(path: Path, sheet: str, rows: list[list[str]]) -> str:
    book = Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    book.save(path)
    return str(path)


def test_units_and_groups_come_from_a_workbook(loaded: Dajuan, tmp_path: Path) -> None:
    head = ["名称", "地区", "类型", "分组", "简称"]
    rows = [head, ["州林业局", "湘西州", "州直", "州直单位", "林业局、州林业"]]
    units = a_workbook(tmp_path / "单位.xlsx", "单位", rows)
    rows = [
        ["名称", "平台", "地址", "用途", "点名"],
        ["县市群", "sandbox", "g-9", "联络员群", "否"],
    ]
    chats = a_workbook(tmp_path / "会话.xlsx", "会话", rows)

    assert loaded("unit", "import", units).out == "已读入1个单位\n"
    assert loaded("chat", "import", chats).out == "已读入1个会话\n"
    assert "林业局、州林业" in loaded("unit", "list").out
    assert "sandbox:g-9" in loaded("chat", "list").out
    again = loaded("chat", "import", chats)
    assert (again.code, "第2行" in again.err) == (1, True)


def test_an_open_invite_is_listed_without_its_code_and_can_be_withdrawn(loaded: Dajuan) -> None:
    code = loaded("invite", "--name", "领导丙", "--role", "leader").out.split()[1]
    [row] = json.loads(loaded("invite", "list", "--json").out)

    assert row["name"] == "领导丙"
    assert code not in loaded("invite", "list").out
    assert loaded("invite", "remove", str(row["id"])).code == 0
    assert json.loads(loaded("invite", "list", "--json").out) == []
    assert loaded("invite", "remove", str(row["id"])).code == 1
