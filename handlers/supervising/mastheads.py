"""文号、落款、主送: what stands around an office's documents, as its admins set it by chat."""

from dataclasses import dataclass

from sqlmodel import Session

from handlers.registry import BulletinKind
from handlers.render.legible import legible
from models.errors import Refused
from models.programme import Programme
from models.rules.frozen import from_data, to_data
from models.setting import keep_setting, setting

_LONGEST = 40


@dataclass(frozen=True)
class Masthead:
    """*prefix* begins the number (州民实通), *signature* and *addressee* are whole lines.

    What is empty falls back: the number begins with the programme's name, nobody signs.
    """

    prefix: str = ""
    signature: str = ""
    addressee: str = ""


#: What each part is called in chat.
PARTS = {"文号": "prefix", "落款": "signature", "主送": "addressee"}


def masthead_of(session: Session, programme: Programme, kind: BulletinKind) -> Masthead:
    """The masthead of one kind of document in one programme."""
    stated = setting(session, _name(programme, kind))
    return from_data(Masthead, stated) if stated else Masthead()


def set_masthead(
    session: Session, programme: Programme, kind: BulletinKind, part: str, text: str
) -> Masthead:
    """Change one part, `PARTS`; empty text goes back to the default. Refused when too long."""
    line = " ".join(legible(text).split())
    if len(line) > _LONGEST:
        raise Refused(f"{part}最长{_LONGEST}字，现为{len(line)}字，请缩短后重发。")
    stated = to_data(masthead_of(session, programme, kind)) | {PARTS[part]: line}
    keep_setting(session, _name(programme, kind), stated)
    return from_data(Masthead, stated)


def number_line(masthead: Masthead, fallback: str, year: int, number: int | None) -> str:
    """州民实通〔2021〕5号; a draft has no number yet."""
    return f"{masthead.prefix or fallback}〔{year}〕{'　' if number is None else number}号"


def _name(programme: Programme, kind: BulletinKind) -> str:
    return f"masthead:{programme.code}:{kind.name}"
