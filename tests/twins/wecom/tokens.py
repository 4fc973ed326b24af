"""Access tokens: one per secret, the same on every call while it is good."""

from typing import Any

from tests.twins.wecom.corp import App, Corp, Refused

LIFE = 7200


class Tokens:
    """Who holds which token, until when."""

    def __init__(self, corp: Corp) -> None:
        self._corp = corp
        self._by_secret: dict[str, tuple[str, float]] = {}
        self._apps: dict[str, App] = {}
        self._dead: dict[str, int] = {}
        #: Secrets of other corporations.
        self.foreign: set[str] = set()
        #: Whether the caller's address is among the app's trusted ones; gettoken never asks.
        self.trusts_caller = True

    def issued(self, query: dict[str, str]) -> dict[str, Any]:
        """The answer to gettoken."""
        app = self._app_with(query)
        token, until = self._by_secret.get(app.secret, ("", 0.0))
        now = self._corp.clock.now()
        if now >= until or token in self._dead:
            token, until = self._corp.number("TOKEN"), now + LIFE
            self._by_secret[app.secret] = (token, until)
            self._apps[token] = app
        return {"access_token": token, "expires_in": int(until - now)}

    def _app_with(self, query: dict[str, str]) -> App:
        for name, code in (("corpid", 41002), ("corpsecret", 41004)):
            if not query.get(name):
                raise Refused(code, f"{name} missing")
        if query["corpid"] != self._corp.id:
            raise Refused(40013, "invalid corpid")
        if query["corpsecret"] in self.foreign:
            raise Refused(40091, "invalid secret of another corp")
        for app in self._corp.apps.values():
            if app.secret == query["corpsecret"]:
                return app
        raise Refused(40001, "invalid credential")

    def expire(self, errcode: int = 42001) -> None:
        """Every token given so far is good no more, before its time."""
        self._dead.update(dict.fromkeys(self._apps, errcode))

    def app_of(self, token: str | None) -> App:
        """Whose token this is."""
        if not token:
            raise Refused(41001, "access_token missing")
        app = self._apps.get(token)
        if app is None:
            raise Refused(40014, "invalid access_token")
        if token in self._dead:
            raise Refused(self._dead[token], "access_token expired")
        if self._by_secret[app.secret][0] != token or self._is_over(app):
            raise Refused(42001, "access_token expired")
        if not self.trusts_caller:
            raise Refused(60020, "not allow to access from your ip")
        return app

    def _is_over(self, app: App) -> bool:
        return self._corp.clock.now() >= self._by_secret[app.secret][1]
