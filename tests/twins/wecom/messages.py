"""The servers' message/send, recall, card updates and the app's own group chats."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from tests.twins.record import Bubble
from tests.twins.wecom import cards
from tests.twins.wecom.api import Answer, Call, Route
from tests.twins.wecom.corp import DAY, App, Corp, Member, Refused, cut

_TEXT = 2048
_RECALL = DAY
CARD_LIFE = 3 * DAY


@dataclass
class Group:
    """A chat that an app made."""

    id: str
    name: str
    agent_id: int
    members: tuple[str, ...]


@dataclass
class _Receivers:
    members: list[Member] = field(default_factory=list)
    invalid: dict[str, list[str]] = field(
        default_factory=lambda: {"user": [], "party": [], "tag": [], "unlicensed": []}
    )

    def fields(self) -> dict[str, str]:
        bad = {name: "|".join(each) for name, each in self.invalid.items()}
        return {
            "invaliduser": bad["user"],
            "invalidparty": bad["party"],
            "invalidtag": bad["tag"],
            "unlicenseduser": bad["unlicensed"],
        }


class Messages:
    """What an app may send, and to whom."""

    def __init__(self, corp: Corp) -> None:
        self._corp = corp
        self.groups: dict[str, Group] = {}
        #: Whether a message that reaches nobody at all is refused, or taken with a list of names.
        self.refuses_unreached = True
        self._last: dict[tuple[int, str, str], float] = {}
        self.routes = {
            "message/send": Route("POST", self._send),
            "message/recall": Route("POST", self._recall),
            "message/update_template_card": Route("POST", self._update_card),
            "appchat/create": Route("POST", self._create_group),
            "appchat/send": Route("POST", self._send_to_group),
        }

    def _send(self, call: Call) -> Answer:
        body = call.body
        app = self._own(call)
        shown = content_of(body, self._corp, app, with_cards=True)
        to = self._receivers(body)
        if not to.members and self.refuses_unreached:
            raise Refused(81013, "user & party & tag all invalid")
        msgid = self._corp.number("MSG")
        code = {}
        if body["msgtype"] == "template_card":
            self._corp.note_task(f"app {app.agent_id}", shown)
        if body["msgtype"] == "template_card" and cards.is_updatable(shown):
            members = {member.userid.casefold() for member in to.members}
            offered = self._corp.offer_code(kind="card", app=app.agent_id, to=members, msgid=msgid)
            code = {"response_code": offered}
        dropped = [m.userid for m in to.members if not self._reaches(app, m, body, shown)]
        for member in to.members:
            if member.userid not in dropped:
                self._show(member.userid.casefold(), "app", body["msgtype"], shown, msgid)
        return Answer({**to.fields(), "msgid": msgid, **code}, dropped=tuple(dropped))

    def _own(self, call: Call) -> App:
        """The app that the body names, which must be the token's."""
        app = self._corp.app_of(call.body.get("agentid"))
        if app is not call.by:
            raise Refused(301002, "no permission for this agentid")
        return app

    def _show(self, chat: str, door: str, kind: str, shown: dict[str, Any], msgid: str) -> None:
        now = self._corp.clock.now()
        self._corp.record.show(chat, Bubble(door, kind, dict(shown), msgid, now))

    def _reaches(
        self, app: App, member: Member, body: dict[str, Any], shown: dict[str, Any]
    ) -> bool:
        """Whether the member gets to see it: too many and repeated ones vanish silently."""
        now = self._corp.clock.now()
        who = member.userid.casefold()
        if body.get("enable_duplicate_check"):
            same = (app.agent_id, who, json.dumps(shown, sort_keys=True, default=str))
            last = self._last.get(same)
            if last is not None and now - last < min(
                body.get("duplicate_check_interval", 1800), 14400
            ):
                return False
            self._last[same] = now
        return app.per_member.takes(who, now)

    def _receivers(self, body: dict[str, Any]) -> _Receivers:
        users, parties, tags = (_listed(body, key) for key in ("touser", "toparty", "totag"))
        if not (users or parties or tags):
            raise Refused(82001, "touser & toparty & totag all empty")
        for ids, most, code in ((users, 1000, 40032), (parties, 100, 82002), (tags, 100, 82003)):
            if len(ids) > most:
                raise Refused(code, f"more than {most} receivers")
        found = _Receivers()
        if users == ["@all"]:
            found.members = [m for m in self._corp.members.values() if m.visible and m.licensed]
            return found
        for userid in users:
            self._find(userid, found)
        self._find_parties(parties, found)
        for tag in tags:
            if not (tag.isdigit() and int(tag) in self._corp.tags):
                found.invalid["tag"].append(tag)
                continue
            for userid in self._corp.tags[int(tag)]:
                self._find(userid, found)
        return found

    def _find_parties(self, parties: list[str], found: _Receivers) -> None:
        for party in parties:
            if not (party.isdigit() and int(party) in self._corp.parties):
                found.invalid["party"].append(party)
                continue
            for member in self._corp.members.values():
                if int(party) in member.departments:
                    self._find(member.userid, found)

    def _find(self, userid: str, found: _Receivers) -> None:
        member = self._corp.members.get(userid.casefold())
        if member is None or not member.visible:
            found.invalid["user"].append(userid.lower())
        elif not member.licensed:
            found.invalid["unlicensed"].append(userid.lower())
        elif member not in found.members:
            found.members.append(member)

    def _recall(self, call: Call) -> Answer:
        msgid, now = call.body.get("msgid"), self._corp.clock.now()
        found = [each for each in self._corp.record.everywhere() if each.msgid == msgid]
        if not found or now - found[0].at > _RECALL:
            raise Refused(40058, "invalid msgid")
        for bubble in found:
            bubble.recalled = True
        return Answer()

    def _update_card(self, call: Call) -> Answer:
        body, app = call.body, self._own(call)
        if not any(body.get(key) for key in ("userids", "partyids", "tagids", "atall")):
            raise Refused(82001, "nobody to update for")
        card, button = body.get("template_card"), body.get("button")
        if (card is None) == (button is None):
            raise Refused(40058, "either button or template_card")
        if card is not None:
            cards.check(card, "app")
        elif not isinstance(button, dict) or not button.get("replace_name"):
            raise Refused(40058, "button.replace_name missing")
        code = self._corp.take_code(body.get("response_code", ""), "card", CARD_LIFE)
        if code["app"] != app.agent_id:
            raise Refused(40058, "invalid response_code")
        wanted = code["to"] if body.get("atall") else self._wanted(body)
        for userid in wanted & code["to"]:
            self.change_card(userid, code["msgid"], card or {"button": button})
        return Answer({"invaliduser": sorted(wanted - code["to"])})

    def _wanted(self, body: dict[str, Any]) -> set[str]:
        wanted = {str(userid).casefold() for userid in body.get("userids", ())}
        for member in self._corp.members.values():
            if set(member.departments) & set(body.get("partyids", ())):
                wanted.add(member.userid.casefold())
        for tag in body.get("tagids", ()):
            wanted |= {userid.casefold() for userid in self._corp.tags.get(tag, ())}
        return wanted

    def change_card(self, userid: str, msgid: str, change: dict[str, Any]) -> None:
        """Put *change* onto the card as one person sees it."""
        for bubble in self._corp.record.screens.get(userid.casefold(), ()):
            if bubble.msgid == msgid:
                bubble.body = {**bubble.body, **change}

    def _create_group(self, call: Call) -> Answer:
        body = call.body
        if not call.by.sees_everyone:
            raise Refused(60011, "the root department is not visible to this app")
        name, members = body.get("name", ""), list(body.get("userlist", ()))
        if len(name) > 50:
            raise Refused(86004, "invalid chat name")
        if not 2 <= len(members) <= 2000:
            raise Refused(86006, "invalid member count")
        known = {member.casefold() for member in members} & set(self._corp.members)
        if len(known) < len(members):
            raise Refused(40031, "invalid userid list")
        if body.get("owner", members[0]).casefold() not in known:
            raise Refused(86007, "invalid owner")
        chatid = body.get("chatid") or self._corp.number("APPCHAT")
        if not re.fullmatch(r"[0-9A-Za-z]{1,32}", chatid):
            raise Refused(86001, "invalid chatid")
        if chatid in self.groups:
            raise Refused(86215, "chatid exists")
        self.groups[chatid] = Group(chatid, name, call.by.agent_id, tuple(members))
        return Answer({"chatid": chatid})

    def _send_to_group(self, call: Call) -> Answer:
        group = self.groups.get(call.body.get("chatid", ""))
        if group is None:
            raise Refused(86003, "chatid not found")
        if group.agent_id != call.by.agent_id:
            raise Refused(86008, "not this app's chat")
        shown = content_of(call.body, self._corp, call.by, with_cards=False)
        msgid = self._corp.number("MSG")
        self._show(group.id, "app", call.body["msgtype"], shown, msgid)
        return Answer({"msgid": msgid})


