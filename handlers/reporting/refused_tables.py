"""Tables by county of something else than is asked for: their rows are no lines of a report."""

import re
from collections.abc import Sequence
from itertools import takewhile

from handlers.reading.harmless import harmless
from handlers.reading.headings import indicator_key
from handlers.reading.normalise import name_key
from handlers.reporting.county_tables import is_counted
from handlers.reporting.form import Form
from handlers.reporting.table_words import Kind, bare, is_of_places, is_total, kind_of
from models.rules.unit import unit_called

_MARKS = re.compile(r"[\t|｜,，:： \u3000]+")
_CELL_MARKS = re.compile(r"[\t|｜]")
_COLON = re.compile("[:：]")
_RULE = re.compile(r"[\s|｜:\-—]*")
#: Words that only open a list of counties: 各县市 如下.
_OPENING = re.compile("如下|以下|情况|明细|数据")
_READ = (Kind.DONE, Kind.PROGRESS, Kind.SECTION, Kind.RATE)
_FEWEST = 2


def without_refused(text: str, form: Form) -> tuple[str, tuple[str, ...]]:
    """*text* without the tables whose heading is no figure of the form, and what these are."""
    keys = frozenset(filter(None, map(name_key, form.places)))
    lines = text.split("\n")
    kept: list[str] = []
    refused: list[str] = []
    number = 0
    while number < len(lines):
        heading = _heading(lines[number], keys, form)
        rows = (
            [*takewhile(lambda line: _is_row(line, keys), lines[number + 1 :])] if heading else []
        )
        if any(map(str.isdigit, "".join(rows))):
            refused.append(f"“{harmless(' '.join(heading))[:30]}”一表")
            number += len(rows)
        else:
            kept.append(lines[number])
        number += 1
    return ("\n".join(kept), tuple(refused)) if refused else (text, ())


def _heading(line: str, keys: frozenset[str], form: Form) -> Sequence[str]:
    """The cells of a heading over counties, of which the first says no figure of the form."""
    cells = [each for each in _MARKS.split(line.strip()) if each]
    is_cornered = len(raw := _CELL_MARKS.split(line)) > 1 and not "".join(raw[0].split())
    if _COLON.search(line) or any(name_key(each) in keys for each in cells):
        return ()
    columns = [each for each in cells if not is_of_places([each]) and name_key(each) != "序号"]
    if not columns or not (
        is_of_places(cells) or (is_cornered and not line.startswith(("|", "｜")))
    ):
        return ()
    return () if _is_read(columns[0], form) else cells


def _is_read(header: str, form: Form) -> bool:
    """Whether what stands behind the counties may be read in lines."""
    is_known = kind_of(header) in _READ or is_counted(
        header, [each.unit for each in form.indicators]
    )
    is_named = indicator_key(bare(header), form.vocabulary) is not None
    return is_known or is_named or bool(_OPENING.search(header)) or unit_called(header) is not None


def _is_row(line: str, keys: frozenset[str]) -> bool:
    cells = [each for each in _MARKS.split(line.strip()) if each]
    is_of_county = any(name_key(each) in keys or is_total(each) for each in cells[:_FEWEST])
    return _RULE.fullmatch(line) is not None or (len(cells) >= _FEWEST and is_of_county)
