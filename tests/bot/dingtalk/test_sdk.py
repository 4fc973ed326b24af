"""DingTalk's own stream client is at home with the stand-in: the stand-in is true to the wire."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.served import until
from tests.twins.dingtalk.corp import CLIENT_ID, CLIENT_SECRET, Member
from tests.twins.dingtalk.twin import Twin

CLIENT = Path(__file__).with_name("official_client.py")
OPEN = "gateway/connections/open"
#: It names whom it answers and leaves the name out of the words.
FAULT = "mentions WangWu without @WangWu in the text"


@pytest.fixture
def twin() -> Iterator[Twin]:
    with Twin(members=[Member("WangWu", "王五")]) as twin:
        yield twin


@pytest.fixture
def client(twin: Twin, tmp_path: Path) -> Iterator[None]:
    """The client, connected; it can only be killed."""
    own = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    own["DINGTALK_OPENAPI_ENDPOINT"] = twin.url
    with (tmp_path / "client.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, CLIENT, CLIENT_ID, CLIENT_SECRET], env=own, stdout=log, stderr=log
        )
        try:
            until(lambda: twin.gateway.opened > 0 or process.poll() is not None, 30, "the client")
            assert process.poll() is None, (tmp_path / "client.log").read_text("utf-8")
            yield
        finally:
            process.kill()
            process.wait()


@pytest.mark.usefixtures("client")
def test_the_official_client_hears_acknowledges_and_answers(twin: Twin, tmp_path: Path) -> None:
    (opened,) = twin.sent(OPEN)
    first = twin.linked.says("WangWu", "progress")
    assert (first.answer().code, first.answer().data) == (200, {"response": "OK"})
    assert twin.seen("WangWu")[0].text == "heard: progress"

    twin.clock.forward(20)
    twin.gateway.pinged(1)
    twin.gateway.disconnect(twin.gateway.live[0])
    twin.gateway.connected(2)
    in_group = twin.linked.says("WangWu", "progress", "cidGroupA==")
    assert in_group.answer().code == 200
    assert twin.seen("cidGroupA==")[0].text == "heard:  progress"

    # What is known of this client: a message without its words breaks it, unacknowledged.
    withheld = twin.linked.withheld("WangWu")
    last = twin.linked.says("WangWu", "the last")
    assert last.answer().code == 200
    assert not withheld.acks
    assert "error processing message: 'text'" in (tmp_path / "client.log").read_text("utf-8")

    assert opened.body["localIp"] == "127.0.0.1"
    assert set(twin.complaints) == {FAULT}