def _listed(body: dict[str, Any], key: str) -> list[str]:
    value = body.get(key, "")
    if not isinstance(value, str):
        raise Refused(40031, f"{key} is no string")
    return [each for each in value.split("|") if each]


def content_of(body: dict[str, Any], corp: Corp, app: App, *, with_cards: bool) -> dict[str, Any]:
    """What is shown of a message, cut as the clients cut; raises Refused."""
    kind = body.get("msgtype")
    content = body.get(kind) if isinstance(kind, str) else None
    if kind not in {*_READERS, "template_card"} or (kind == "template_card" and not with_cards):
        raise Refused(40008, "invalid message type")
    if not isinstance(content, dict) or not content:
        raise Refused(44004, f"empty {kind}")
    if kind != "template_card":
        shown: dict[str, Any] = _READERS[kind](content, corp)
        return shown
    cards.check(content, "app")
    if not app.has_callback and content["card_type"] not in cards.TYPES["robot"]:
        raise Refused(40058, "interactive cards need a callback")
    return content


def _text(content: dict[str, Any], corp: Corp) -> dict[str, Any]:
    if not content.get("content"):
        raise Refused(44004, "empty content")
    return {"content": cut(content["content"], _TEXT)}


def _markdown(content: dict[str, Any], corp: Corp) -> dict[str, Any]:
    shown = _text(content, corp)
    if len(content["content"].encode()) > _TEXT:
        raise Refused(45002, "content size out of limit")
    return shown


