"""The upload form: what is sent enters the inbox as the member's message, and is answered there."""

import asyncio
import io
import re
import threading
import zipfile
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from httpx2 import ASGITransport, AsyncClient, Response
from PIL import Image
from sqlmodel import Session, select

from bot import uploads
from models.deputy import Deputy
from models.errors import MediaUnavailable
from models.inbox import InboxMessage
from models.link import Link
from models.member import Account, Member, Role
from models.outbox import OutboxMessage
from tests.board import Office, open_office
from tests.pictures import a_photo, a_view, encoded
from tests.twins.s3 import ObjectStore

POLICE, RIVERS = "州公安局联络员", "州生态环境局联络员"
FORM = re.compile(r'name="once" value="(\w+)"')


def _path(office: Office, person: str = POLICE) -> str:
    """What the person is answered to 上传."""
    [answer] = office.talk.say(person, "上传")
    number = int(re.findall(r"/upload/(\d+)", answer)[0])
    with office.house.database.read() as session:
        return office.path_of(session.get_one(Link, number))


def _send(
    office: Office,
    path: str,
    *files: tuple[str, bytes],
    once: str = "",
    words: str | None = None,
    **headers,
) -> Response:
    once = once or FORM.findall(office.see(path).text)[0]
    fields = {"once": once} if words is None else {"once": once, "words": words}
    body = [(name, (None, said)) for name, said in fields.items()]
    body += [("files", (name, data, "application/octet-stream")) for name, data in files]
    return office.http.post(path, files=body, headers=headers, follow_redirects=False)


def _rows(office: Office) -> list[InboxMessage]:
    with office.house.database.read() as session:
        rows = session.exec(select(InboxMessage).order_by(InboxMessage.id)).all()
        return [row for row in rows if row.message_id.startswith("upload:")]


def _settle(office: Office) -> None:
    office.house.set_clock(office.house.clock() + timedelta(seconds=10))
    office.talk.now = office.house.clock()
    office.house.inbox.handle_due(may_wait=False)


def test_the_form_says_its_limits_and_until_when_it_works(office: Office) -> None:
    text = office.text(_path(office))

    assert "每次最多9个，每个不超过20MB" in text
    assert "链接9月6日11:00前有效，仅限本人使用，请勿转发" in text


def test_uploaded_pictures_join_the_open_report_and_are_answered_in_chat(office: Office) -> None:
    office.talk.say(POLICE, "报送 州1-7\n截至：8月31日\n完成数：1710个")
    path = _path(office)
    answer = _send(office, path, ("现场.jpg", encoded(a_view(3))), ("断面.jpg", encoded(a_view(4))))

    assert (answer.status_code, answer.headers["location"]) == (303, "?sent=2")
    assert "已收到2个文件" in office.text(path, sent=2)
    _settle(office)
    assert "图片2张" in office.talk.heard(POLICE)[-1]


REPORT = "报送 州1-7\r\n截至：8月31日\r\n完成数：1710个"


def test_a_report_is_handed_in_by_its_words_alone(office: Office) -> None:
    """As somebody does whose platform keeps back what they write in chat."""
    path = _path(office)
    answer = _send(office, path, words=REPORT)

    assert (answer.status_code, answer.headers["location"]) == (303, "?sent=0&words=1")
    assert "已收到文字。办理结果请回到" in office.text(path, sent=0, words=1)
    _settle(office)
    assert "1710" in office.talk.heard(POLICE)[-1]
    [row] = _rows(office)
    assert row.message["text"] == REPORT.replace("\r\n", "\n")


def test_words_and_pictures_come_as_one_message(office: Office) -> None:
    path = _path(office)
    answer = _send(office, path, ("现场.jpg", encoded(a_view(3))), words=REPORT)

    assert answer.headers["location"] == "?sent=1&words=1"
    assert "已收到文字和1个文件" in office.text(path, sent=1, words=1)
    _settle(office)
    assert len(_rows(office)) == 1
    assert "图片1张" in office.talk.heard(POLICE)[-1]


