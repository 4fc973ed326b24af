"""What people do in an app's single chat, called back to the bot as encrypted XML."""

from collections.abc import Mapping, Sequence
from typing import Any

import httpx2

from tests.twins.courier import Delivery, Letter
from tests.twins.record import Bubble, Sent
from tests.twins.wecom import cards, seal, xml
from tests.twins.wecom.corp import App, Corp, cut
from tests.twins.wecom.courier import Courier
from tests.twins.wecom.messages import Messages

_PASSIVE = {"text", "image", "voice", "video", "news", "update_button", "update_template_card"}
_CARD_LIFE = 72 * 3600.0


class AppDoor:
    """An app as its people use it; its settings are on *app*."""

    def __init__(self, corp: Corp, app: App, courier: Courier, messages: Messages) -> None:
        self._corp, self.app, self._courier, self._messages = corp, app, courier, messages
        self.callback_url = ""

    def says(self, userid: str, text: str, **fields: Any) -> Delivery:
        return self.sends(userid, "text", {"Content": text, **fields})

    def shows(self, userid: str, data: bytes, name: str = "image.jpg") -> Delivery:
        media = self._corp.keep("image", name, data)
        return self.sends(
            userid, "image", {"PicUrl": f"{self._corp.url}/pic/{media.id}", "MediaId": media.id}
        )

    def speaks(self, userid: str, data: bytes = b"#!AMR\n\0\0", form: str = "amr") -> Delivery:
        media = self._corp.keep("voice", f"voice.{form}", data)
        return self.sends(userid, "voice", {"MediaId": media.id, "Format": form})

    def films(self, userid: str, data: bytes = b"\0\0\0\x18ftypmp42") -> Delivery:
        media = self._corp.keep("video", "video.mp4", data)
        thumb = self._corp.keep("image", "thumb.jpg", b"\xff\xd8\xff\xe0thumb")
        return self.sends(userid, "video", {"MediaId": media.id, "ThumbMediaId": thumb.id})

    def locates(
        self, userid: str, latitude: float, longitude: float, label: str, scale: int = 15
    ) -> Delivery:
        place = {"Location_X": latitude, "Location_Y": longitude, "Scale": scale, "Label": label}
        return self.sends(userid, "location", {**place, "AppType": "wxwork"})

    def links(self, userid: str, title: str, url: str, description: str = "") -> Delivery:
        link = {"Title": title, "Description": description, "Url": url, "PicUrl": ""}
        return self.sends(userid, "link", link)

    def hands(self, userid: str, name: str, data: bytes) -> Delivery:
        """A file."""
        media = self._corp.keep("file", name, data)
        return self.sends(userid, "file", {"MediaId": media.id, "FileName": name})

    def sends(self, userid: str, kind: str, fields: Mapping[str, Any]) -> Delivery:
        """Any message; a MsgId is added."""
        msgid = self._corp.msgid()
        plain = {**self._common(userid, kind), **fields, "MsgId": int(msgid)}
        return self.post(self.letter({**plain, "AgentID": self.app.agent_id}), msgid)

    def event(self, userid: str, name: str, fields: Mapping[str, Any] | None = None) -> Delivery:
        """Any event of the list; those of the address book come from `sys` without an app."""
        plain = {**self._common(userid, "event"), "Event": name, **(fields or {})}
        if userid != "sys":
            plain["AgentID"] = self.app.agent_id
        return self.post(self.letter(plain))

    def taps_menu(self, userid: str, key: str) -> Delivery:
        return self.event(userid, "click", {"EventKey": key})

    def taps_card(
        self,
        userid: str,
        bubble: Bubble,
        key: str,
        selected: Mapping[str, Sequence[str]] | None = None,
        *,
        menu: bool = False,
    ) -> Delivery:
        """A button of a card, or of its corner menu, with what was selected on it."""
        offered = self._corp.offer_code(
            kind="card", app=self.app.agent_id, to={userid.casefold()}, msgid=bubble.msgid
        )
        fields: dict[str, Any] = {
            "EventKey": key,
            "TaskId": bubble.body.get("task_id", ""),
            "CardType": bubble.body["card_type"],
            "ResponseCode": offered,
        }
        if selected:
            fields["SelectedItems"] = {
                "SelectedItem": [
                    {"QuestionKey": question, "OptionIds": {"OptionId": list(options)}}
                    for question, options in selected.items()
                ]
            }
        name = "template_card_menu_event" if menu else "template_card_event"
        return self.event(userid, name, fields)

    def _common(self, userid: str, kind: str) -> dict[str, Any]:
        return {
            "ToUserName": self._corp.id,
            "FromUserName": userid,
            "CreateTime": int(self._corp.clock.now()),
            "MsgType": kind,
        }

    def letter(
        self,
        plain: Mapping[str, Any] | str,
        *,
        token: str = "",
        receiver: str | None = None,
        timestamp: str = "",
        nonce: str = "",
    ) -> Letter:
        """The callback for *plain*, unsent; wrong tokens and corps are for tests of bad input."""

        def wrap(text: str) -> tuple[bytes, str]:
            outer = {"ToUserName": self._corp.id, "AgentID": str(self.app.agent_id)}
            return xml.written({**outer, "Encrypt": text}).encode(), "text/xml"

        return self._courier.letter(
            plain if isinstance(plain, str) else xml.written(plain),
            token=token or self.app.token,
            key=self.app.encoding_key,
            receiver=self._corp.id if receiver is None else receiver,
            wrap=wrap,
            timestamp=timestamp,
            nonce=nonce,
        )

    def post(self, letter: Letter, msgid: str = "", repeats: int = 3) -> Delivery:
        """Set a callback on its way; a test of bad input wants no *repeats*."""
        now = self._corp.clock.now()
        delivery = Delivery(letter, now, self._corp.record, self._read, repeats, msgid=msgid)
        return self._courier.send(self.callback_url, delivery)

    def checks_address(self) -> httpx2.Response:
        return self._courier.check_address(
            self.callback_url, self.app.token, self.app.encoding_key, self._corp.id
        )

    def _read(self, delivery: Delivery, body: bytes) -> None:
        """Take a passive reply; an empty body says nothing."""
        if not body:
            return
        outer = xml.read(body.decode())
        assert list(outer) == ["Encrypt", "MsgSignature", "TimeStamp", "Nonce"], list(outer)
        signed = seal.signed(self.app.token, outer["TimeStamp"], outer["Nonce"], outer["Encrypt"])
        assert outer["MsgSignature"] == signed, "bad signature"
        plain, receiver = seal.opened(outer["Encrypt"], self.app.encoding_key)
        assert receiver == self._corp.id, "bad receiveid"
        asked = xml.read(self._opened(delivery.letter))
        reply = xml.read(plain)
        assert reply["ToUserName"] == asked["FromUserName"], "not to whoever asked"
        assert reply["FromUserName"] == self._corp.id, "not from the corp"
        assert reply["MsgType"] in _PASSIVE, f"no passive reply: {reply['MsgType']}"
        self._take(reply, asked)
        now = self._corp.clock.now()
        self._corp.record.add(Sent("answer", reply, {}, {}, now))

    def _opened(self, letter: Letter) -> str:
        outer = xml.read(letter.body.decode())
        return seal.opened(outer["Encrypt"], self.app.encoding_key)[0]

    def _take(self, reply: dict[str, Any], asked: dict[str, Any]) -> None:
        who, kind = reply["ToUserName"], reply["MsgType"]
        if kind in ("update_button", "update_template_card"):
            assert asked.get("ResponseCode"), "no card was tapped"
            code = self._corp.take_code(asked["ResponseCode"], "card", _CARD_LIFE)
            card = reply.get("TemplateCard")
            assert card is None or card["CardType"] in cards.TYPES["app"]
            change = {"card": card} if card else {"button": reply["Button"]["ReplaceName"]}
            self._messages.change_card(who, code["msgid"], change)
            return
        now = self._corp.clock.now()
        shown = {"content": cut(reply["Content"], 2048)} if kind == "text" else reply
        bubble = Bubble("app", kind, shown, self._corp.number("MSG"), now)
        self._corp.record.show(who.casefold(), bubble)
