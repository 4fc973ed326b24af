"""What the command line shows of pictures, tasks and obligations."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlmodel import Session

from bot.cli_house import fail
from bot.text_reader import open_text_reader
from handlers.standing.data import obligations_data, tasks_data
from models.errors import Refused
from models.programme import Programme, programme_by_code
from models.rules.picture import (
    PictureRule,
    PictureUnreadable,
    crop_box,
    inspect,
    judge,
    unreadable_problem,
)

if TYPE_CHECKING:
    from bot.app import House


def picture_data(data: bytes, ocr: bool | None = None) -> dict[str, Any]:
    """What the picture rules with their defaults say of these bytes; *ocr* as the setting."""
    try:
        facts = inspect(data)
    except PictureUnreadable as error:
        problem = unreadable_problem(error)
        return {"problems": [_problem(problem)], "crop": None}
    if (reader := open_text_reader(ocr)) is not None:
        facts = replace(facts, texts=reader.read(data))
        reader.close()
    rule = PictureRule()
    box = crop_box(facts, rule)
    return {
        "width": facts.width,
        "height": facts.height,
        "dpi": facts.dpi,
        "format": facts.format,
        "problems": [_problem(each) for each in judge(facts, rule)],
        "crop": None if box is None else list(box),
    }


def _problem(problem: Any) -> dict[str, str]:
    return {"code": problem.code, "level": problem.level, "text": problem.text}


def picture_text(data: dict[str, Any]) -> str:
    """The same for people."""
    head = f"{data['width']}×{data['height']} {data['format']}" if "width" in data else "无法读取"
    lines = [head, *(f"- {each['text']}" for each in data["problems"])]
    if data["crop"]:
        left, top, right, bottom = data["crop"]
        lines.append(f"可裁剪为 {right - left}×{bottom - top}（左{left}，上{top}）")
    if not data["problems"]:
        lines.append("符合图片要求")
    return "\n".join(lines)


def programme_of(session: Session, code: str) -> Programme:
    """The programme with this code; refused naming what loads it."""
    programme = programme_by_code(session, code)
    if programme is None:
        raise Refused(f"there is no programme {code!r}: load it with `dajuan load {code}`")
    return programme


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail(f"{text!r} is no date such as 2021-09-20", 2)


def tasks_of_programme(house: "House", code: str, at: str | None) -> list[dict[str, Any]]:
    """The tasks as `interface` has them, at the data date or today."""
    day = _day(at) if at else house.clock().date()
    with house.database.read() as session:
        return tasks_data(session, programme_of(session, code), day)


def tasks_text(data: list[dict[str, Any]]) -> str:
    """One line a task."""
    return "\n".join(_task_line(each) for each in data)


def _task_line(task: dict[str, Any]) -> str:
    done, scheduled = (f"{task[name]}%" if name in task else "—" for name in ("done", "scheduled"))
    head = f"{task['number']:<6} {task['title']}（{'、'.join(task['lead'])}）"
    return f"{head} {done} / {scheduled} {task.get('status', '')}".rstrip()


def obligations_of_programme(house: "House", code: str, due: str | None) -> list[dict[str, Any]]:
    """The obligations as `interface` has them, all or those due on one day."""
    with house.database.read() as session:
        programme = programme_of(session, code)
        return obligations_data(
            session, programme, house.clock(), house.settings.zone, _day(due) if due else None
        )


def obligations_text(data: list[dict[str, Any]]) -> str:
    """One line an obligation."""
    return "\n".join(
        f"{each['due'][:16].replace('T', ' ')}  {each['task']:<6} {'、'.join(each['units'])}"
        f"  {each['state']}"
        for each in data
    )