def test_words_longer_than_a_message_are_refused_and_stay_in_the_form(office: Office) -> None:
    words = "措施" * 2001
    answer = _send(office, _path(office), words=words)

    assert answer.status_code == 413
    assert "文字有4002字，一次最多4000字" in answer.text
    assert words in answer.text
    assert _rows(office) == []


def test_what_was_written_need_not_be_written_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "LARGEST_FILE", 1000)
    answer = _send(office, _path(office), ("大图.jpg", b"x" * 1001), words="措施</textarea><b>：好")

    assert answer.status_code == 413
    assert "措施&lt;/textarea&gt;&lt;b&gt;：好</textarea>" in answer.text


def test_blank_words_are_none(office: Office) -> None:
    answer = _send(office, _path(office), words=" \r\n\u200b ")

    assert answer.status_code == 400
    assert "还没有写文字" in answer.text


def test_words_that_no_database_takes_come_without_what_it_refuses(office: Office) -> None:
    assert _send(office, _path(office), words="无变化\0 州1-7").status_code == 303
    [row] = _rows(office)
    assert row.message["text"] == "无变化 州1-7"


def test_picture_rules_hold_as_in_chat(office: Office) -> None:
    office.talk.say(RIVERS, "报送 省8\n截至：7月31日\n完成进度：58.5%")
    _send(office, _path(office, RIVERS), ("现场.jpg", a_photo(1200, 900)))
    _settle(office)

    assert "用裁剪图" in office.talk.heard(RIVERS)[-1]


def test_the_message_is_the_members_own_in_the_single_chat(office: Office) -> None:
    _send(office, _path(office), ("现场.jpg", a_photo()))

    [row] = _rows(office)
    assert (row.platform, row.sender_id, row.chat_id) == ("sandbox", "gongan", "gongan")
    assert row.media_done
    assert row.message["text"] == ""
    assert row.message["attachments"][0]["is_picture"] is True
    assert re.fullmatch("[0-9a-f]{12}", row.request_id), "its answer is found by this"


def test_a_form_that_is_sent_twice_counts_once(office: Office) -> None:
    path = _path(office)
    once = FORM.findall(office.see(path).text)[0]
    for _ in range(2):
        assert _send(office, path, ("现场.jpg", a_photo()), once=once).status_code == 303

    assert len(_rows(office)) == 1


def test_where_the_camera_stood_is_not_kept(office: Office) -> None:
    picture = a_photo(gps=True)
    _send(office, _path(office), ("现场.jpg", picture))
    folder = office.house.settings.media_url.removeprefix("file://")
    kept = [path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()]
    assert picture not in kept


def test_an_empty_form_is_refused_with_what_to_do(office: Office) -> None:
    """As a browser sends a form in which nothing was chosen."""
    path = _path(office)
    once = FORM.findall(office.see(path).text)[0]
    parts = (f'name="once"\r\n\r\n{once}', 'name="files"; filename=""\r\n\r\n')
    lines = "".join(f"--x\r\nContent-Disposition: form-data; {part}\r\n" for part in parts)
    headers = {"content-type": "multipart/form-data; boundary=x"}
    answer = office.http.post(path, content=f"{lines}--x--\r\n".encode(), headers=headers)

    assert answer.status_code == 400
    assert "还没有选择文件" in answer.text
    assert _rows(office) == []


def test_more_than_nine_files_are_refused(office: Office) -> None:
    answer = _send(office, _path(office), *((f"{n}.jpg", b"x") for n in range(10)))

    assert answer.status_code == 400
    assert "超过9个" in answer.text
    assert _rows(office) == []


def test_a_file_that_is_too_large_is_named(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "LARGEST_FILE", 1000)
    answer = _send(office, _path(office), ("大图<b>.jpg", b"x" * 1001))

    assert answer.status_code == 413
    assert "“大图&lt;b&gt;.jpg”超过" in answer.text
    assert _rows(office) == []


def test_a_body_beyond_all_limits_is_not_even_read(office: Office) -> None:
    answer = office.http.post(_path(office), content=b"", headers={"content-length": "999999999"})

    assert answer.status_code == 413


def test_another_sites_form_is_refused(office: Office) -> None:
    answer = _send(office, _path(office), ("a.jpg", a_photo()), **{"sec-fetch-site": "cross-site"})

    assert answer.status_code == 403
    assert _rows(office) == []


