"""Access tokens: one per app, the same on every call while it is good, and longer with each."""

from typing import Any

from tests.twins.dingtalk.corp import Corp, Refused, Robot

LIFE = 7200
_IP = "127.0.0.1"


class Tokens:
    """Who holds which token, until when."""

    def __init__(self, corp: Corp) -> None:
        self._corp = corp
        self._by_app: dict[str, tuple[str, float]] = {}
        self._apps: dict[str, Robot] = {}
        self._dead: set[str] = set()
        #: Whether the caller's address is in the app's list; no page says that tokens ask.
        self.trusts_caller = True

    def issued(self, client_id: Any, secret: Any) -> tuple[str, int]:
        """The app's token and its seconds; raises Refused."""
        robot = self._corp.robot_of(client_id)
        if robot is None or secret != robot.client_secret:
            raise Refused("invalidClientIdOrSecret", "无效的clientId或者clientSecret")
        token, until = self._by_app.get(client_id, ("", 0.0))
        now = self._corp.clock.now()
        if now >= until or token in self._dead:
            token = self._corp.number("token-")
        self._by_app[client_id] = (token, now + LIFE)
        self._apps[token] = robot
        return token, LIFE

    def expire(self) -> None:
        """Every token given so far is good no more, before its time."""
        self._dead |= set(self._apps)

    def app_of(self, token: str | None) -> Robot | None:
        """Whose token this is; None: nobody's, or not any more."""
        robot = self._apps.get(token or "")
        if robot is None or token in self._dead:
            return None
        known, until = self._by_app[robot.client_id]
        return robot if token == known and self._corp.clock.now() < until else None

    def check_caller(self, robot: Robot, *, is_new: bool) -> None:
        """Refuse an address that is not in the app's list."""
        if not self.trusts_caller:
            code: int | str = "Forbidden.AccessDenied.IpNotInWhiteList" if is_new else 60020
            words = f"访问ip不在白名单之中,request ip={_IP} appKey({robot.client_id})"
            raise Refused(code, words)
