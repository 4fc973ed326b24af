"""The demonstration: a fresh house of its own, a page that starts, forty days that come true."""

import socket
from datetime import date, timedelta
from itertools import pairwise, product

import pytest
import typer
from sqlmodel import func, select

from bot import demo
from bot.demo_outcomes import Span, mondays, problems
from bot.demo_reports import PROGRAMMES, Reporters, report_text
from bot.demo_script import DemoFailed, read_script
from models.chat import Chat
from models.digest import DigestSchedule
from models.inbox import InboxMessage, InboxState
from models.member import Member
from models.message import ChatKind
from models.obligation import Obligation
from models.outbox import OutboxMessage
from models.programme import Programme
from models.requirement import Requirement
from models.rules.picture import inspect
from tests.conftest import SHANGHAI, at

START = at("2021-08-16T08:00")


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def _count(house, table, *conditions):
    with house.database.read() as session:
        return session.exec(select(func.count()).select_from(table).where(*conditions)).one()


def test_a_fresh_house_has_both_programmes_the_people_and_confirmed_deadlines(tmp_path):
    house = demo.fresh_house(START, tmp_path / "demo")

    with house.database.read() as session:
        programmes = session.exec(select(Programme)).all()
    assert [(each.code, each.demo) for each in programmes] == [
        ("dajuan-2021", True),
        ("minsheng-2021", True),
    ]
    first_due = Obligation.due == at("2021-08-25T23:59:59")
    assert _count(house, Obligation, first_due) == 39
    assert _count(house, Chat, Chat.kind == ChatKind.GROUP) == 2
    unconfirmed = (
        Requirement.confirmed_at.is_(None),
        func.json_array_length(Requirement.assumed) > 0,
    )
    assert _count(house, Requirement, *unconfirmed) == 0
    with house.database.read() as session:
        rows = session.exec(select(DigestSchedule.programme_id, DigestSchedule.digest)).all()
    assert sorted(rows) == sorted(product((1, 2), house.services.registry.digests))
    assert timedelta() <= house.clock() - START < timedelta(seconds=30)
    house.close()


def test_a_second_fresh_house_knows_nothing_of_the_first(tmp_path):
    first = demo.fresh_house(START, tmp_path / "demo")
    with first.database.write() as session:
        session.add(Member(name="只在第一次", created_at=START))
    sha = first.services.media.put(b"only in the first")
    first.close()

    second = demo.fresh_house(START, tmp_path / "demo")

    assert _count(second, Member, Member.name == "只在第一次") == 0
    assert not (tmp_path / "demo" / "media" / sha[:2] / sha).exists()
    second.close()


def test_a_day_is_shown_as_it_is_kept_and_its_pictures_are_written(tmp_path, capsys):
    out = tmp_path / "out"

    demo.play(START, 1, out)

    shown = capsys.readouterr().out
    written = (out / "对话.txt").read_text("utf-8")
    assert written in shown
    assert "—— 2021年8月16日 星期一 ——" in written
    assert "09:20 新同志甲：绑定 ABC234\n" in written
    assert "09:20 答卷 → 新同志甲：邀请码“ABC234”无效" in written
    assert "10:05 【联络员群】管理员甲：@答卷 状态 答卷专栏\n" in written
    pictures = sorted(path.name for path in out.iterdir() if path.name != "对话.txt")
    assert [name[:14] for name in pictures] == ["001_0816_0900_", "002_0816_0900_"]
    assert all(f" → {name}]" in written for name in pictures)


def test_without_a_folder_nothing_is_written(tmp_path, capsys):
    demo.play(START, 1, None)

    assert "演示结束：1天" in capsys.readouterr().out
    assert [path.name for path in tmp_path.iterdir()] == ["var"]


def test_forty_days_come_about_as_the_script_means_them(tmp_path, capsys):
    """`play` itself asserts who was reminded on 18 September, digests, lateness, nothing stuck."""
    demo.play(START, 40, tmp_path / "out")

    said = capsys.readouterr().out
    assert "演示结束：40天" in said
    for wanted in (
        "09:31 州公安局联络员：报送 州1-7\n      截至：7月31日\n      完成数：26800个",
        "绑定成功",
        "用裁剪图",
        "（平台把这条消息送达了4次，只办理一次）",
        "本次为逾期报送",
        "已退回：#",
        "第2版",
        "已撤回 #",
        "无变化，沿用上次通过的数据",
        "【催报】",
        "【逾期提醒】",
        "—— 2021年9月18日 星期六 ——",
    ):
        assert wanted in said
    rankings = said.count("09:00 【领导群】答卷：[图片 答卷专栏排名")
    # Six Mondays, and two mornings on which late reports had altered what was printed.
    assert (rankings, said.count("31日）\n      更正：")) == (8, 2)
    [crop] = [path for path in (tmp_path / "out").iterdir() if "裁剪" in path.name]
    facts = inspect(crop.read_bytes())
    assert (facts.width, facts.height, facts.format) == (1200, 600, "JPEG")


