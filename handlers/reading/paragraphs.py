"""Which lines of a message are prose, and which are fields written one to a line."""

import re
from dataclasses import dataclass

from handlers.reading.headings import Field, Head, Vocabulary, head_at
from handlers.reading.normalise import clean, normalise
from handlers.reading.sections import opens_part, passages_of

_FIELDS = (Field.DONE, Field.INDICATOR, Field.COUNTY, Field.STATED, Field.AS_OF, Field.CAPTION)
_BREAKS = re.compile(r"[,;。:\s]+")
_CLAUSES = re.compile("[,;。]")
_SAYING = re.compile(r"[一-鿿]")
_AS_OF = re.compile(
    r"^(?:(?:截至|截止)到?[^,;。:]{0,10}?(?:底|末|日|前|目前|今)|截至[^,;。:]{2,14}(?=,)),?\s*"
)
_SHORTEST = 16
_LONG = 60


@dataclass(frozen=True)
class Parted:
    """The lines that hold fields, joined as they were, and the paragraphs between them."""

    fields: str
    paragraphs: tuple[str, ...]


def parted(text: str, vocabulary: Vocabulary) -> Parted:
    """*text* as fields and paragraphs; what stands under a section's heading stays there."""
    fields: list[str] = []
    prose: list[str] = []
    inside = False
    for line in clean(text).split("\n"):
        plain = normalise(line)
        head = head_at(plain, 0, vocabulary)
        if head is not None and head.field is Field.SECTION:
            inside = True
            fields.append(line)
        elif _is_paragraph(line, head, vocabulary, inside=inside):
            inside = False
            prose.append(line)
        elif (
            not inside
            and len(pieces := passages_of(line)) > 1
            and not _has_fields(plain, vocabulary)
        ):
            fields.append(pieces[0].text)
            prose.append(line[line.index(pieces[0].text) + len(pieces[0].text) :])
        else:
            inside = inside and head is None
            fields.append(line)
    return Parted("\n".join(fields), tuple(filter(None, ["\n".join(prose).strip(" \n，,；;")])))


def _is_paragraph(line: str, head: Head | None, vocabulary: Vocabulary, *, inside: bool) -> bool:
    """Whether a line opens a part by its leading words, or is prose under no heading."""
    if head is None and opens_part(line):
        return True
    return not inside and is_prose(line, vocabulary)


def is_prose(line: str, vocabulary: Vocabulary) -> bool:
    """Whether a line is made of sentences rather than of fields.

    A field has a colon behind its name; a list of bare figures begins each piece with a name.
    """
    plain = normalise(line).strip()
    if len(_SAYING.findall(plain)) < _SHORTEST or _has_fields(plain, vocabulary):
        return False
    stops = _CLAUSES.findall(plain.rstrip("。"))
    if not stops:
        return False
    if "。" in plain and len(plain) > _LONG:
        return True
    after = _AS_OF.sub("", plain, count=1)
    return head_at(after, 0, vocabulary) is None


def _has_fields(plain: str, vocabulary: Vocabulary) -> bool:
    places = [0, *(found.end() for found in _BREAKS.finditer(plain))]
    heads = (head_at(plain, place, vocabulary) for place in places)
    return any(head is not None and head.strong and head.field in _FIELDS for head in heads)
