"""Multipart bodies as platforms read them: no RFC 2231, nothing that is not UTF-8."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """One field of a form; no file name: a plain field."""

    filename: str
    data: bytes


def parts(content_type: str, raw: bytes) -> dict[str, Part]:
    """The fields by name; those whose head cannot be understood are missing."""
    found: dict[str, Part] = {}
    boundary = re.search(r'boundary="?([^";]+)', content_type)
    for piece in raw.split(b"--" + boundary[1].encode()) if boundary else ():
        head, empty_line, data = piece.partition(b"\r\n\r\n")
        if not empty_line or b"filename*=" in head:
            continue
        name = re.search(rb'\bname="([^"]+)"', head)
        filename = re.search(rb'filename="([^"]*)"', head)
        if name is None:
            continue
        try:
            told = filename[1].decode() if filename else ""
            found[name[1].decode()] = Part(told, data.removesuffix(b"\r\n"))
        except UnicodeDecodeError:
            continue
    return found
