"""Signed addresses under every small change: what is not ours to the letter opens nothing.

What ends a link (time, role, leaving, naming, revocation) is tried at its page: `tests/bot/`
`test_board.py`, `test_files.py`, `test_uploads.py`; tokens in `test_api_access.py`.
"""

from collections.abc import Iterator

import pytest

from bot.links import Named, SignedAddresses
from models.errors import BadRequest
from models.link import Link, LinkKind
from tests.conftest import at

MADE = at("2021-08-20T09:00")
ADDRESSES = SignedAddresses("a secret of the office, long enough", "https://dajuan.example.gov.cn")
#: One of each sort that an address, a signature or a path may hold.
_LETTERS = "A9-_.=/%\0答"


def signed(number: int, kind: LinkKind) -> tuple[str, str]:
    """The path of a link and what is signed behind it."""
    address = ADDRESSES.of(Link(id=number, kind=kind, made_at=MADE, expires_at=MADE))
    path, _, rest = address.removeprefix("https://dajuan.example.gov.cn/").partition("/")
    return path, rest


def opened(path: str, rest: str) -> Named | None:
    """The link that an address names; None where it is refused."""
    try:
        return ADDRESSES.read(path, rest)
    except BadRequest:
        return None


def changed(rest: str) -> Iterator[str]:
    """A letter replaced, left out or put in at every place but the last, and a part cut off.

    The last letter of a signature has two bits that mean nothing: the same link may stand there.
    """
    for at_, letter in enumerate(rest[:-1]):
        yield rest[:at_] + rest[at_ + 1 :]
        for other in _LETTERS:
            yield rest[:at_] + other + rest[at_:]
            if other != letter:
                yield rest[:at_] + other + rest[at_ + 1 :]
    yield from (rest[:end] for end in range(len(rest)))
    yield from (rest + other for other in _LETTERS)


@pytest.mark.parametrize("kind", list(LinkKind))
def test_no_letter_of_an_address_may_be_another(kind: LinkKind) -> None:
    path, rest = signed(17, kind)

    assert opened(path, rest) == Named(17, int(MADE.timestamp()))
    assert [each for each in changed(rest) if opened(path, each) is not None] == []
    same = Named(17, int(MADE.timestamp()))
    assert {opened(path, rest[:-1] + other) for other in _LETTERS} <= {None, same}


@pytest.mark.parametrize("kind", list(LinkKind))
def test_the_signature_of_one_link_signs_no_other(kind: LinkKind) -> None:
    path, rest = signed(17, kind)
    signature = rest.rpartition(".")[2]
    others = [signed(number, kind)[1].rpartition(".")[0] for number in (1, 7, 16, 18, 170)]

    assert [each for each in others if opened(path, f"{each}.{signature}") is not None] == []


def test_a_page_opens_with_no_address_of_a_file_nor_a_file_with_one_of_a_page() -> None:
    board, files = signed(17, LinkKind.BOARD), signed(17, LinkKind.FILE)

    assert {board[0], files[0]} == {"board", "files"}
    assert opened("files", board[1]) is None
    assert opened("board", files[1]) is None
