"""Words with choices as cards that call back: drawn by an administrator, filled in here.

The template has the variables `title`, `text` (markdown), `status` (what was decided) and, as a
private one, `chosen` (what the reader tapped). Six buttons say `b1` to `b6`; each is shown while
what it says is not empty and `status` and `chosen` are, and hands back (回传请求) the parameter
`words` with `w1` to `w6`. Where the buttons stood, `status` is shown or else `chosen`.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.calls import Json
from bot.dingtalk.api import Api
from bot.dingtalk.buttons import LABEL
from bot.dingtalk.markdown import plain, shown_markdown
from bot.dingtalk.people import Recipient
from bot.dingtalk.settings import DingTalkSettings
from bot.dingtalk.tracks import LONGEST, PREFIX, Track, Tracks
from bot.dingtalk.words import NO_TITLE, TITLE
from bot.warning import Warn
from models.errors import DeliveryError
from models.shown import Shown
from scheduler.routing import Parcel

log = structlog.get_logger()

#: So many buttons the template has.
MOST = 6
#: Of one value, in bytes: 1 KB is taken, and words are sealed.
_LARGEST = 1000
#: What the office has to set right is asked for again after this; until then words leave as texts.
_REST = timedelta(hours=1)
_ALREADY = "param.cardalreadyexist"
_TO_BE_SET_RIGHT = frozenset(
    (
        "param.templatenotexist",
        "param.templateunpublished",
        "forbidden.accessdenied.accesstokenpermissiondenied",
    )
)
_LABELS = [f"b{n}" for n in range(1, MOST + 1)]
_WORDS = [f"w{n}" for n in range(1, MOST + 1)]
_MOST_LOST = 500


@dataclass(frozen=True)
class Callback:
    """Where cards call back: an address to be registered; none where the stream hears it."""

    address: str = ""
    secret: str = ""
    route: str = ""


class Cards:
    """The cards of one app; safe to use from several threads.

    *secret* is the installation's, *address* where the robot is called, empty on the stream. *warn*
    tells an operator what has to be set right.
    """

    def __init__(
        self,
        api: Api,
        settings: DingTalkSettings,
        secret: str,
        address: str,
        clock: Callable[[], datetime],
        warn: Warn,
    ) -> None:
        self.tracks = Tracks(secret)
        self._api = api
        self._template = settings.dingtalk_card_template
        self._clock = clock
        self._warn = warn
        derived = self.tracks.derived
        route = f"{PREFIX}{derived('route')[:16]}"
        self.callback = Callback(address, derived("callback"), route) if address else Callback()
        self._lock = threading.Lock()
        self._is_registered = not address
        self._rests_until: datetime | None = None
        #: Cards that were made and reached nobody: made again, they would be known already.
        self._lost: set[str] = set()

    def can_show(self, parcel: Parcel) -> bool:
        """Whether a card would say all of the word, as far as is known here."""
        return self._data(parcel) is not None

    def show(self, to: Recipient, parcel: Parcel) -> str:
        """The id of the card as which the word was said; empty where it was not said.

        Raises DeliveryError where it may have been, or nothing else would be taken either.
        """
        if (data := self._data(parcel)) is None:
            return ""
        track = self.tracks.of(Track(parcel.key, to.id if to.is_group else ""))
        if len(track) > LONGEST or track in self._lost or not self._can_call():
            return ""
        try:
            answer = self._api.post("card/instances/createAndDeliver", self._card(to, track, data))
        except DeliveryError as error:
            if str(error.code).lower() == _ALREADY:
                return track  # by a try whose outcome nobody learned
            if error.unknown or error.retryable:
                raise
            self._note(error)
            return ""
        if _is_delivered(answer):
            return track
        self._lose(track)
        return ""

    def close(self, track: str, label: str) -> None:
        """Show *label* in the place of the buttons, to whoever has the card."""
        self._change(track, {"status": label})

    def take_back(self, tracks: Iterable[str]) -> dict[str, DeliveryError | None]:
        """By id None where nothing of the card's words stands there any more, else why it does."""
        return {each: self._empty(each) for each in tracks}

    def _empty(self, track: str) -> DeliveryError | None:
        try:
            self._change(track, _params("本条已撤回", "", ()) | {"status": "已撤回"})
        except DeliveryError as error:
            return error
        return None

    def _change(self, track: str, params: Mapping[str, str]) -> None:
        body = {
            "outTrackId": track,
            "cardData": {"cardParamMap": params},
            "cardUpdateOptions": {"updateCardDataByKey": True},
        }
        self._api.put("card/instances", body)

    def _data(self, parcel: Parcel) -> dict[str, str] | None:
        until = self._rests_until
        is_resting = until is not None and self._clock() < until
        return card_data(parcel) if self._template and not is_resting else None

    def _can_call(self) -> bool:
        """Whether a tap will be heard; the address is registered before the first card."""
        with self._lock:
            if self._is_registered:
                return True
            body = {
                "callbackRouteKey": self.callback.route,
                "callbackUrl": self.callback.address,
                "apiSecret": self.callback.secret,
                "forceUpdate": True,
            }
            try:
                self._api.post("card/callbacks/register", body)
            except DeliveryError as error:  # no word was on its way: it leaves as a text
                self._note(error)
            else:
                self._is_registered = True
            return self._is_registered

    def _note(self, error: DeliveryError) -> None:
        """Log why there is no card; what the office has to set right is told, and not tried."""
        log.warning("card not shown", reason=str(error))
        if str(error.code).lower() in _TO_BE_SET_RIGHT:
            self._rests_until = self._clock() + _REST
            self._warn(f"钉钉卡片发不出去，已改发文字：{error}")

    def _lose(self, track: str) -> None:
        log.warning("card not delivered")
        if len(self._lost) >= _MOST_LOST:
            self._lost.clear()
        self._lost.add(track)

    def _card(self, to: Recipient, track: str, params: Mapping[str, str]) -> Json:
        said = {name: self.tracks.sealed(track, params[name]) for name in _WORDS if params[name]}
        place = {"supportForward": False, "lastMessageI18n": {"ZH_CN": params["title"]}}
        robot, body = {"robotCode": self._api.robot_code}, self._calling_back()
        body |= {
            "cardTemplateId": self._template,
            "outTrackId": track,
            "cardData": {"cardParamMap": {**params, **said}},
        }
        if to.is_group:
            space = {"openSpaceId": f"dtv1.card//IM_GROUP.{to.id}"}
            return body | space | {"imGroupOpenSpaceModel": place, "imGroupOpenDeliverModel": robot}
        space = {"openSpaceId": f"dtv1.card//IM_ROBOT.{to.id}"}
        way = {"spaceType": "IM_ROBOT", **robot}
        return body | space | {"imRobotOpenSpaceModel": place, "imRobotOpenDeliverModel": way}

    def _calling_back(self) -> Json:
        if not self.callback.address:
            return {"callbackType": "STREAM"}
        return {"callbackType": "HTTP", "callbackRouteKey": self.callback.route}


