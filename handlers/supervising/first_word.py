"""The name that a command's words begin with, where what follows it is free text."""

from collections.abc import Callable, Sequence

from handlers.reading.marks import GAP
from handlers.reading.normalise import command_key
from models.programme import Programme


def first_word(
    text: str,
    programmes: Sequence[Programme],
    glued: Callable[[str], int | None] = lambda word: None,
) -> tuple[str, str]:
    """The name and what follows it; a programme's code behind the name belongs to it.

    *glued* says where in an unbroken word the name ends, as in 营商环境很有可能.
    """
    name, rest = _cut(text)
    if (end := glued(name)) is not None:
        return name[:end], f"{name[end:]} {rest}"
    code, further = _cut(rest)
    codes = {
        command_key(each)
        for programme in programmes
        for each in (programme.code, programme.short_title)
    }
    if code and command_key(code) in codes:
        return f"{name} {code}", further
    return name, rest


def _cut(text: str) -> tuple[str, str]:
    word, *more = GAP.split(text.strip(), maxsplit=1)
    return word, more[0] if more else ""


def repeated(template: str, words: str) -> str:
    """The command to repeat once a number was chosen: *template* with its words behind it."""
    escaped = words.replace("{", "{{").replace("}", "}}")
    return f"{template} {escaped}".rstrip()
