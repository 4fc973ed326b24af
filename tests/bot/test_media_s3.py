"""Media in a bucket: who signs, what goes wrong on the way, and what is told of it."""

import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.media import open_media
from bot.media_s3 import Bucket, BucketStore, open_bucket
from bot.settings import read_settings
from handlers.context import MediaStore
from models.errors import MediaUnavailable, SettingsError
from tests.twins.s3 import BUCKET, KEY, KEY_ID, REGION, Call, ObjectStore, signature

DATA = b"a picture of the reservoir" * 1000


@pytest.fixture
def server() -> Iterator[ObjectStore]:
    with ObjectStore() as server:
        yield server


@pytest.fixture
def store(server: ObjectStore) -> MediaStore:
    return opened(server)


def opened(server: ObjectStore, **settings: object) -> MediaStore:
    return open_media(read_settings(**{**server.settings(), **settings}))


def hasty(server: ObjectStore) -> BucketStore:
    """A store that waits a fifth of a second for an answer."""
    bucket = Bucket(BUCKET, "x", server.endpoint, REGION, SecretStr(KEY_ID), SecretStr(KEY))
    return open_bucket(bucket, call=0.2, all_tries=0.5)


def failure(store: MediaStore | BucketStore, sha: str = "") -> MediaUnavailable:
    """What putting, or getting *sha*, fails with; the whole trace of it holds no secret."""
    with pytest.raises(MediaUnavailable) as caught:
        store.get(sha) if sha else store.put(DATA)
    told = "".join(traceback.format_exception(caught.value))
    assert KEY not in told
    assert KEY_ID not in told
    assert "Signature=" not in told
    return caught.value


def test_the_stand_in_signs_as_the_specification_shows() -> None:
    """The example GET of https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html"""
    headers = {
        "host": "examplebucket.s3.amazonaws.com",
        "range": "bytes=0-9",
        "x-amz-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "x-amz-date": "20130524T000000Z",
    }
    call = Call("GET", "/test.txt", headers)
    key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

    signed = signature(
        call, "host;range;x-amz-content-sha256;x-amz-date", "20130524T000000Z", "us-east-1", key
    )

    assert signed == "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"aws_secret_access_key": "another"}, "SignatureDoesNotMatch"),
        ({"aws_access_key_id": "AKIDOTHER"}, "InvalidAccessKeyId"),
        ({"aws_region": "us-east-1"}, "AuthorizationHeaderMalformed"),
        ({"media_url": "s3://another-bucket"}, "NoSuchBucket"),
    ],
)
def test_what_the_operator_must_mend_is_told_by_its_code_and_may_be_tried_again(
    server: ObjectStore, store: MediaStore, settings: dict[str, object], code: str
) -> None:
    sha = store.put(DATA)
    wrong = opened(server, **settings)

    for error in (failure(wrong), failure(wrong, sha)):
        assert code in str(error)
        assert error.retryable, "once the operator has mended it, nobody need send anything again"
    with pytest.raises(MediaUnavailable, match=code):
        list(wrong.addresses())
    with pytest.raises(MediaUnavailable, match=code):
        wrong.delete(sha)


def test_a_clock_that_is_wrong_is_told(server: ObjectStore, store: MediaStore) -> None:
    server.away_by = timedelta(minutes=16)

    assert "RequestTimeTooSkewed" in str(failure(store))


@pytest.mark.parametrize("fault", ["503 SlowDown", "500 InternalError", "reset"])
def test_a_passing_trouble_is_waited_out(
    server: ObjectStore, store: MediaStore, fault: str
) -> None:
    server.faults = [fault]
    sha = store.put(DATA)
    server.faults = [fault]

    assert store.get(sha) == DATA


def test_a_lasting_trouble_is_given_up_after_three_tries(
    server: ObjectStore, store: MediaStore
) -> None:
    sha = store.put(DATA)
    server.calls.clear()
    server.faults = ["503 SlowDown"] * 9

    assert "SlowDown" in str(failure(store, sha))
    assert len(server.calls) == 3
    assert failure(store).retryable


def test_a_store_that_never_answers_is_given_up(server: ObjectStore) -> None:
    server.faults = ["mute"] * 9

    assert failure(hasty(server)).retryable
    assert 1 <= len(server.calls) <= 3


