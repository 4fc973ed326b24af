"""The servers' custom robots: each in the one group it sits in, reached by its own address."""

import base64
import hashlib
import hmac
import ipaddress
from dataclasses import dataclass, field

from tests.twins.dingtalk import bodies
from tests.twins.dingtalk.corp import HOUR, MINUTE, Corp, Malformed, Refused
from tests.twins.dingtalk.record import Bubble
from tests.twins.dingtalk.wire import Answer, Call, Route
from tests.twins.windows import Window

_CALLER = ipaddress.ip_address("127.0.0.1")
_UNSAFE = 310000
_BLOCKED = 10 * MINUTE


@dataclass
class GroupRobot:
    """A custom robot and how it is secured."""

    token: str
    group: str
    secret: str = ""
    keywords: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    is_stopped: bool = False
    #: What was said under which msgUuid.
    uuids: set[str] = field(default_factory=set)
    blocked_until: float = 0.0


class Robots:
    """All custom robots by their tokens."""

    def __init__(self, corp: Corp) -> None:
        self._corp = corp
        self._all: dict[str, GroupRobot] = {}
        self._window = Window((20, MINUTE))
        #: The page's code for a token nobody has; 300001 is what the field reports.
        self.unknown_code = 400101
        #: The page's code for too many messages; an older text of the limit has 130101.
        self.throttled_code = 410100
        self.routes = {"robot/send": Route("POST", self._send, needs_token=False, pool="webhook")}

    def add(self, robot: GroupRobot) -> GroupRobot:
        self._all[robot.token] = robot
        return robot

    def _send(self, call: Call) -> Answer:
        robot = self._all.get(call.query.get("access_token", ""))
        if robot is None:
            raise Refused(self.unknown_code, "token is not exist")
        if more := set(call.query) - {"access_token", "timestamp", "sign"}:
            self._corp.complain(f"robot/send has no parameters {sorted(more)}")
        self._check_state(robot)
        said = bodies.read(call.body, len(call.raw), self._corp, also=("msgUuid",))
        self._check_security(robot, call, said)
        self._count(robot)
        uuid = call.body.get("msgUuid")
        if uuid is not None and (not isinstance(uuid, str) or not uuid):
            raise Malformed(40035, "msgUuid is no string")
        if uuid is None or uuid not in robot.uuids:
            robot.uuids |= {uuid} if uuid else set()
            self._show(robot, said)
        return Answer()

    def _check_state(self, robot: GroupRobot) -> None:
        group = self._corp.groups[robot.group]
        if group.is_dissolved:
            raise Refused(400013, "群已被解散")
        if robot.is_stopped:
            raise Refused(400102, "机器人已停用")
        if not group.has_robot:
            raise Refused(400106, "机器人不在群中")

    def _check_security(self, robot: GroupRobot, call: Call, said: bodies.Said) -> None:
        if robot.networks and not any(
            _CALLER in ipaddress.ip_network(each) for each in robot.networks
        ):
            raise Refused(_UNSAFE, f"ip {_CALLER} not in whitelist")
        if robot.keywords and not any(each in said.words for each in robot.keywords):
            raise Refused(_UNSAFE, "keywords not in content")
        if robot.secret:
            self._check_sign(robot.secret, call.query)

    def _check_sign(self, secret: str, query: dict[str, str]) -> None:
        stamp = query.get("timestamp", "")
        if not stamp.isdecimal() or abs(self._corp.clock.now() - int(stamp) / 1000) > HOUR:
            raise Refused(_UNSAFE, "invalid timestamp")
        text = f"{stamp}\n{secret}"
        wanted = hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()
        if " " in query.get("sign", ""):
            self._corp.complain("robot/send: the sign is not encoded for an address")
        if query.get("sign") != base64.b64encode(wanted).decode():
            raise Refused(_UNSAFE, "sign not match")

    def _count(self, robot: GroupRobot) -> None:
        """20 a minute; one too many and the robot is blocked for ten minutes."""
        now = self._corp.clock.now()
        if now < robot.blocked_until or not self._window.takes(robot.token, now):
            if now >= robot.blocked_until:
                robot.blocked_until = now + _BLOCKED
            raise Refused(self.throttled_code, "send too fast, exceed 20 times per minute")

    def _show(self, robot: GroupRobot, said: bodies.Said) -> None:
        now, ident = self._corp.clock.now(), self._corp.number("msg")
        members = self._corp.groups[robot.group].members
        bubble = Bubble("robot", said.kind, said.shown, f"{ident}==", now, links=said.links)
        bubble.mentions = tuple(each for each in said.mentions if each in members)
        self._corp.record.show(robot.group, bubble)
