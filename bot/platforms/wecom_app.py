"""企业微信自建应用: encrypted XML comes in, calls of the server API go out; single chats only."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from bot.file_names import bare_name
from bot.media_ids import MediaIds
from bot.platforms.base import Fetched, Heard, Request, Response, without_nul
from bot.taken import taken
from bot.wecom.api import Api
from bot.wecom.cards import APP as CARD
from bot.wecom.cards import button_card, card_of, key_of, text_card
from bot.wecom.envelope import Envelope
from bot.wecom.errors import STALE_MEDIA
from bot.wecom.events import is_card, number_of, warning_of, words_of
from bot.wecom.markdown import app_markdown
from bot.wecom.pictures import KINDS
from bot.wecom.xml import Fields, read_xml, said
from models.errors import BadRequest, DeliveryError, Shut
from models.message import Attachment, ChatKind, IncomingMessage, MessageKind
from scheduler.routing import Pace, Parcel, Receipt

log = structlog.get_logger()

NAME = "wecom_app"
PLATFORM = "wecom"
#: What WeCom drops without a word when it is exceeded.
PACES = (Pace(30, timedelta(minutes=1)), Pace(1000, timedelta(hours=1)))
MEGABYTE = 1_000_000
LARGEST_PICTURE = 10 * MEGABYTE
LARGEST_FILE = 20 * MEGABYTE
SMALLEST = 6
#: Of markdown, in bytes.
LONGEST = 2048
#: A bulk word is compared with those of the last half hour.
_DUPLICATES = {"enable_duplicate_check": 1, "duplicate_check_interval": 1800}
#: Messages are called back within seconds; what is further off is no time of a message.
_LONGEST_WAY = timedelta(days=1)


class WecomApp:
    """The self-built app of one corp; *warn* tells an operator what WeCom wants noticed."""

    name = NAME
    platform = PLATFORM
    path = "wecom/app"
    reaches_people = True
    paces: tuple[Pace, ...] = PACES
    recalls_within = timedelta(hours=24)

    def __init__(
        self,
        envelope: Envelope,
        api: Api,
        corp_id: str,
        agent_id: int,
        clock: Callable[[], datetime],
        warn: Callable[[str], None],
    ) -> None:
        self._envelope = envelope
        self._api = api
        self._corp_id = corp_id
        self._agent_id = agent_id
        self._warn = warn
        self._media = MediaIds(self._upload, clock)

    def handshake(self, request: Request, now: datetime) -> Response:
        """The plain echo, nothing else."""
        plain = self._envelope.opened(request.query.get("echostr", ""), request.query, now)
        return Response(body=plain.encode())

    def receive(self, request: Request, received_at: datetime) -> IncomingMessage | None:
        """The message, or the words that a tap on a menu or a button means; None for the rest."""
        fields = self._opened(request, received_at)
        if said(fields, "MsgType") == "event":
            return self._from_event(fields, received_at)
        return self._from_message(fields, received_at)

    def heard(self, request: Request, received_at: datetime) -> Heard | None:
        """What people write; an event may have to be told to the operators."""
        fields = self._opened(request, received_at)
        if said(fields, "MsgType") == "event":
            return None
        return Heard(self._from_message(fields, received_at), Response())

    def acknowledge(self, request: Request, received_at: datetime) -> Response:
        """Empty; a card that was tapped shows so."""
        fields = self._opened(request, received_at)
        if not is_card(fields):
            return Response()
        nonce = request.query.get("nonce", "")
        sealed = self._envelope.sealed(_tapped(fields), nonce, received_at)
        return Response(
            body=(
                f"<xml><Encrypt><![CDATA[{sealed.encrypt}]]></Encrypt>"
                f"<MsgSignature><![CDATA[{sealed.signature}]]></MsgSignature>"
                f"<TimeStamp>{sealed.timestamp}</TimeStamp>"
                f"<Nonce><![CDATA[{sealed.nonce}]]></Nonce></xml>"
            ).encode(),
            content_type="application/xml; charset=utf-8",
        )

    def fetch(self, attachment: Attachment) -> Fetched:
        """The picture or file behind a media id."""
        found = self._api.download(attachment.ref)
        return Fetched(found.data, found.name)

    def can_carry(self, address: str, parcel: Parcel) -> bool:
        """Texts always; pictures and files within the sizes that are taken."""
        size = len(parcel.data) if parcel.data is not None else SMALLEST
        return SMALLEST <= size <= LARGEST_FILE

    def knows(self, parcel: Parcel) -> bool:
        """What answers nobody is compared with what was sent before.

        A file is known by the number of its upload, which a process that died took with it.
        """
        return not parcel.answers and not (parcel.is_doubtful and parcel.mime)

    def send(self, address: str, parcel: Parcel) -> str:
        """Send to one member; raises DeliveryError, *elsewhere* where the app does not reach."""
        return self.send_card(address, parcel).answer

    def send_card(self, address: str, parcel: Parcel) -> Receipt:
        """As `send`, with what WeCom wants to hear when the card is to be changed."""
        body = {
            "touser": address,
            "agentid": self._agent_id,
            **self._content(parcel),
            **({} if parcel.answers else _DUPLICATES),
        }
        try:
            answer = self._api.post("message/send", body)
        except DeliveryError as error:
            if parcel.data is None or error.code not in STALE_MEDIA:
                raise
            self._media.forget(_kind_of(parcel), parcel)
            raise DeliveryError("文件已过期，重新上传后再发", retryable=True) from error
        _check_reached(answer, address)
        code = str(answer.get("response_code", ""))
        if parcel.choices and parcel.answers and body["msgtype"] != "template_card":
            code = self._offer(address, parcel)
        return Receipt(str(answer.get("msgid", "")), code)

    def close_card(self, code: str, label: str) -> None:
        """Show *label* in the place of the buttons, to whoever got the card."""
        body = {"atall": 1, "agentid": self._agent_id, "response_code": code}
        button = {"button": {"replace_name": label}}
        self._api.post("message/update_template_card", {**body, **button})

    def recall(self, said: Mapping[str, str]) -> Mapping[str, DeliveryError | None]:
        """By the number of each message None where it stands there no more, else why it does."""
        return {number: self._recall(number) for number in said}

    def _recall(self, number: str) -> DeliveryError | None:
        try:
            self._api.post("message/recall", {"msgid": number})
        except DeliveryError as error:
            return error
        return None

    def _upload(self, kind: str, parcel: Parcel) -> str:
        return self._api.upload(kind, parcel.name, parcel.data or b"", parcel.mime)

    def _offer(self, address: str, parcel: Parcel) -> str:
        """The buttons below what was said to somebody who waits, which the text says too.

        Returns the code of their card; empty where they were not taken.
        """
        card = {"msgtype": "template_card", "template_card": button_card(parcel)}
        try:
            body = {"touser": address, "agentid": self._agent_id, **card}
            return str(self._api.post("message/send", body).get("response_code", ""))
        except DeliveryError as error:
            log.warning("buttons not shown", reason=str(error))
            return ""

    def _opened(self, request: Request, now: datetime) -> Fields:
        outer = read_xml(request.body)
        fields = read_xml(self._envelope.opened(said(outer, "Encrypt"), request.query, now))
        corp = said(fields, "ToUserName")
        if corp != self._corp_id or said(outer, "ToUserName") not in ("", corp):
            raise BadRequest("for another corp", status=403)
        if {said(each, "AgentID") for each in (outer, fields)} - {"", str(self._agent_id)}:
            raise BadRequest("for another app", status=403)
        return fields

    def _from_message(self, fields: Fields, received_at: datetime) -> IncomingMessage:
        kind = said(fields, "MsgType")
        attachments = _attachments(kind, fields)
        is_read = kind == "text" or bool(attachments)
        words, read_as = said(fields, "Content"), MessageKind.TEXT if is_read else MessageKind.OTHER
        return _message(fields, received_at, words, read_as, attachments)

    def _from_event(self, fields: Fields, received_at: datetime) -> IncomingMessage | None:
        if warning := warning_of(fields):
            self._warn(warning)
        words = words_of(fields)
        if not words:
            return None
        heard = _message(fields, received_at, words, MessageKind.TEXT, ())
        return replace(heard, tapped=key_of(said(fields, "TaskId"))) if is_card(fields) else heard

    def _content(self, parcel: Parcel) -> dict[str, Any]:
        if parcel.data is not None:
            kind = _kind_of(parcel)
            return {"msgtype": kind, kind: {"media_id": self._media.of(kind, parcel)}}
        if card := card_of(parcel, CARD):
            return {"msgtype": "template_card", "template_card": card}
        if parcel.shown and (page := text_card(parcel.shown)):
            return {"msgtype": "textcard", "textcard": page}
        if parcel.shown and (marked := app_markdown(parcel.shown, LONGEST)):
            return {"msgtype": "markdown", "markdown": {"content": marked}}
        return {"msgtype": "text", "text": {"content": parcel.text}}


def _message(
    fields: Fields,
    received_at: datetime,
    text: str,
    kind: MessageKind,
    attachments: tuple[Attachment, ...],
) -> IncomingMessage:
    sender = said(fields, "FromUserName").casefold()
    if not sender:
        raise BadRequest("nobody wrote it")
    return IncomingMessage(
        platform=PLATFORM,
        via=NAME,
        message_id=f"app:{number_of(fields)}",
        sender_id=sender,
        chat_id=sender,
        chat_kind=ChatKind.SINGLE,
        text=without_nul(text),
        sent_at=_when(fields, received_at),
        kind=kind,
        attachments=attachments,
    )


def _kind_of(parcel: Parcel) -> str:
    is_small = len(parcel.data or b"") <= LARGEST_PICTURE
    return "image" if parcel.mime in KINDS and is_small else "file"


def _attachments(kind: str, fields: Fields) -> tuple[Attachment, ...]:
    media_id = said(fields, "MediaId")
    if not media_id or kind not in ("image", "file"):
        return ()
    return (Attachment(media_id, bare_name(said(fields, "FileName")), kind == "image"),)


def _when(fields: Fields, received_at: datetime) -> datetime:
    """When it was written; when it came where WeCom says no time that can be."""
    try:
        written_at = datetime.fromtimestamp(int(said(fields, "CreateTime")), tz=UTC)
        is_near = abs(written_at - received_at) < _LONGEST_WAY
    except (ValueError, OverflowError, OSError):
        return received_at
    return written_at if is_near else received_at


def _tapped(fields: Fields) -> str:
    """The card of the one who tapped shows that it was taken."""
    corp, person = said(fields, "ToUserName"), said(fields, "FromUserName")
    shown = taken(said(fields, "EventKey"))
    return (
        f"<xml><ToUserName><![CDATA[{person}]]></ToUserName>"
        f"<FromUserName><![CDATA[{corp}]]></FromUserName>"
        f"<CreateTime>{said(fields, 'CreateTime')}</CreateTime>"
        "<MsgType><![CDATA[update_button]]></MsgType>"
        f"<Button><ReplaceName><![CDATA[{shown}]]></ReplaceName></Button></xml>"
    )


def _check_reached(answer: dict[str, Any], address: str) -> None:
    """A code of 0 may still have reached nobody; ids come back in lower case."""
    lost = f"{answer.get('invaliduser') or ''}|{answer.get('unlicenseduser') or ''}"
    if address.lower() in lost.lower().split("|"):
        raise DeliveryError(
            "对方不在应用的可见范围内，或没有接口许可",
            retryable=False,
            elsewhere=True,
            shut=Shut.CHAT,
        )
