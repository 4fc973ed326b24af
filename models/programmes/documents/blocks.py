"""A document as lines and tables with their places, whatever file it came from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph outside tables; *place* is where a person finds it."""

    text: str
    place: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the grid. *above*, *left*: it is part of a merged cell that began there."""

    text: str
    above: bool = False
    left: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table, with a cell for each column of the grid."""

    cells: tuple[Cell, ...]
    place: str

    @property
    def texts(self) -> tuple[str, ...]:
        """What the row itself says, column by column; merged parts say nothing of their own."""
        return tuple("" if cell.above or cell.left else cell.text for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Table:
    """A table as printed. *merges* tells whether the file says which cells are merged."""

    number: int
    rows: tuple[Row, ...]
    merges: bool = False

    @property
    def place(self) -> str:
        return f"表{self.number}"


Block = Line | Table


def one_line(text: str) -> str:
    """*text* in one line: blanks between Chinese characters and line breaks fall away."""
    words = " ".join(text.split())
    kept = [
        char
        for at, char in enumerate(words)
        if char != " " or (_is_latin(words[at - 1]) and _is_latin(words[at + 1]))
    ]
    return "".join(kept)


#: After the mark of an own number no digit may follow (1.5 is a figure), unless it is a year.
OWN_NUMBER = r"(\d{1,3})\s*[．.、,，](?=\s*(?:\D|20\d{2}\s*[年午]|$))\s*"


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum()
