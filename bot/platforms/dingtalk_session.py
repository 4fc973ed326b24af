"""钉钉会话回复: answers by the address that a message brought along, while that lives."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from bot.dingtalk.body import PLATFORM, body_of
from bot.dingtalk.calls import Calls, post_webhook
from bot.dingtalk.meter import Meter, Pool
from bot.dingtalk.settings import DingTalkSettings
from bot.dingtalk.speaking import NAME as ROBOT
from bot.dingtalk.webhook import answering_address
from bot.dingtalk.words import LARGEST, for_webhook, worded
from bot.speaks_only import SpeaksOnly
from models.db import Database
from models.errors import BadRequest, DeliveryError
from models.inbox import find_message
from models.message import ChatKind, MessageKind
from scheduler.closed import is_of_door
from scheduler.routing import Pace, Parcel

NAME = "dingtalk_session"
#: So long before its end it is no longer used: the clocks of two offices differ.
MARGIN = timedelta(minutes=5)
_MOST = 500
#: How an address is told; of those only our own stand in what goes out.
_LINK = "://"


@dataclass(frozen=True)
class Question:
    """A message that may be answered: where it was asked, at which address, and until when."""

    chat_id: str
    is_group: bool
    address: str
    until: datetime

    def is_in(self, address: str) -> bool:
        """Whether it was asked in the chat at this address."""
        if self.is_group:
            return self.chat_id == address
        return self.chat_id.casefold() == address.casefold()


class DingTalkSession(SpeaksOnly):
    """Answers of the enterprise robot that take no call of its API; words only, in place."""

    name = NAME
    platform = PLATFORM
    reaches_people = True
    calls_people = True
    answers_for = ROBOT
    paces: tuple[Pace, ...] = ()
    largest = LARGEST

    def __init__(
        self,
        calls: Calls,
        database: Database,
        meter: Meter,
        settings: DingTalkSettings,
    ) -> None:
        self._calls = calls
        self._database = database
        self._meter = meter
        self._settings = settings
        self._clock = calls.clock
        # It is asked several times for each word, and what came stays as it came.
        self._question = lru_cache(_MOST)(self._look_up)
        #: The messages whose address was refused lately.
        self._refused: set[str] = set()

    def can_carry(self, address: str, parcel: Parcel) -> bool:
        """An answer without a picture or file, in the chat of its question, while that lives."""
        return self._answerable(address, parcel) is not None

    def knows(self, parcel: Parcel) -> bool:
        """The same words twice are said twice."""
        return False

    def strain(self) -> float:
        """What is used of the month's webhook calls, or reserved for what people will write."""
        return self._meter.strain(Pool.WEBHOOK)

    def send(self, address: str, parcel: Parcel) -> str:
        """Answer in place; raises DeliveryError, *elsewhere* where this way is closed."""
        question = self._answerable(address, parcel)
        if question is None:
            raise DeliveryError("没有可以就地回复的消息", retryable=False, elsewhere=True)
        called = parcel.mentions.get(PLATFORM, ()) if question.is_group else ()
        body = for_webhook(worded(parcel, alone=not question.is_group), called)
        try:
            post_webhook(self._calls, question.address, body)
        except DeliveryError as error:
            if error.unknown or is_of_door(error):
                raise
            self._refuse(parcel.answers)
            # To the operators this is no shut door: it is one message's, and the API has another.
            raise DeliveryError(
                str(error), retryable=False, elsewhere=True, code=error.code
            ) from error
        return "ok"

    def _answerable(self, address: str, parcel: Parcel) -> Question | None:
        """What the word answers, where it may leave here; None where it may not."""
        is_answer = parcel.answers and parcel.heard_by == ROBOT
        if not is_answer or parcel.data is not None or parcel.mime or self._lets_in(parcel):
            return None
        question = self._question(parcel.answers)
        if question is None or not question.is_in(address) or parcel.answers in self._refused:
            return None
        return question if self._clock() < question.until - MARGIN else None

    def _lets_in(self, parcel: Parcel) -> bool:
        """Whether it lets in whoever reads it, while nobody signed whose address it would go to.

        Whoever saw a signed call may send another body for an hour, with the address of a session
        of their own in it; the API, while there are calls, speaks to the person's id. Nobody
        writes into the stream.
        """
        is_signed = self._settings.dingtalk_mode == "stream"
        return not is_signed and _LINK in parcel.text and self._meter.strain(Pool.API) < 1

    def _look_up(self, message_id: str) -> Question | None:
        """The message as it came; None where it brought no address that may be called."""
        with self._database.read() as session:
            asked = find_message(session, PLATFORM, message_id)
        # What is kept back for want of quota is not answered out of the same quota.
        if asked is None or asked.message.get("kind") == MessageKind.WITHHELD:
            return None
        try:
            body = body_of(asked.raw)
        except BadRequest:
            return None
        address = answering_address(body.session_webhook, self._settings)
        until = body.session_webhook_expired_time
        is_group = asked.message.get("chat_kind") == ChatKind.GROUP
        return Question(asked.chat_id, is_group, address, until) if address and until else None

    def _refuse(self, message_id: str) -> None:
        if len(self._refused) >= _MOST:
            self._refused.clear()
        self._refused.add(message_id)