def test_who_found_nobody_there_asks_again_after_a_pause(
    server: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nine pictures of a message wait once for a store that is away, and not nine times."""
    passed = [0.0]
    monkeypatch.setattr("bot.media_s3.monotonic", lambda: passed[0])
    store = hasty(server)
    server.faults = ["mute"] * 9
    failure(store)
    server.faults = []
    asked = len(server.calls)

    assert "没有应答" in str(failure(store))
    assert failure(store).retryable
    assert len(server.calls) == asked
    passed[0] += 11
    assert store.get(store.put(DATA)) == DATA


def test_a_store_that_is_not_there_may_be_tried_again(server: ObjectStore) -> None:
    away = opened(server, aws_endpoint_url="http://127.0.0.1:9")

    assert failure(away).retryable
    assert "没有应答" in str(failure(away))


@pytest.mark.parametrize("fault", ["page", "short"])
def test_half_a_picture_or_a_proxys_page_is_no_picture(
    server: ObjectStore, store: MediaStore, fault: str
) -> None:
    sha = store.put(DATA)
    server.faults = [fault]

    try:
        assert store.get(sha) == DATA, "asked for the rest"
    except MediaUnavailable:
        server.faults = []
    assert store.get(sha) == DATA


def test_names_come_page_by_page(server: ObjectStore, store: MediaStore) -> None:
    server.page = 7
    kept = {store.put(b"%d" % number) for number in range(30)}
    server.objects["office/media/readme.txt"] = server.objects["elsewhere/ab"] = b"not ours"
    server.put_at["office/media/readme.txt"] = server.put_at["elsewhere/ab"] = min(
        server.put_at.values()
    )

    assert set(store.addresses()) == kept
    assert sum("list-type" in call.target for call in server.calls) > 4


def test_threads_share_one_store(store: MediaStore) -> None:
    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(store.put, (b"%d" % number for number in range(64))))
        found = list(pool.map(store.get, kept))

    assert found == [b"%d" % number for number in range(64)]


@pytest.mark.parametrize(
    ("endpoint", "has_own_host", "address"),
    [
        (
            "https://oss-cn-hangzhou.aliyuncs.com",
            True,
            f"https://{BUCKET}.oss-cn-hangzhou.aliyuncs.com",
        ),
        ("http://10.1.2.3:9000", False, "http://10.1.2.3:9000"),
        ("", False, "https://s3.cn-north-1.amazonaws.com.cn"),
        ("", True, f"https://{BUCKET}.s3.cn-north-1.amazonaws.com.cn"),
    ],
)
def test_the_bucket_stands_where_the_store_wants_it(
    endpoint: str, has_own_host: bool, address: str
) -> None:
    keys = SecretStr(KEY_ID), SecretStr(KEY)

    bucket = Bucket(BUCKET, "", endpoint, "cn-north-1", *keys, has_own_host)
    assert bucket.address() == address
    assert open_bucket(bucket), "whatever it is, it can be asked"


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"media_url": "s3:///media"}, "no bucket"),
        ({"media_url": f"s3://{KEY_ID}:{KEY}@bucket/media"}, "no bucket"),
        ({"aws_secret_access_key": ""}, "AWS_SECRET_ACCESS_KEY missing"),
        ({"aws_endpoint_url": "oss.example.gov.cn"}, "AWS_ENDPOINT_URL .* no address"),
        ({"aws_endpoint_url": "http://bucket host:9000"}, "AWS_ENDPOINT_URL must be"),
        ({"aws_virtual_hosted_style_request": True}, "no bucket can be asked at"),
        ({"media_url": "s3://a..b"}, "no bucket"),
        ({"aws_ca_bundle": "none.pem"}, "AWS_CA_BUNDLE"),
        ({"media_url": "ftp://media"}, "begins with ftp:"),
    ],
)
def test_what_is_missing_or_wrong_in_the_settings_is_named(
    server: ObjectStore, settings: dict[str, object], named: str
) -> None:
    with pytest.raises(SettingsError, match=named) as error:
        opened(server, **settings)
    assert KEY not in str(error.value)


def test_an_authority_that_is_none_is_named(server: ObjectStore, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")

    with pytest.raises(SettingsError, match="AWS_CA_BUNDLE"):
        opened(server, aws_ca_bundle=tmp_path / "ca.pem")


def test_a_length_that_no_memory_has_is_not_believed(
    server: ObjectStore, store: MediaStore
) -> None:
    """The library asks the system for so much at once, and ends the process where it gets none."""
    sha = store.put(DATA)
    server.faults.append("vast")

    assert not failure(store, sha).retryable
    assert store.get(sha) == DATA