@pytest.mark.parametrize("once", ["x", "' OR 1=1", "0" * 23, "g" * 24])
def test_a_made_up_form_is_refused(office: Office, once: str) -> None:
    answer = _send(office, _path(office), ("a.jpg", a_photo()), once=once)

    assert answer.status_code == 400
    assert _rows(office) == []


def test_after_two_hours_nothing_is_taken(office: Office) -> None:
    path = _path(office)
    once = FORM.findall(office.see(path).text)[0]
    office.house.set_clock(office.house.clock() + timedelta(hours=2, seconds=1))

    assert office.see(path).status_code == 410
    answer = _send(office, path, ("a.jpg", a_photo()), once=once)
    assert answer.status_code == 410
    assert "请发“上传”" in answer.text
    assert _rows(office) == []


def test_who_no_longer_reports_uploads_nothing(office: Office) -> None:
    path = _path(office)
    with office.house.database.write() as session:
        account = session.exec(select(Account).where(Account.user_id == "gongan")).one()
        for role in session.exec(select(Role).where(Role.member_id == account.member_id)).all():
            session.delete(role)

    assert office.see(path).status_code == 410


def test_who_left_uploads_nothing(office: Office) -> None:
    path = _path(office)
    with office.house.database.write() as session:
        member = session.exec(select(Member).where(Member.name == POLICE)).one()
        member.left_at = office.house.clock()

    assert office.see(path).status_code == 410


