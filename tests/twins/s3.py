"""A stand-in of an S3-compatible object store, written from the protocol: objects, pages of names,
signatures of version 4 checked as the specification derives them, and what goes wrong on the way.

https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
"""

import hashlib
import hmac
import re
import socket
import struct
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from xml.sax.saxutils import escape

BUCKET, REGION, KEY_ID, KEY = "dajuan-media", "cn-xiangxi-1", "AKIDEXAMPLE", "wJalr/canary+secret"
_SCHEME = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/s3/aws4_request, ?"
    r"SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})"
)
_SKEW = timedelta(minutes=15)


class Refusal(Exception):
    """An answer with an error's code."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


@dataclass(frozen=True)
class Call:
    """One request as it came in; header names are small letters."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))


def signature(call: Call, signed: str, stamp: str, region: str, key: str) -> str:
    """What the holder of *key* signs this call with, over the headers named in *signed*."""
    query = "&".join(sorted(f"{_coded(n)}={_coded(v)}" for n, v in call.query.items()))
    headers = "".join(f"{n}:{' '.join(call.headers[n].split())}\n" for n in signed.split(";"))
    path = quote(unquote(call.path), safe="/-_.~")
    digest = call.headers["x-amz-content-sha256"]
    canonical = "\n".join((call.method, path, query, headers, signed, digest))
    scope = f"{stamp[:8]}/{region}/s3/aws4_request"
    hashed = hashlib.sha256(canonical.encode()).hexdigest()
    secret = f"AWS4{key}".encode()
    for part in scope.split("/"):
        secret = _hmac(secret, part)
    return _hmac(secret, f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashed}").hex()


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")


def _coded(text: str) -> str:
    return quote(text, safe="-_.~")


