"""What an operator does for one person: everything kept is handed over, or forgotten."""

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from PIL import Image
from sqlmodel import select

from bot.media import FolderStore
from models.chat import ChatPurpose
from models.db import Database
from models.link import Link, file_link
from models.member import Member
from models.message import MediaRef, Reply
from models.outbox import OutboxMessage, say
from models.person import SHARES, Share, person_of
from models.person_rows import whose
from models.tables import METADATA
from tests.console import Dajuan
from tests.factories import PLATFORM, a_group
from tests.leaving import ACCOUNT, NAME, REPORT, a_working_life, newcomer, where
from tests.pictures import a_photo
from tests.talk import Talk

WHO = f"{PLATFORM}:{ACCOUNT}"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_GPS = 0x8825


@pytest.fixture
def talk(sqlite: Database, tmp_path: Path) -> Iterator[Talk]:
    """People over the database and the media that the command line sees as well."""
    talk = Talk(sqlite)
    store = FolderStore(tmp_path / "media")
    talk.services, talk.shelf = replace(talk.services, media=store), store  # type: ignore[assignment]
    yield talk
    sqlite.dispose()


@pytest.fixture
def office(dajuan: Dajuan, monkeypatch: pytest.MonkeyPatch) -> Dajuan:
    """`dajuan …` over the same, for real people."""
    monkeypatch.setenv("SANDBOX", "false")
    monkeypatch.setenv("SECRET_KEY", "a secret of the office, long enough")
    monkeypatch.setenv("DATABASE_URL", "sqlite:///dajuan.db")
    monkeypatch.setenv("MEDIA_URL", "file://media")
    return dajuan


def a_list(*names: str) -> bytes:
    """A workbook with a column of names."""
    book = openpyxl.Workbook()
    for name in ("报送人", *names):
        book.worksheets[0].append([name])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def sent_file(talk: Talk, key: str, data: bytes) -> str:
    """The bot sends a file to a group, with a link; returns its address."""
    ref = MediaRef(talk.services.media.put(data), f"{key}.xlsx", XLSX)
    with talk.database.write() as session:
        chat = a_group(session, key, ChatPurpose.LIAISONS)
        say(session, chat.id or 0, Reply(files=(ref,)), key=key, now=talk.now)
        file_link(session, ref, None, talk.now)
    return ref.sha


def members(talk: Talk) -> list[str]:
    with talk.database.read() as session:
        return list(session.exec(select(Member.name)).all())


def test_everything_kept_about_a_person_is_handed_over(
    talk: Talk, office: Dajuan, tmp_path: Path
) -> None:
    number = a_working_life(talk)
    talk.say("州公安局联络员", "任务")  # is nobody else's business

    ran = office("member", "export", WHO, "--out", "she.zip")

    assert (ran.code, ran.err) == (0, "")
    assert "submission: 1" in ran.out.splitlines()
    assert Path("she.zip").stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile("she.zip") as archive:
        names = archive.namelist()
        data = {
            Path(name).stem: json.loads(archive.read(name))
            for name in names
            if name.startswith("数据/")
        }
        told = archive.read("说明.txt").decode()
        sent = [archive.read(name) for name in names if name.startswith("图片和文件/")]
    assert set(data) == {name for name, share in SHARES.items() if share is not Share.NONE}
    assert data["member"] == [
        {"id": number, "name": NAME, "created_at": data["member"][0]["created_at"], "left_at": None}
    ]
    assert {row["sender_id"].casefold() for row in data["inbox"]} == {ACCOUNT.casefold()}
    [version] = data["submission_version"]
    assert version["sections"]["问题"] == "山区供电不稳"
    assert "code_hash" not in data["invite"][0]
    assert len(sent) == 2
    assert sum(each.startswith(b"\xff\xd8") for each in sent) == 1
    assert f"{NAME}的个人信息" in told
    assert f"本人：建议 希望能按月汇总，{NAME}" in told
    assert "机器人：" in told
    assert "任务\n" not in told.replace("本人：任务", "")


def test_an_export_replaces_no_file_and_leaves_none_behind(talk: Talk, office: Dajuan) -> None:
    newcomer(talk)
    Path("she.zip").write_bytes(b"kept")

    ran = office("member", "export", WHO, "--out", "she.zip")
    assert (ran.code, ran.err) == (1, "she.zip is there already: name another file\n")
    assert Path("she.zip").read_bytes() == b"kept"

    ran = office("member", "export", "wecom:nobody", "--out", "nobody.zip")
    assert ran.code == 1
    assert "there is no member 'wecom:nobody'" in ran.err
    assert not Path("nobody.zip").exists()


def test_each_table_of_people_is_searched_for_a_person(talk: Talk) -> None:
    """A table that holds something of people, and nothing says whose its rows are, fails here."""
    number = newcomer(talk)
    with talk.database.read() as session:
        person = person_of(session, session.get_one(Member, number))
        for name, share in SHARES.items():
            condition = str(whose(session, person, METADATA.tables[name]))
            assert (condition == "false") == (share is Share.NONE), name


