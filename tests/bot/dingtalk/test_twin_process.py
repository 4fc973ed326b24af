"""The stand-in as a process of its own, for whoever tries the service by hand."""

import subprocess
import sys
from collections.abc import Iterator

import httpx2
import pytest

from bot.dingtalk.settings import DingTalkSettings
from tests.served import ROOT


@pytest.fixture
def stand_in() -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.twins.dingtalk", "--port", "0"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.communicate()


def test_it_prints_the_settings_it_goes_by_and_ends_with_its_input(
    stand_in: subprocess.Popen[str],
) -> None:
    assert stand_in.stdout is not None
    printed = dict(stand_in.stdout.readline().strip().split("=", 1) for _ in range(8))

    dingtalk = DingTalkSettings(**{name.lower(): value for name, value in printed.items()})
    secret = printed["DINGTALK_CLIENT_SECRET"]
    answer = httpx2.post(
        f"{dingtalk.dingtalk_api_base}/v1.0/oauth2/accessToken",
        json={"appKey": dingtalk.dingtalk_client_id, "appSecret": secret},
    )
    out, problems = stand_in.communicate("nonsense\n@WangWu 进度\n", timeout=20)

    assert answer.json()["expireIn"] == 7200
    assert dingtalk.has_robot
    assert dingtalk.dingtalk_mode == "stream"
    assert out.splitlines() == ["? userid text, or @userid text", "? the robot is not connected"]
    assert (stand_in.returncode, problems) == (0, "")
