"""Every door of the service, and the malformed calls that are made at it."""

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlmodel import select

from bot import webhooks
from bot.platforms import dingtalk, dingtalk_stream, wecom_link
from models.db import Database, open_database
from models.member import Account
from tests import dingtalk as dingtalk_office
from tests import wecom as wecom_office
from tests.connected import Office
from tests.security.junk import Call, Junk
from tests.security.page_doors import POLICE, pages
from tests.security.raid import Door
from tests.talk import MORNING, Talk
from tests.twins.courier import Letter


@contextmanager
def every_door(template: Path, folder: Path) -> Iterator[list[Door]]:
    """Services on both platforms, each way they hear, and the pages, on databases of their own."""
    with ExitStack() as opened:
        patch = opened.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("DINGTALK_CARD_TEMPLATE", "template.schema")
        # On a busy machine the database is late: whatever is spooled shall be so by a fault.
        patch.setattr(webhooks, "PATIENCE", 60.0)
        for hurried in (dingtalk.DingTalk, dingtalk_stream.DingTalkStream):
            patch.setattr(hurried, "patience", 60.0)
        patch.chdir(folder)
        (folder / "temporary").mkdir()
        patch.setattr(tempfile, "tempdir", str(folder / "temporary"))
        doors = [
            _wecom(opened, patch, _database(opened, template, folder, "called")),
            _linked(opened, patch, _database(opened, template, folder, "linked")),
        ]
        _forget(patch, "WECOM_")
        doors += [
            _dingtalk(opened, patch, _database(opened, template, folder, "pushed")),
            _streamed(opened, patch, _database(opened, template, folder, "streamed")),
        ]
        _forget(patch, "DINGTALK_")
        doors.append(pages(opened, template, folder / "pages"))
        for door in doors:
            opened.callback(door.runner.close)
        yield doors


def _forget(patch: pytest.MonkeyPatch, prefix: str) -> None:
    for name in [each for each in os.environ if each.startswith(prefix)]:
        patch.delenv(name)


def _database(opened: ExitStack, template: Path, folder: Path, name: str) -> Database:
    path = folder / f"{name}.db"
    path.write_bytes(template.read_bytes())
    database = open_database(f"sqlite:///{path}")
    opened.callback(database.dispose)
    return database


# WeCom


def _wecom(opened: ExitStack, patch: pytest.MonkeyPatch, database: Database) -> Door:
    office = opened.enter_context(
        wecom_office.open_wecom(database, Path(f"{database.engine.url.database}.d"), patch)
    )
    app, bot = office.twin.app, office.twin.bot

    def posted(junk: Junk, path: str, letter: Letter) -> Call:
        """Well signed, or with a signature that is another call's."""
        query, body, signed = letter.query, letter.body, junk.chance.random() < 0.6
        if not signed:
            query = {**query, "msg_signature": "f" + query["msg_signature"][:-1]}
            body = junk.one_of(body, junk.cut(body), junk.bytes())
        said = urlencode(query) if signed else junk.query(query)
        return Call("", "POST", path, said, letter.headers, body, signed)

    def to_app(junk: Junk) -> Call:
        plain = {**_said(junk, "text"), "Content": junk.text(), "AgentID": 1000002}
        plain |= {"MsgId": junk.number(), "MediaId": junk.text(), "FileName": junk.text()}
        plain |= {"Event": junk.one_of("click", "template_card_event", junk.text()[:50])}
        plain |= {"TaskId": junk.text(), "EventKey": junk.text(), "ResponseCode": junk.text()}
        spoilt = junk.spoilt({**plain, "MsgType": junk.one_of(*_KINDS)}, 0.05)
        inside = junk.one_of(_xml(spoilt), _xml(spoilt), junk.text(), "<xml>" * 9000)
        return posted(junk, "/webhooks/wecom/app", app.letter(inside))

    def to_bot(junk: Junk) -> Call:
        body = {
            "msgid": junk.number(),
            "aibotid": "aib",
            "chatid": junk.one_of("wr-group", junk.text()),
            "chattype": junk.one_of("single", "group"),
            "from": {"userid": junk.one_of(POLICE, junk.text())},
            "response_url": junk.text(),
            "msgtype": junk.one_of("text", "image", "mixed", "quote", "file", "stream", "event"),
            "text": {"content": junk.text()},
            "image": {"url": junk.text()},
            "file": {"url": junk.text()},
            "stream": {"id": junk.text()},
            "mixed": {"msg_item": [{"msgtype": "text", "text": {"content": junk.text()}}]},
            "event": {"eventtype": junk.one_of("enter_chat", "template_card_event", "")},
            "quote": {"msgtype": "text", "text": {"content": junk.text()}},
        }
        inside = junk.json(body).decode(errors="ignore")
        return posted(junk, "/webhooks/wecom/bot", bot.letter(inside))

    def checked(junk: Junk) -> Call:
        path = junk.one_of("/webhooks/wecom/app", "/webhooks/wecom/bot")
        found = {"msg_signature": "a" * 40, "timestamp": "1", "nonce": "1", "echostr": "x"}
        return Call("", "GET", path, junk.query(found))

    return Door("wecom", office.house, (to_app, to_app, to_bot, to_bot, checked))


