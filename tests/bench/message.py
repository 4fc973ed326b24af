"""From a message in to its reply stored, through the real door, inbox and dispatch."""

import json
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.app import House
from bot.demo import fresh_house
from bot.platforms.base import Request
from models.submission import Submission, SubmissionState
from tests.bench.pictures import a_photograph, decoding
from tests.bench.result import Result
from tests.conftest import at

ROUNDS = 60
#: What people really send: a look, a report with a figure, its withdrawal.
TALK = ("任务", "进度 雪亮工程", "报送 州1-7", "取消")
#: A report in one message, which is submitted at once and then taken back.
REPORT = "报送 州1-7\n截至：7月31日\n完成数：1710个\n措施：逐村勘查布点，分批安装调试"
REPORTS, WITH_PICTURE = 15, 5


def measure() -> list[Result]:
    """The median over the talk of one liaison, and of the same number of bare commits."""
    photo = a_photograph((4000, 3000), "JPEG", {"quality": 92})
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("MESSAGES_PER_MINUTE", "100000")  # nobody is refused for writing so fast
        house = fresh_house(at("2021-08-16T09:00"), Path(folder))
        try:
            report = statistics.median(_reports(house, [b""] * REPORTS))
            # No two are the same file: what was seen before is not looked at again.
            photos = [photo + bytes([n]) for n in range(WITH_PICTURE)]
            pictured = statistics.median(_reports(house, photos))
            times = sorted(_talk(house))
        finally:
            house.close()
        floor = statistics.median(_commits(Path(folder) / "floor.db"))
    median = statistics.median(times)
    slow = times[int(len(times) * 0.95)]
    decoded = decoding(photo) * 1000
    name = "one row committed by sqlite3"
    return [
        Result("message in → reply stored, median", median, "ms", 50, floor, name),
        Result("message in → reply stored, p95", slow, "ms", 150, floor, name),
        Result("report in → receipt stored", report, "ms", 150, floor, name),
        Result(
            "the same with a 12 MP picture", pictured, "ms", 2000, decoded, "decoding the picture"
        ),
    ]


def _reports(house: House, photos: Sequence[bytes]) -> Iterator[float]:
    """One report a picture, which comes in the same message; none where it is empty."""
    person = _liaison(house)
    for number, photo in enumerate(photos):
        uploads = []
        if photo:
            sha = house.services.media.put(photo)
            uploads = [{"sha": sha, "name": "1.jpg", "mime": "image/jpeg", "size": len(photo)}]
        ident = f"r{len(photo)}-{number}"
        begun = time.perf_counter()
        _say(house, ident, person, REPORT, uploads)
        yield (time.perf_counter() - begun) * 1000
        with house.database.read() as session:
            report = session.exec(select(Submission).order_by(col(Submission.id).desc())).first()
        if report is None or report.state != SubmissionState.SUBMITTED:
            raise ValueError(f"report {number} was not submitted")
        _say(house, f"{ident}-back", person, f"撤回 {report.id}")
        house.delivery.deliver_due()


def _say(
    house: House, ident: str, person: str, text: str, uploads: Sequence[dict[str, object]] = ()
) -> None:
    """From the door to the stored answer."""
    said = {"id": ident, "person": person, "chat": "single", "text": text}
    body = {**said, "uploads": list(uploads)}
    house.door.accept("sandbox", Request("POST", {}, {}, json.dumps(body).encode()))
    house.inbox.handle_due()


def _talk(house: House) -> Iterator[float]:
    person = _liaison(house)
    for number in range(ROUNDS):
        for position, text in enumerate(TALK):
            begun = time.perf_counter()
            _say(house, f"b{number}-{position}", person, text)
            yield (time.perf_counter() - begun) * 1000
            house.delivery.deliver_due()


def _liaison(house: House) -> str:
    from bot.sandbox_cast import cast

    with house.database.read() as session:
        people = cast(session)["people"]
    return next(each["id"] for each in people if "州公安局" in each["units"])


def _commits(path: Path) -> Iterator[float]:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE message (id INTEGER PRIMARY KEY, body BLOB)")
    for _ in range(ROUNDS * len(TALK)):
        begun = time.perf_counter()
        connection.execute("INSERT INTO message (body) VALUES (?)", (b"x" * 500,))
        yield (time.perf_counter() - begun) * 1000
    connection.close()
