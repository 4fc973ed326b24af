"""Every page of a board: its name, where it is found, and what it says to this reader."""

from collections.abc import Callable
from dataclasses import dataclass

from handlers.board.calendar import calendar
from handlers.board.counties import counties, local_units
from handlers.board.laggards import laggards
from handlers.board.look import NOT_NAMED, Look, Wanted
from handlers.board.overview import overview
from handlers.board.pictures import gallery
from handlers.board.ranking import ranking
from handlers.board.reader import Reader
from handlers.board.task import TaskPage, task
from handlers.board.tasks import tasks
from handlers.board.unit import unit
from handlers.supervising.texts import full_day_text, moment_text
from models.errors import Refused

#: What the pages of the menu are called, in its order.
TITLES = {
    "overview": "总览",
    "tasks": "任务",
    "ranking": "排名",
    "counties": "县市",
    "calendar": "日历",
    "laggards": "滞后",
    "pictures": "图片",
}
#: Pages of one thing, reached from the others.
_SINGLE = {"unit": "单位", "county": "县市", "task": "任务详情"}
#: What the head of a unit opens: their own units, and the tasks these have a part in.
_OWN = ("unit", "pictures")
_OWN_TITLES = {"unit": "本单位", "pictures": "图片"}


@dataclass(frozen=True)
class Tab:
    """One entry of the menu."""

    view: str
    title: str
    is_here: bool


@dataclass(frozen=True)
class Page:
    """One page: what stands above every one of them, and its own *body* for the layout *view*."""

    view: str
    title: str
    programme: str
    data: str
    opened: str
    is_demo: bool
    named: bool
    menu: tuple[Tab, ...]
    body: object


def page_of(look: Look) -> Page | None:
    """The page asked for; None where there is none for this reader.

    Refused where the group keeps its laggards unnamed: alike for every unit, there or not.
    """
    reader = look.reader
    look.wanted = _at_home(reader, look.wanted)
    view = look.wanted.view
    make = _MAKERS.get(view)
    is_theirs = reader.is_whole or view in (*_OWN, "county", "task")
    body = make(look) if make is not None and is_theirs else None
    if body is None:
        return None
    return Page(
        view="unit" if view == "county" else view,
        title=(TITLES | _SINGLE)[view] if reader.is_whole else (_SINGLE | _OWN_TITLES)[view],
        programme=look.programme.short_title,
        data=f"数据截至{full_day_text(body.day if isinstance(body, TaskPage) else look.day)}",
        opened=f"{moment_text(look.now, look.zone)}打开",
        is_demo=look.programme.demo,
        named=reader.named,
        menu=_menu(look),
        body=body,
    )


def _at_home(reader: Reader, wanted: Wanted) -> Wanted:
    """A unit head begins with their own unit."""
    is_home = wanted.view == "overview" and not reader.is_whole
    return Wanted(view="unit") if is_home else wanted


def _menu(look: Look) -> tuple[Tab, ...]:
    """What leads somewhere for this reader: no counties where there are none or none is named."""
    titles = dict(TITLES) if look.reader.is_whole else dict(_OWN_TITLES)
    if not look.named or not local_units(look.standing.units):
        titles.pop("counties", None)
    return tuple(Tab(view, title, view == look.wanted.view) for view, title in titles.items())


def _counties(look: Look) -> object:
    if not look.named:
        raise Refused(NOT_NAMED)
    return counties(look)


_MAKERS: dict[str, Callable[[Look], object | None]] = {
    "overview": overview,
    "tasks": tasks,
    "ranking": ranking,
    "counties": _counties,
    "calendar": calendar,
    "laggards": laggards,
    "pictures": gallery,
    "unit": unit,
    "county": unit,
    "task": task,
}
