"""The stand-in as a process of its own: `python -m tests.twins.wecom` prints what goes into .env.

Each line of its input is said to the service: `WangWu 进度` to the app, `@WangWu 进度` to the bot
in a group. What people then see is printed.
"""

import argparse
import time

from tests.twins.console import lines, say, show
from tests.twins.wecom.corp import Member
from tests.twins.wecom.environment import app_settings, callback_settings, linked_settings
from tests.twins.wecom.twin import Twin

_GROUP = "wrLiaisons"


def main() -> None:
    """Serve until the input ends or Ctrl-C."""
    given = _arguments()
    members = [Member(each, each) for each in given.member]
    ports = (given.port, given.port + 1 if given.port else 0)
    with Twin(now=time.time(), live=True, members=members, ports=ports) as twin:
        twin.app.callback_url = f"{given.service}/webhooks/wecom/app"
        twin.bot.callback_url = f"{given.service}/webhooks/wecom/bot"
        for name, value in _environment(twin, given).items():
            say(f"{name}={value}")
        show(twin.record)
        try:
            for line in lines(keeps_on=given.quiet):
                _said(twin, line, is_linked=given.bot == "connection")
        except KeyboardInterrupt:
            pass


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.twins.wecom", description=__doc__)
    parser.add_argument("--port", type=int, default=9600, help="the API; one more: the connection")
    parser.add_argument("--service", default="http://127.0.0.1:8000", help="where dajuan serves")
    parser.add_argument("--bot", choices=("address", "connection"), default="connection")
    parser.add_argument("--member", action="append", default=["WangWu"], help="a userid")
    parser.add_argument("--quiet", action="store_true", help="read nothing, run until Ctrl-C")
    return parser.parse_args()


def _environment(twin: Twin, given: argparse.Namespace) -> dict[str, str]:
    bot = linked_settings if given.bot == "connection" else callback_settings
    return {"PUBLIC_URL": given.service} | app_settings(twin) | bot(twin)


def _said(twin: Twin, line: str, *, is_linked: bool) -> None:
    who, _, text = line.partition(" ")
    if not text:
        say("? userid text, or @userid text")
    elif not who.startswith("@"):
        twin.app.says(who, text)
    elif is_linked:
        if twin.linked.says(who[1:], f"@答卷 {text}", chat=_GROUP).is_lost:
            say("? the bot is not connected")
    else:
        twin.bot.says(who[1:], f"@答卷 {text}", chat=_GROUP)


if __name__ == "__main__":
    main()
