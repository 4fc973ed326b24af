"""The day of the data in a line of its own: what it says, and what stands behind it there."""

import re
from dataclasses import replace
from datetime import date

from handlers.reading.amounts import amounts_in
from handlers.reading.dates import DateReading, NoDate, read_date
from handlers.reading.normalise import clean, command_key, normalise
from handlers.reporting.content import Content, with_day
from handlers.reporting.form import Form

#: Fewer characters behind a day only go with it: 截至7月31日止的数据.
_TELLING = 8
_ONLY_A_DATE = re.compile(r"[\s。，,.]*(?:截至|截止|到|的|数据)*[\s。，,.]*")


def with_as_of(content: Content, text: str, form: Form, today: date) -> Content:
    """*content* with the day that *text* names, or with its words where it names none."""
    if not text.strip():
        return content
    read = read_date(text, today, form.covers)
    if isinstance(read, NoDate):
        return replace(content, as_of=None, is_day_assumed=False, as_of_text=text)
    return with_day(content, read.day)


def behind_day(text: str, form: Form, today: date) -> str:
    """建成安防设备1710个 in 截至5月31日建成安防设备1710个; empty where nothing is told there."""
    read = read_date(text, today, form.covers)
    if isinstance(read, NoDate):
        return ""
    behind = clean(text)[read.span[1] :].lstrip("）) 　")
    is_told = len(command_key(behind)) >= _TELLING or amounts_in(normalise(behind))
    return behind if is_told or any(char.isdigit() for char in behind) else ""


def bare_day(text: str, form: Form, today: date) -> date | None:
    """The day that is all *text* says; None where it says more, or none."""
    read = read_date(text, today, form.covers)
    if not isinstance(read, DateReading):
        return None
    start, end = read.span
    around = clean(text)[:start] + clean(text)[end:]
    return read.day if _ONLY_A_DATE.fullmatch(around) else None
