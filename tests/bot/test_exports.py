"""Exports behind links: made when they are opened, for the admin who asked, and for nobody else."""

import io
import zipfile
from datetime import date, timedelta

import pytest
from sqlmodel import select

from handlers.exports.contract import XLSX
from models.link import Link, export_link
from models.member import Member, Role, RoleName
from models.programme import Programme
from tests.board import Office
from tests.exported import opened

ADMIN = "管理员甲"
AUGUST = (date(2021, 8, 1), date(2021, 8, 31))


def _path(office: Office, export: str, due: tuple[date, date] | None = None) -> str:
    with office.house.database.write() as session:
        member = session.exec(select(Member).where(Member.name == ADMIN)).one()
        programme = session.exec(select(Programme).order_by(Programme.id)).first()  # type: ignore[arg-type]
        assert programme is not None
        link = export_link(
            session, export, programme.id or 0, member.id or 0, office.house.clock(), due
        )
        link.name, link.mime = f"{export}.xlsx", XLSX
        return office.path_of(link)


@pytest.mark.parametrize("export", ["ledger", "matrix", "series"])
def test_a_workbook_is_made_when_its_link_is_opened(office: Office, export: str) -> None:
    answer = office.see(_path(office, export, AUGUST))

    assert answer.status_code == 200
    assert answer.headers["content-type"] == XLSX
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert answer.headers["cache-control"] == "private, no-store"
    assert opened(answer.content).worksheets


def test_a_package_of_a_period_is_whole(office: Office) -> None:
    answer = office.see(_path(office, "package", AUGUST))

    assert zipfile.ZipFile(io.BytesIO(answer.content)).testzip() is None


def test_the_head_alone_makes_nothing(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.exports.wanted_by", lambda *_: pytest.fail("it was made"))

    assert office.http.head(_path(office, "ledger")).status_code == 200


def test_a_period_in_which_nothing_is_due_is_said_calmly(office: Office) -> None:
    answer = office.see(_path(office, "package", (date(2020, 1, 1), date(2020, 1, 31))))

    assert answer.status_code == 410
    assert "没有可导出的内容" in answer.text


def test_a_kind_that_is_gone_is_said_calmly(office: Office) -> None:
    answer = office.see(_path(office, "nosuch"))

    assert answer.status_code == 410
    assert "不再提供" in answer.text


def test_who_is_no_admin_any_more_opens_nothing(office: Office) -> None:
    path = _path(office, "ledger")
    with office.house.database.write() as session:
        member = session.exec(select(Member).where(Member.name == ADMIN)).one()
        for role in session.exec(select(Role).where(Role.member_id == member.id)).all():
            role.role = RoleName.LEADER

    answer = office.see(path)

    assert answer.status_code == 410
    assert "台账" not in answer.text


def test_who_left_opens_nothing(office: Office) -> None:
    path = _path(office, "ledger")
    with office.house.database.write() as session:
        session.exec(
            select(Member).where(Member.name == ADMIN)
        ).one().left_at = office.house.clock()

    assert office.see(path).status_code == 410


def test_after_a_day_it_is_closed(office: Office) -> None:
    path = _path(office, "ledger")
    office.house.set_clock(office.house.clock() + timedelta(hours=24, seconds=1))

    assert office.see(path).status_code == 410


def test_a_link_taken_back_opens_nothing(office: Office) -> None:
    path = _path(office, "ledger")
    with office.house.database.write() as session:
        session.exec(select(Link)).one().revoked_at = office.house.clock()

    assert office.see(path).status_code == 410


def test_no_file_stays_behind_when_writing_fails(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bot.exports.wanted_by", full)

    answer = office.see(_path(office, "ledger"))

    assert answer.status_code == 503
    assert "请稍后再打开一次" in answer.text
