"""`dajuan token`: shown once, kept as a hash, given for named programmes, revoked at once."""

from pathlib import Path

import pytest
from sqlmodel import select

from models.api_client import ApiClient, client_with, hashed
from models.audit import Audit
from models.db import open_database
from tests.console import Dajuan


@pytest.fixture
def loaded(dajuan: Dajuan) -> Dajuan:
    """With one programme."""
    assert dajuan("load", "minsheng-2021").code == 0
    return dajuan


def rows() -> tuple[list[ApiClient], list[Audit]]:
    """What the database keeps of clients and of what was done to them."""
    database = open_database("sqlite:///var/dajuan.db")
    with database.read() as session:
        clients = session.exec(select(ApiClient)).all()
        acts = session.exec(select(Audit).where(Audit.table == "api_client")).all()
    database.dispose()
    return list(clients), list(acts)


def test_a_token_is_shown_once_and_only_its_hash_is_kept(loaded: Dajuan, tmp_path: Path) -> None:
    ran = loaded("token", "add", " 督查平台 ", "--programme", "minsheng-2021")
    token = ran.out.strip()

    assert ran.code == 0
    assert token.startswith("dajuan_")
    assert len(token) >= 50
    assert "only its hash is kept" in ran.err
    [client], [act] = rows()
    assert (client.name, client.token_hash) == ("督查平台", hashed(token))
    assert act.after == {"name": "督查平台", "programmes": ["minsheng-2021"]}
    listed = loaded("token", "list")
    assert "督查平台  minsheng-2021" in listed.out
    assert listed.out.rstrip().endswith("in use")
    assert token not in listed.out
    kept = b"".join(each.read_bytes() for each in (tmp_path / "var").glob("dajuan.db*"))
    assert token.encode() not in kept


def test_a_script_reads_the_token_as_json(loaded: Dajuan) -> None:
    made = loaded("token", "add", "门户", "--programme", "minsheng-2021", "--json").json
    [listed] = loaded("token", "list", "--json").json

    assert set(made) == {"name", "programmes", "token"}
    assert (listed["name"], listed["programmes"]) == ("门户", ["minsheng-2021"])
    assert listed["revoked_at"] is None
    assert "token" not in listed


def test_a_revoked_token_opens_nothing_and_its_name_may_get_another(loaded: Dajuan) -> None:
    first = loaded("token", "add", "门户", "--programme", "minsheng-2021").out.strip()
    assert loaded("token", "revoke", "门户").out == "token of 门户 revoked\n"
    assert "revoked" in loaded("token", "list").out
    second = loaded("token", "add", "门户", "--programme", "minsheng-2021").out.strip()

    database = open_database("sqlite:///var/dajuan.db")
    with database.read() as session:
        assert client_with(session, first) is None
        assert client_with(session, second) is not None
    database.dispose()
    assert [act.action for act in rows()[1]] == ["add", "revoke", "add"]


@pytest.mark.parametrize(
    ("words", "code", "err"),
    [
        (["token", "add", "门户"], 2, "--programme"),
        (["token", "add", "门户", "--programme", "nosuch"], 1, "dajuan load nosuch"),
        (["token", "add", "", "--programme", "minsheng-2021"], 1, "1 to 60 characters"),
        (["token", "add", "长" * 61, "--programme", "minsheng-2021"], 1, "1 to 60 characters"),
        (["token", "add", "a\nb", "--programme", "minsheng-2021"], 1, "one line"),
        (["token", "add", "\udcff", "--programme", "minsheng-2021"], 2, "not UTF-8"),
        (["token", "revoke", "门户"], 1, "dajuan token list"),
    ],
    ids=["no programme", "unknown", "empty", "long", "two lines", "no UTF-8", "none"],
)
def test_what_cannot_be_done_says_why(
    loaded: Dajuan, words: list[str], code: int, err: str
) -> None:
    ran = loaded(*words)

    assert (ran.code, ran.out) == (code, "")
    assert err in ran.err
    assert code == 2 or len(ran.err.splitlines()) == 1


def test_a_second_token_of_a_name_is_refused(loaded: Dajuan) -> None:
    assert loaded("token", "add", "门户", "--programme", "minsheng-2021").code == 0
    ran = loaded("token", "add", "门户", "--programme", "minsheng-2021")

    assert (ran.code, ran.out) == (1, "")
    assert "revoke" in ran.err
