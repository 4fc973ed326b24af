"""DingTalk's two APIs: one token for both, one more try after it went bad, people by twenties."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import httpx2

from bot.calls import Json, no_answer, said
from bot.dingtalk.calls import WHOM, Calls
from bot.dingtalk.errors import Action, meaning
from bot.dingtalk.media import fetch_file, upload_name
from bot.dingtalk.meter import Pool
from bot.dingtalk.settings import DingTalkSettings
from bot.platforms.base import Fetched
from bot.token_cache import TokenCache
from models.errors import DeliveryError, MediaUnavailable, Shut
from scheduler.closed import is_of_door

#: A token is renewed so long before it ends.
MARGIN = timedelta(minutes=10)
#: So many people, or keys of messages, one call names.
CHUNK = 20
_TOKEN_HEADER = "x-acs-dingtalk-access-token"
_FLOW = timedelta(minutes=1)


class Api:
    """Calls with the token of one app; safe to use from several threads."""

    def __init__(self, calls: Calls, settings: DingTalkSettings) -> None:
        self._calls = calls
        self._settings = settings
        self._base, self._old_base = settings.dingtalk_api_base, settings.dingtalk_oapi_base
        self._tokens = TokenCache(self._fetch_token, calls.clock, MARGIN)

    @property
    def robot_code(self) -> str:
        """The robot in whose name the app speaks."""
        return self._settings.dingtalk_robot_code

    def get(self, path: str, query: Mapping[str, str]) -> Json:
        """The answer of the new API to a question; raises DeliveryError."""
        return self._new("GET", f"{path}?{urlencode(query)}", None)

    def post(self, path: str, body: Mapping[str, Any]) -> Json:
        """The answer of the new API; raises DeliveryError."""
        return self._new("POST", path, body)

    def put(self, path: str, body: Mapping[str, Any]) -> Json:
        """As `post`, where something is changed."""
        return self._new("PUT", path, body)

    def old_post(self, path: str, body: Mapping[str, Any], *, free: bool = False) -> Json:
        """The answer of the old API; *free* where DingTalk counts no such call.

        Raises DeliveryError.
        """
        url = f"{self._old_base}/{path}"

        def request(token: str) -> httpx2.Request:
            address = httpx2.URL(url, params={"access_token": token})
            return self._calls.request("POST", str(address), body, {})

        return self._answered(request, None if free else Pool.API)

    def say_to_people(
        self, user_ids: Sequence[str], msg_key: str, param: Mapping[str, Any]
    ) -> dict[str, str | DeliveryError]:
        """By person the key under which the message may be taken back, or what went wrong.

        Where nothing else would be taken either, no further call is made.
        """
        outcome: dict[str, str | DeliveryError] = {}
        refused: DeliveryError | None = None
        each_once = list(dict.fromkeys(user_ids))
        for start in range(0, len(each_once), CHUNK):
            some = each_once[start : start + CHUNK]
            if refused is None or not is_of_door(refused):
                try:
                    outcome |= self._say_to_some(some, msg_key, param)
                    continue
                except DeliveryError as error:
                    refused = error
            outcome |= dict.fromkeys(some, refused)
        return outcome

    def say_to_group(self, conversation_id: str, msg_key: str, param: Mapping[str, Any]) -> str:
        """The key under which the message may be taken back; raises DeliveryError."""
        to = {"openConversationId": conversation_id}
        answer = self.post("robot/groupMessages/send", to | self._message(msg_key, param))
        return said(answer, "processQueryKey", WHOM)

    def upload(self, kind: str, name: str, data: bytes, mime: str) -> str:
        """The media id of what was uploaded; raises DeliveryError, also for what is not taken."""
        named = upload_name(kind, name, mime, len(data))
        url = f"{self._old_base}/media/upload"

        def request(token: str) -> httpx2.Request:
            return self._calls.client.build_request(
                "POST",
                url,
                params={"access_token": token},
                data={"type": kind},
                files={"media": (named, data, mime)},
            )

        return said(self._answered(request, Pool.API), "media_id", WHOM)

    def download(self, code: str) -> Fetched:
        """The bytes behind a code that came with a message; raises MediaUnavailable."""
        body = {"downloadCode": code, "robotCode": self.robot_code}
        try:
            address = said(self.post("robot/messageFiles/download", body), "downloadUrl", WHOM)
        except DeliveryError as error:
            # What the office has to set right may be right at the next try.
            retryable = error.retryable or error.shut is Shut.ALL
            raise MediaUnavailable(str(error), retryable=retryable) from error
        found = fetch_file(self._calls.client, address, (self._base, self._old_base))
        # What it is called came with the message: the storage calls everything a .file.
        return Fetched(found.data)

    def token(self) -> str:
        """A token that is good for a while; raises DeliveryError."""
        return self._tokens.token()

    def _new(self, method: str, path: str, body: Mapping[str, Any] | None) -> Json:
        url = f"{self._base}/v1.0/{path}"

        def request(token: str) -> httpx2.Request:
            return self._calls.request(method, url, body, {_TOKEN_HEADER: token})

        return self._answered(request, Pool.API)

    def _answered(self, request: Callable[[str], httpx2.Request], pool: Pool | None) -> Json:
        """The answer, with one more try under a new token where the old one went bad."""
        used = self.token()
        try:
            return self._calls.ask(request(used), pool)
        except DeliveryError as error:
            if meaning(error.code).action is not Action.TOKEN:
                raise
        self._tokens.forget(used)
        return self._calls.ask(request(self.token()), pool)

    def _fetch_token(self) -> tuple[str, object]:
        secret = self._settings.dingtalk_client_secret.get_secret_value()
        body = {"appKey": self._settings.dingtalk_client_id, "appSecret": secret}
        url = f"{self._base}/v1.0/oauth2/accessToken"
        answer = self._calls.ask(self._calls.request("POST", url, body, {}), None)
        return said(answer, "accessToken", WHOM), answer.get("expireIn")

    def _message(self, msg_key: str, param: Mapping[str, Any]) -> Json:
        return {
            "robotCode": self.robot_code,
            "msgKey": msg_key,
            "msgParam": json.dumps(param, ensure_ascii=False),
        }

    def _say_to_some(
        self, user_ids: Sequence[str], msg_key: str, param: Mapping[str, Any]
    ) -> dict[str, str | DeliveryError]:
        """One call; a status of 200 may still have reached nobody."""
        to = {"userIds": list(user_ids)}
        answer = self.post("robot/oToMessages/batchSend", to | self._message(msg_key, param))
        invalid, held = (
            _ids(answer, "invalidStaffIdList"),
            _ids(answer, "flowControlledStaffIdList"),
        )
        key = answer.get("processQueryKey")
        outcome: dict[str, str | DeliveryError] = {}
        for each in user_ids:
            if each.casefold() in invalid:
                outcome[each] = _unreachable()
            elif each.casefold() in held:
                outcome[each] = _held()
            else:
                outcome[each] = key if isinstance(key, str) and key else no_answer(WHOM)
        return outcome


def _ids(answer: Json, name: str) -> set[str]:
    listed = answer.get(name)
    return {str(each).casefold() for each in listed} if isinstance(listed, list) else set()


def _unreachable() -> DeliveryError:
    return DeliveryError(
        "本组织没有这个账号，或机器人未对其开放", retryable=False, elsewhere=True, shut=Shut.CHAT
    )


def _held() -> DeliveryError:
    return DeliveryError("钉钉限制了对这个账号的发送", retryable=True, after=_FLOW)
