"""Everything kept about one person as one archive: to be read, to be processed, and pictures."""

import base64
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.durable import written_aside
from bot.file_names import bare_name
from handlers.context import MediaStore
from models.errors import MediaUnavailable
from models.media import media_by_sha
from models.person import SHARES, Person, Share
from models.person_rows import media_of, rows_of

Rows = Mapping[str, Sequence[Mapping[str, Any]]]

#: What the tables of each kind hold, as the person reads it, in this order.
TITLES = {
    Share.PERSON: "身份：姓名、账号、角色、代理、审核分工、邀请",
    Share.CHAT: "本人发来的消息，以及未报出的草稿、建议",
    Share.WORDS: "机器人发给本人的话、会话与链接",
    Share.RECORD: "本人经办的报送、审核、督办等工作记录",
    Share.TRAIL: "操作留痕",
    Share.MEDIA: "本人发来的图片和文件",
}
#: What opens a door and says nothing about anybody.
_WITHHELD = ("code_hash",)
README = "说明.txt"


def write_person(
    session: Session, person: Person, media: MediaStore, path: Path, now: datetime, zone: ZoneInfo
) -> list[str]:
    """Write what is kept about *person* to *path*, a new file that only its owner reads.

    Returns what it holds, a line each. Raises FileExistsError; nothing is left of what failed.
    """
    if path.exists():
        raise FileExistsError(path)
    rows = rows_of(session, person)
    with written_aside(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        missing = _write_media(session, person, media, archive)
        for table, found in rows.items():
            archive.writestr(f"数据/{table}.json", _json(found, zone))
        archive.writestr(README, _readable(person, rows, missing, now, zone))
    counts = [f"{table}: {len(found)}" for table, found in rows.items() if found]
    return [*counts, *(f"missing in the media store: {each}" for each in missing)]


def _write_media(
    session: Session, person: Person, media: MediaStore, archive: zipfile.ZipFile
) -> list[str]:
    """The bytes of what they sent; returns the names of those that are not there."""
    missing = list[str]()
    for sha, row in sorted(media_by_sha(session, sorted(media_of(session, person))).items()):
        name = f"{sha[:12]}-{bare_name(row.name) or '未命名'}"
        try:
            data = media.get(row.stored_sha)
        except MediaUnavailable:
            missing.append(name)
            continue
        archive.writestr(zipfile.ZipInfo(f"图片和文件/{name}"), data)  # pictures do not shrink
    return missing


def _json(rows: Sequence[Mapping[str, Any]], zone: ZoneInfo) -> str:
    kept = [{k: _plain(v, zone) for k, v in row.items() if k not in _WITHHELD} for row in rows]
    return json.dumps(kept, ensure_ascii=False, indent=2)


def _plain(value: Any, zone: ZoneInfo) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, bytes):
        return _call(value)
    return value


def _call(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return f"base64:{base64.b64encode(raw).decode()}"


def _readable(
    person: Person, rows: Rows, missing: Sequence[str], now: datetime, zone: ZoneInfo
) -> str:
    lines = [
        f"{person.name}的个人信息（成员编号 {person.member_id}）",
        f"导出时间：{_moment(now, zone)}",
        "",
        "本文件列出系统中与本人有关的全部信息；逐项数据在“数据”文件夹，图片和文件在“图片和文件”文件夹。",
        "各类信息为何保存、保存多久，见《个人信息怎么管》。",
    ]
    for share, title in TITLES.items():
        tables = [each for each in rows if SHARES[each] is share and rows[each]]
        lines += ["", f"【{title}】", f"共{sum(len(rows[each]) for each in tables)}条"]
        lines += [f"  {table}.json：{len(rows[table])}条" for table in tables]
    lines += ["", "【消息往来】", *_talk(rows, zone)]
    if missing:
        lines += ["", f"有{len(missing)}个图片或文件已不在媒体库，未能导出：", *missing]
    return "\n".join([*lines, ""])


def _talk(rows: Rows, zone: ZoneInfo) -> Iterator[str]:
    """What was said between the person and the bot, in order, as far as it is kept."""
    said = [(row["received_at"], "本人", row["message"].get("text")) for row in rows["inbox"]]
    said += [(row["sent_at"] or row["created_at"], "机器人", row["text"]) for row in rows["outbox"]]
    for at, who, text in sorted(said, key=lambda each: each[0]):
        if text:
            yield f"{_moment(at, zone)} {who}：{text}"


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
