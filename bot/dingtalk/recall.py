"""Takes back what the enterprise robot said by the API, for a day, without a trace in the chat."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot.calls import Json, no_answer
from bot.dingtalk.api import CHUNK, Api
from bot.dingtalk.calls import WHOM
from models.errors import DeliveryError

#: For so long a message in a single chat can be taken back; of groups no time is documented.
WITHIN = timedelta(hours=24)
_UNSEEN = re.compile(r"[^\w，。；：、（）+./-]")


def recall(api: Api, keys: Mapping[str, str]) -> dict[str, DeliveryError | None]:
    """By the key of each message None where it is gone, else why it is not.

    *keys* holds the group of each, nothing for people: theirs go together, a group's by themselves.
    """
    by_group = dict[str, list[str]]()
    for key, group in keys.items():
        by_group.setdefault(group, []).append(key)
    outcome = dict[str, DeliveryError | None]()
    for group, some in by_group.items():
        for start in range(0, len(some), CHUNK):
            outcome |= _recall_some(api, some[start : start + CHUNK], group)
    return outcome


def _recall_some(api: Api, keys: Sequence[str], group: str) -> dict[str, DeliveryError | None]:
    body: Json = {"robotCode": api.robot_code, "processQueryKeys": list(keys)}
    try:
        if group:
            body["openConversationId"] = group
            answer = api.post("robot/groupMessages/recall", body)
        else:
            answer = api.post("robot/otoMessages/batchRecall", body)
    except DeliveryError as error:
        return dict.fromkeys(keys, error)
    return {key: _outcome(answer, key) for key in keys}


def _outcome(answer: Json, key: str) -> DeliveryError | None:
    done, failed = answer.get("successResult"), answer.get("failedResult")
    if isinstance(failed, dict | list) and key in failed:
        reason = _UNSEEN.sub("", str(failed[key]))[:60] if isinstance(failed, dict) else ""
        return DeliveryError(f"钉钉没有撤回{reason and f'（{reason}）'}", retryable=False)
    return None if isinstance(done, list) and key in done else no_answer(WHOM)