_KINDS = ("text", "image", "file", "voice", "event", "link", "location", "merged_msg")


def _said(junk: Junk, kind: str) -> dict[str, Any]:
    return {
        "ToUserName": wecom_office.CORP_ID,
        "FromUserName": junk.one_of(POLICE, f"stranger{junk.chance.randrange(99)}", junk.text()),
        "CreateTime": junk.one_of(int(MORNING.timestamp()), junk.text(), 10**30),
        "MsgType": kind,
    }


def _xml(value: Any) -> str:
    """XML of anything, also where its names are none."""
    return f"<xml>{_inner(value)}</xml>"


def _inner(value: Any, depth: int = 8) -> str:
    if isinstance(value, Mapping) and depth:
        return "".join(
            f"<{name}>{_inner(each, depth - 1)}</{name}>" for name, each in value.items()
        )
    if isinstance(value, list) and depth:
        return "".join(f"<i>{_inner(each, depth - 1)}</i>" for each in value)
    return f"<![CDATA[{value}]]>" if isinstance(value, str) else str(type(value))


def _linked(opened: ExitStack, patch: pytest.MonkeyPatch, database: Database) -> Door:
    Talk(database)
    with database.write() as session:
        wecom_office.move_to_wecom(session)
        people = list(session.exec(select(Account.user_id)).all())
    folder = Path(f"{database.engine.url.database}.d")
    office: Office[Any] = opened.enter_context(
        wecom_office.serving(database, folder, patch, people, MORNING, linked=True)
    )

    def frame(junk: Junk) -> Call:
        body = {
            "cmd": junk.one_of("aibot_msg_callback", "aibot_event_callback", "ping", junk.text()),
            "headers": {"req_id": junk.text()},
            "body": {
                "msgid": junk.number(),
                "chattype": junk.one_of("single", "group"),
                "chatid": junk.text(),
                "from": {"userid": junk.one_of(POLICE, junk.text())},
                "msgtype": junk.one_of("text", "file", "mixed", "event"),
                "text": {"content": junk.text()},
                "event": {"eventtype": junk.one_of("template_card_event", "enter_chat")},
            },
        }
        raw = junk.one_of(junk.json(body), junk.json(body), junk.json(body), junk.bytes())
        return Call("wecom_bot", wecom_link.METHOD, "", body=raw, is_signed=True)

    return Door("wecom_link", office.house, (frame,))


# DingTalk


def _dingtalk(opened: ExitStack, patch: pytest.MonkeyPatch, database: Database) -> Door:
    folder = Path(f"{database.engine.url.database}.d")
    office = opened.enter_context(dingtalk_office.open_dingtalk(database, folder, patch))
    robot, twin = office.twin.robot, office.twin

    def said(junk: Junk) -> Call:
        body = _spoken(junk, robot)
        signed = junk.chance.random() < 0.6
        letter = robot.letter(
            junk.one_of(junk.json(body), junk.json(body), junk.json(body), junk.bytes()),
            secret="" if signed else "another secret",
        )
        return _post(letter, signed)

    def tapped(junk: Junk) -> Call:
        body = robot._tapped(POLICE, junk.text(), {"words": junk.text()}, "", "content")
        letter = robot._courier.card_letter(junk.json(body), junk.one_of("", "wrong"))
        return _post(letter, False)

    assert twin.robot is robot
    return Door("dingtalk", office.house, (said, said, tapped))


def _post(letter: Letter, is_signed: bool) -> Call:
    path = "/webhooks/dingtalk"
    return Call("", "POST", path, headers=letter.headers, body=letter.body, is_signed=is_signed)


def _spoken(junk: Junk, speech: Any) -> dict[str, Any]:
    kind = junk.one_of("text", "picture", "richText", "file", "audio", junk.text()[:20])
    inside = {"content": junk.text(), "downloadCode": junk.text(), "fileName": junk.text()}
    body = speech.body(POLICE, "", {"msgtype": kind, "text": inside, "content": inside})
    body["senderStaffId"] = junk.one_of(POLICE, f"stranger{junk.chance.randrange(99)}", "")
    body["sessionWebhook"] = junk.one_of(body["sessionWebhook"], junk.text())
    return dict(body)


def _streamed(opened: ExitStack, patch: pytest.MonkeyPatch, database: Database) -> Door:
    folder = Path(f"{database.engine.url.database}.d")
    office = opened.enter_context(
        dingtalk_office.open_dingtalk(database, folder, patch, stream=True)
    )

    def frame(junk: Junk) -> Call:
        body = {
            "specVersion": "1.0",
            "type": junk.one_of("CALLBACK", "EVENT", "SYSTEM", junk.text()),
            "headers": {
                "topic": junk.one_of(
                    "/v1.0/im/bot/messages/get", "/v1.0/card/instances/callback", junk.text()
                ),
                "messageId": junk.number(),
            },
            "data": junk.json(_spoken(junk, office.twin.linked)).decode(errors="ignore"),
        }
        raw = junk.one_of(json.dumps(body).encode(), junk.json(body), junk.bytes())
        return Call("dingtalk", dingtalk_stream.METHOD, "", body=raw, is_signed=True)

    return Door("dingtalk_stream", office.house, (frame,))