def _media(kind: str) -> Any:
    def read(content: dict[str, Any], corp: Corp) -> dict[str, Any]:
        shown = corp.media_of(content.get("media_id", ""), kind).shown()
        return shown | _cut_titles(content) if kind == "video" else shown

    return read


def _cut_titles(content: dict[str, Any]) -> dict[str, Any]:
    sizes = {"title": 128, "description": 512}
    return {name: cut(content[name], size) for name, size in sizes.items() if name in content}


def _textcard(content: dict[str, Any], corp: Corp) -> dict[str, Any]:
    if not content.get("title"):
        raise Refused(41016, "missing title")
    if not content.get("description") or not 0 < len(content.get("url", "").encode()) <= 2048:
        raise Refused(40058, "textcard needs a description and a url of at most 2048 bytes")
    return content | _cut_titles(content)


def _news(content: dict[str, Any], corp: Corp) -> dict[str, Any]:
    articles = content.get("articles", ())
    if not 1 <= len(articles) <= 8:
        raise Refused(45008, "1 to 8 articles")
    if not all(each.get("title") for each in articles):
        raise Refused(41016, "missing title")
    return {"articles": [each | _cut_titles(each) for each in articles]}


_READERS = {
    "text": _text,
    "markdown": _markdown,
    "textcard": _textcard,
    "news": _news,
    **{kind: _media(kind) for kind in ("image", "voice", "video", "file")},
}
