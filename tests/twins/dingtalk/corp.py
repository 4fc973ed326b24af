"""One organisation on the servers: its people, groups and robots, and what has been counted."""

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.twins.clock import Clock
from tests.twins.dingtalk.quota import Quota
from tests.twins.record import Record

CORP_ID = "dingcorp9f50b15bccd16741"
CLIENT_ID, CLIENT_SECRET = "dingappkey7xk2", "client-secret-of-the-app"
#: Normally equal to the client id; told apart here, since no page promises it.
ROBOT_CODE = "dingrobot7xk2"
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
#: Everything an app may be granted that these servers know of.
SCOPES = frozenset(
    {
        "qyapi_robot_sendmsg",
        "Card.Instance.Write",
        "qyapi_get_member",
        "qyapi_get_member_by_mobile",
        "qyapi_get_department_list",
        "qyapi_get_department_member",
    }
)
_SERVER_FAULTS = {"system.error": 500, "ServiceUnavailable": 503, "authFailed": 401}


class Refused(Exception):
    """A code of the servers: a number on the old API, words and a status on the new one."""

    def __init__(self, code: int | str, message: str, status: int = 0, **more: Any) -> None:
        super().__init__(f"{code} {message}")
        self.code, self.message, self.more = code, message, more
        self.status = status or status_of(code)


class Malformed(Refused):
    """Refused for what no documented client would send; noted as a complaint."""


def missing_body() -> Malformed:
    """What the new API says to a form, or to nothing."""
    return Malformed("Missingbody", "body is mandatory for this action.")


def status_of(code: int | str) -> int:
    """The HTTP status that goes with a code; the old API always says 200."""
    if isinstance(code, int):
        return 200
    if code.startswith("Forbidden."):
        return 403
    return _SERVER_FAULTS.get(code, 400)


def _no_card(track: str, *_: Any) -> Any:
    raise AssertionError(f"no card {track}")


@dataclass
class Member:
    """A person; userids are told apart by every letter."""

    userid: str
    name: str
    mobile: str = ""
    departments: tuple[int, ...] = (1,)
    title: str = ""
    #: Whether the app's address-book scope holds the person.
    visible: bool = True
    is_active: bool = True

    @property
    def union_id(self) -> str:
        return f"union-{self.userid}"


@dataclass
class Group:
    """A group chat that the robot sits in."""

    id: str
    members: set[str] = field(default_factory=set)
    is_dissolved: bool = False
    #: Whether the robot still sits in it.
    has_robot: bool = True


@dataclass
class Robot:
    """An enterprise app and its robot: what their console page says."""

    client_id: str = CLIENT_ID
    client_secret: str = CLIENT_SECRET
    robot_code: str = ROBOT_CODE
    user_id: str = "$:LWCP_v1:$bot"
    app_id: str = "1b2c3d4e"
    scopes: frozenset[str] = SCOPES
    #: Whether the robot may open single chats at all.
    speaks_to_people: bool = True


@dataclass
class Corp:
    """All the servers know."""

    clock: Clock
    record: Record = field(default_factory=Record)
    id: str = CORP_ID
    members: dict[str, Member] = field(default_factory=dict)
    departments: dict[int, int] = field(default_factory=lambda: {1: 0})
    groups: dict[str, Group] = field(default_factory=dict)
    robots: dict[str, Robot] = field(default_factory=dict)
    url: str = ""
    #: Set by the cards: where a tap on one goes and what signs it, and what its answer changes.
    card_callback: Callable[[str], tuple[str, str]] = field(default=_no_card)
    answer_card: Callable[..., None] = field(default=_no_card)
    #: Where ids begin; a service remembers those of an earlier run.
    first_number: int = 1

    def __post_init__(self) -> None:
        self._numbers = itertools.count(self.first_number)
        self.quota = Quota(self.clock)

    def join(self, members: Iterable[Member]) -> None:
        for member in members:
            self.members[member.userid] = member
            for each in member.departments:
                self.departments.setdefault(each, 1)

    def number(self, prefix: str = "") -> str:
        """An id nothing else has."""
        return f"{prefix}{next(self._numbers)}"

    def single_chat(self, person: str) -> str:
        """The conversationId of a person's chat with the robot."""
        return f"cid-single-{person}=="

    def meets(self, chat: str, *people: str) -> Group:
        """A group of that conversationId, with everybody in it who was not yet."""
        group = self.groups.setdefault(chat, Group(chat))
        group.members |= set(people)
        return group

    def complain(self, what: str) -> None:
        self.record.complaints.append(what)

    def robot_of(self, client_id: Any) -> Robot | None:
        return self.robots.get(client_id) if isinstance(client_id, str) else None

    def robot_with(self, robot_code: Any) -> Robot | None:
        found = (each for each in self.robots.values() if each.robot_code == robot_code)
        return next(found, None)
