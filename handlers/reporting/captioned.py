"""What a message says of the pictures of a report: its captions, and the lines they stand in."""

import re
from dataclasses import replace
from datetime import date

from handlers.reading.captions import (
    Caption,
    Captioned,
    Part,
    Unfit,
    caption_lines,
    is_shot,
    read_captions,
)
from handlers.reading.dates import DateReading, read_date
from handlers.reading.harmless import shown
from handlers.reading.normalise import clean
from handlers.reporting.content import SAMPLE_TITLE, Content, with_captions
from handlers.reporting.form import Form

#: 1. before a caption; a figure goes on without a gap (1.65万).
_COUNTED = re.compile(r"\s*(\d{1,2})\s*[.．、)）](?!\d)\s*")
_MOST_PARTS = 3
_LONGEST = 40
_WHY = {Unfit.UNPLACED: "分不清是哪一张图", Unfit.ORDER: "不像图片说明", Unfit.NO_DAY: "没有这一天"}
_SEND = {
    Unfit.UNPLACED: "“{}”分不清是哪一张图的说明，未采用。请一张图写一行，写明图号。",
    Unfit.ORDER: "“{}”不像图片说明，未采用。换图请发如“换图2”；说明请写标题、日期、地点。",
    Unfit.NO_DAY: "“{}”不是存在的日期，未采用。请核对后发如“图1 日期：7月20日”。",
}
_FIGURE = re.compile(r"\s*[（(【]?(?:图片|照片|配图|图)\s*[\d一二三四五六七八九十]")


def parted_captions(content: Content, text: str, form: Form, today: date) -> tuple[str, str]:
    """*text* without the lines that caption the pictures of the report, and those lines."""
    own = re.compile(
        rf"(?m)^\s*(?:这是|给)?\s*{re.escape(form.matter.number)}\s*的?(?:图片|照片|图)?(?:说明)?(?:是|[:：])\s*"
    )
    if not content.pictures:
        return text, ""
    text = own.sub("", _with_numbers(content, text))
    return caption_lines(text, today, form.places)


def with_captions_read(content: Content, text: str, form: Form, today: date) -> Content:
    """*content* with the captions of *text*; those of which picture is unclear are left over."""
    if not text.strip():
        return content
    read = _read(content, text, form, today)
    content = with_captions(content, _of_substance(read))
    samples = [_SAMPLE_SENT] if any(map(_is_sample, text.split("\n"))) else []
    unclear = tuple(dict.fromkeys((*content.unclear, *read.unclear)))
    return replace(content, unclear=unclear, left=(*content.left, *samples))


def unclear_words(content: Content) -> list[str]:
    """What was said of pictures and not taken, each with the reason."""
    return [f"{each.words}（{_WHY[each.why]}）" for each in content.unclear]


def unclear_text(content: Content) -> str:
    """What was said of pictures and not taken, and what to send instead; empty for nothing."""
    texts = []
    for why, text in _SEND.items():
        if words := [each.words for each in content.unclear if each.why is why]:
            texts.append(text.format(shown("；".join(words), _LONGEST)))
    return "\n".join(texts)


def absent_text(before: Content, after: Content, number: int) -> str:
    """Which pictures the correction of report *number* captions though they are not there."""
    count = len(after.pictures) + len(after.spare)
    fresh = [each for each in after.captions if each not in before.captions]
    if not fresh:
        return ""
    numbers = sorted(each.index for each in fresh if each.index)
    named = f"没有{'、'.join(f'图{each}' for each in numbers)}：" if numbers else ""
    there = f"#{number} 现有{count}张图片" if count else f"#{number} 没有图片"
    send = "请写明现有图片的图号重发" if count else "请连同图片重发"
    return f"{named}{there}，说明未采用，报送未改动。{send}。"


def bare_captions(content: Content, text: str, form: Form, today: date) -> tuple[Caption, ...]:
    """标题；日期；地点 without 图1 before it, once there is a picture that lacks them."""
    if not lacks_captions(content):
        return ()
    read = _read(content, text, form, today)
    captions = _of_substance(read)
    if read.unclear or not captions or not all(each.taken_on for each in captions):
        return ()
    is_parted = len(re.split(r"[；;|]", text)) > 1 or is_shot(text)
    return captions if is_parted or _is_three_parts(text, form, today) else ()


def is_captioning(text: str, today: date, count: int) -> bool:
    """Whether *text* captions pictures that have no report yet, *count* of them: two parts each."""
    captions = read_captions(text, today, count=count).captions
    return bool(captions) and all(len(Part) - len(each.missing) > 1 for each in captions)


def captions_a_picture(text: str, today: date) -> bool:
    """Whether *text* begins with the number of a picture and is its caption, or names no day."""
    if _FIGURE.match(text) is None:
        return False
    unclear = read_captions(text, today).unclear
    return any(each.why is Unfit.NO_DAY for each in unclear) or is_captioning(text, today, 0)


def lacks_captions(content: Content) -> bool:
    """Whether a picture of the report lacks a part of its caption."""
    return any(content.caption(n).missing for n in range(1, len(content.pictures) + 1))


_SAMPLE_SENT = "图片说明示例（“标题”请换成实际内容）"


def _read(content: Content, text: str, form: Form, today: date) -> Captioned:
    count = len(content.pictures)
    return read_captions(text, today, form.covers, count=count, names=form.places)


def _of_substance(read: Captioned) -> tuple[Caption, ...]:
    said = (each for each in read.captions if each.title != SAMPLE_TITLE)
    return tuple(each for each in said if len(each.missing) < len(Part))


def _with_numbers(content: Content, text: str) -> str:
    """1. before a caption as 图1, while pictures wait for their captions."""
    if not lacks_captions(content):
        return text
    lines = []
    for line in clean(text).split("\n"):
        found = _COUNTED.match(line)
        if found and len(re.split(r"[；;|，,、]", line)) >= _MOST_PARTS:
            line = f"图{found[1]} {line[found.end() :]}"
        lines.append(line)
    return "\n".join(lines)


def _is_sample(line: str) -> bool:
    """Whether the sample was sent back as it was shown: that is no caption."""
    return re.sub(r"^\s*图?片?\s*\d*\s*", "", line.split("；")[0]).strip() == SAMPLE_TITLE


def _is_three_parts(text: str, form: Form, today: date) -> bool:
    """标题，日期，地点: with commas only where one of exactly three parts is nothing but a day."""
    parts = [part for part in re.split(r"[，,、]", text.strip()) if part.strip()]
    return len(parts) == _MOST_PARTS and any(_is_day(part, form, today) for part in parts)


def _is_day(text: str, form: Form, today: date) -> bool:
    read = read_date(text, today, form.covers)
    if not isinstance(read, DateReading):
        return False
    return not (text[: read.span[0]] + text[read.span[1] :]).strip(" \t\u3000。.")
