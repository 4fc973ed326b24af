"""Words that several kinds of recorded facts share: days and numbers."""

import re
from datetime import date

from handlers.reading.harmless import harmless
from handlers.reading.manners import THANKS
from handlers.reading.normalise import command_key, normalise
from handlers.reporting.texts import day_text
from models.errors import Refused
from models.rules.span import month_end


def days_text(on: date, until: date | None, today: date) -> str:
    """9月19日, 4月27日至29日, 8月中旬, 7月; with the year where it is not this one."""
    year = "" if on.year == today.year else f"{on.year}年"
    if until is None or until == on:
        return f"{year}{day_text(on)}"
    if (on.year, on.month) != (until.year, until.month):
        return f"{year}{day_text(on)}至{day_text(until)}"
    last = month_end(on.year, on.month).day
    parts = {(1, last): "", (1, 10): "上旬", (11, 20): "中旬", (21, last): "下旬"}
    part = parts.get((on.day, until.day))
    if part is not None:
        return f"{year}{on.month}月{part}"
    return f"{year}{day_text(on)}至{until.day}日"


def number_first(text: str, word: str) -> tuple[int, str] | None:
    """The number of a fact that *text* begins with (12, 对接12, #12号), and what follows it."""
    plain = normalise(text).strip()
    found = re.match(rf"(?:{word})?\s*#?\s*(\d{{1,9}})(?!\d)\s*号?[\s,:;、。]*", plain)
    return None if found is None else (int(found[1]), plain[found.end() :])


def only_number(text: str, word: str, command: str) -> int:
    """The one number of a fact that *text* names; refused naming what else stands there."""
    found = number_first(text, word)
    if found is None:
        raise Refused(f"请写明登记时收到的{word}编号，如“{command} {word}12”。")
    number, left = found
    if left and command_key(left) not in THANKS:
        raise Refused(
            f"一次{command}一条，“{harmless(left)[:30]}”没有处理，{word}{number} 也未{command}。"
            f"请分条发送，如：\n{command} {word}{number}"
        )
    return number
