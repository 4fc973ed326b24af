"""The doors for browsers and other systems: pages, the upload form, the read API, practice."""

from contextlib import ExitStack
from pathlib import Path

from sqlmodel import select

from bot.api_call import MOST_AT_ONCE
from models.chat import chat_at
from models.link import upload_link
from models.member import Account
from models.message import ChatKind
from tests.api import open_desk
from tests.security.junk import HOSTILE, Call, Junk
from tests.security.raid import Door

POLICE = "州公安局联络员"


def pages(opened: ExitStack, template: Path, folder: Path) -> Door:
    folder.mkdir()
    (folder / "desk.db").write_bytes(template.read_bytes())
    desk = opened.enter_context(open_desk(f"sqlite:///{folder}/desk.db", folder))
    house, bearer = desk.house, {"authorization": f"Bearer {desk.token}"}
    with house.database.write() as session:
        chat = chat_at(session, "sandbox", POLICE, ChatKind.SINGLE, house.clock())
        member = session.exec(select(Account.member_id).where(Account.user_id == POLICE)).one()
        form = house.addresses.of(upload_link(session, member, chat.id or 0, house.clock()))
    form_path = "/files/" + form.rsplit("/", 1)[1]

    def linked(junk: Junk) -> Call:
        """Addresses of links: made up, and signed over what names none."""
        path, name = junk.one_of("board", "files"), junk.text()[:60]
        signed = house.addresses._signers[path].sign(name.encode()).decode(errors="ignore")
        steps = junk.one_of(
            junk.step(), signed, f"1-{junk.number()}.x", form_path[7:] + junk.step()
        )
        query = junk.query({"task": "1", "unit": "1", "sent": "1", "words": "1"})
        method = junk.one_of("GET", "GET", "HEAD", "POST", "OPTIONS")
        return Call("", method, f"/{path}/{steps}", query, body=junk.bytes()[:500])

    def uploaded(junk: Junk) -> Call:
        fields = {"once": junk.one_of("a" * 24, junk.text()), "words": junk.text()}
        kind, body = junk.form(fields, ["files"] * junk.one_of(0, 1, 2, 12))
        headers = {"content-type": kind}
        if junk.chance.random() < 0.2:
            headers["content-length"] = junk.one_of("-1", "9" * 40, "x", "0")
        return Call("", "POST", form_path, junk.query({}), headers, body, is_signed=True)

    def read(junk: Junk) -> Call:
        code = junk.one_of("minsheng-2021", "dajuan-2021", junk.step())
        what = junk.one_of("tasks", "obligations", "submissions", "rankings", "bulletins")
        number = junk.one_of("1", junk.step())
        rest = junk.one_of("", f"/{code}/{what}", f"/{code}/bulletins/{number}/file", junk.step())
        names = ("limit", "cursor", "at", "due_from", "due_to", "task", junk.text()[:20])
        query = junk.query({name: junk.text() for name in names if junk.chance.random() < 0.4})
        tag = {"if-none-match": junk.text()[:200]} if junk.chance.random() < 0.1 else {}
        headers = {**junk.one_of(bearer, bearer, {"authorization": junk.text()[:200]}), **tag}
        return Call("", "GET", f"/api/v1/programmes{rest}", query, headers)

    def practised(junk: Junk) -> Call:
        """The practice chat, which is only for this machine and yet may not break."""
        if junk.chance.random() < 0.5:
            fields = {"person": POLICE, "chat": "single", "client_id": junk.number()}
            kind, body = junk.form({**fields, "text": junk.text(), "quote": "0"})
            headers = {"content-type": kind}
            return Call("", "POST", "/sandbox/api/messages", "", headers, body, is_signed=True)
        if junk.chance.random() < 0.3:
            body = junk.json({"to": junk.one_of(*HOSTILE)})
            headers = {"content-type": "application/json"}
            return Call("", "POST", "/sandbox/api/clock", "", headers, body, is_signed=True)
        path = junk.one_of("messages", "state", f"media/{junk.step()}", junk.step())
        names = ("person", "chat", "after", "mime", "name")
        query = junk.query({name: junk.text() for name in names})
        return Call("", "GET", f"/sandbox/api/{path}", query)

    return Door("pages", house, (linked, uploaded, read, read, practised), MOST_AT_ONCE)
