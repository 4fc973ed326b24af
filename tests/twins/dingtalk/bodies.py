"""What webhooks take, a robot's own and a session's: bodies, mentions and how they look."""

from dataclasses import dataclass
from typing import Any

from tests.twins.dingtalk.corp import Corp, Malformed
from tests.twins.dingtalk.screen import check_address, check_links, links_in

_MOST = 20_000
_MISSING, _NO_KIND, _TOO_LARGE = 40035, 400105, 460101
_WITH_AT = {"text", "markdown", "actionCard"}
_AT_ONCE = 50


@dataclass(frozen=True)
class Said:
    """A message as it is shown."""

    kind: str
    shown: dict[str, Any]
    links: dict[str, str]
    mentions: tuple[str, ...]

    @property
    def words(self) -> str:
        """Everything in which a keyword may stand."""
        return "\n".join(str(each) for each in self.shown.values())


def read(body: dict[str, Any], size: int, corp: Corp, *, also: tuple[str, ...] = ()) -> Said:
    """A message of the webhook's formats, with fields *also* beside; raises Malformed."""
    if size > _MOST:
        raise Malformed(_TOO_LARGE, f"message body too large: {size} bytes")
    kind = body.get("msgtype")
    if kind not in _READERS:
        raise Malformed(_NO_KIND, f"不支持的消息类型 {kind!r}")
    content = body.get(kind)
    if not isinstance(content, dict):
        raise Malformed(_MISSING, f"缺少参数 {kind}")
    if more := set(body) - {"msgtype", kind, "at", *also}:
        corp.complain(f"a webhook's message has no fields {sorted(more)}")
    shown, links = _READERS[kind](content)
    check_links(corp, links)
    return Said(kind, shown, links, _mentions(body, kind, shown["content"], corp))


def _mentions(body: dict[str, Any], kind: str, text: str, corp: Corp) -> tuple[str, ...]:
    """Whom it notifies: named in `at`, and at their place in the text."""
    at = body.get("at")
    if at is None:
        return ()
    if not isinstance(at, dict) or kind not in _WITH_AT:
        raise Malformed(_MISSING, f"at in {kind}")
    named = [str(each) for name in ("atUserIds", "atMobiles") for each in at.get(name) or ()]
    if not isinstance(at.get("isAtAll", False), bool) or len(named) > _AT_ONCE:
        raise Malformed(_MISSING, "at: isAtAll is true or false, and at most 50 people")
    for each in named:
        if f"@{each}" not in text:
            corp.complain(f"mentions {each} without @{each} in the text")
    return tuple(each for each in named if f"@{each}" in text)


def _field(content: dict[str, Any], name: str, *, may_be_empty: bool = False) -> str:
    value = content.get(name)
    if not isinstance(value, str) or not (value.strip() or may_be_empty):
        raise Malformed(_MISSING, f"缺少参数 {name}")
    return value


def _address(content: dict[str, Any], name: str) -> str:
    url = _field(content, name)
    check_address(url, _MISSING)
    return url


def _text(content: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    return {"content": _field(content, "content")}, {}


def _markdown(content: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    text = _field(content, "text")
    return {"title": _field(content, "title"), "content": text}, links_in(text)


def _action_card(content: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    shown, links = _markdown(content)
    has_one, has_many = "singleTitle" in content, "btns" in content
    if has_one == has_many or content.get("btnOrientation", "0") not in ("0", "1"):
        raise Malformed(_MISSING, "actionCard: singleTitle and singleURL, or btns")
    if has_one:
        return shown, links | {_field(content, "singleTitle"): _address(content, "singleURL")}
    if not isinstance(content["btns"], list) or not content["btns"]:
        raise Malformed(_MISSING, "btns is empty")
    buttons = {_field(each, "title"): _address(each, "actionURL") for each in content["btns"]}
    return shown, links | buttons


def _link(content: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    title, url = _field(content, "title"), _address(content, "messageUrl")
    _field({"picUrl": "", **content}, "picUrl", may_be_empty=True)
    return {"title": title, "content": _field(content, "text"), "url": url}, {title: url}


def _feed(content: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    if not isinstance(content.get("links"), list) or not content["links"]:
        raise Malformed(_MISSING, "缺少参数 links")
    links = {}
    for each in content["links"]:
        _address(each, "picURL")
        links[_field(each, "title")] = _address(each, "messageURL")
    return {"content": "\n".join(links)}, links


_READERS = {
    "text": _text,
    "markdown": _markdown,
    "actionCard": _action_card,
    "link": _link,
    "feedCard": _feed,
}
