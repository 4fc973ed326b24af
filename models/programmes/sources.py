"""Whatever a programme may come from: a built-in code, a definition, a workbook, a document."""

from dataclasses import dataclass
from pathlib import Path

from models.errors import Problem, ProgrammeError
from models.programmes.areas import Known
from models.programmes.definition import Definition
from models.programmes.documents import SUFFIXES, Source, read_document
from models.programmes.files import read_definition
from models.programmes.roster import Roster
from models.programmes.unit_questions import unit_questions
from models.programmes.workbook import read_workbook

#: Endings that Excel gives its workbooks; the reader says of each what to do.
WORKBOOKS = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".et")
DOCUMENTS = (*SUFFIXES, ".doc", ".docm", ".wps", ".pdf", ".rtf")


@dataclass(frozen=True)
class Draft:
    """A programme as it was read, not yet loaded.

    *questions* are names that may mean one unit: they are asked, never merged silently.
    """

    definition: Definition
    roster: Roster | None = None
    assumed: tuple[Problem, ...] = ()
    not_understood: tuple[Problem, ...] = ()
    questions: tuple[Problem, ...] = ()


def read_source(source: str, given: Source, known: Known) -> Draft:
    """The programme in *source*; ProgrammeError lists everything that stands in its way.

    *given* says what a document's head does not, *known* tells the units an area has already.
    """
    suffix = Path(source).suffix.lower()
    if suffix in WORKBOOKS:
        book = read_workbook(_bytes(source), Path(source).name)
        asked = unit_questions(book.definition, known(book.definition.area))
        return Draft(book.definition, book.roster, book.assumed, book.not_understood, asked)
    if suffix in DOCUMENTS:
        found = read_document(Path(source), given, known)
        return Draft(found.definition, None, found.assumed, found.not_understood, found.questions)
    return Draft(read_definition(source))


def _bytes(source: str) -> bytes:
    try:
        return Path(source).read_bytes()
    except OSError as error:
        raise ProgrammeError([Problem(source, "没有这个文件，或无法读取")]) from error
