"""Signed addresses: ours open, anybody else's do not."""

import pytest
from sqlmodel import select

from bot.links import SignedAddresses
from models.chat import Chat, ChatPurpose
from models.db import Database
from models.errors import BadRequest
from models.link import LIFETIMES, Link, LinkKind, board_link, file_link, revoke_board_links
from models.message import ChatKind, MediaRef
from models.programme import Programme
from tests.conftest import at
from tests.factories import xiangxi

NOW = at("2021-08-20T09:00")
ADDRESSES = SignedAddresses("a secret of the office, long enough", "https://dajuan.example.gov.cn")
PACKAGE = MediaRef("ab" * 32, "8月报送内容.zip", "application/zip")


@pytest.fixture
def house(database: Database) -> Database:
    with database.write() as session:
        xiangxi(session)
        leaders = ChatPurpose.LEADERS
        session.add(Chat(kind=ChatKind.GROUP, name="县长群", purpose=leaders, created_at=NOW))
    return database


def _board(database: Database, moment: str) -> int:
    with database.write() as session:
        programme = session.exec(select(Programme)).first()
        chat = session.exec(select(Chat).where(Chat.name == "县长群")).one()
        assert programme is not None
        return board_link(session, programme.id or 0, chat.id or 0, at(moment)).id or 0


def test_an_address_leads_back_to_its_link() -> None:
    address = ADDRESSES.of(Link(id=17, kind=LinkKind.BOARD, made_at=NOW, expires_at=NOW))

    path, signed = address.removeprefix("https://dajuan.example.gov.cn/").split("/")
    assert (path, ADDRESSES.read("board", signed).id) == ("board", 17)


def test_an_address_opens_no_link_that_got_its_id_later(house: Database) -> None:
    """After a restored backup ids are given out again, and old addresses are still signed."""
    with house.write() as session:
        old = file_link(session, PACKAGE, None, NOW)
        signed = ADDRESSES.of(old).rpartition("/")[2]
        assert ADDRESSES.read("files", signed).find(session) is old
        session.delete(old)
    with house.write() as session:
        again = file_link(session, PACKAGE, None, at("2021-08-20T09:01"))
        again.id = ADDRESSES.read("files", signed).id
        session.flush()
        assert ADDRESSES.read("files", signed).find(session) is None


@pytest.mark.parametrize("change", ["18", "17.", "x" * 200, "", "17.abc", "17-1.abc", "一七"])
def test_an_address_that_is_not_ours_opens_nothing(change: str) -> None:
    with pytest.raises(BadRequest) as refused:
        ADDRESSES.read("board", change)
    assert refused.value.status == 403


def test_the_address_of_a_board_opens_no_file() -> None:
    signed = ADDRESSES.of(Link(id=17, kind=LinkKind.BOARD, made_at=NOW, expires_at=NOW))

    with pytest.raises(BadRequest):
        ADDRESSES.read("files", signed.rpartition("/")[2])


def test_another_secret_signs_other_addresses() -> None:
    other = SignedAddresses("the secret of another office!!", "https://dajuan.example.gov.cn")
    signed = other.of(Link(id=17, kind=LinkKind.FILE, made_at=NOW, expires_at=NOW))

    with pytest.raises(BadRequest):
        ADDRESSES.read("files", signed.rpartition("/")[2])


def test_a_group_keeps_its_board_link_until_the_last_day_of_seven(house: Database) -> None:
    first = _board(house, "2021-08-20T09:00")

    assert _board(house, "2021-08-26T08:59") == first
    assert _board(house, "2021-08-26T09:01") != first


def test_revoked_links_open_nothing_and_are_not_handed_out_again(house: Database) -> None:
    first = _board(house, "2021-08-20T09:00")
    with house.write() as session:
        chat_id = session.get_one(Link, first).chat_id or 0
        assert revoke_board_links(session, chat_id, at("2021-08-21T09:00")) == 1
        assert revoke_board_links(session, chat_id, at("2021-08-21T09:01")) == 0
        assert not session.get_one(Link, first).is_open(at("2021-08-21T09:02"))

    assert _board(house, "2021-08-21T10:00") != first


def test_a_file_link_names_its_file_and_lives_a_day(house: Database) -> None:
    with house.write() as session:
        link = file_link(session, PACKAGE, None, NOW)

        assert (link.media_sha, link.name) == (PACKAGE.sha, "8月报送内容.zip")
        assert link.is_open(at("2021-08-21T08:59"))
        assert not link.is_open(NOW + LIFETIMES[LinkKind.FILE])
