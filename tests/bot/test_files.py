"""Documents behind links: what comes back, under which name and type, and until when."""

from datetime import timedelta
from urllib.parse import unquote

import pytest
from sqlmodel import select

from models.link import Link, file_link
from models.member import Member
from models.message import MediaRef
from tests.board import Office

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _path(office: Office, data: bytes, name: str, mime: str, person: str = "") -> str:
    sha = office.house.services.media.put(data)
    with office.house.database.write() as session:
        member = session.exec(select(Member).where(Member.name == person)).first()
        member_id = member.id if member else None
        link = file_link(session, MediaRef(sha, name, mime), member_id, office.house.clock())
        return office.path_of(link)


def test_a_document_comes_with_its_type_and_its_chinese_name(office: Office) -> None:
    answer = office.see(_path(office, b"PK\x03\x04...", "8月通报（定稿）.docx", DOCX))

    assert answer.content == b"PK\x03\x04..."
    assert answer.headers["content-type"] == DOCX
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith('attachment; filename="8_.docx"')
    assert unquote(disposition.split("filename*=UTF-8''")[1]) == "8月通报（定稿）.docx"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "private, no-store"
    assert "sandbox" in answer.headers["content-security-policy"]


def test_a_name_and_a_type_cannot_break_out_of_their_headers(office: Office) -> None:
    path = _path(office, b"x", 'a"\r\nSet-Cookie: x=1;<b>.html', "text/html\r\nX: 1")
    answer = office.see(path)

    assert answer.headers["content-type"] == "application/octet-stream"
    assert "set-cookie" not in answer.headers
    assert answer.headers["content-disposition"].count('"') == 2


def test_a_browser_may_ask_for_the_head_alone(office: Office) -> None:
    path = _path(office, b"x" * 10, "台账.xlsx", "application/zip")

    assert office.http.head(path).status_code == 200


def test_after_a_day_it_is_closed_calmly(office: Office) -> None:
    path = _path(office, b"x", "台账.xlsx", "application/zip")
    office.house.set_clock(office.house.clock() + timedelta(hours=24, seconds=1))
    answer = office.see(path)

    assert answer.status_code == 410
    assert "重新取一次" in answer.text
    assert "台账" not in answer.text


def test_who_left_opens_no_file_made_for_them(office: Office) -> None:
    path = _path(office, b"x", "台账.xlsx", "application/zip", "管理员甲")
    assert office.see(path).status_code == 200
    with office.house.database.write() as session:
        session.exec(
            select(Member).where(Member.name == "管理员甲")
        ).one().left_at = office.house.clock()

    assert office.see(path).status_code == 410


def test_a_file_that_is_gone_is_said_to_be(office: Office) -> None:
    path = _path(office, b"x", "台账.xlsx", "application/zip")
    with office.house.database.write() as session:
        session.exec(select(Link)).one().media_sha = "ab" * 32

    assert office.see(path).status_code == 410


@pytest.mark.parametrize("signed", ["1", "1.abc", "x" * 300, "1.", ".1"])
def test_a_made_up_address_opens_nothing(office: Office, signed: str) -> None:
    _path(office, b"secret", "台账.xlsx", "application/zip")

    answer = office.see(f"/files/{signed}")
    assert answer.status_code == 403
    assert b"secret" not in answer.content


def test_the_signature_of_a_file_opens_no_board(office: Office) -> None:
    path = _path(office, b"x", "台账.xlsx", "application/zip")

    assert office.see(path.replace("/files/", "/board/")).status_code == 403


def test_nothing_is_sent_to_a_file(office: Office) -> None:
    path = _path(office, b"x", "台账.xlsx", "application/zip")

    assert office.http.post(path, files={"files": ("a.jpg", b"x")}).status_code == 403
