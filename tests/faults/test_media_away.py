"""The media store away: pictures wait for it on their way in and on their way out, then go on."""

import shutil
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.inbox import STORE_TRIES
from bot.media import FolderStore
from models.inbox import InboxState
from models.media import Media
from models.message import Reply
from models.outbox import OutboxMessage, OutboxState, say
from tests.hall import Hall
from tests.pictures import a_photo

MINUTE = 60


class Share:
    """A shared folder that can be unplugged: then its path is a mere file."""

    def __init__(self, folder: Path) -> None:
        self.path, self._kept = folder / "media", folder / "media that is away"
        self.store = FolderStore(self.path)
        self.path.mkdir()

    def goes(self) -> None:
        self.path.rename(self._kept)
        self.path.write_text("no folder")

    def comes_back(self) -> None:
        self.path.unlink()
        self._kept.rename(self.path)

    def holds(self) -> list[Path]:
        return [each for each in self.path.rglob("*") if each.is_file()]


@pytest.fixture
def share(hall: Hall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Share:
    """The hall keeps its media there."""
    share = Share(tmp_path)
    monkeypatch.setattr(hall.shelf, "put", share.store.put)
    monkeypatch.setattr(hall.shelf, "get", share.store.get)
    return share


def work(hall: Hall, minutes: int) -> None:
    """So many minutes pass, and what is due is done."""
    for _ in range(3 * minutes):
        hall.later(seconds=20)
        hall.work()


def test_a_picture_waits_for_the_store_ten_minutes_and_nobody_sends_it_again(
    hall: Hall, share: Share
) -> None:
    hall.platform.files["photo"] = a_photo()
    share.goes()
    hall.write("数图", files=["photo"])
    hall.ask("回声 早上好", sender="联络员乙")
    work(hall, 10)
    assert hall.row("数图").state == InboxState.NEW
    assert ("联络员乙", "听到 早上好") in hall.platform.lines, "others are not held up"
    share.comes_back()

    work(hall, 2)

    assert hall.platform.lines.count(("联络员甲", "1张，未取到：无")) == 1
    assert len(share.holds()) >= 1
    [alarm] = hall.alarms
    assert "媒体库写入失败" in alarm
    assert "MEDIA_URL" in alarm


def test_a_store_that_stays_away_is_told_to_whoever_waits_and_leaves_nothing_half(
    hall: Hall, share: Share
) -> None:
    hall.platform.files["photo"] = a_photo()
    share.goes()
    hall.write("数图", files=["photo"])

    work(hall, 25)

    row = hall.row("数图")
    assert (row.state, row.attempts) == (InboxState.DONE, STORE_TRIES - 1)
    [(_, told)] = [each for each in hall.platform.lines if each[0] == "联络员甲"]
    assert told.startswith("0张，未取到：媒体库写入失败")
    with hall.database.read() as session:
        assert session.exec(select(Media)).all() == []


def owe_picture(hall: Hall) -> None:
    shown = hall.services.keep(a_photo(), "排名.jpg", "image/jpeg")
    with hall.database.write() as session:
        chat = session.exec(select(OutboxMessage.chat_id).order_by(col(OutboxMessage.id))).first()
        say(session, chat or 0, Reply("周排名", pictures=(shown,)), key="bulk", now=hall.now)


def words(hall: Hall) -> dict[str, str]:
    with hall.database.read() as session:
        query = select(OutboxMessage).where(col(OutboxMessage.key).startswith("bulk"))
        return {row.key: row.state for row in session.exec(query).all()}


@pytest.mark.parametrize("minutes", [10, 8 * 60])
def test_a_picture_that_is_owed_waits_for_the_store_and_leaves_once(
    hall: Hall, share: Share, minutes: int
) -> None:
    hall.ask("回声 早上好")
    owe_picture(hall)
    share.goes()
    for _ in range(10):
        hall.later(minutes=minutes / 10)
        hall.work()
    assert words(hall) == {"bulk:0": OutboxState.SENT, "bulk:1": OutboxState.WAITING}
    [alarm] = [each for each in hall.alarms if "媒体库读取失败" in each]
    assert "恢复后自动发送" in alarm
    share.comes_back()

    work(hall, 6)

    assert set(words(hall).values()) == {OutboxState.SENT}
    assert [line for line in hall.platform.lines if line[1] == "排名.jpg"] == [
        ("联络员甲", "排名.jpg")
    ]


def test_words_without_a_picture_do_not_wait_for_it(hall: Hall, share: Share) -> None:
    hall.ask("回声 早上好")
    owe_picture(hall)
    share.goes()
    hall.work()

    assert hall.ask("回声 下午好", sender="联络员乙") == ["听到 下午好"]
    assert ("联络员乙", "听到 下午好") in hall.platform.lines


def test_bytes_that_are_gone_for_good_hold_up_nothing(hall: Hall, share: Share) -> None:
    hall.ask("回声 早上好")
    owe_picture(hall)
    shutil.rmtree(share.path)
    share.path.mkdir()

    hall.work()

    assert words(hall)["bulk:1"] == OutboxState.FAILED
    hall.delivery.deliver_due()
    assert any("媒体库中没有" in each for each in hall.alarms)
