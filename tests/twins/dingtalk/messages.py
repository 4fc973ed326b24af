"""The servers' robot API: messages to people and groups, who has read them, and taking back."""

from collections import Counter
from typing import Any

from tests.twins.dingtalk.corp import DAY, Corp, Group, Malformed, Refused, Robot
from tests.twins.dingtalk.keys import Keys
from tests.twins.dingtalk.media import MediaStore
from tests.twins.dingtalk.record import Bubble
from tests.twins.dingtalk.wire import Answer, Call, Route

_AT_ONCE = 20
_INVALID = "invalidParameter.param.invalid"
_SEND = "qyapi_robot_sendmsg"


class Messages:
    """What a robot may send by the API, and to whom."""

    def __init__(self, corp: Corp, media: MediaStore) -> None:
        self._corp, self._keys = corp, Keys(corp, media)
        #: People whom too much was sent to; the pages give no figure.
        self.flow_controlled: set[str] = set()
        #: Whether a message that reaches nobody at all is refused, or taken with lists of ids.
        self.refuses_unreached = False
        self.routes = {
            "robot/oToMessages/batchSend": _route(self._send),
            "robot/groupMessages/send": _route(self._send_to_group),
            "robot/otoMessages/batchRecall": _route(self._recall),
            "robot/groupMessages/recall": _route(self._recall_from_group),
            "robot/oToMessages/readStatus": _route(self._read_status, "GET"),
            "robot/groupMessages/query": _route(self._readers),
        }

    def _send(self, call: Call) -> Answer:
        robot = self._own(call)
        if not robot.speaks_to_people:
            raise Refused("chatbotId.notAllow.sendOTO", "机器人没有单聊能力")
        people = self._people(call.body.get("userIds"))
        shown, links = self._keys.read(call.body.get("msgKey"), call.body.get("msgParam"))
        invalid = [each for each in people if not self._is_reached(each)]
        held = [e for e in people if e in self.flow_controlled and e not in invalid]
        if len(invalid) == len(people) and self.refuses_unreached:
            raise Refused("staffId.notExisted", "staffId不存在")
        key = self._corp.number("query+/") + "="
        for person in people:
            if person not in invalid and person not in held:
                self._show(person, call, shown, links, key)
        lists = {"invalidStaffIdList": invalid, "flowControlledStaffIdList": held}
        return Answer({"processQueryKey": key, **lists}, dropped=(*invalid, *held))

    def _send_to_group(self, call: Call) -> Answer:
        self._own(call)
        group = self._group(call.body.get("openConversationId"))
        shown, links = self._keys.read(call.body.get("msgKey"), call.body.get("msgParam"))
        key = self._corp.number("query+/") + "="
        self._show(group.id, call, shown, links, key)
        return Answer({"processQueryKey": key})

    def _own(self, call: Call) -> Robot:
        """The robot that the call names, which must be the token's."""
        code = call.body.get("robotCode") or call.query.get("robotCode")
        if not isinstance(code, str) or not code:
            raise Malformed("invalidParameter.robotCode.empty", "robotCode is missing")
        robot = self._corp.robot_with(code)
        if robot is None:
            raise Refused("invalidParameter.robotCode.notExsit", "robot 不存在")
        if robot is not call.by:
            raise Refused("invalidParameter.robotCode.auth", "robotCode与应用不匹配")
        return robot

    def _people(self, ids: Any) -> list[str]:
        if not isinstance(ids, list) or not ids:
            raise Malformed("invalidParameter.userIds.empty", "userIds is empty")
        if not all(isinstance(each, str) and each for each in ids):
            raise Malformed(_INVALID, "userIds holds what is no id")
        if len(ids) > _AT_ONCE:
            raise Malformed("invalidParameter.userIds.overMax", f"{len(ids)} userIds")
        if twice := [each for each, times in Counter(ids).items() if times > 1]:
            self._corp.complain(f"userIds names {twice} twice")
        return list(dict.fromkeys(ids))

    def _is_reached(self, person: str) -> bool:
        member = self._corp.members.get(person)
        return member is not None and member.visible and member.is_active

    def _group(self, ident: Any) -> Group:
        if not isinstance(ident, str) or not ident:
            raise Malformed("miss.openConversationId", "缺少openConversationId")
        group = self._corp.groups.get(ident)
        if group is None:
            raise Refused("invalid.openConversationId", "无效的openConversationId")
        if group.is_dissolved:
            raise Refused("group.disbanded", "群已解散")
        if not group.has_robot:
            raise Refused("resource.not.found", "机器人不在群内")
        return group

    def _show(
        self, chat: str, call: Call, shown: dict[str, Any], links: dict[str, str], key: str
    ) -> None:
        now, ident = self._corp.clock.now(), self._corp.number("msg")
        kind = str(call.body["msgKey"])
        bubble = Bubble("api", kind, dict(shown), f"{ident}==", now, links=links, key=key)
        self._corp.record.show(chat, bubble)

    # Reading and taking back

    def _bubbles(self, key: Any) -> list[Bubble]:
        found = self._corp.record.everywhere()
        return [each for each in found if isinstance(each, Bubble) and key and each.key == key]

    def _asked(self, call: Call, names: dict[str, Any]) -> list[Bubble]:
        """The messages of one processQueryKey, which must not be older than a day."""
        self._own(call)
        found = self._bubbles(names.get("processQueryKey"))
        if not found:
            raise Refused("invalid.processQueryKey", "无效的processQueryKey")
        if self._corp.clock.now() - found[0].at > DAY:
            raise Refused("robot.processQueryKey.expired", "processQueryKey已过期")
        return found

    def _read_status(self, call: Call) -> Answer:
        found = self._asked(call, call.query)
        recalled = all(each.recalled for each in found)
        told = [
            {
                "userId": person,
                "name": self._corp.members[person].name,
                "readStatus": "READ" if person in bubble.readers else "UNREAD",
            }
            for person, screen in self._corp.record.screens.items()
            for bubble in screen
            if bubble in found and person in self._corp.members
        ]
        status = "RECALLED" if recalled else "SUCCESS"
        return Answer({"sendStatus": status, "messageReadInfoList": told})

    def _readers(self, call: Call) -> Answer:
        if not 0 < int(call.body.get("maxResults", _AT_ONCE)) <= 200:
            raise Malformed(_INVALID, "maxResults: at most 200")
        readers = sorted(
            {each for bubble in self._asked(call, call.body) for each in bubble.readers}
        )
        return Answer({"readUserIds": readers, "hasMore": False, "sendStatus": "SUCCESS"})

    def _recall(self, call: Call) -> Answer:
        return self._take_back(call, None)

    def _recall_from_group(self, call: Call) -> Answer:
        return self._take_back(call, self._group(call.body.get("openConversationId")))

    def _take_back(self, call: Call, group: Group | None) -> Answer:
        """Every message of each key, out of the group or the people's chats, within a day."""
        self._own(call)
        keys = call.body.get("processQueryKeys")
        if not isinstance(keys, list) or not keys:
            raise Malformed("invalidParameter.processQueryKey.missing", "缺少processQueryKey")
        if len(keys) > _AT_ONCE:
            code = "invalidParameter.processQueryKeys.overMax"
            raise Malformed(code, f"{len(keys)} processQueryKeys")
        done, failed = [], {}
        for key in keys:
            found = [each for each in self._bubbles(key) if self._stands_in(each, group)]
            if not found or self._corp.clock.now() - found[0].at > DAY:
                failed[key] = "消息不存在或已超过可撤回时间"
                continue
            done.append(key)
            for bubble in found:
                bubble.recalled = True
        return Answer({"successResult": done, "failedResult": failed})

    def _stands_in(self, bubble: Bubble, group: Group | None) -> bool:
        where = {c for c, screen in self._corp.record.screens.items() if bubble in screen}
        return group.id in where if group else not where & set(self._corp.groups)


def _route(handle: Any, method: str = "POST") -> Route:
    return Route(method, handle, pool="api", scope=_SEND)
