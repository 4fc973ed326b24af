"""The sample pictures of `docs/pictures`: `python -m tests.samples` draws them anew.

Figures and outlooks are those that the built-in programmes bring with them; what these lack (the
counties' shares, who reported when) is declared here. All of it is marked as no real data.
"""

import hashlib
import io
import tempfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo
from sqlmodel import Session, select

from handlers.render.drawing import Block, Disc, Page, Polygon, page_png
from handlers.render.grid_picture import grid_layout
from handlers.render.heat_table import heat_grid, named_grid
from handlers.render.matrix_table import activity_grid
from handlers.render.outlook_table import JudgedItem, outlook_grid
from handlers.render.progress_picture import progress_layout
from handlers.render.progress_table import progress_table
from handlers.render.ranking_picture import ranking_layout
from handlers.render.ranking_table import ranking_table
from handlers.render.sheets import Layout
from handlers.standing.activities import assumed_ticks, programme_matrix
from handlers.standing.county_lines import county_standings
from handlers.standing.outlooks import outlooks
from handlers.standing.policy import activity_policy, status_policy
from handlers.standing.ranks import group_of, is_behind
from handlers.standing.tasks import IndicatorStanding, Standing, short_name, standing
from models.db import open_database
from models.figure import Figure
from models.indicator import Allotment
from models.programme import Programme, programme_by_code
from models.programmes.files import read_definition
from models.programmes.issued import CIRCULAR, issued_snapshot
from models.programmes.loader import load
from models.rules.ranking import LedTask, Ranking, UnitFacts, rank_units
from models.rules.rounding import half_up
from models.schema import migrate
from models.snapshot import last_snapshot
from models.unit import Unit, UnitKind
from tests.conftest import at

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
MARK = "演示数据"
MAY = date(2021, 5, 31)
OCTOBER = date(2022, 10, 10)
SEPTEMBER = date(2024, 9, 27)
#: What the text chunk of a sample is called that says which layout it shows.
LAYOUT = "layout"
#: Declared: how a county's share compares with the others', and its progress with the whole's.
_COUNTIES = {
    "吉首市": (18, 112),
    "泸溪县": (11, 84),
    "凤凰县": (14, 97),
    "古丈县": (6, 74),
    "花垣县": (12, 103),
    "保靖县": (11, 118),
    "永顺县": (15, 90),
    "龙山县": (13, 66),
}


def samples() -> dict[str, Layout]:
    """Every sample by its name."""
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{folder}/samples.db")
        migrate(database)
        with database.write() as session:
            found = dict(_samples(session))
        database.dispose()
    return found


def _samples(session: Session) -> Iterator[tuple[str, Layout]]:
    livelihood = _loaded(session, "minsheng-2021", "2021-06-10T08:00")
    state = standing(session, livelihood, MAY)
    yield "ranking", _ranking(state)
    yield (
        "progress",
        progress_layout(
            progress_table(
                state, title="重点民生实事项目进度", subtitle="数据截至2021年5月31日", mark=MARK
            )
        ),
    )
    yield "named", _named(session, livelihood)
    yield "heat", _heat(session, livelihood, state)
    yield "outlook", _outlook(session, _loaded(session, "jili-2022", "2022-10-10T08:00"))
    yield "activity", _activity(session, _loaded(session, "kegan-2024", "2024-09-27T08:00"))


def _loaded(session: Session, code: str, when: str) -> Programme:
    load(session, read_definition(code), at(when), demo=True)
    found = programme_by_code(session, code)
    assert found is not None
    return found


def _ranking(state: Standing) -> Layout:
    """The lead units by their projects of May; who reported when is declared."""
    before = _ranked(state, date(2021, 4, 30), None, shift=2)
    notes = {
        unit.name: f"滞后：{'、'.join(short_name(each.task) for each in behind)}"
        for unit in state.units
        if (behind := [each for each in state.led_by(unit.id or 0) if is_behind(each)])
    }
    table = ranking_table(
        _ranked(state, MAY, before, shift=0),
        title="重点民生实事排名",
        subtitle="2021年第23周 · 数据截至2021年5月31日",
        notes=notes,
        mark=MARK,
    )
    return ranking_layout(table)


def _ranked(state: Standing, day: date, previous: Ranking | None, *, shift: int) -> Ranking:
    leads = [unit for unit in state.units if state.led_by(unit.id or 0)]
    facts = (
        UnitFacts(
            unit=unit.name,
            group=group_of(unit),
            tasks=tuple(
                LedTask(
                    short_name(each.task),
                    each.progress.done,
                    each.progress.scheduled,
                    each.has_target,
                )
                for each in state.led_by(unit.id or 0)
            ),
            due=4,
            on_time=4 - (at_ + shift) % 3,
            accepted=4,
            accepted_at_once=4 - (at_ + shift) % 2,
        )
        for at_, unit in enumerate(leads)
    )
    return rank_units(list(facts), day, previous=previous)