def test_who_left_is_forgotten_and_the_files_that_named_them_are_withdrawn(
    talk: Talk, office: Dajuan
) -> None:
    number = a_working_life(talk)
    theirs = sent_file(talk, "经办", a_list(NAME))
    others = sent_file(talk, "名单", a_list("彭建国"))
    assert office("member", "remove", str(number)).code == 0

    ran = office("member", "erase", WHO, "--yes")

    assert (ran.code, ran.err) == (0, "")
    assert f"member {number} → 离任人员{number}: " in ran.out
    assert "2 files withdrawn" in ran.out
    with talk.database.read() as session:
        assert where(session, NAME, ACCOUNT, theirs) == set()
        files = [row.media for row in session.exec(select(OutboxMessage)).all()]
        links = session.exec(select(Link.media_sha)).all()
    assert others in {each["sha"] for each in files if each}
    assert others in links
    assert f"离任人员{number}" in members(talk)


def test_erasing_again_withdraws_nothing_that_has_the_pseudonym(talk: Talk, office: Dajuan) -> None:
    number = newcomer(talk)
    office("member", "remove", str(number))
    office("member", "erase", str(number), "--yes")
    later = sent_file(talk, "经办", a_list(f"离任人员{number}"))

    assert "0 files withdrawn" in office("member", "erase", str(number), "--yes").out

    with talk.database.read() as session:
        assert where(session, later) != set()


def test_a_name_of_one_letter_withdraws_no_file(talk: Talk, office: Dajuan) -> None:
    number = newcomer(talk, "王")
    office("member", "remove", str(number))
    sent_file(talk, "名单", a_list("王建国"))

    assert "0 files withdrawn" in office("member", "erase", str(number), "--yes").out


def test_a_rehearsal_changes_nothing(talk: Talk, office: Dajuan) -> None:
    number = newcomer(talk)
    office("member", "remove", str(number))

    ran = office("member", "erase", str(number))

    assert ran.code == 0
    assert f"→ 离任人员{number}" in ran.out
    assert "nothing was changed" in ran.out
    assert NAME in members(talk)
    assert not Path("var/erased.txt").exists()


def test_who_is_here_must_be_removed_first(talk: Talk, office: Dajuan) -> None:
    number = newcomer(talk)

    ran = office("member", "erase", WHO, "--yes")

    assert ran.code == 1
    assert f"dajuan member remove {number}" in ran.err
    assert NAME in members(talk)


def test_whom_a_backup_brought_back_is_erased_again(
    talk: Talk, office: Dajuan, tmp_path: Path
) -> None:
    number = newcomer(talk)
    talk.say(ACCOUNT, REPORT)
    assert office("backup", "office.zip").code == 0
    office("member", "remove", str(number))
    office("member", "erase", str(number), "--yes")
    assert NAME not in members(talk)
    talk.database.dispose()
    for each in tmp_path.glob("dajuan.db*"):
        each.unlink()

    restored = office("restore", "office.zip")

    assert "people were erased (1): run `dajuan member erase-again` first" in restored.out
    assert NAME in members(talk)
    ran = office("member", "erase-again")
    assert ran.code == 0
    assert f"member {number} → 离任人员{number}" in ran.out
    with talk.database.read() as session:
        assert where(session, NAME, ACCOUNT) == set()
    assert NAME not in Path("var/erased.txt").read_text()
    assert len(Path("var/erased.txt").read_text().splitlines()) == 1


def test_the_list_of_the_erased_is_of_this_database_only(talk: Talk, office: Dajuan) -> None:
    assert office("member", "erase-again").out == "nobody was erased so far\n"
    number = newcomer(talk)
    Path("var").mkdir()
    Path("var/erased.txt").write_text(f"{number} 2019-01-01T00:00:00+00:00\n")

    assert office("member", "erase-again").out == f"member {number} is not in this database\n"
    assert NAME in members(talk)

    Path("var/erased.txt").write_text("丁\n")
    ran = office("member", "erase-again")
    assert (ran.code, "line 1" in ran.err) == (1, True)


def test_where_a_picture_was_taken_is_nowhere_in_what_is_kept(
    talk: Talk, office: Dajuan, tmp_path: Path
) -> None:
    newcomer(talk)
    taken = a_photo(1200, 900, gps=True)
    assert Image.open(io.BytesIO(taken)).getexif().get_ifd(_GPS)
    talk.say(ACCOUNT, pictures=[taken])
    talk.say(ACCOUNT, REPORT)
    office("member", "export", WHO, "--out", "she.zip")

    kept = [path.read_bytes() for path in (tmp_path / "media").rglob("*") if path.is_file()]
    with zipfile.ZipFile("she.zip") as archive:
        kept += [archive.read(each) for each in archive.namelist()]
    pictures = [each for each in kept if each.startswith(b"\xff\xd8")]
    assert len(pictures) >= 2
    assert all(not Image.open(io.BytesIO(each)).getexif().get_ifd(_GPS) for each in pictures)
