"""Which lines of a message are prose, and which are fields written one to a line."""

import re
from dataclasses import dataclass

from handlers.reading.headings import Field, Vocabulary, head_at
from handlers.reading.normalise import clean, normalise
from handlers.reading.sections import opens_part, passages_of

_FIELDS = (Field.DONE, Field.INDICATOR, Field.COUNTY, Field.STATED, Field.AS_OF, Field.CAPTION)
_BREAKS = re.compile(r"[,;。:\s]+")
_CLAUSES = re.compile("[,;。]")
_SAYING = re.compile(r"[一-鿿]")
_AS_OF = re.compile(
    r"^(?:(?:截至|截止)到?[^,;。:]{0,10}?(?:底|末|日|前|目前|今)|截至[^,;。:]{2,14}(?=,)),?\s*"
)
#: 10,012 is one number.
_SEGMENT_ENDS = re.compile(r"(?<=[，,；;。\s])(?!(?<=\d,)\d{3}(?!\d))")
_FIGURE = re.compile(r"^\s*[约近]?\d[\d.]*\s*[万亿]?[^\W\d_]{1,3}\s*$")
#: Words that a gap leads from to their own figure.
_NAMED = re.compile(r"[一-鿿]\s+$")
_MARKS = "，,；;。 \t"
#: 1710个, 28.5% or 截至8月31日 and nothing else.
_BARE = re.compile(
    r"\s*(?:约|近)?\d[\d.]*\s*[万亿]?[^\W\d_]{0,3}%?\s*"
    r"|\s*(?:数据|统计)?(?:截至|截止)到?[\d年月]{2,12}[日底末]\s*"
)
#: 5月，全州建成… is the time of what follows.
_MONTH_ALONE = re.compile(r"\s*\d{1,2}\s*月份?\s*")
_COUNT = re.compile(r"\d\s*[万亿]?(?:[^\W\d_]|%)")
#: 10265人（其中吉首市3000人）
_PARTS_INSIDE = re.compile(r"\d\s*[万亿]?[^\W\d_]{1,3}\([^()]{2,60}\d[万亿]?[^\W\d_]{1,3}\)")
_DAY_ALONE = re.compile(r"\s*(?:\d{4}\s*[年./-])?\s*\d{1,2}\s*[月./-]\s*\d{1,2}\s*日?\s*")
_SHORTEST = 12
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
    opened: list[str] | None = None
    for line in clean(text).split("\n"):
        head = head_at(normalise(line), 0, vocabulary)
        opens = head is None and opens_part(line)
        if head is not None:
            opened = fields if head.field is Field.SECTION else None
        if opened is not None and not opens and not (opened is prose and _is_bare(line)):
            opened.append(line)
            continue
        ours, theirs = _parted_line(line, vocabulary)
        fields.append(ours)
        prose.append(theirs)
        opened = prose if opens else opened
    paragraph = "\n".join(filter(None, prose)).strip(" \n，,；;")
    return Parted("\n".join(fields), (paragraph,) if paragraph else ())


def _parted_line(line: str, vocabulary: Vocabulary) -> tuple[str, str]:
    """The fields and the prose of one line.

    In 1710个，截至8月31日，问题是资金不到位 the bare answers stand before, between and behind.
    """
    pieces = passages_of(line)
    if not pieces and opens_part(line):
        return "", line
    is_plain = all(piece.part is None for piece in pieces)
    if is_plain and not is_prose(line, vocabulary):
        return line, ""
    if _has_fields(normalise(line), vocabulary):
        return line, ""
    opening = "" if pieces[0].part is not None else pieces[0].text
    is_telling = is_prose(opening, vocabulary)
    bare, rest = _bare_parts(line)
    if any(map(_FIGURE.search, bare)) or (bare and not is_telling):
        return "\n".join(bare), rest
    cut = 0 if is_telling else line.index(opening) + len(opening)
    return line[:cut], line[cut:]


def _bare_parts(line: str) -> tuple[list[str], str]:
    """The bare answers of a line, and the rest; in 参训人员 1500人 the gap parts no answer."""
    bare: list[str] = []
    rest: list[str] = []
    for part in _SEGMENT_ENDS.split(line):
        words = part.strip(_MARKS)
        is_named = bool(rest) and rest[-1][-1:].isspace() and _NAMED.search(rest[-1]) is not None
        if _is_bare(words) and not (is_named and _FIGURE.search(words)):
            bare.append(words)
            rest[-1:] = [_ended(each, part) for each in rest[-1:]]
        else:
            rest.append(part)
    return bare, "".join(rest)


def _ended(before: str, bare: str) -> str:
    """What stands *before* a bare answer with the mark behind that, where it has none itself.

    办了1365件 75.83%，措施：… without its percentage is two clauses still.
    """
    kept, mark = before.rstrip(), bare[len(bare.rstrip(_MARKS)) :].strip()
    return f"{kept}{mark}" if mark and kept == before.rstrip(_MARKS) else before


def _is_bare(text: str) -> bool:
    plain = normalise(text)
    return _BARE.fullmatch(plain) is not None and _MONTH_ALONE.fullmatch(plain) is None


def is_prose(line: str, vocabulary: Vocabulary) -> bool:
    """Whether a line is made of sentences rather than of fields.

    A field has a colon behind its name; a list of bare figures begins each piece with a name.
    """
    plain = normalise(line).strip()
    if len(_SAYING.findall(plain)) < _SHORTEST or _has_fields(plain, vocabulary):
        return False
    opening = head_at(plain, 0, vocabulary)
    is_field = opening is not None and opening.field in (Field.EXTRA, Field.SECTION)
    if not is_field and (_PARTS_INSIDE.search(plain) or "分别" in plain):
        return True
    clauses = _CLAUSES.split(plain.rstrip("。"))
    if len(clauses) < 2 or any(map(_DAY_ALONE.fullmatch, clauses)):
        return False  # 标题，7月20日，地点 is a caption
    if "。" in plain and len(plain) > _LONG:
        return True
    after = _AS_OF.sub("", plain, count=1)
    head = head_at(after, 0, vocabulary)
    if head is None:
        return True
    is_count = not head.strong and head.field in (Field.INDICATOR, Field.DONE)
    return is_count and _has_other_figures(after, vocabulary)


def _has_other_figures(plain: str, vocabulary: Vocabulary) -> bool:
    """产前筛查9625人次，筛查率92.3%，高风险132人: more figures than those of the report's names."""
    counted = [part for part in _CLAUSES.split(plain) if _COUNT.search(part)]
    other = [part for part in counted if head_at(part, 0, vocabulary) is None]
    return bool(other) and not any(map(_is_bare, other))


def _has_fields(plain: str, vocabulary: Vocabulary) -> bool:
    places = [0, *(found.end() for found in _BREAKS.finditer(plain))]
    heads = (head_at(plain, place, vocabulary) for place in places)
    return any(head is not None and head.strong and head.field in _FIELDS for head in heads)