def _named(session: Session, programme: Programme) -> Layout:
    row = last_snapshot(session, programme.id or 0, CIRCULAR)
    assert row is not None
    return grid_layout(
        named_grid(
            issued_snapshot(row).counties,
            title="通报点名的县市滞后事项",
            subtitle="重点民生实事 · 数据截至2021年5月31日",
            mark=MARK,
        )
    )


def _heat(session: Session, programme: Programme, state: Standing) -> Layout:
    """Shares of the targets and figures of the counties, as declared above."""
    counties = [unit for unit in state.units if unit.kind == UnitKind.COUNTY]
    for row in session.exec(select(Allotment)).all():
        session.delete(row)
    session.flush()
    measured = [
        one
        for each in state.tasks
        for one in each.indicators
        if one.progress is not None and one.progress.percent is not None
    ]
    for place, one in enumerate(measured):
        for shift, unit in enumerate(counties):
            if (place + shift) % 11:
                _declare(session, one, unit)
    session.flush()
    return grid_layout(
        heat_grid(
            county_standings(session, state),
            status_policy(programme),
            title="县市任务进度",
            subtitle="重点民生实事 · 数据截至2021年5月31日",
            mark=MARK,
        )
    )


def _declare(session: Session, one: IndicatorStanding, unit: Unit) -> None:
    indicator, (weight, pace) = one.indicator, _COUNTIES[unit.name]
    assert indicator.target is not None
    assert one.value is not None
    share = max(half_up(indicator.target * weight / 100), Decimal(1))
    pace += (indicator.id or 0) * 7 % 31 - 15
    done = half_up(share * one.value * pace / (indicator.target * 100))
    session.add(Allotment(indicator_id=indicator.id or 0, unit_id=unit.id or 0, target=share))
    session.add(
        Figure(
            task_id=indicator.task_id,
            indicator_id=indicator.id,
            unit_id=unit.id,
            as_of=MAY,
            value=done,
            accepted_at=at("2021-06-08T10:00"),
        )
    )


def _outlook(session: Session, programme: Programme) -> Layout:
    state = standing(session, programme, OCTOBER)
    found = outlooks(session, [each.task.id or 0 for each in state.tasks])
    items = [
        JudgedItem(
            short_name(each.task),
            "、".join(unit.name for unit in each.leads),
            found[each.task.id or 0],
        )
        for each in state.tasks
    ]
    units = {unit.id or 0: unit.name for unit in state.units}
    subtitle = "截至2022年10月10日"
    return grid_layout(
        outlook_grid(items, units, title="真抓实干事项研判", subtitle=subtitle, mark=MARK)
    )


def _activity(session: Session, programme: Programme) -> Layout:
    matrix = programme_matrix(session, programme, SEPTEMBER)
    assert matrix is not None
    return grid_layout(
        activity_grid(
            matrix,
            activity_policy(programme),
            SEPTEMBER,
            title="民生可感项目动态",
            subtitle="2024年3—9月 · 截至2024年9月27日",
            assumed=assumed_ticks(session, programme),
            mark=MARK,
        )
    )


def fingerprint(page: Page) -> str:
    """What a page shows, whatever font drew it: its words without line breaks, and its signs."""
    signs = [
        (type(item).__name__, item.fill)
        for item in page.items
        if isinstance(item, Block | Disc | Polygon)
    ]
    shown = "".join("".join(page.texts).split()) + repr(sorted(map(str, signs)))
    return hashlib.sha256(shown.encode()).hexdigest()


def names(found: dict[str, Layout]) -> Iterator[tuple[str, Page]]:
    """The file of each page."""
    for name, layout in found.items():
        for place, page in enumerate(layout.pages, start=1):
            yield f"{name}{f'-{place}' if layout.pages[1:] else ''}.png", page


def draw(folder: Path) -> None:
    """Write every sample, with its layout's fingerprint in the file."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    for name, page in names(samples()):
        with Image.open(io.BytesIO(page_png(page))) as image:
            said = PngInfo()
            said.add_text(LAYOUT, fingerprint(page))
            image.save(folder / name, "PNG", optimize=True, pnginfo=said)


def shown_in(path: Path) -> str:
    """The fingerprint of the layout that a sample shows."""
    with Image.open(path) as image:
        return str(image.info[LAYOUT])


if __name__ == "__main__":
    draw(FOLDER)
