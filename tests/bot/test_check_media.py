"""`dajuan doctor` on the media store: a probe that goes again, and what to do where it fails."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from bot.check_media import check_media
from bot.findings import Found, Level
from bot.settings import read_settings
from tests.twins.s3 import KEY, KEY_ID, ObjectStore


@pytest.fixture
def server() -> Iterator[ObjectStore]:
    with ObjectStore() as server:
        yield server


def found(settings: dict[str, object]) -> Sequence[Found]:
    return list(check_media(read_settings(**settings)))


def test_a_probe_of_a_folder_leaves_nothing_behind(tmp_path: Path) -> None:
    [good] = found({"media_url": f"file://{tmp_path}/media"})

    assert good.level == Level.OK
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_probe_of_a_bucket_leaves_nothing_behind(server: ObjectStore) -> None:
    [good] = found({**server.settings()})

    assert good.level == Level.OK
    assert server.objects == {}
    assert {call.method for call in server.calls} == {"PUT", "GET", "DELETE"}


@pytest.mark.parametrize(
    ("settings", "advice"),
    [
        ({"media_url": "s3://no-such-bucket"}, "新建这个存储桶"),
        ({"aws_access_key_id": "AKIDOTHER"}, "核对 AWS_ACCESS_KEY_ID"),
        ({"aws_secret_access_key": "another"}, "核对 AWS_SECRET_ACCESS_KEY"),
        ({"aws_region": "elsewhere"}, "核对 AWS_REGION"),
        ({"aws_endpoint_url": "http://127.0.0.1:9"}, "AWS_ENDPOINT_URL 是否写对"),
        ({"aws_secret_access_key": ""}, "在 .env 中改正"),
    ],
)
def test_each_ailment_of_a_bucket_is_told_with_what_to_do(
    server: ObjectStore, settings: dict[str, object], advice: str
) -> None:
    [bad] = found({**server.settings(), **settings})

    assert bad.level == Level.FAIL
    assert advice in bad.advice
    assert KEY not in str(bad)
    assert KEY_ID not in str(bad)


def test_rights_and_the_clock_are_told(server: ObjectStore) -> None:
    server.faults = ["403 AccessDenied"]
    [bad] = found({**server.settings()})
    assert "权限" in bad.advice

    server.faults = ["", "403 AccessDenied"]
    [bad] = found({**server.settings()})
    assert "权限" in bad.advice, "who may write must also read"
    assert server.objects == {}

    server.away_by = timedelta(minutes=20)
    [bad] = found({**server.settings()})
    assert "NTP" in bad.advice


def test_a_busy_store_is_asked_later(server: ObjectStore) -> None:
    server.faults = ["503 SlowDown"] * 9

    [bad] = found({**server.settings()})

    assert "过几分钟再试" in bad.advice
