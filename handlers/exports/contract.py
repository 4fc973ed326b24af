"""What an export is: a writer of one kind of file, which announces itself here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from handlers.context import ExportContext

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP = "application/zip"


class TooLarge(Exception):
    """What is being written is more than was asked for at once."""


@dataclass(frozen=True)
class Exported:
    """What a written file holds, in lines for people, and what is missing from it."""

    holds: tuple[str, ...]
    missing: tuple[str, ...] = ()


#: Writes one file into a stream piece by piece: memory does not grow with what the file holds.
Write = Callable[["ExportContext", BinaryIO], Exported]


@dataclass(frozen=True)
class ExportKind:
    """One kind of file that an office takes along.

    *name* calls it on the command line, *word* in chat, where *also* says what else people call
    it. *single*: it speaks of one programme; others put several into one file.
    """

    name: str
    word: str
    about: str
    mime: str
    write: Write
    single: bool = False
    also: tuple[str, ...] = ()

    @property
    def suffix(self) -> str:
        """How the name of its file ends."""
        return ".zip" if self.mime == ZIP else ".xlsx"


_announced: list[ExportKind] = []


def export(
    name: str, *, word: str, about: str, mime: str, single: bool = False, also: tuple[str, ...] = ()
) -> Callable[[Write], Write]:
    """Announce the decorated function as the writer of a kind of export."""

    def announce(write: Write) -> Write:
        _announced.append(ExportKind(name, word, about, mime, write, single, also))
        return write

    return announce


def announced_exports() -> Sequence[ExportKind]:
    """What was announced by the modules that are imported so far."""
    return tuple(_announced)
