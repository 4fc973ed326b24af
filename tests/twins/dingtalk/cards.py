"""The servers' interactive cards: created and delivered, changed in place, answered when tapped."""

from dataclasses import dataclass, field
from typing import Any

from tests.twins.dingtalk.corp import Corp, Malformed, Refused
from tests.twins.dingtalk.record import Bubble
from tests.twins.dingtalk.wire import Answer, Call, Route

_KEY, _VALUE = 100, 1024
_PERSON, _GROUP = "dtv1.card//IM_ROBOT.", "dtv1.card//IM_GROUP."
_INVALID, _SPACE = "param.invalid", "param.openSpaceIdInvalid"
_SCOPE = "Card.Instance.Write"


@dataclass
class Card:
    """One card, wherever it stands."""

    track: str
    template: str
    params: dict[str, str]
    callback: str
    route: str = ""
    #: What some see in place of the common data, by person.
    private: dict[str, dict[str, str]] = field(default_factory=dict)
    #: Where it stands, by chat.
    bubbles: list[tuple[str, Bubble]] = field(default_factory=list)

    def draw(self) -> None:
        """Show it as it is now; in a single chat with what only that person sees."""
        for chat, bubble in self.bubbles:
            params = self.params | self.private.get(chat, {})
            bubble.body = {"content": "\n".join(params.values()), "params": params}