class ObjectStore:
    """The store's server with one bucket; use it in a `with`.

    *faults* hold what becomes of the next calls, one each: a status with its code ("503 SlowDown"),
    "reset", "mute" (no answer until it closes), "page" (a proxy's HTML), "short" (half a body),
    "vast" (a length that no memory has).
    """

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.put_at: dict[str, datetime] = {}
        self.calls: list[Call] = []
        self.faults: list[str] = []
        self.page, self.away_by = 1000, timedelta()
        self._over = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="s3")

    def settings(self) -> dict[str, str]:
        """What a service needs to know to keep its media here."""
        return {
            "media_url": f"s3://{BUCKET}/office/media",
            "aws_endpoint_url": self.endpoint,
            "aws_region": REGION,
            "aws_access_key_id": KEY_ID,
            "aws_secret_access_key": KEY,
        }

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._server.shutdown()
        self._thread.join()
        self._server.let_go()
        self._server.server_close()
        assert not self._server.errors, self._server.errors

    def answer(self, call: Call, handler: "_Handler") -> None:
        """Check who calls, do what is asked and say so; or what the next fault is."""
        self.calls.append(call)
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "reset":
            handler.reset()
        elif fault == "mute":
            self._over.wait()
            handler.reset()
        elif fault == "page":
            handler.say(200, b"<html><body>Welcome</body></html>", {"Content-Type": "text/html"})
        else:
            try:
                if fault[:3].isdigit():
                    raise Refusal(int(fault[:3]), fault[4:])
                self._check(call)
                status, body, headers = self._done(call)
                more = 10**12 if fault == "vast" else 0
                handler.say(status, body, headers, is_short=fault == "short", more=more)
            except Refusal as why:
                # What real ones say repeats the request: nobody may log it.
                text = f"<Error><Code>{why.code}</Code><AWSAccessKeyId>{KEY_ID}</AWSAccessKeyId>"
                handler.say(why.status, f"{text}<Canary>{KEY}</Canary></Error>".encode(), {})

    def _check(self, call: Call) -> None:
        found = _SCHEME.fullmatch(call.headers.get("authorization", ""))
        if found is None:
            raise Refusal(403, "AccessDenied")
        key_id, day, region, signed, given = found.groups()
        stamp = call.headers["x-amz-date"]
        moment = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        if abs(datetime.now(UTC) + self.away_by - moment) > _SKEW:
            raise Refusal(403, "RequestTimeTooSkewed")
        if region != REGION or day != stamp[:8]:
            raise Refusal(400, "AuthorizationHeaderMalformed")
        if key_id != KEY_ID:
            raise Refusal(403, "InvalidAccessKeyId")
        must = {"host", *(name for name in call.headers if name.startswith("x-amz-"))}
        right = signature(call, signed, stamp, region, KEY)
        if must - set(signed.split(";")) or not hmac.compare_digest(right, given):
            raise Refusal(403, "SignatureDoesNotMatch")
        if call.headers["x-amz-content-sha256"] != hashlib.sha256(call.body).hexdigest():
            raise Refusal(400, "XAmzContentSHA256Mismatch")

    def _done(self, call: Call) -> tuple[int, bytes, dict[str, str]]:
        bucket, _, key = unquote(call.path).lstrip("/").partition("/")
        if bucket != BUCKET:
            raise Refusal(404, "NoSuchBucket")
        if not key:
            return 200, self._names(call.query), {"Content-Type": "application/xml"}
        if call.method == "PUT":
            self.objects[key] = call.body
            self.put_at[key] = datetime.now(UTC)
            return 200, b"", {"ETag": _tag(call.body)}
        if call.method == "DELETE":
            self.objects.pop(key, None)
            return 204, b"", {}
        if key not in self.objects:
            raise Refusal(404, "NoSuchKey")
        body = self.objects[key]
        since = format_datetime(self.put_at[key], usegmt=True)
        return 200, body, {"ETag": _tag(body), "Last-Modified": since}

    def _names(self, query: Mapping[str, str]) -> bytes:
        """A page of names (ListObjectsV2); its token is the last name before it."""
        after = query.get("continuation-token", query.get("start-after", ""))
        prefix = query.get("prefix", "")
        names = sorted(n for n in self.objects if n.startswith(prefix) and n > after)
        shown, is_cut = names[: self.page], len(names) > self.page
        more = ""
        if is_cut:
            more = f"<NextContinuationToken>{escape(shown[-1])}</NextContinuationToken>"
        entries = "".join(
            f"<Contents><Key>{escape(name)}</Key><Size>{len(self.objects[name])}</Size>"
            f"<LastModified>{self.put_at[name]:%Y-%m-%dT%H:%M:%S.000Z}</LastModified>"
            f"<ETag>{escape(_tag(self.objects[name]))}</ETag></Contents>"
            for name in shown
        )
        return (
            '<?xml version="1.0" encoding="UTF-8"?><ListBucketResult>'
            f"<IsTruncated>{str(is_cut).lower()}</IsTruncated>{more}{entries}"
            "</ListBucketResult>"
        ).encode()


def _tag(body: bytes) -> str:
    return f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # so that closing waits for them

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self._open: set[socket.socket] = set()
        self.errors: list[BaseException] = []
        super().__init__(address, handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection may break; anything else is the stand-in's own fault, told at the end."""
        error = sys.exc_info()[1]
        if error is not None and not isinstance(error, OSError):
            self.errors.append(error)

    def let_go(self) -> None:
        """Close the connections that clients keep for their next call."""
        for connection in list(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body in one piece

    def reset(self) -> None:
        """Close the connection the hard way."""
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.connection.close()
        self.close_connection = True

    def say(
        self,
        status: int,
        body: bytes,
        headers: Mapping[str, str],
        *,
        is_short: bool = False,
        more: int = 0,
    ) -> None:
        """An answer, of whose body *is_short* keeps half back; it claims to have *more* bytes."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) + more))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body[: len(body) // 2] if is_short else body)
        self.close_connection = self.close_connection or is_short or bool(more)

    def log_message(self, *_: object) -> None:
        """Nothing: the calls are kept."""


def _handler(store: ObjectStore) -> type[_Handler]:
    class Handler(_Handler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            store.answer(Call(self.command, self.path, headers, body), self)

        do_PUT = do_HEAD = do_DELETE = do_GET

    return Handler