def test_a_full_disk_loses_nothing_silently(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _path(office)
    once = FORM.findall(office.see(path).text)[0]

    def full(data: bytes) -> str:
        raise MediaUnavailable("媒体库写入失败", retryable=True)

    monkeypatch.setattr(office.house.services.media, "put", full)
    answer = _send(office, path, ("a.jpg", a_photo()), once=once)

    assert answer.status_code == 503
    assert "文件未接收" in answer.text
    assert _rows(office) == []


def test_one_link_takes_only_so_many_messages(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_MESSAGES", 2)
    path = _path(office)
    for _ in range(2):
        assert _send(office, path, ("a.jpg", a_photo())).status_code == 303

    assert _send(office, path, ("a.jpg", a_photo())).status_code == 429


def test_what_only_claims_to_be_a_picture_is_answered_in_chat(office: Office) -> None:
    _send(office, _path(office), ("现场.jpg", b"MZ this is no picture"))
    _settle(office)

    assert "图片" in office.talk.heard(POLICE)[-1]


def _stand_in(office: Office, account: str, *, until: date) -> None:
    """Somebody who is no liaison stands in for the police."""
    with office.house.database.write() as session:
        absent, deputy = (_member_id(session, each) for each in ("gongan", account))
        since, made = date(2021, 9, 6), office.house.clock()
        session.add(
            Deputy(member_id=absent, deputy_id=deputy, since=since, until=until, made_at=made)
        )


def _member_id(session: Session, account: str) -> int:
    row = session.exec(select(Account).where(Account.user_id == account)).one()
    return row.member_id


def test_who_stands_in_for_a_liaison_uploads_while_it_lasts(office: Office) -> None:
    _stand_in(office, "gongan-head", until=date(2021, 9, 6))
    path = _path(office, "州公安局负责人")
    answer = _send(office, path, ("现场.jpg", a_photo()))

    assert answer.status_code == 303
    assert _rows(office)[0].sender_id == "gongan-head"
    _end_deputyships(office)
    assert office.see(path).status_code == 410


def _end_deputyships(office: Office) -> None:
    with office.house.database.write() as session:
        session.exec(select(Deputy)).one().ended_at = office.house.clock()


def test_what_is_too_much_at_once_is_told_in_megabytes(office: Office) -> None:
    headers = {"content-length": "200000000"}
    answer = office.http.post(_path(office), content=b"", headers=headers)

    assert "合计不超过180MB，每个不超过20MB。请分几次上传" in answer.text


@pytest.mark.parametrize("length", ["", "9" * 5000, "-1", "１"])
def test_a_body_that_does_not_tell_its_length_is_not_read(office: Office, length: str) -> None:
    headers = {"content-length": length.encode()}
    answer = office.http.post(_path(office), content=b"", headers=headers)

    assert answer.status_code == 413


def test_a_browser_that_goes_away_halfway_leaves_nothing(office: Office) -> None:
    """The rest of the body never comes: the connection is gone."""
    path = _path(office)

    async def receive() -> dict[str, str]:
        return {"type": "http.disconnect"}

    form = (b"content-type", b"multipart/form-data; boundary=x")
    assert _asked(office, path, receive, (b"content-length", b"100"), form) == 400
    assert _rows(office) == []


def test_a_form_that_never_arrives_is_given_up(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "_PATIENCE", 0)
    path = _path(office)

    async def receive() -> dict[str, str]:
        await asyncio.get_running_loop().create_future()
        raise AssertionError("nothing ever comes")

    form = (b"content-type", b"multipart/form-data; boundary=x")
    assert _asked(office, path, receive, (b"content-length", b"100"), form) == 408
    assert _rows(office) == []


def _asked(
    office: Office,
    path: str,
    receive: Callable[[], Awaitable[dict[str, str]]],
    *headers: tuple[bytes, bytes],
) -> int:
    """The status of a request whose body comes from *receive*."""
    said: list[int] = []

    async def send(message: dict[str, int]) -> None:
        said.append(message.get("status", 0))

    scope = {"type": "http", "method": "POST", "path": path, "query_string": b""}
    scope["headers"] = headers
    asyncio.run(office.http.app(scope, receive, send))
    return said[0]


def test_forms_wait_for_their_turn_in_memory(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of many that come together only a few are held whole at a time."""
    monkeypatch.setattr(uploads, "take", counting := _Counting(uploads.take))
    answers = asyncio.run(_send_together(office, _path(office), 6))

    assert answers == [303] * 6
    assert counting.most <= 2


async def _send_together(office: Office, path: str, forms: int) -> list[int]:
    transport = ASGITransport(office.http.app)
    async with AsyncClient(transport=transport, base_url="http://dajuan") as http:
        found = await asyncio.gather(
            *(
                http.post(path, data={"once": f"{n:024x}"}, files={"files": ("a.jpg", a_photo())})
                for n in range(forms)
            )
        )
    return [each.status_code for each in found]


class _Counting:
    """How many are taken at the same time, at most."""

    def __init__(self, take: Callable[..., int]) -> None:
        self._take, self._lock = take, threading.Lock()
        self._now = self.most = 0

    def __call__(self, *given: object) -> int:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        try:
            return self._take(*given)
        finally:
            with self._lock:
                self._now -= 1


def _sent_along(office: Office) -> bytes:
    """The last picture or file of the outbox, as the media store has it."""
    with office.house.database.read() as session:
        rows = session.exec(select(OutboxMessage).order_by(OutboxMessage.id)).all()
        sha = [row.media["sha"] for row in rows if row.media][-1]
    return office.house.services.media.get(sha)


def test_a_picture_is_kept_shown_and_exported_from_a_bucket(
    tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with ObjectStore() as bucket:
        office = open_office(sqlite_template, tmp_path, **bucket.settings())
        office.talk.services = replace(office.talk.services, media=office.house.services.media)
        words = f"{REPORT}\r\n措施：加快建设进度，9月底前完成剩余4290个"
        _send(office, _path(office), ("现场.jpg", encoded(a_view(3))), words=words)
        _settle(office)
        assert len(bucket.objects) == 1

        office.talk.say("管理员甲", "查看 1")
        assert Image.open(io.BytesIO(_sent_along(office))).size == (1200, 600)

        bucket.faults = ["503 SlowDown"] * 3
        assert "有1张图片暂时取不到" in office.talk.say("管理员甲", "查看 1")[-1]

        office.talk.say("管理员甲", "通过 1")
        office.talk.say("管理员甲", "导出 内容包 答卷专栏 9月")
        names = zipfile.ZipFile(io.BytesIO(_sent_along(office))).namelist()
        assert any("交付图" in name for name in names)
        office.house.close()