class Cards:
    """Every card, the templates they are drawn by and the addresses they call."""

    def __init__(self, corp: Corp) -> None:
        self._corp = corp
        self.all: dict[str, Card] = {}
        #: Templates that an administrator has drawn, and whether they are published.
        self.templates: dict[str, bool] = {}
        #: callbackRouteKey → address and apiSecret.
        self.callbacks: dict[str, tuple[str, str]] = {}
        #: Whom a card does not reach, with what the result says of it.
        self.failing: dict[str, str] = {}
        #: Whether a known outTrackId is refused, or only its new data ignored.
        self.refuses_known = False
        corp.card_callback, corp.answer_card = self.callback, self.answer
        self.routes = {
            "card/instances/createAndDeliver": _route("POST", self._create),
            "card/instances": _route("PUT", self._update),
            "card/callbacks/register": _route("POST", self._register),
        }

    def callback(self, track: str) -> tuple[str, str]:
        """Where a tap on a card goes and what signs it; for cards that call an address."""
        card = self.all[track]
        assert card.callback == "HTTP", "the card calls back by the stream"
        return self.callbacks[card.route]

    def answer(self, track: str, told: dict[str, Any], person: str = "") -> None:
        """What the robot said to a tap, put onto the card."""
        data = told.get("cardData")
        by_key = bool((told.get("cardUpdateOptions") or {}).get("updateCardDataByKey"))
        if data is not None:
            self._change(self.all[track], _params(data), by_key=by_key)
        private = told.get("userPrivateData")
        if private is not None:
            if both := set(_params(private)) & set(self.all[track].params):
                # In the platform's editor a variable is one or the other.
                self._corp.complain(f"a card's variables are private and public: {sorted(both)}")
            self.all[track].private[person] = _params(private)
            self.all[track].draw()

    def _create(self, call: Call) -> Answer:
        body = call.body
        track, template = _text(body, "outTrackId"), _text(body, "cardTemplateId")
        self._check_template(template)
        params = _params(body.get("cardData"))
        kind, route = self._calls_back(body)
        where, chat = self._space(body, call)
        if track in self.all and self.refuses_known:
            raise Refused("param.cardAlreadyExist", "卡片已存在")
        card = self.all.setdefault(track, Card(track, template, params, kind, route))
        failed = self._failure(where, chat)
        if not failed:
            self._show(chat, card)
        told = {"spaceType": where, "spaceId": chat, "success": not failed, "errorMsg": failed}
        result = {"outTrackId": track, "deliverResults": [told]}
        return Answer({"success": True, "result": result}, dropped=(chat,) if failed else ())

    def _check_template(self, template: str) -> None:
        published = self.templates.get(template)
        if published is None:
            raise Refused("param.templateNotExist", "模板不存在")
        if not published:
            raise Refused("param.templateUnpublished", "模板未发布")

    def _calls_back(self, body: dict[str, Any]) -> tuple[str, str]:
        kind, route = body.get("callbackType", ""), body.get("callbackRouteKey", "")
        if kind not in ("", "STREAM", "HTTP"):
            raise Malformed(_INVALID, f"callbackType {kind!r}")
        if kind == "HTTP" and route not in self.callbacks:
            raise Malformed(_INVALID, "callbackRouteKey is not registered")
        return kind, route

    def _space(self, body: dict[str, Any], call: Call) -> tuple[str, str]:
        """The kind of chat and its id; the models that go with it must be there."""
        space = _text(body, "openSpaceId")
        if space.startswith(_PERSON):
            if body.get("imRobotOpenDeliverModel", {}).get("spaceType") != "IM_ROBOT":
                raise Malformed(_INVALID, "imRobotOpenDeliverModel.spaceType is IM_ROBOT")
            self._check_model(body, "imRobotOpenSpaceModel")
            return "IM_ROBOT", space.removeprefix(_PERSON)
        if space.startswith(_GROUP):
            if body.get("imGroupOpenDeliverModel", {}).get("robotCode") != call.by.robot_code:
                raise Malformed(_INVALID, "imGroupOpenDeliverModel.robotCode")
            self._check_model(body, "imGroupOpenSpaceModel")
            return "IM_GROUP", space.removeprefix(_GROUP)
        raise Malformed(_SPACE, f"openSpaceId {space!r}")

    def _check_model(self, body: dict[str, Any], name: str) -> None:
        if not isinstance(body.get(name), dict):
            raise Malformed(_INVALID, f"{name} is missing")

    def _failure(self, where: str, chat: str) -> str:
        if chat in self.failing:
            return self.failing[chat]
        if where == "IM_GROUP":
            group = self._corp.groups.get(chat)
            return "" if group and group.has_robot and not group.is_dissolved else "群会话不存在"
        member = self._corp.members.get(chat)
        return "" if member and member.visible and member.is_active else "userId不存在"

    def _show(self, chat: str, card: Card) -> None:
        now, ident = self._corp.clock.now(), self._corp.number("msg")
        bubble = Bubble("card", card.template, {}, f"{ident}==", now)
        card.bubbles.append((chat, bubble))
        card.draw()
        self._corp.record.show(chat, bubble)

    def _update(self, call: Call) -> Answer:
        card = self.all.get(_text(call.body, "outTrackId"))
        if card is None:
            raise Refused("param.cardNotExist", "卡片不存在")
        options = call.body.get("cardUpdateOptions") or {}
        by_key = bool(options.get("updateCardDataByKey"))
        self._change(card, _params(call.body.get("cardData")), by_key=by_key)
        return Answer({"success": True, "result": True})

    def _change(self, card: Card, params: dict[str, str], *, by_key: bool) -> None:
        """New data in place of all the old, or only *by_key*."""
        card.params = card.params | params if by_key else params
        card.draw()

    def _register(self, call: Call) -> Answer:
        key, url = _text(call.body, "callbackRouteKey"), _text(call.body, "callbackUrl")
        secret = call.body.get("apiSecret", "")
        if not url.startswith(("http://", "https://")) or not isinstance(secret, str):
            raise Malformed(_INVALID, "callbackUrl and apiSecret")
        if key in self.callbacks and not call.body.get("forceUpdate"):
            raise Refused("param.callbackRouteKeyExist", "callbackRouteKey已被注册")
        self.callbacks[key] = (url, secret)
        return Answer({"success": True, "result": {"callbackUrl": url, "apiSecret": secret}})


def _params(data: Any) -> dict[str, str]:
    """The card's data; raises Malformed for more than it takes, or for what is no text."""
    params = data.get("cardParamMap") if isinstance(data, dict) else None
    if not isinstance(params, dict):
        raise Malformed(_INVALID, "cardData.cardParamMap is missing")
    for key, value in params.items():
        if not isinstance(value, str):
            raise Malformed(_INVALID, f"{key} is no string")
        if len(key.encode()) > _KEY or len(value.encode()) > _VALUE:
            raise Malformed(_INVALID, f"{key}: {len(value.encode())} bytes")
    return dict(params)


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise Malformed(_INVALID, f"{name} is missing")
    return value


def _route(method: str, handle: Any) -> Route:
    return Route(method, handle, pool="api", scope=_SCOPE)
