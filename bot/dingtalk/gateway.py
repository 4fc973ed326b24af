"""DingTalk's gateway: every connection of the stream begins with a ticket of its own."""

import asyncio
from collections.abc import Sequence
from urllib.parse import quote_plus

import httpx2

from bot.calls import away, no_answer, said
from bot.dingtalk.calls import WHOM, Calls
from bot.dingtalk.settings import DingTalkSettings
from bot.dingtalk.stream_frames import CARD, MESSAGE
from bot.http import open_async_client

_PATH = "/v1.0/gateway/connections/open"
_AGENT = "dajuan-python"
#: Seconds in which the gateway has answered; it does at once, or not at all.
_ANSWERED_WITHIN = 10.0
_TOPICS = {False: (MESSAGE,), True: (MESSAGE, CARD)}


class Gateway:
    """Where one app may connect, again and again; *cards*: taps on cards are heard as well."""

    def __init__(self, calls: Calls, settings: DingTalkSettings, *, cards: bool = False) -> None:
        self._calls = calls
        self._settings = settings
        self._topics: Sequence[str] = _TOPICS[cards]

    async def open(self) -> str:
        """The address of one new connection, good for 90 seconds and once; raises DeliveryError.

        Its ticket lets in whoever has it: it is not kept, and stands in no log and no error.
        """
        self._calls.refuse_while_blocked()
        url = self._settings.dingtalk_api_base + _PATH
        request = self._calls.request("POST", url, self._asked(), {})
        try:
            # In this loop it can be let go of; a thread would have to be awaited.
            async with asyncio.timeout(_ANSWERED_WITHIN), open_async_client() as client:
                response = await client.send(request)
        except (httpx2.HTTPError, TimeoutError) as error:
            raise away(f"连不上{WHOM}") from error
        answer = self._calls.read(request, response, None)
        return self._address(said(answer, "endpoint", WHOM), said(answer, "ticket", WHOM))

    def _asked(self) -> dict[str, object]:
        settings = self._settings
        return {
            "clientId": settings.dingtalk_client_id,
            "clientSecret": settings.dingtalk_client_secret.get_secret_value(),
            "ua": _AGENT,
            "subscriptions": [{"type": "CALLBACK", "topic": topic} for topic in self._topics],
        }

    def _address(self, endpoint: str, ticket: str) -> str:
        is_plain = self._settings.dingtalk_api_base.startswith("http://")
        if not endpoint.startswith(("wss://", "ws://") if is_plain else "wss://"):
            raise no_answer(WHOM)  # whoever reads along could connect in our place
        return f"{endpoint}?ticket={quote_plus(ticket)}"