def test_the_script_cannot_begin_in_its_middle(tmp_path):
    with pytest.raises(DemoFailed, match="2021-08-16"):
        demo.play(at("2021-09-01T08:00"), 3, None)


def test_a_file_in_place_of_the_folder_is_said_in_one_line(tmp_path, capsys):
    (tmp_path / "out").write_text("")

    with pytest.raises(typer.Exit) as exit_:
        demo.play(START, 1, tmp_path / "out")

    assert exit_.value.exit_code == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_a_taken_port_is_said_in_one_line_and_the_data_there_stay(tmp_path, capsys):
    kept = tmp_path / "var" / "demo" / "dajuan.db"
    kept.parent.mkdir(parents=True)
    kept.write_text("somebody else's")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(typer.Exit) as exit_:
            demo.serve(START, port)

    assert exit_.value.exit_code == 1
    error = capsys.readouterr().err
    assert f"端口 {port} 已被占用" in error
    assert error.count("\n") == 1
    assert kept.read_text() == "somebody else's"


def test_what_did_not_happen_is_named(tmp_path):
    house = demo.fresh_house(START, tmp_path / "demo")
    with house.database.write() as session:
        session.add(
            InboxMessage(
                platform="sandbox",
                message_id="m1",
                sender_id="admin",
                chat_id="admin",
                received_at=START,
                raw=b"{}",
                state=InboxState.FAILED,
            )
        )
    span = Span(START, at("2021-09-25T00:00"), SHANGHAI)

    with house.database.read() as session:
        found = list(problems(session, span))

    assert "有1条来信没有办结（dajuan inbox list）" in found
    assert "08-16 没有发出 dajuan-2021 的每周排名图" in found
    assert "8月25日应报39件、实报39件，实为应报39件、报送0件" in found
    assert "minsheng-2021 9月应报20件，实为应报20件、报送0件" in found
    assert "省2 的图片应采用裁剪图" in found
    assert "州1-4 应退回1次并更正为第2版" in found
    assert _count(house, OutboxMessage) == 0
    house.close()


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2021-08-16T08:00", "2021-09-25T00:00", 6),
        ("2021-08-16T09:01", "2021-08-24T00:00", 1),
        ("2021-08-17T08:00", "2021-08-23T08:59", 0),
    ],
    ids=["forty days", "begun after nine", "ended before nine"],
)
def test_a_digest_is_expected_on_every_monday_at_nine(start, end, expected):
    assert len(mondays(Span(at(start), at(end), SHANGHAI))) == expected


@pytest.mark.parametrize("month", [0, 1], ids=["July", "August"])
def test_every_task_of_both_programmes_has_a_report_of_its_own(month):
    reporters = Reporters()
    numbers = [number for code in PROGRAMMES for number in reporters.numbers(code)]

    texts = {number: report_text(reporters.work(number, month)) for number in numbers}

    assert len(set(texts.values())) == 39 + 20
    for number, text in texts.items():
        command, *lines = text.split("\n")
        assert (
            command.removeprefix("报送").removeprefix("上报").removeprefix("填报").strip() == number
        )
        assert lines
        assert not [line for line in lines if line.endswith("：") and "县市情况" not in line]


def test_figures_never_fall_and_counties_add_up():
    reporters = Reporters()
    for number in reporters.numbers("dajuan-2021"):
        july, august = (reporters.work(number, month) for month in (0, 1))
        for indicator in july.task.indicators:
            assert july.value(indicator) <= august.value(indicator)
        for before, after in zip(july.counties, august.counties, strict=True):
            assert before.part <= after.part
        for work in (july, august):
            if work.counties:
                [indicator] = work.task.indicators
                assert sum(county.part for county in work.counties) == work.value(indicator)


def test_counties_report_within_what_was_allotted_to_them():
    work = Reporters().work("续8", 1)

    assert work.allotted["龙山县"] == 20000
    for county in work.counties:
        assert county.part < work.allotted.get(county.name, 7000)


def test_the_script_runs_forward_within_its_forty_days():
    script = read_script()
    for steps in script.values():
        times = [step.at for step in steps if step.at]
        assert all(earlier <= later for earlier, later in pairwise(times))

    assert min(script) == START.date()
    assert max(script) < date(2021, 8, 16) + timedelta(days=40)
