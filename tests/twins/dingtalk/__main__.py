"""The stand-in as a process of its own: `python -m tests.twins.dingtalk` prints its settings.

Each line of its input is said to the robot: `WangWu 进度` in the single chat, `@WangWu 进度` in a
group. What people then see is printed.
"""

import argparse
import time

from tests.twins.console import lines, say, show
from tests.twins.dingtalk.corp import Member
from tests.twins.dingtalk.environment import robot_settings, stream_settings
from tests.twins.dingtalk.twin import Twin

_GROUP = "cidLiaisons"


def main() -> None:
    """Serve until the input ends or Ctrl-C."""
    given = _arguments()
    members = [Member(each, each) for each in given.member]
    ports = (given.port, given.port + 1 if given.port else 0)
    with Twin(now=time.time(), live=True, members=members, ports=ports) as twin:
        twin.robot.callback_url = f"{given.service}/webhooks/dingtalk"
        settings = stream_settings(twin) if given.mode == "stream" else robot_settings(twin)
        for name, value in ({"PUBLIC_URL": given.service} | settings).items():
            say(f"{name}={value}")
        show(twin.record)
        try:
            for line in lines(keeps_on=given.quiet):
                _said(twin, line, by_stream=given.mode == "stream")
        except KeyboardInterrupt:
            pass


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.twins.dingtalk", description=__doc__)
    parser.add_argument("--port", type=int, default=9700, help="the API; one more: the stream")
    parser.add_argument("--service", default="http://127.0.0.1:8000", help="where dajuan serves")
    parser.add_argument("--mode", choices=("http", "stream"), default="stream")
    parser.add_argument("--member", action="append", default=["WangWu"], help="a userid")
    parser.add_argument("--quiet", action="store_true", help="read nothing, run until Ctrl-C")
    return parser.parse_args()


def _said(twin: Twin, line: str, *, by_stream: bool) -> None:
    who, _, text = line.partition(" ")
    chat = _GROUP if who.startswith("@") else ""
    if not text:
        say("? userid text, or @userid text")
    elif not by_stream:
        twin.robot.says(who.removeprefix("@"), text, chat)
    elif twin.linked.says(who.removeprefix("@"), text, chat).tries[0].connection is None:
        say("? the robot is not connected")


if __name__ == "__main__":
    main()
