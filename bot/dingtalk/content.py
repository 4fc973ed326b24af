"""What a message or a quote of DingTalk's holds: its words and what came along, kind by kind."""

import re
from dataclasses import dataclass
from typing import Any

from bot.file_names import bare_name
from bot.platforms.base import without_nul
from models.message import Attachment

#: Each picture takes a call of the month's: whoever forges a message names no thousand of them.
MOST_PICTURES = 50
#: Codes have some hundred letters.
_LONGEST_CODE = 4_000
_NAME = re.compile(r"\s*@\S+\s*")
_NAME_BEFORE = re.compile(r"^\s*@\S+\s+")


def word(value: object) -> str:
    """A text as every database can store it; empty for anything else."""
    return without_nul(value) if isinstance(value, str) else ""


def record(value: object) -> dict[str, Any]:
    """An object; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


@dataclass(frozen=True)
class Said:
    """What a message or a quote holds; *is_read* where it is of a kind that means something."""

    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    is_read: bool = True


@dataclass(frozen=True)
class Mentioned:
    """Who is called by name in a message: the robot, and the ids of *people*."""

    has_robot: bool = False
    people: frozenset[str] = frozenset()


UNREAD = Said(is_read=False)


def content_of(kind: str, content: dict[str, Any], mentioned: Mentioned) -> Said:
    """What a message of this *kind* holds."""
    code = _code(content, "downloadCode")
    if kind == "richText":
        return _rich(content.get("richText"), mentioned)
    if kind == "picture" and (picture := _picture(content)):
        return Said(attachments=(picture,))
    if kind == "file" and code:
        name = bare_name(word(content.get("fileName")))
        return Said(attachments=(Attachment(code, name, False),))
    if kind == "audio" and (words := word(content.get("recognition")).strip()):
        return Said(words)
    return UNREAD


def _picture(told: dict[str, Any]) -> Attachment | None:
    """The picture behind its code; the other of the two is said to be worse at times."""
    code = _code(told, "downloadCode") or _code(told, "pictureDownloadCode")
    return Attachment(code, "", True) if code else None


def _code(told: dict[str, Any], name: str) -> str:
    code = word(told.get(name))
    return code if len(code) <= _LONGEST_CODE else ""


def _rich(parts: object, mentioned: Mentioned) -> Said:
    """Words with pictures between them: a picture ends the line."""
    words, attachments, has_at = list[str](), list[Attachment](), False
    for part in parts if isinstance(parts, list) else ():
        told = record(part)
        kind = word(told.get("type")) or word(told.get("msgType"))
        has_at = has_at or kind == "at"
        if kind in ("picture", "") and (picture := _picture(told)):
            attachments.append(picture)
            words.append("\n")
        elif (piece := _piece(kind, told, mentioned)) is not None:
            words.append(piece)
    if len(attachments) > MOST_PICTURES:
        return UNREAD
    said = "".join(words if has_at else _without_robot(words, mentioned)).strip()
    return Said(said, tuple(attachments), is_read=bool(words))


def _piece(kind: str, part: dict[str, Any], mentioned: Mentioned) -> str | None:
    """What a part says; None for one that says nothing known."""
    if kind == "at":
        # Whoever is none of the people is the robot itself, which a text does not name either.
        is_person = word(part.get("atUserId")) in mentioned.people
        return f"@{word(part.get('atName'))} " if is_person else ""
    told = part.get("text", part.get("content"))
    return word(told) if isinstance(told, str) else None


def _without_robot(pieces: list[str], mentioned: Mentioned) -> list[str]:
    """The pieces without the robot's own name, which stays in them where words alone lose it.

    It is a piece of its own, where others are mentioned the first, or begins the words.
    """
    if not mentioned.has_robot:
        return pieces
    names = [at for at, piece in enumerate(pieces) if _NAME.fullmatch(piece)]
    dropped = names[:1] if mentioned.people else names
    kept = [piece for at, piece in enumerate(pieces) if at not in dropped]
    if not names and kept:
        kept[0] = _NAME_BEFORE.sub("", kept[0])
    return kept
