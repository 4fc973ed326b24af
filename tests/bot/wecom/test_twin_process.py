"""The stand-in as a process of its own, for whoever tries the service by hand."""

import subprocess
import sys
from collections.abc import Iterator

import httpx2
import pytest

from bot.wecom.settings import WecomSettings
from tests.served import ROOT


@pytest.fixture
def stand_in() -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.twins.wecom", "--port", "0"],
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
    printed = dict(stand_in.stdout.readline().strip().split("=", 1) for _ in range(11))

    wecom = WecomSettings(**{name.lower(): value for name, value in printed.items()})
    answer = httpx2.get(
        f"{wecom.wecom_api_base}/cgi-bin/gettoken",
        params={"corpid": wecom.wecom_corp_id, "corpsecret": printed["WECOM_APP_SECRET"]},
    )
    out, problems = stand_in.communicate("nonsense\n@WangWu 进度\n", timeout=20)

    assert answer.json()["errcode"] == 0
    assert wecom.has_app
    assert wecom.has_connection
    assert out.splitlines() == ["? userid text, or @userid text", "? the bot is not connected"]
    assert (stand_in.returncode, problems) == (0, "")
