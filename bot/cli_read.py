"""What the command line reads out of a text: its figures, its status words, the day of its data."""

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from bot.cli_find import county_names
from bot.cli_house import fail
from handlers.reading.limits import refuse_too_long
from handlers.reading.normalise import Mapped, folded_map
from handlers.reading.prose import Kind, Prose, ProseFigure, read_prose
from models.errors import Refused
from models.rules.rounding import number_text
from models.rules.zone import local_zone

_KINDS = {
    Kind.DONE: "完成数",
    Kind.TARGET: "任务数",
    Kind.PERCENT: "完成比例",
    Kind.STATED: "自评进度",
    Kind.RATE: "其他比率",
    Kind.GROWTH: "增减",
    Kind.MONEY: "资金",
    Kind.POINTS: "百分点",
    Kind.RANK: "名次",
    Kind.OTHER: "其他",
}
_STATUSES = {"completed": "已完成", "on_track": "有序推进", "behind": "滞后"}


def read_data(text: str, at: str) -> dict[str, Any]:
    """One text as `interface` has it, read on the day *at* or today."""
    return _data(text, _day(at), county_names())


def read_lines(lines: Iterable[str], at: str) -> Iterator[str]:
    """One JSON a line; a line that cannot be read says why under ``error``."""
    today, counties = _day(at), county_names()
    for line in lines:
        try:
            data = _data(line.rstrip("\r\n"), today, counties)
        except Refused as refusal:
            data = {"error": str(refusal)}
        yield json.dumps(data, ensure_ascii=False)


def read_text(data: dict[str, Any]) -> str:
    """The same for people, one figure a line, what has to be asked marked so."""
    lines = [_line(figure) for figure in data["figures"]] or ["没有读到数据"]
    if data["status"]:
        lines.append(f"状态：{_STATUSES[data['status']]}")
    if data["as_of"]:
        lines.append(f"数据截止：{data['as_of']}")
    return "\n".join(lines)


def _data(text: str, today: date, counties: tuple[str, ...]) -> dict[str, Any]:
    refuse_too_long(text)
    written = folded_map(text)
    return _as_data(read_prose(written.text, today, counties), written)


def _as_data(prose: Prose, written: Mapped) -> dict[str, Any]:
    return {
        "figures": [_figure(figure, written) for figure in prose.figures],
        "status": prose.status,
        "as_of": prose.as_of and f"{prose.as_of}",
    }


def _figure(figure: ProseFigure, written: Mapped) -> dict[str, Any]:
    start, end = written.span(figure.start, figure.end)
    return {
        "value": number_text(figure.value),
        "unit": figure.unit,
        "kind": figure.kind.value,
        "certain": figure.certain,
        "approximate": figure.approximate,
        "label": figure.label,
        "text": figure.text,
        "start": start,
        "end": end,
    }


def _line(figure: dict[str, Any]) -> str:
    notes = ["约数"] * figure["approximate"] + ["待确认"] * (not figure["certain"])
    said = f"{_KINDS[Kind(figure['kind'])]} {figure['value']}{figure['unit']}"
    behind = f"（{'、'.join(notes)}）" if notes else ""
    return f"{said}{behind} {figure['label']} ← {figure['text']}".replace("  ", " ")


def _day(text: str) -> date:
    if not text:
        return datetime.now(local_zone()).date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail(f"{text!r} is no date such as 2021-08-16", 2)