def card_data(parcel: Parcel) -> dict[str, str] | None:
    """What the card of a word shows; None where it offers nothing or a card cannot say all."""
    if not 0 < len(parcel.choices) <= MOST or parcel.data is not None or parcel.mime:
        return None
    title, text = _title_and_text(parcel.shown or Shown(parcel.text))
    buttons = [(plain(each.label)[:LABEL], each.words) for each in parcel.choices]
    params = _params(title, text, buttons) | {"status": ""}
    return params if all(len(each.encode()) <= _LARGEST for each in params.values()) else None


def is_card(answer: str) -> bool:
    """Whether a word that left with this answer is a card."""
    return answer.startswith(PREFIX)


def _params(title: str, text: str, buttons: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The template's variables, those of buttons that are not there being empty."""
    filled = dict.fromkeys((*_LABELS, *_WORDS), "")
    for label, words, (said, sent) in zip(_LABELS, _WORDS, buttons, strict=False):
        filled |= {label: said, words: sent}
    return {"title": title, "text": text, **filled}


def _title_and_text(shown: Shown) -> tuple[str, str]:
    """The first line where it is a title, and the rest as markdown."""
    first, _, rest = shown.above.partition("\n")
    title = plain(first).strip().rstrip("：")
    if not 0 < len(title) <= TITLE:
        title, rest = NO_TITLE, shown.above
    return title, shown_markdown(replace(shown, above=rest))


def _is_delivered(answer: Json) -> bool:
    """Whether the card stands in its chat: a status of 200 alone says only that it was made."""
    result = answer.get("result")
    found: Any = result.get("deliverResults") if isinstance(result, dict) else None
    told = found if isinstance(found, list) else []
    return bool(told) and all(isinstance(e, dict) and e.get("success") is True for e in told)
